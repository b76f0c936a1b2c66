"""Sums of an hour and of a day, recomputed from what was seen and never added to."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Min

from databases.models import (
    Check,
    DayRollup,
    Endpoint,
    HourRollup,
    Maintenance,
    Transition,
    WorstDay,
)
from databases.models.course import courses
from databases.rules.latency import Histogram
from databases.rules.track import Result
from databases.rules.uptime import PARTS, Uptime, Window, uptime
from tracking.models.pen import take_the_pen
from tracking.rules.instants import ZONE, day_of

HOUR = timedelta(hours=1)
# Late evidence still arrives, from attempts that began before the hour was over.
_RECOMPUTED = 2  # hours, the present one included
_COMMITTED = timedelta(minutes=10)  # from the instant of a change of state until it is seen
_COUNTS = tuple(result.value for result in Result)
_VALUES = (*_COUNTS, "missed", *PARTS, "latencies")
_MADE_UP_FOR = timedelta(days=31)
_AT_ONCE = 1_000


def roll_up(*, now: datetime) -> None:
    """The last hours, the present one as far as it has come, those that a change of state was
    dated back into, and their days. What was missed while nobody worked is made up for from the
    newest hour that was rolled up."""
    this_hour = _hour_of(now)
    newest = HourRollup.objects.order_by("-hour").values_list("hour", flat=True).first()
    first = this_hour - (_RECOMPUTED - 1) * HOUR
    earliest = this_hour - _MADE_UP_FOR
    dated_back: Mapping[int, datetime] = {}
    if newest is not None:
        first = max(min(first, newest.astimezone(UTC)), earliest)
        dated_back = _dated_back(newest, first)
    hours = [*_hours(max(earliest, min(map(_hour_of, dated_back.values()), default=first)), now)]
    for hour in hours:
        end = min(hour + HOUR, now)
        late = [pk for pk, at in dated_back.items() if at < end]
        roll_up_hour(hour, end, counting=_counted(hour, now), only=late if hour < first else None)
    for day in sorted({day_of(hour) for hour in hours}):
        roll_up_day(day)


def roll_up_hour(
    hour: datetime, end: datetime, *, counting: bool = True, only: Sequence[int] | None = None
) -> None:
    """The hour that starts then, as far as `end`; of all endpoints or `only` these. `counting`:
    its checks are still kept, so that they are counted and not only the times."""
    endpoints = Endpoint.objects.order_by("pk").values_list("pk", flat=True)
    wanted = list(endpoints if only is None else endpoints.filter(pk__in=only))
    counts, latencies = _checks(hour, end, only) if counting else ({}, {})
    courses_of = courses(hour, end, endpoints=only)
    windows = _windows(hour, end)
    rows = []
    for pk in wanted:
        times = Uptime(unknown=end - hour)
        if pk in courses_of:
            times = uptime(courses_of[pk], windows.get(pk, ()))
        bucketed = Histogram.of(latencies.get(pk, ())).to_bytes()
        sums = {**counts.get(pk, {}), **times.seconds}
        rows.append(HourRollup(endpoint_id=pk, hour=hour, latencies=bucketed, **sums))
    _store(HourRollup, rows, "hour", _VALUES if counting else PARTS)


@transaction.atomic
def roll_up_day(day: date) -> None:
    """A day of Hà Nội, from its hours. What was told from its sums before is forgotten."""
    start = datetime.combine(day, time.min, ZONE)
    found: dict[int, list[HourRollup]] = defaultdict(list)
    for row in HourRollup.objects.filter(hour__gte=start, hour__lt=start + 24 * HOUR):
        found[row.endpoint_id].append(row)
    _store(DayRollup, [_summed(pk, day, rows) for pk, rows in found.items()], "day", _VALUES)
    take_the_pen()
    WorstDay.objects.filter(day=day).delete()


def _hour_of(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _hours(first: datetime, now: datetime) -> Iterator[datetime]:
    while first <= now:
        yield first
        first += HOUR


def _dated_back(newest: datetime, first: datetime) -> dict[int, datetime]:
    """Endpoint -> from when on its hours before `first` are told otherwise since the last time,
    which was in the hour `newest` or later."""
    told = Transition.objects.filter(known_at__gte=newest - _COMMITTED, at__lt=first)
    earliest = told.order_by().values("endpoint").annotate(since=Min("at"))
    return dict(earliest.values_list("endpoint", "since"))


def _counted(hour: datetime, now: datetime) -> bool:
    """Are all checks of that hour still kept?"""
    return hour >= now - timedelta(days=settings.CHECKS_KEPT_DAYS)


def _summed(endpoint: int, day: date, rows: Iterable[HourRollup]) -> DayRollup:
    rows = list(rows)
    sums = {name: sum(getattr(row, name) for row in rows) for name in _VALUES[:-1]}
    parts = (Histogram.from_bytes(bytes(row.latencies)) for row in rows)
    latencies = Histogram.merged(parts).to_bytes()
    return DayRollup(endpoint_id=endpoint, day=day, latencies=latencies, **sums)


def _checks(
    start: datetime, end: datetime, endpoints: Sequence[int] | None
) -> tuple[Mapping[int, Mapping[str, int]], Mapping[int, list[int]]]:
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    latencies: dict[int, list[int]] = defaultdict(list)
    rows = Check.objects.filter(slot_at__gte=start, slot_at__lt=end)
    if endpoints is not None:
        rows = rows.filter(endpoint__in=endpoints)
    read = rows.values_list("endpoint_id", "result", "missed", "total")
    for endpoint, result, missed, total in read.iterator(chunk_size=10_000):
        counts[endpoint][result] += 1
        counts[endpoint]["missed"] += missed
        if total is not None and result in {Result.OK, Result.WARN}:
            latencies[endpoint].append(total)
    return counts, latencies


def _windows(start: datetime, end: datetime) -> Mapping[int, list[Window]]:
    found: dict[int, list[Window]] = defaultdict(list)
    for row in Maintenance.objects.filter(start__lt=end, end__gt=start):
        found[row.endpoint_id].append(Window(row.start, row.end))
    return found


def _store(model: Any, rows: list[Any], period: str, fields: Iterable[str]) -> None:
    model.objects.bulk_create(
        rows,
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["endpoint", period],
        update_fields=list(fields),
    )
