"""How did connections stand, day by day? Of each day the endpoint that stood worst.

What is over is kept, one row a connection and day; what is not kept is told anew.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import chain

from databases.models.alike import Alike, alike_now
from databases.models.history import DAYS, Period
from databases.models.worst_day import WorstDay
from databases.models.worst_days_anew import WorstDaysAnew, whole_day, worst
from databases.models.worst_today import DaySoFar
from databases.rules.uptime import PARTS, Uptime
from tracking.rules.instants import day_of, start_of

_DAY = timedelta(days=1)


class WorstDays:
    """Of these connections as seen at `now`; seven queries at most where all days that are over are
    kept, however many endpoints there are. With `known_at` only what was known by then. `alike`:
    their endpoints by whether they moved since the day began, where that has been read."""

    def __init__(
        self,
        connections: Collection[int],
        now: datetime,
        *,
        known_at: datetime | None = None,
        alike: Collection[Alike] | None = None,
    ) -> None:
        self._connections = connections
        self._now = now
        self._known_at = known_at
        self._today = day_of(now)
        self._all_days = [self._today - n * _DAY for n in reversed(range(DAYS))]
        if alike is None:
            alike = alike_now(start_of(self._today), connections)
        self._alike = [row for row in alike if row.connection in connections]

    def of(self, connection: int) -> list[Period]:
        """Its last 90 days, today as far as it has gone; none where nothing checks it."""
        days = {**self._kept.get(connection, {}), **self._others.get(connection, {})}
        return [days[day] for day in self._all_days if day in days]

    @cached_property
    def _counts(self) -> Mapping[int, int]:
        """How many endpoints each has."""
        found: Counter[int] = Counter()
        for row in self._alike:
            found[row.connection] += row.count
        return found

    @cached_property
    def _kept(self) -> Mapping[int, Mapping[date, Period]]:
        """What was told by more endpoints than there are now is not believed. What was known at an
        earlier instant is told anew: nothing kept says what was not known yet."""
        if self._known_at is not None:
            return {}
        rows = WorstDay.objects.filter(connection__in=self._connections)
        days = rows.filter(day__range=(self._all_days[0], self._today))
        counts = self._counts
        found: dict[int, dict[date, Period]] = defaultdict(dict)
        for connection, day, told, *spent in days.values_list(
            "connection", "day", "endpoints", *PARTS
        ):
            if told <= counts[connection]:
                kept = whole_day(day, spent)
                # Of the endpoints that came later nothing is known for that day.
                later = [_never(day)] if told < counts[connection] else []
                found[connection][day] = worst([kept, *later])
        return found

    @cached_property
    def _others(self) -> Mapping[int, Mapping[date, Period]]:
        """Of each connection at least the days that are not kept."""
        found: dict[int, Mapping[date, Period]] = {}
        lacking: dict[int, list[date]] = {}
        for connection in self._counts:
            kept = self._kept.get(connection, {})
            missing = [day for day in self._all_days if day not in kept]
            if missing == [self._today] and self._known_at is None:
                found[connection] = {self._today: self._so_far.worst[connection]}
            elif missing:
                lacking[connection] = missing
        if lacking:
            days = sorted(set(chain.from_iterable(lacking.values())))
            anew = WorstDaysAnew(lacking, self._now, known_at=self._known_at, days=days)
            found |= {connection: anew.of(connection) for connection in lacking}
        return found

    @cached_property
    def _so_far(self) -> DaySoFar:
        return DaySoFar(self._alike, self._today, self._now)


def _never(day: date) -> Period:
    return Period(start_of(day), start_of(day) + _DAY, Uptime(unknown=_DAY))
