"""The matrix of databases: what is declared, what is seen, and where the two do not agree."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from databases.actions.contradictions import reconcile_contradictions
from databases.actions.stages import declare_stage
from databases.models import Contradiction, Database, Endpoint
from databases.rules.stage import Stage
from tests.databases.portal_rows import DAY, MINUTE, connect, probed, statements, system, text
from tests.tracking.admin_people import signed_in
from tracking.models import Department
from tracking.rules.instants import day_of

pytestmark = pytest.mark.django_db

PAGE = "/databases/"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def leader() -> Client:
    return signed_in("leader")


def cell_of(client: Client, connection: Any, query: str = "") -> str:
    page = text(client.get(PAGE + query))
    start = page.index(f'data-connection="{connection.pk}"')
    return page[start : page.index("</td>", start)]


def test_a_cell_says_what_is_declared_and_what_is_seen(leader: Client, now: datetime) -> None:
    up = connect("D1", Stage.CONNECTED, now)
    probed(up, "ok ok", now)
    alone = connect("D2", Stage.UPGRADING_INTERFACES, now, interfaces=2)
    first, second = cell_of(leader, up), cell_of(leader, alone)
    assert "connected" in first
    assert "</span> up</span>" in first
    assert "interface" not in first
    assert "upgrading interfaces" in second
    assert "2 interfaces" in second
    assert "nothing probes it" in second


def test_what_was_seen_too_long_ago_is_unknown(leader: Client, now: datetime) -> None:
    link = connect("D1", Stage.CONNECTED, now)
    probed(link, "ok ok", now - 60 * MINUTE)
    assert "</span> unknown</span>" in cell_of(leader, link)


def test_a_contradiction_is_told_in_words_with_its_age(leader: Client, now: datetime) -> None:
    link = connect("D1", Stage.CONNECTED, now)
    probed(link, "ok fail fail fail fail", now - 3 * DAY)
    reconcile_contradictions(now=now - 3 * DAY)
    # It began some minutes before that: around midnight on the day before.
    days = (day_of(now) - day_of(Contradiction.objects.get().since)).days
    assert f"Contradiction: connected, but down, for {days} days" in cell_of(leader, link)


def test_the_stages_are_summed_up_and_told_to_add_up(leader: Client, now: datetime) -> None:
    for n in range(12):
        stage = Stage.CONNECTED if n < 4 else Stage.UPGRADING
        stage = stage if n < 11 else Stage.UPGRADING_INTERFACES
        connect(f"D{n:02}", stage, now, interfaces=2 if n == 11 else 1)
    page = text(leader.get(PAGE))
    assert "12 = 4 connected + 7 upgrading + 1 upgrading interfaces (2 interfaces)" in page
    assert "4/12 databases are declared connected." in page
    assert "The sum adds up: 12/12" in page
    Database.objects.create(code="D99", name_vi="Mới", owner=Department.objects.get())
    page = text(leader.get(PAGE))
    assert "13 = 4 connected + 7 upgrading + 1 upgrading interfaces (2 interfaces)" in page
    assert "1 not declared" in page
    assert "The sum does not add up: only 12/13" in page


def test_a_past_day_shows_the_stage_and_state_of_then(leader: Client, now: datetime) -> None:
    link = connect("D1", Stage.UPGRADING, now)
    probed(link, "ok ok ok", now - 5 * DAY)
    probed(link, "fail fail fail", now, code="E-2")
    declare_stage(
        connection=link, stage=Stage.CONNECTED, effective_on=(now - DAY).date(), now=now, by="an"
    )
    today = cell_of(leader, link)
    assert "connected" in today
    assert "down" in today
    day = (now - 3 * DAY).date()
    then = cell_of(leader, link, f"?as_of={day}")
    assert "upgrading" in then
    assert "</span> up</span>" in then
    # What was recorded later is not known to who looks from before.
    reported = cell_of(leader, link, f"?known_at={day}")
    assert "upgrading" in reported
    page = text(leader.get(f"{PAGE}?as_of={day}"))
    assert "This page does not refresh itself." in page
    assert 'id="live"' not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("owner=QLD", ["D1", "D2"]),
        ("owner=KCB", ["D3"]),
        ("stage=connected", ["D1", "D3"]),
        ("stage=undeclared", ["D2"]),
        ("state=down", ["D1"]),
        ("state=unprobed", ["D2", "D3"]),
        ("stage=connected&state=unprobed", ["D3"]),
        ("contradictory=on", ["D1", "D3"]),
        ("owner=KCB&state=down", []),
        ("stage=nonsense&owner=nobody", ["D1", "D2", "D3"]),
    ],
)
def test_filters_narrow_what_is_shown(
    leader: Client, now: datetime, query: str, found: list[str]
) -> None:
    probed(connect("D1", Stage.CONNECTED, now), "ok fail fail fail fail", now)
    connect("D2", None, now)
    connect("D3", Stage.CONNECTED, now)
    other = Department.objects.create(code="KCB", name_vi="Cục KCB")
    Database.objects.filter(code="D3").update(owner=other)
    reconcile_contradictions(now=now)
    reconcile_contradictions(now=now + 2 * 60 * MINUTE)
    page = leader.get(f"{PAGE}?{query}").content.decode()
    assert [code for code in ("D1", "D2", "D3") if f">{code}</a>" in page] == found


def test_placeholders_and_systems_without_a_connection_are_named(
    leader: Client, now: datetime
) -> None:
    connect("D1", Stage.PLANNED, now)
    system("NDXP")
    page = text(leader.get(PAGE))
    assert '<span class="tag">placeholder</span>' in page
    assert "No connection in the register yet: Hệ NDXP." in page


def test_the_matrix_costs_the_same_for_few_and_many(leader: Client, now: datetime) -> None:
    probed(connect("D000", Stage.CONNECTED, now), "ok", now)
    few = {query: statements(leader, PAGE + query) for query in ("", "?state=up")}
    for n in range(1, 61):
        link = connect(f"D{n:03}", Stage.CONNECTED, now)
        if n < 20:
            probed(link, "ok fail ok", now)
    reconcile_contradictions(now=now)
    assert Endpoint.objects.count() == 20
    assert {query: statements(leader, PAGE + query) for query in few} == few
    assert few[""] <= 17
    page = text(leader.get(PAGE))
    assert "1 to 50 of 61" in page
    assert ">D050</a>" in text(leader.get(f"{PAGE}?page=2"))


@pytest.mark.parametrize(
    ("role", "status"), [("clerk", 403), ("reporter", 200), ("inspector", 200), ("operator", 200)]
)
def test_who_may_see_the_pages(role: str, status: int, now: datetime) -> None:
    link = connect("D1", Stage.CONNECTED, now)
    client = signed_in(role)
    pages = ["", "status/", "changes/", f"{link.database_id}/", f"{link.database_id}/badge.svg"]
    assert {client.get(PAGE + page).status_code for page in pages} == {status}


def test_strangers_are_sent_to_sign_in(now: datetime) -> None:
    link = connect("D1", Stage.CONNECTED, now)
    for page in ("", "status/", "changes/", f"{link.database_id}/badge.svg"):
        assert Client().get(PAGE + page).status_code == 302
