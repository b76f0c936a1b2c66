"""The page of databases for people who lead, and its strips of days."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from databases.actions.contradictions import reconcile_contradictions
from databases.actions.worst_days import keep_worst_days
from databases.models import DayRollup, Outage
from databases.models.history import DAYS, Period
from databases.models.worst_days_anew import worst
from databases.renderers.strips import day_kind, strip
from databases.rules.stage import Stage
from databases.rules.uptime import Uptime
from tests.databases.portal_rows import DAY, connect, probed, statements, text
from tests.tracking.admin_people import signed_in
from tracking.models import Partner
from tracking.rules.instants import day_of, instant_from

PAGE = "/databases/status/"
HOUR = timedelta(hours=1)
START = instant_from("2026-03-02T00:00")


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def leader(db: None) -> Client:
    return signed_in("leader")


def part(page: str, section: str) -> str:
    start = page.index(f'aria-labelledby="{section}"')
    return page[start : page.index("</section>", start)]


def test_leaders_read_how_many_are_connected_and_answer(leader: Client, now: datetime) -> None:
    probed(connect("D1", Stage.CONNECTED, now), "ok ok", now)
    probed(connect("D2", Stage.CONNECTED, now), "ok fail fail fail", now)
    connect("D3", Stage.UPGRADING, now)
    page = text(leader.get(PAGE))
    assert '<span class="big-number">2/3</span>' in page
    assert '<span class="big-number">1/2</span>' in page


def test_what_does_not_answer_is_told_with_whose_move_it_is(leader: Client, now: datetime) -> None:
    link = connect("D1", Stage.CONNECTED, now)
    link.counterpart.owner = Partner.objects.create(code="BCA", name_vi="Bộ Công an")
    link.counterpart.save()
    endpoint = probed(link, "ok fail fail fail", now)
    ours = connect("D2", Stage.UPGRADING, now)
    probed(ours, "ok fail fail fail", now)
    Outage.objects.filter(endpoint=endpoint).update(blame="theirs")
    Outage.objects.exclude(endpoint=endpoint).update(blame="ours")
    down = part(text(leader.get(PAGE)), "down")
    first, second = down.split("</tr>")[1:3]
    assert "CSDL D1" in first
    assert "Bộ Công an" in first
    assert "does not answer" in first
    assert "CSDL D2" in second
    assert "Cục Quản lý Dược" in second


def test_what_is_declared_but_not_seen_is_told(leader: Client, now: datetime) -> None:
    connect("D1", Stage.CONNECTED, now)
    probed(connect("D2", Stage.CONNECTED, now), "ok", now - DAY)
    connect("D3", Stage.PLANNED, now)
    unseen = part(text(leader.get(PAGE)), "unseen")
    assert '<span class="count">2</span>' in unseen
    assert "CSDL D1" in unseen
    assert "nothing checks it" in unseen
    assert "CSDL D2" in unseen
    assert "not seen lately" in unseen
    assert "CSDL D3" not in unseen


def test_other_contradictions_are_told_with_their_age(leader: Client, now: datetime) -> None:
    link = connect("D1", Stage.UPGRADING, now)
    probed(link, "ok ok ok", now - 4 * DAY)
    probed(link, "ok " * 5, now, code="E-2")
    reconcile_contradictions(now=now)
    page = text(leader.get(PAGE))
    assert "works, but nobody declared it" not in part(page, "down")
    others = part(page, "others")
    assert "Nothing else." in others or "works, but nobody declared it" in others


def test_ninety_days_are_one_strip_a_connection(leader: Client, now: datetime) -> None:
    link = connect("D1", Stage.CONNECTED, now)
    endpoint = probed(link, "ok ok", now)
    for days in range(1, 90):
        down = 600 if days == 40 else 0
        DayRollup.objects.create(
            endpoint=endpoint, day=day_of(now) - days * DAY, up=86_400 - down, down=down
        )
    ninety = part(text(leader.get(PAGE)), "ninety")
    assert "1 day with failures (10 min)" in ninety
    assert ninety.count('class="day day-down" x=') == 1 + 1  # with that of the legend


@pytest.mark.django_db
def test_the_page_costs_the_same_for_few_and_many(leader: Client, now: datetime) -> None:
    probed(connect("D00", Stage.CONNECTED, now), "ok fail fail fail", now)
    keep_all(now)
    few = statements(leader, PAGE)
    for n in range(1, 30):
        probed(connect(f"D{n:02}", Stage.CONNECTED, now), "ok fail fail fail", now)
    reconcile_contradictions(now=now)
    keep_all(now)
    assert statements(leader, PAGE) <= few + 1
    assert few <= 23


def keep_all(now: datetime) -> None:
    while keep_worst_days(now=now, back=DAYS):
        pass


def period(day: int, **spent: float) -> Period:
    begun = START + day * DAY
    hours = {name: length * HOUR for name, length in spent.items()}
    return Period(begun, begun + DAY, Uptime(**hours))


def named(one: Period) -> str:
    return f"{one.start:%d/%m}"


@pytest.mark.parametrize(
    ("spent", "kind"),
    [
        ({"up": 24}, "up"),
        ({"up": 23, "degraded": 1}, "degraded"),
        ({"up": 23.9, "down": 0.1}, "down"),
        ({"up": 20, "excused": 4}, "up"),
        ({"up": 11, "unknown": 13}, "unknown"),
        ({"unknown": 23, "down": 1}, "down"),
        ({"paused": 24}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_a_day_is_told_by_the_worst_of_it(spent: dict[str, float], kind: str) -> None:
    assert day_kind(period(0, **spent).spent) == kind


def test_days_alike_are_one_piece_and_the_worse_of_two_counts() -> None:
    one = [period(0, up=24), period(1, up=24), period(2, up=24)]
    two = [period(0, up=24), period(1, up=24), period(2, up=22, down=2)]
    drawn = strip([worst(same) for same in zip(one, two, strict=True)], named)
    assert [(p.kind, p.x, p.width, p.title) for p in drawn.pieces] == [
        ("up", 0, 16, "02/03 – 03/03: answered"),
        ("down", 16, 8, "04/03: did not answer for some time (2 h)"),
    ]
    assert drawn.says == "known on 3/3 days, 1 day with failures (2 h)"
    assert strip(one, named).says == "known on 3/3 days, always answered"
    assert strip([period(0, unknown=24)], named).says == "nothing known"
