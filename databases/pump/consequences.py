"""What follows from a change of state: outages, and a look at our own eyes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count

from databases.models import Check, Endpoint, EndpointState, Outage, OutageEntry
from databases.pump.claim import LEASE, NEVER
from databases.pump.judged import Judged
from databases.rules import outages
from databases.rules.blame import Neighbors, Verdict, whose_fault
from databases.rules.track import Blame, Depth, Outcome, Result, State, Transition


@dataclass(frozen=True, slots=True)
class Change:
    """What changed of an endpoint, and the attempt that showed it: none where nobody probed."""

    endpoint: int
    transitions: Sequence[Transition]
    attempt: Judged | None = None


def follow_outages(changes: Sequence[Change]) -> None:
    """Open, continue and close the outages of endpoints whose state changed."""
    held = Outage.objects.filter(ended_at=None, endpoint__in=[c.endpoint for c in changes])
    standing = {outage.endpoint_id: outage for outage in held}
    zones = Zones()
    for change in changes:
        for step in change.transitions:
            _follow(change, step, standing, zones)


def _follow(change: Change, step: Transition, standing: dict[int, Outage], zones: "Zones") -> None:
    outage = standing.get(change.endpoint)
    if outage is None and step.after is not State.DOWN:
        return
    before = told(outage) if outage else None
    verdict = None
    if outage is None and change.attempt is not None:
        verdict = _verdict(change.attempt, step, zones)
    after = outages.follow(before, step, verdict)
    if after is None or after == before:
        return
    saved = save(change.endpoint, outage, after)
    if after.open:
        standing[change.endpoint] = saved
    else:
        standing.pop(change.endpoint, None)


def told(outage: Outage) -> outages.Outage:
    """For the rules, without its course: they only add to it."""
    return outages.Outage(
        outage.started_at, (), outage.ended_at, outage.by_parent, outage.in_maintenance
    )


def save(endpoint: int, stored: Outage | None, after: outages.Outage) -> Outage:
    """Write an outage as the rules tell it after `told`, and what they added to its course."""
    row = stored or Outage(endpoint_id=endpoint)
    row.started_at, row.ended_at = after.started_at, after.ended_at
    row.by_parent, row.in_maintenance = after.by_parent, after.in_maintenance
    if after.verdict is not None:
        row.blame = after.verdict.blame.value if after.verdict.blame else ""
    row.save()
    OutageEntry.objects.bulk_create([_entry(row, entry) for entry in after.course])
    return row


def _entry(outage: Outage, entry: outages.Entry) -> OutageEntry:
    verdict = entry.verdict
    words = verdict.sentence() if verdict else {"vi": "", "en": ""}
    return OutageEntry(
        outage=outage,
        at=entry.at,
        known_at=entry.known_at,
        event=entry.event.value,
        note=entry.note,
        by=entry.by,
        until=entry.until,
        blame=verdict.blame.value if verdict and verdict.blame else "",
        because_vi=words["vi"],
        because_en=words["en"],
    )


def _verdict(row: Judged, step: Transition, zones: "Zones") -> Verdict:
    """From the attempts since the first that failed, this one included."""
    # An attempt starts within its lease, and no later than an interval after its slot: by the
    # slots only the partitions of these days are read.
    slots = step.at - row.ended.configured.limits.interval - LEASE
    rows = Check.objects.filter(endpoint=row.endpoint, slot_at__gte=slots, started_at__gte=step.at)
    attempts = [_outcome(check) for check in rows.order_by("slot_at")] or [row.outcome]
    return whose_fault(attempts, zones.neighbors(row), by_parent=step.by_parent)


def _outcome(check: Check) -> Outcome:
    return Outcome(
        at=check.started_at,
        result=Result(check.result),
        reason=check.reason,
        blame=Blame(check.blame) if check.blame else None,
        depth=Depth(check.depth),
        version=check.version,
    )


@dataclass(slots=True)
class Zones:
    """In how many endpoints of a zone which state is, counted once for all that fell together."""

    _counted: dict[int, Counter[str]] = field(default_factory=dict)

    def neighbors(self, row: Judged) -> Neighbors:
        """The other endpoints of the zone, which share the line but not the owner."""
        zone = row.ended.configured.zone
        if zone not in self._counted:
            states = EndpointState.objects.filter(endpoint__zone=zone).values_list("state")
            self._counted[zone] = Counter(dict(states.annotate(Count("pk"))))
        others = self._counted[zone] - Counter([row.track.state.value])
        return Neighbors(
            answering=others[State.UP] + others[State.DEGRADED],
            failing=others[State.DOWN] + others[State.SUSPECT],
        )


def pull_forward(rows: Iterable[Judged], now: datetime) -> None:
    """Ask at once, when something begins to fail, whoever may tell why: the sentinels of its zone,
    and what it depends on."""
    failing = [row.ended.configured for row in rows if row.track.state is State.SUSPECT]
    zones = {one.zone for one in failing if not one.is_sentinel}
    parents = {one.parent for one in failing if one.parent is not None}
    if not zones and not parents:
        return
    sentinels = Endpoint.objects.filter(zone__in=zones).exclude(sentinel_of="")
    asked = {*parents, *sentinels.values_list("pk", flat=True)}
    # On the row itself, so that one that was claimed or paused in the meantime is left alone.
    waiting = EndpointState.objects.filter(pk__in=asked, lease_until=None)
    waiting.filter(next_due_at__gt=now, next_due_at__lt=NEVER).update(next_due_at=now)
