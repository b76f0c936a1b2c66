"""Pages of databases ask what has changed: they are told that and no more."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from databases.actions.contradictions import reconcile_contradictions
from databases.actions.stages import declare_stage
from databases.models import PumpSign
from databases.pages.changes import MOST, cursor_at
from databases.rules.stage import Stage
from tests.databases.portal_rows import DAY, MINUTE, connect, probed, statements, text
from tests.databases.probe_rows import see
from tests.tracking.admin_people import signed_in

pytestmark = pytest.mark.django_db

CHANGES = "/databases/changes/"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def leader() -> Client:
    return signed_in("leader")


def alive(now: datetime) -> None:
    PumpSign.objects.update_or_create(name="p", defaults={"started_at": now, "seen_at": now})


def asked(client: Client, cursor: str) -> Any:
    return client.get(f"{CHANGES}?since={quote(cursor)}")


def test_nothing_is_said_where_nothing_changed(leader: Client, now: datetime) -> None:
    probed(connect("D1", Stage.CONNECTED, now), "ok ok", now - 20 * MINUTE)
    alive(now)
    answer = asked(leader, cursor_at(now - 5 * MINUTE))
    assert answer.status_code == 204
    assert not answer.content
    assert answer["Cache-Control"] == "no-store"


def test_a_change_of_state_is_told_once(leader: Client, now: datetime) -> None:
    link = connect("D1", Stage.CONNECTED, now)
    other = connect("D2", Stage.CONNECTED, now)
    endpoint = probed(link, "ok ok", now - 20 * MINUTE)
    probed(other, "ok ok", now - 20 * MINUTE)
    see(endpoint, "fail fail fail", now - 3 * MINUTE)
    reconcile_contradictions(now=now)
    alive(now)
    answer = asked(leader, cursor_at(now - 5 * MINUTE))
    told = json.loads(answer.content)
    assert told["changed"] == [[link.pk, f"{link.code}: connected; down; connected, but down"]]
    assert not told["more"]
    assert asked(leader, told["cursor"]).status_code == 204


def test_what_is_written_late_is_told_all_the_same(leader: Client, now: datetime) -> None:
    link = connect("D1", Stage.CONNECTED, now)
    alive(now)
    cursor = cursor_at(now)
    probed(link, "ok", now)  # known a minute ago, and only now in the database
    answer = asked(leader, cursor_at(now - 55 * MINUTE / 60))
    assert [key for key, _said in answer.json()["changed"]] == [link.pk]
    assert asked(leader, cursor).status_code == 204


def test_another_stage_is_a_change(leader: Client, now: datetime) -> None:
    link = connect("D1", Stage.UPGRADING, now)
    alive(now)
    declare_stage(
        connection=link, stage=Stage.CONNECTED, effective_on=now.date() - DAY, now=now, by="an"
    )
    answer = asked(leader, cursor_at(now - MINUTE))
    assert answer.json()["changed"][0][1].startswith(f"{link.code}: connected; nothing probes it")


def test_much_is_told_as_much_and_within_five_kilobytes(leader: Client, now: datetime) -> None:
    for n in range(MOST):
        probed(connect(f"D{n:03}", Stage.CONNECTED, now), "ok fail fail fail", now)
    reconcile_contradictions(now=now)
    alive(now)
    cursor = cursor_at(now - 10 * MINUTE)
    answer = asked(leader, cursor)
    assert len(answer.json()["changed"]) == MOST
    assert len(answer.content) <= 5_000
    probed(connect("D999", Stage.CONNECTED, now), "ok ok", now)
    answer = asked(leader, cursor)
    assert answer.json()["more"]
    assert answer.json()["changed"] == []
    assert len(answer.content) <= 200


@pytest.mark.parametrize("cursor", ["", "nonsense", "2026-01-01", "9999-12-31T23:59:59+00:00"])
def test_who_asks_with_an_old_or_no_cursor_reads_the_page_anew(leader: Client, cursor: str) -> None:
    assert asked(leader, cursor).json()["more"]


def test_that_nothing_is_being_probed_is_said_once(leader: Client, now: datetime) -> None:
    probed(connect("D1", Stage.CONNECTED, now), "ok ok", now - 20 * MINUTE)
    alive(now - 10 * MINUTE)
    answer = asked(leader, cursor_at(now - MINUTE))
    assert answer.json()["silent"]
    assert asked(leader, answer.json()["cursor"]).status_code == 204
    page = text(leader.get("/databases/"))
    assert "Nothing is being checked now; the last check was at work at" in page
    assert 'data-silent="yes"' in page
    alive(now)
    assert 'data-silent="no"' in text(leader.get("/databases/"))


def test_asking_costs_the_same_whatever_was_seen(leader: Client, now: datetime) -> None:
    link = connect("D1", Stage.CONNECTED, now)
    endpoint = probed(link, "ok ok", now - 20 * MINUTE)
    alive(now)
    cursor = quote(cursor_at(now - 5 * MINUTE))
    quiet = statements(leader, f"{CHANGES}?since={cursor}")
    see(endpoint, "fail fail fail", now - 3 * MINUTE)
    one = statements(leader, f"{CHANGES}?since={cursor}")
    for n in range(10):
        more = connect(f"D9{n}", Stage.CONNECTED, now)
        probed(more, "ok fail fail fail", now)
    assert statements(leader, f"{CHANGES}?since={cursor}") == one
    assert (quiet, one) == (5, 8)
