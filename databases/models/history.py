"""How did endpoints stand, hour by hour and day by day, and how fast did they answer?

The last day comes from the changes of state, so that it is never behind; earlier days from their
sums, and where those are missing or not whole, from the changes of state again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TypeVar

from databases.models.course import courses
from databases.models.endpoint import Endpoint
from databases.models.outage import Maintenance
from databases.models.rollup import DayRollup, HourRollup, Rollup
from databases.rules.latency import Histogram
from databases.rules.track import State
from databases.rules.uptime import PARTS, Interval, Uptime, Window, uptime
from tracking.rules.instants import day_of, in_zone, start_of

HOURS, DAYS = 24, 90
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_ROUNDED = timedelta(seconds=1)  # sums are kept as numbers with a fraction
_Stored = TypeVar("_Stored", bound=Rollup)


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
    spent = dict.fromkeys(PARTS, timedelta(0))
    for period in periods:
        for part in PARTS:
            spent[part] += getattr(period.spent, part)
    return Uptime(**spent)


class Histories:
    """Of these endpoints as seen at `now`; five queries at most, however many they are and whatever
    their past. With `known_at` only what was known by then: their states are told anew."""

    def __init__(
        self, endpoints: Collection[int], now: datetime, *, known_at: datetime | None = None
    ) -> None:
        self.endpoints = sorted(endpoints)
        self.now = in_zone(now)
        self.known_at = known_at
        self.today = day_of(now)
        self.all_days = [self.today - n * _DAY for n in reversed(range(DAYS))]
        this = self.now.replace(minute=0, second=0, microsecond=0)
        self.all_hours = [this - n * _HOUR for n in reversed(range(HOURS))]

    def of(self, endpoint: Endpoint) -> "History":
        return History(endpoint, self.now, self)

    @cached_property
    def stored(self) -> Mapping[int, list[DayRollup]]:
        """The sums of each day."""
        days = (self.all_days[0], self.today)
        rows = DayRollup.objects.filter(endpoint__in=self.endpoints, day__range=days)
        return _by_endpoint(rows.order_by("day"))

    @cached_property
    def of_hours(self) -> Mapping[int, list[HourRollup]]:
        """Of the last day, for the times that its answers took."""
        span = (self.now - _DAY - _HOUR + _ROUNDED, self.now)
        rows = HourRollup.objects.filter(endpoint__in=self.endpoints, hour__range=span)
        return _by_endpoint(rows)

    @cached_property
    def windows(self) -> Mapping[int, list[Window]]:
        rows = Maintenance.objects.filter(endpoint__in=self.endpoints, start__lt=self.now)
        found: dict[int, list[Window]] = defaultdict(list)
        for row in rows.filter(end__gt=start_of(self.all_days[0])):
            found[row.endpoint_id].append(Window(row.start, row.end))
        return found

    @cached_property
    def lately(self) -> Mapping[int, list[Interval]]:
        """The states of the last hours and of today."""
        start = min(self.all_hours[0], start_of(self.today))
        return courses(start, self.now, endpoints=self.endpoints, known_at=self.known_at)

    @cached_property
    def before(self) -> Mapping[int, list[Interval]]:
        """The states of those of which a day before today is not stored, from the first one on."""
        missing = {pk: days for pk in self.endpoints if (days := self.missing(pk))}
        if not missing:
            return {}
        start = start_of(min(days[0] for days in missing.values()))
        return courses(start, self.now, endpoints=list(missing), known_at=self.known_at)

    @cached_property
    def whole(self) -> Mapping[int, Mapping[date, DayRollup]]:
        """The days whose sums say where all of their time went."""
        if self.known_at is not None:
            return {}
        return {
            endpoint: {row.day: row for row in rows if _is_whole(row)}
            for endpoint, rows in self.stored.items()
        }

    def summed(self, endpoint: int) -> Collection[date]:
        """The days that need not be told from the changes of state."""
        return self.whole.get(endpoint, {}).keys()

    def missing(self, endpoint: int) -> list[date]:
        """The days before today that are not stored."""
        summed = self.summed(endpoint)
        return [day for day in self.all_days if day < self.today and day not in summed]


class History:
    """Of one endpoint. `told`: it is read together with others."""

    def __init__(self, endpoint: Endpoint, now: datetime, told: Histories | None = None) -> None:
        self.endpoint = endpoint.pk
        self.told = told or Histories([endpoint.pk], now)
        self.now, self.today = self.told.now, self.told.today

    @cached_property
    def hours(self) -> list[Period]:
        """The last 24 hours of the clock, the present one as far as it has gone."""
        return self._seen(self.told.lately, self.told.all_hours, _HOUR)

    @cached_property
    def days(self) -> list[Period]:
        """The last 90 days of Hà Nội, today as far as it has gone."""
        whole, computed = self.told.whole.get(self.endpoint, {}), self.computed
        return [
            computed[day] if day in computed else self._stored(whole[day])
            for day in self.told.all_days
        ]

    @property
    def computed(self) -> dict[date, Period]:
        """Those days that are not summed up, from the changes of state."""
        missing = self.told.missing(self.endpoint)
        starts = [start_of(day) for day in missing]
        seen = self._seen(self.told.before, starts, _DAY) if starts else []
        if self.today in self.told.all_days and self.today not in self.told.summed(self.endpoint):
            seen += self._seen(self.told.lately, [start_of(self.today)], _DAY)
        return {day_of(period.start): period for period in seen}

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
        hours = self.told.of_hours.get(self.endpoint, ())
        found = [_latency(1, [row.latencies for row in hours])]
        days = self.told.stored.get(self.endpoint, ())
        for count in (7, 30, DAYS):
            first = self.today - (count - 1) * _DAY
            found.append(_latency(count, [row.latencies for row in days if row.day >= first]))
        return found

    def _seen(
        self,
        courses_of: Mapping[int, Sequence[Interval]],
        starts: Sequence[datetime],
        length: timedelta,
    ) -> list[Period]:
        """Of the periods that begin then, from the changes of state; the last one ends now."""
        ends = [min(start + length, self.now) for start in starts]
        never = [Interval(State.UNKNOWN, starts[0], self.now, "never")]
        course = courses_of.get(self.endpoint, never)
        return [
            Period(start, end, uptime(clipped, self._windows), self._announced(start, end))
            for start, end, clipped in _clipped(course, list(zip(starts, ends, strict=True)))
        ]

    def _stored(self, row: DayRollup) -> Period:
        start = start_of(row.day)
        spent = {part: timedelta(seconds=getattr(row, part)) for part in PARTS}
        return Period(start, start + _DAY, Uptime(**spent), self._announced(start, start + _DAY))

    def _announced(self, start: datetime, end: datetime) -> bool:
        return any(window.start < end and start < window.end for window in self._windows)

    @property
    def _windows(self) -> Sequence[Window]:
        return self.told.windows.get(self.endpoint, ())


def _by_endpoint(rows: Iterable[_Stored]) -> Mapping[int, list[_Stored]]:
    found: dict[int, list[_Stored]] = defaultdict(list)
    for row in rows:
        found[row.endpoint_id].append(row)
    return found


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
    total = timedelta(seconds=sum(getattr(row, part) for part in PARTS))
    return abs(total - _DAY) < _ROUNDED


def _latency(days: int, stored: Iterable[bytes | memoryview]) -> Latency:
    whole = Histogram.merged(Histogram.from_bytes(bytes(data)) for data in stored)
    if not whole.count:
        return Latency(days, 0, None, None, None)
    return Latency(days, whole.count, *(whole.percentile(p) for p in (50, 95, 99)))
