"""How did connections stand, day by day, told from all their endpoints?

A connection may have a thousand endpoints. The database finds the worst of what is summed up, and
only those rows are read; what is not summed up is told from the changes of state.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Max, QuerySet, Window
from django.db.models.functions import RowNumber

from databases.models.endpoint import Endpoint
from databases.models.history import Histories, Period
from databases.models.rollup import DayRollup
from databases.rules.uptime import PARTS, Uptime
from tracking.rules.instants import start_of

_DAY = timedelta(days=1)
_LEAST, _MOST = _DAY.total_seconds() - 1, _DAY.total_seconds() + 1  # of a sum that is whole
_CONNECTION = "endpoint__interface__connection"


def worst(periods: Iterable[Period]) -> Period:
    """Of the same day: the longest down, then the least known, then the longest degraded."""
    return max(
        periods, key=lambda p: (p.spent.down, p.spent.total - p.spent.known, p.spent.degraded)
    )


class WorstDaysAnew:
    """Of these connections as seen at `now`, of these days or of the last 90; seven queries at
    most, however many endpoints they have. With `known_at` only what was known by then."""

    def __init__(
        self,
        connections: Collection[int],
        now: datetime,
        *,
        known_at: datetime | None = None,
        days: Sequence[date] | None = None,
    ) -> None:
        self.endpoints: dict[int, list[Endpoint]] = defaultdict(list)
        rows: Any = Endpoint.objects.filter(interface__connection__in=connections).only("pk")
        for row in rows.annotate(place=F("interface__connection")).order_by():
            self.endpoints[row.place].append(row)
        keys = [row.pk for theirs in self.endpoints.values() for row in theirs]
        self._told = _Unread(keys, now, known_at=known_at)
        if days is not None:
            self._told.all_days = list(days)

    def of(self, connection: int) -> dict[date, Period]:
        """Today as far as it has gone; none where nothing checks it."""
        days = dict(self._summed.get(connection, {}))
        for endpoint in self.endpoints.get(connection, ()):
            for day, period in self._told.of(endpoint).computed.items():
                days[day] = worst([days[day], period]) if day in days else period
        return days

    @cached_property
    def _summed(self) -> Mapping[int, Mapping[date, Period]]:
        """Of the days that are summed up: one row a connection and day."""
        place = Window(
            RowNumber(),
            partition_by=[F(_CONNECTION), F("day")],
            order_by=[
                F("down").desc(),
                (F("undecided") + F("unknown") + F("paused")).desc(),
                F("degraded").desc(),
            ],
        )
        first = self._told.sums.annotate(place=place).filter(place=1).order_by()
        found: dict[int, dict[date, Period]] = defaultdict(dict)
        for connection, day, *spent in first.values_list(_CONNECTION, "day", *PARTS):
            found[connection][day] = whole_day(day, spent)
        return found


def whole_day(day: date, seconds: Iterable[float]) -> Period:
    """Of a day that is over: where so many seconds went, in the order of the parts of Uptime."""
    start = start_of(day)
    return Period(start, start + _DAY, Uptime(*(timedelta(seconds=part) for part in seconds)))


class _Unread(Histories):
    """Knows which days are summed up without reading their sums."""

    @property
    def sums(self) -> QuerySet[DayRollup]:
        """Those that say where all of a day's time went."""
        if self.known_at is not None:
            return DayRollup.objects.none()
        first, last = self.all_days[0], self.all_days[-1]
        rows = DayRollup.objects.filter(endpoint__in=self.endpoints)
        if last - first == (len(self.all_days) - 1) * _DAY:
            rows = rows.filter(day__range=(first, last))
        else:
            rows = rows.filter(day__in=self.all_days)
        total = sum((F(part) for part in PARTS[1:]), F(PARTS[0]))
        return rows.annotate(total=total).filter(total__gt=_LEAST, total__lt=_MOST)

    def summed(self, endpoint: int) -> Collection[date]:
        return self._summed.get(endpoint, ())

    @cached_property
    def _summed(self) -> Mapping[int, Collection[date]]:
        """Endpoints of which nothing is missing are not asked for their days."""
        counts = self.sums.order_by().values_list("endpoint").annotate(Count("pk"), Max("day"))
        every, before = set(self.all_days), set(self.all_days[:-1])
        found: dict[int, set[date]] = {}
        some: list[int] = []
        for endpoint, count, newest in counts:
            if count == len(every):
                found[endpoint] = every
            elif count == len(before) and newest < self.all_days[-1]:
                found[endpoint] = before
            else:
                some.append(endpoint)
        pairs = self.sums.filter(endpoint__in=some).order_by().values_list("endpoint", "day")
        for endpoint, day in pairs if some else ():
            found.setdefault(endpoint, set()).add(day)
        return found
