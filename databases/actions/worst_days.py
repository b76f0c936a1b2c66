"""What pages ask of the days of connections that are over is told once, and kept."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from databases.models import Endpoint, Interface, WorstDay
from databases.models.worst_days_anew import WorstDaysAnew
from tracking.models.pen import take_the_pen
from tracking.rules.instants import day_of

# So far back people look from a past day; what lies before stays as long as sums of days do.
YEAR = 365
DAYS_AT_ONCE = 10  # after an update of the portal the rest follows with the next chores
_DAY = timedelta(days=1)


def keep_worst_days(*, now: datetime, back: int = YEAR) -> int:
    """Write those of the last so many days that are over and not kept, the newest first; of how
    many days. More than some at once are left for the next time."""
    lacking = _lacking(day_of(now), back)
    days = sorted(lacking, reverse=True)[:DAYS_AT_ONCE]
    for day in days:
        _keep(day, lacking[day], now)
    return len(days)


def forget_worst_days(*interfaces: str | None) -> None:
    """Of the connections of these interfaces, whose endpoints are no longer the same; in a
    transaction of the caller, who holds the pen."""
    rows = Interface.objects.filter(code__in=[code for code in interfaces if code])
    WorstDay.objects.filter(connection__in=rows.values("connection")).delete()


def _lacking(today: date, back: int) -> Mapping[date, list[int]]:
    """Day → connections of which it is to be written."""
    days = [today - n * _DAY for n in range(1, back)]
    kept = WorstDay.objects.filter(day__range=(days[-1], days[0]))
    have = set(kept.values_list("connection", "day"))
    rows = Endpoint.objects.filter(interface__isnull=False).order_by()
    found: dict[date, list[int]] = defaultdict(list)
    for connection in rows.values_list("interface__connection", flat=True).distinct():
        for day in days:
            if (connection, day) not in have:
                found[day].append(connection)
    return found


@transaction.atomic
def _keep(day: date, connections: Collection[int], now: datetime) -> None:
    # Who moves an endpoint, or sums the day up anew, has done so before or comes afterwards.
    take_the_pen()
    anew = WorstDaysAnew(connections, now, days=[day])
    rows = []
    for connection, endpoints in anew.endpoints.items():
        spent = anew.of(connection)[day].spent
        told = {"endpoints": len(endpoints), **spent.seconds}
        rows.append(WorstDay(connection_id=connection, day=day, **told))
    WorstDay.objects.bulk_create(rows, ignore_conflicts=True)
