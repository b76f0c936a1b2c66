"""How did an endpoint stand, hour by hour and day by day, and how fast did it answer?

The last day comes from the changes of state, so that it is never behind; earlier days from their
sums, and where those are missing or not whole, from the changes of state again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from databases.models.course import courses
from databases.models.endpoint import Endpoint
from databases.models.outage import Maintenance
from databases.models.rollup import DayRollup, HourRollup
from databases.rules.latency import Histogram
from databases.rules.track import State
from databases.rules.uptime import Interval, Uptime, Window, uptime
from tracking.rules.instants import day_of, in_zone, start_of

HOURS, DAYS = 24, 90
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_ROUNDED = timedelta(seconds=1)  # sums are kept as numbers with a fraction
_PARTS = Uptime.__slots__


@dataclass(frozen=True, slots=True)
class Period:
    """Where the time of [start, end) went. `announced`: a maintenance was, for some of it."""

    start: datetime
    end: datetime
    spent: Uptime
    announced: bool = False


@dataclass(frozen=True, slots=True)
class Latency:
    """Of the attempts within so many days: how many, and what so many percent did not exceed, in
    microseconds."""

    days: int
    count: int
    p50: int | None
    p95: int | None
    p99: int | None


def together(periods: Iterable[Period]) -> Uptime:
    """Where the time of all of them went."""
    spent = dict.fromkeys(_PARTS, timedelta(0))
    for period in periods:
        for part in _PARTS:
            spent[part] += getattr(period.spent, part)
    return Uptime(**spent)


class History:
    """Of one endpoint as seen at `now`; five queries whatever its length."""

    def __init__(self, endpoint: Endpoint, now: datetime) -> None:
        self.endpoint = endpoint
        self.now = in_zone(now)
        self.today = day_of(now)
        self.first_day = self.today - (DAYS - 1) * _DAY

    @cached_property
    def hours(self) -> list[Period]:
        """The last 24 hours of the clock, the present one as far as it has gone."""
        this = self.now.replace(minute=0, second=0, microsecond=0)
        starts = [this - n * _HOUR for n in reversed(range(HOURS))]
        return self._seen(starts, _HOUR)

    @cached_property
    def days(self) -> list[Period]:
        """The last 90 days of Hà Nội, today as far as it has gone."""
        whole = {row.day: row for row in self._rollups if _is_whole(row)}
        missing = [day for day in self._all_days if day not in whole]
        seen = self._seen([start_of(day) for day in missing], _DAY)
        computed = {day_of(period.start): period for period in seen}
        return [
            computed[day] if day in computed else self._stored(whole[day]) for day in self._all_days
        ]

    @property
    def spans(self) -> list[tuple[int, Uptime]]:
        """(days, where their time went) of the last hours, week, month and quarter."""
        days = self.days
        return [
            (1, together(self.hours)),
            *((count, together(days[-count:])) for count in (7, 30, DAYS)),
        ]

    @property
    def latencies(self) -> list[Latency]:
        since = self.now - _DAY
        hours = HourRollup.objects.filter(endpoint=self.endpoint, hour__gt=since - _HOUR)
        found = [_latency(1, hours.values_list("latencies", flat=True))]
        for count in (7, 30, DAYS):
            first = self.today - (count - 1) * _DAY
            found.append(_latency(count, [r.latencies for r in self._rollups if r.day >= first]))
        return found

    @cached_property
    def _all_days(self) -> list[date]:
        return [self.first_day + n * _DAY for n in range(DAYS)]

    @cached_property
    def _rollups(self) -> Sequence[DayRollup]:
        rows = DayRollup.objects.filter(endpoint=self.endpoint, day__gte=self.first_day)
        return list(rows.order_by("day"))

    def _seen(self, starts: Sequence[datetime], length: timedelta) -> list[Period]:
        """Of the periods that begin then, from the changes of state; the last one ends now."""
        if not starts:
            return []
        ends = [min(start + length, self.now) for start in starts]
        pk = self.endpoint.pk
        never = [Interval(State.UNKNOWN, starts[0], self.now, "never")]
        course = courses(starts[0], self.now, endpoints=[pk]).get(pk, never)
        return [
            Period(start, end, uptime(clipped, self._windows), self._announced(start, end))
            for start, end, clipped in _clipped(course, list(zip(starts, ends, strict=True)))
        ]

    def _stored(self, row: DayRollup) -> Period:
        start = start_of(row.day)
        spent = {part: timedelta(seconds=getattr(row, part)) for part in _PARTS}
        return Period(start, start + _DAY, Uptime(**spent), self._announced(start, start + _DAY))

    def _announced(self, start: datetime, end: datetime) -> bool:
        return any(window.start < end and start < window.end for window in self._windows)

    @cached_property
    def _windows(self) -> list[Window]:
        rows = Maintenance.objects.filter(endpoint=self.endpoint, start__lt=self.now)
        rows = rows.filter(end__gt=start_of(self.first_day))
        return [Window(row.start, row.end) for row in rows]


def _clipped(
    course: Sequence[Interval], periods: Sequence[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime, list[Interval]]]:
    """The intervals within each period; both in the order of time, so that each is met once."""
    place = 0
    for start, end in periods:
        while place < len(course) and course[place].end <= start:
            place += 1
        found = []
        for interval in course[place:]:
            if interval.start >= end:
                break
            found.append(
                replace(interval, start=max(interval.start, start), end=min(interval.end, end))
            )
        yield start, end, found


def _is_whole(row: DayRollup) -> bool:
    total = timedelta(seconds=sum(getattr(row, part) for part in _PARTS))
    return abs(total - _DAY) < _ROUNDED


def _latency(days: int, stored: Iterable[bytes | memoryview]) -> Latency:
    whole = Histogram.merged(Histogram.from_bytes(bytes(data)) for data in stored)
    if not whole.count:
        return Latency(days, 0, None, None, None)
    return Latency(days, whole.count, *(whole.percentile(p) for p in (50, 95, 99)))
