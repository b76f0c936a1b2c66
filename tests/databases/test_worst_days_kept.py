"""What is kept of the days of connections is what their endpoints tell when all are read."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from databases.actions.endpoints import save_endpoint, wanted_of
from databases.actions.rollups import roll_up_day
from databases.actions.storage import keep_storage
from databases.actions.worst_days import DAYS_AT_ONCE, keep_worst_days
from databases.models import Connection, DayRollup, HourRollup, Maintenance, WorstDay
from databases.models.history import DAYS, Period
from databases.models.worst_days import WorstDays
from databases.models.worst_days_anew import WorstDaysAnew
from databases.rules.stage import Stage
from tests.databases.portal_rows import connect, probed
from tests.databases.probed import make_endpoint
from tests.databases.seen_rows import many_seen
from tracking.rules.instants import cut_off, day_of, instant_from

pytestmark = pytest.mark.django_db

NOW = instant_from("2026-03-02T08:20:00")
TODAY = day_of(NOW)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_ROUNDED = timedelta(milliseconds=1)  # what is kept are numbers with a fraction


def keep_all(now: datetime = NOW) -> None:
    while keep_worst_days(now=now, back=DAYS):
        pass


def told(periods: Iterable[Period]) -> list[tuple[object, ...]]:
    """What a strip says of days; why nothing was known is the same to it."""
    return [
        (p.start, p.spent.down, p.spent.known, p.spent.degraded, p.spent.total) for p in periods
    ]


def alike(one: Iterable[Period], other: Iterable[Period]) -> bool:
    pairs = list(zip(told(one), told(other), strict=True))
    return all(
        start == begun and all(abs(a - b) < _ROUNDED for a, b in zip(spent, lasted, strict=True))  # type: ignore[operator]
        for (start, *spent), (begun, *lasted) in pairs
    )


def anew(
    links: list[Connection], now: datetime, known_at: datetime | None = None
) -> dict[int, list[Period]]:
    read = WorstDaysAnew([link.pk for link in links], now, known_at=known_at)
    return {
        link.pk: [period for _day, period in sorted(read.of(link.pk).items())] for link in links
    }


def read(
    links: list[Connection], now: datetime, known_at: datetime | None = None
) -> dict[int, list[Period]]:
    days = WorstDays([link.pk for link in links], now, known_at=known_at)
    return {link.pk: days.of(link.pk) for link in links}


@pytest.mark.parametrize("seed", range(6))
def test_what_is_kept_is_what_all_endpoints_tell(seed: int) -> None:
    links = [connect(f"D{n}", Stage.CONNECTED, NOW) for n in range(4)]
    many_seen(links[:3], 7, NOW, random.Random(seed))
    past, known = cut_off(TODAY - 6 * DAY), NOW - 2 * HOUR
    views = [(NOW, None), (NOW + HOUR, None), (past, None), (past, NOW), (known, known)]
    before = {view: anew(links, *view) for view in views}
    keep_all()
    assert WorstDay.objects.count() == 3 * (DAYS - 1)
    for view in views:
        found = read(links, *view)
        assert all(alike(found[pk], before[view][pk]) for pk in found), view


def test_what_is_kept_is_not_read_again_from_the_endpoints() -> None:
    links = [connect(f"D{n}", Stage.CONNECTED, NOW) for n in range(2)]
    many_seen(links, 5, NOW, random.Random(1))
    keep_all()
    with CaptureQueriesContext(database) as queries:
        read(links, NOW)
    assert len(queries) <= 7
    assert not any("databases_dayrollup" in query["sql"] for query in queries)


def test_what_was_announced_is_excused_today_as_on_any_day() -> None:
    link = connect("D1", Stage.CONNECTED, NOW)
    endpoint = probed(link, "ok ok " + "fail " * 60, NOW, code="ANNOUNCED")
    probed(link, "ok fail fail fail", NOW, code="OTHER")
    Maintenance.objects.create(
        endpoint=endpoint, start=NOW - 3 * HOUR, end=NOW + HOUR, announced_at=NOW - DAY
    )
    keep_all()
    found = read([link], NOW)[link.pk]
    assert alike(found, anew([link], NOW)[link.pk])
    assert timedelta(0) < found[-1].spent.down < HOUR / 12


def test_where_nothing_was_down_the_worst_of_today_is_what_is_least_known() -> None:
    bad = connect("D1", Stage.CONNECTED, NOW)
    probed(bad, "ok " * 300, NOW, code="FINE")
    probed(bad, "ok " * 200 + "warn " * 100, NOW, code="POOR")
    new = connect("D2", Stage.CONNECTED, NOW)
    probed(new, "ok " * 5, NOW, code="SEEN")
    make_endpoint(NOW - HOUR, 443, code="NEVER", interface=new.interfaces.get().code)
    keep_all()
    found, right = read([bad, new], NOW), anew([bad, new], NOW)
    assert all(alike(found[pk], right[pk]) for pk in found)
    assert found[new.pk][-1].spent.known == timedelta(0)
    assert found[bad.pk][-1].spent.known > HOUR


def test_an_endpoint_that_came_later_was_not_known_on_the_days_before() -> None:
    link = connect("D1", Stage.CONNECTED, NOW)
    many_seen([link], 3, NOW, random.Random(2))
    keep_all(NOW)
    later = NOW + 3 * DAY
    keep_all(later)
    make_endpoint(later, 443, code="NEW", interface=link.interfaces.get().code)
    found = read([link], later)[link.pk]
    assert alike(found, anew([link], later)[link.pk])
    assert found[0].spent.unknown == DAY


def test_an_endpoint_that_moves_takes_its_past_along() -> None:
    one, other = (connect(code, Stage.CONNECTED, NOW) for code in ("D1", "D2"))
    first, *_others = many_seen([one, other], 2, NOW, random.Random(3))
    keep_all()
    first.refresh_from_db()
    wanted = replace(wanted_of(first), interface=other.interfaces.get().code)
    save_endpoint(wanted=wanted, now=NOW, by="an")
    assert not WorstDay.objects.exists()
    assert all(
        alike(days, anew([one, other], NOW)[pk]) for pk, days in read([one, other], NOW).items()
    )
    keep_all()
    assert all(
        alike(days, anew([one, other], NOW)[pk]) for pk, days in read([one, other], NOW).items()
    )


def test_a_day_that_is_summed_up_anew_is_told_anew() -> None:
    link = connect("D1", Stage.CONNECTED, NOW)
    endpoint = probed(link, "ok", NOW - 5 * DAY)
    day = TODAY - DAY
    keep_all()
    assert WorstDay.objects.get(day=day).down == 0
    start = instant_from(f"{day}T00:00:00")
    for hour in range(24):
        HourRollup.objects.create(endpoint=endpoint, hour=start + hour * HOUR, up=3_000, down=600)
    roll_up_day(day)
    assert not WorstDay.objects.filter(day=day).exists()
    assert read([link], NOW)[link.pk][-2].spent.down == 4 * HOUR
    keep_all()
    assert WorstDay.objects.get(day=day).down == 14_400
    assert read([link], NOW)[link.pk][-2].spent.down == 4 * HOUR


def test_the_newest_days_are_kept_first_and_not_too_many_at_once() -> None:
    probed(connect("D1", Stage.CONNECTED, NOW), "ok", NOW - 5 * DAY)
    assert keep_worst_days(now=NOW) == DAYS_AT_ONCE
    days = WorstDay.objects.order_by("-day").values_list("day", flat=True)
    assert list(days) == [TODAY - n * DAY for n in range(1, DAYS_AT_ONCE + 1)]
    keep_all()
    assert keep_worst_days(now=NOW, back=DAYS) == 0
    assert keep_worst_days(now=NOW + DAY, back=DAYS) == 1


def test_days_are_kept_as_long_as_their_sums() -> None:
    link = connect("D1", Stage.CONNECTED, NOW)
    endpoint = probed(link, "ok", NOW - DAY)
    old = TODAY - 4_000 * DAY
    DayRollup.objects.create(endpoint=endpoint, day=old)
    for day in (old, TODAY - DAY):
        WorstDay.objects.create(connection=link, day=day, endpoints=1)
    keep_storage(now=NOW)
    assert [row.day for row in WorstDay.objects.all()] == [TODAY - DAY]


def test_nothing_is_kept_of_connections_that_nothing_checks() -> None:
    connect("D1", Stage.CONNECTED, NOW)
    assert keep_worst_days(now=NOW) == 0
