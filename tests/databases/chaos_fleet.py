"""Many endpoints at once, and is every slot of theirs accounted for?"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from databases.models import Check, Endpoint, EndpointState, Outage, Transition
from databases.pump.configuration import grid_of
from databases.rules.state import created
from databases.rules.track_text import to_text
from tests.databases.probed import make_interface, make_zone


@dataclass(frozen=True)
class Fleet:
    """`first`: endpoint -> the slot at which it is first due."""

    first: dict[int, datetime]

    def __len__(self) -> int:
        return len(self.first)


def make_fleet(
    many: int,
    port: int,
    now: datetime,
    *,
    intervals: Sequence[int] = (60,),
    timeout: int = 1_500,
) -> Fleet:
    """Endpoints E-0, E-1, … with these intervals in turn, shorter ones than people may choose."""
    zone, interface = make_zone(), make_interface()
    endpoints = Endpoint.objects.bulk_create(
        Endpoint(
            code=f"E-{number}",
            name_vi=f"Điểm kết nối {number}",
            zone=zone,
            interface=interface,
            kind="http",
            spec={"url": f"http://127.0.0.1:{port}/E-{number}"},
            interval=intervals[number % len(intervals)],
            timeout=timeout,
        )
        for number in range(many)
    )
    first = {row.pk: grid_of(row.pk, row.interval).after(now) for row in endpoints}
    track = created(now)
    EndpointState.objects.bulk_create(
        EndpointState(
            endpoint=row,
            next_due_at=first[row.pk],
            state=track.state.value,
            since=track.since,
            track=to_text(track),
        )
        for row in endpoints
    )
    return Fleet(first)


def states() -> Counter[str]:
    return Counter(EndpointState.objects.values_list("state", flat=True))


def faults(fleet: Fleet) -> list[str]:
    """Whatever contradicts "each slot once", in sentences; for a fleet that no pump is at."""
    return [*_unaccounted(fleet), *_torn_courses(), *_doubled_outages()]


def _unaccounted(fleet: Fleet) -> list[str]:
    """Of the slots up to where an endpoint is due next, each was run or counted as missed. That
    none was run twice is the key of the table."""
    run: dict[int, list[datetime]] = defaultdict(list)
    for endpoint, slot in Check.objects.values_list("endpoint_id", "slot_at"):
        run[endpoint].append(slot)
    found = []
    for seen in EndpointState.objects.select_related("endpoint"):
        grid = grid_of(seen.pk, seen.endpoint.interval)
        due = grid.between(fleet.first[seen.pk], seen.next_due_at)
        on_grid = sum(slot == grid.newest(slot) for slot in run[seen.pk])
        if due != on_grid + seen.missed:
            code = seen.endpoint.code
            found.append(f"{code}: {due} slots, {on_grid} run and {seen.missed} missed")
    return found


def _torn_courses() -> list[str]:
    """Each change of state begins where the one before it ended, and the last one is what holds."""
    held: dict[int, str] = defaultdict(lambda: "unknown")
    found = []
    for step in Transition.objects.order_by("pk"):
        if held[step.endpoint_id] != step.before:
            found.append(f"{step}: but it was {held[step.endpoint_id]}")
        held[step.endpoint_id] = step.after
    for seen in EndpointState.objects.all():
        if seen.state != held[seen.pk]:
            found.append(f"{seen}: but it was last told to be {held[seen.pk]}")
    return found


def _doubled_outages() -> list[str]:
    """At most one open an endpoint, confirmed once and ended at most once."""
    found = []
    still_open = Counter(Outage.objects.filter(ended_at=None).values_list("endpoint", flat=True))
    found += [f"{endpoint}: {n} open outages" for endpoint, n in still_open.items() if n > 1]
    for outage in Outage.objects.prefetch_related("course"):
        events = [entry.event for entry in outage.course.all()]
        ends = int(outage.ended_at is not None)
        if (events.count("confirmed"), events.count("recovered")) != (1, ends):
            found.append(f"outage of {outage.endpoint_id}: {', '.join(events)}")
    return found
