"""Sums of an hour and of a day, recomputed from what was seen and never added to."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from databases.models import Check, DayRollup, Endpoint, HourRollup, Maintenance
from databases.models.course import courses
from databases.rules.latency import Histogram
from databases.rules.track import Result
from databases.rules.uptime import Uptime, Window, uptime
from tracking.rules.instants import ZONE, day_of

HOUR = timedelta(hours=1)
# Late evidence still arrives: from leases that ended, and from confirmations dated back.
_RECOMPUTED = 3  # hours, the present one included
_COUNTS = tuple(result.value for result in Result)
_TIMES = ("up", "degraded", "down", "excused", "undecided", "unknown", "paused")
_VALUES = (*_COUNTS, "missed", *_TIMES, "latencies")
_MADE_UP_FOR = timedelta(days=31)
_AT_ONCE = 1_000


def roll_up(*, now: datetime) -> None:
    """The last hours, the present one as far as it has come, and their days. What was missed while
    nobody worked is made up for from the newest hour that was rolled up."""
    this_hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    newest = HourRollup.objects.order_by("-hour").values_list("hour", flat=True).first()
    first = this_hour - (_RECOMPUTED - 1) * HOUR
    if newest is not None:
        first = max(min(first, newest.astimezone(UTC)), this_hour - _MADE_UP_FOR)
    hours = [first + n * HOUR for n in range((this_hour - first) // HOUR + 1)]
    for hour in hours:
        roll_up_hour(hour, min(hour + HOUR, now))
    for day in sorted({day_of(hour) for hour in hours}):
        roll_up_day(day)


def roll_up_hour(hour: datetime, end: datetime) -> None:
    """The hour that starts then, as far as `end`."""
    counts, latencies = _checks(hour, end)
    courses_of = courses(hour, end)
    windows = _windows(hour, end)
    rows = []
    for pk in Endpoint.objects.order_by("pk").values_list("pk", flat=True):
        times = Uptime(unknown=end - hour)
        if pk in courses_of:
            times = uptime(courses_of[pk], windows.get(pk, ()))
        bucketed = Histogram.of(latencies.get(pk, ())).to_bytes()
        sums = {**counts.get(pk, {}), **_seconds(times)}
        rows.append(HourRollup(endpoint_id=pk, hour=hour, latencies=bucketed, **sums))
    _store(HourRollup, rows, "hour")


def roll_up_day(day: date) -> None:
    """A day of Hà Nội, from its hours."""
    start = datetime.combine(day, time.min, ZONE)
    found: dict[int, list[HourRollup]] = defaultdict(list)
    for row in HourRollup.objects.filter(hour__gte=start, hour__lt=start + 24 * HOUR):
        found[row.endpoint_id].append(row)
    _store(DayRollup, [_summed(pk, day, rows) for pk, rows in found.items()], "day")


def _summed(endpoint: int, day: date, rows: Iterable[HourRollup]) -> DayRollup:
    rows = list(rows)
    sums = {name: sum(getattr(row, name) for row in rows) for name in _VALUES[:-1]}
    parts = (Histogram.from_bytes(bytes(row.latencies)) for row in rows)
    latencies = Histogram.merged(parts).to_bytes()
    return DayRollup(endpoint_id=endpoint, day=day, latencies=latencies, **sums)


def _checks(
    start: datetime, end: datetime
) -> tuple[Mapping[int, Mapping[str, int]], Mapping[int, list[int]]]:
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    latencies: dict[int, list[int]] = defaultdict(list)
    rows = Check.objects.filter(slot_at__gte=start, slot_at__lt=end)
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


def _seconds(times: Uptime) -> dict[str, float]:
    return {name: getattr(times, name).total_seconds() for name in _TIMES}


def _store(model: Any, rows: list[Any], period: str) -> None:
    model.objects.bulk_create(
        rows,
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["endpoint", period],
        update_fields=list(_VALUES),
    )
