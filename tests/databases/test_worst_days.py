"""Of each day of a connection the endpoint that stood worst, as if each were read alone."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from databases.models import Connection, DayRollup, Endpoint, Maintenance
from databases.models.history import DAYS, History, Period
from databases.models.worst_days import WorstDays
from databases.models.worst_days_anew import worst
from databases.rules.stage import Stage
from databases.rules.uptime import Uptime
from tests.databases.portal_rows import connect, probed
from tracking.rules.instants import day_of, instant_from, start_of

NOW = instant_from("2026-03-02T08:20:00")
TODAY = day_of(NOW)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHOLE = 86_400.0

pytestmark = pytest.mark.django_db


def summed(endpoint: Endpoint, ago: int, **spent: float) -> None:
    rest = WHOLE - sum(spent.values())
    DayRollup.objects.create(endpoint=endpoint, day=TODAY - ago * DAY, **{"up": rest, **spent})


def crowd(code: str) -> tuple[Connection, list[Endpoint]]:
    """One with all its days, one with some, one with a day that is not whole, one with none."""
    link = connect(code, Stage.CONNECTED, NOW)
    endpoints = [probed(link, "ok " * 3, NOW - 4 * DAY, code=f"{code}-{n}") for n in range(4)]
    for ago in range(1, DAYS):
        summed(endpoints[0], ago, down=60.0 * (ago % 7 == 0), excused=30.0)
        if ago < 40:
            summed(endpoints[1], ago, degraded=10.0 * ago, unknown=float(ago % 3))
    DayRollup.objects.create(endpoint=endpoints[2], day=TODAY - DAY, down=3_600)
    start = start_of(TODAY - 3 * DAY)
    Maintenance.objects.create(
        endpoint=endpoints[3], start=start, end=start + HOUR, announced_at=start - DAY
    )
    return link, endpoints


def told(days: list[Period]) -> list[tuple[date, Uptime]]:
    return [(day_of(period.start), period.spent) for period in days]


def test_the_worst_days_are_those_of_the_endpoints_read_alone() -> None:
    link, endpoints = crowd("D1")
    small = connect("D2", Stage.CONNECTED, NOW)
    other = probed(small, "ok fail fail fail", NOW - HOUR)
    alone = [History(endpoint, NOW).days for endpoint in endpoints]
    days = WorstDays([link.pk, small.pk], NOW)
    assert told(days.of(link.pk)) == told([worst(same) for same in zip(*alone, strict=True)])
    assert told(days.of(small.pk)) == told(History(other, NOW).days)
    assert days.of(link.pk)[-1 - 7].spent.down == timedelta(minutes=1)


def test_a_connection_whose_endpoints_are_all_summed_up_is_told_by_the_worse_sum() -> None:
    link = connect("D1", Stage.CONNECTED, NOW)
    one, two = (probed(link, "ok", NOW - HOUR, code=f"E-{n}") for n in range(2))
    for ago in range(DAYS):  # also the day itself, as seen from a day that is over
        summed(one, ago, degraded=5.0)
        summed(two, ago, down=120.0 if ago == 3 else 0.0)
    days = WorstDays([link.pk], NOW).of(link.pk)
    assert [period.spent.down for period in days if period.spent.down] == [2 * HOUR / 60]
    assert days[-1].spent.degraded == timedelta(seconds=5)
    assert len(days) == DAYS


def test_what_was_known_then_is_told_without_the_sums() -> None:
    link, _endpoints = crowd("D1")
    days = WorstDays([link.pk], NOW, known_at=NOW).of(link.pk)
    assert days[0].spent == Uptime(unknown=DAY)
    assert len(days) == DAYS


def test_the_worst_days_cost_the_same_for_few_and_many_and_read_no_latencies() -> None:
    links = [crowd(f"D{n}")[0].pk for n in range(3)]
    for some in (links[:1], links):
        with CaptureQueriesContext(connection) as queries:
            days = WorstDays(some, NOW)
            assert all(len(days.of(link)) == DAYS for link in some)
        assert len(queries) <= 9
        assert not any("latencies" in query["sql"] for query in queries)


def test_a_connection_that_nothing_checks_has_no_days() -> None:
    link = connect("D1", Stage.CONNECTED, NOW)
    assert WorstDays([link.pk], NOW).of(link.pk) == []
