"""The page of one database, and its badge."""

import xml.etree.ElementTree as ET
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from databases.actions.contradictions import reconcile_contradictions, waive
from databases.actions.parties import set_party
from databases.actions.steps import record_step
from databases.models import Connection, Contradiction, DayRollup, Outage
from databases.models.party import PartyRole
from databases.models.step import Step
from databases.rules.stage import Stage
from tests.databases.portal_rows import DAY, MINUTE, connect, probed, statements, text
from tests.tracking.admin_people import signed_in
from tracking.models import Department, Document, User
from tracking.rules.instants import day_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def leader() -> Client:
    return signed_in("leader")


@pytest.fixture
def link(now: datetime) -> Connection:
    return connect("D1", Stage.CONNECTED, now)


def page_of(link: Connection, query: str = "") -> str:
    return f"/databases/{link.database_id}/{query}"


def step(link: Connection, kind: Step, day: Any, now: datetime, **more: Any) -> None:
    given = {"expires_on": None, "document": None, "note": "", **more}
    record_step(connection=link, step=kind, done_on=day, now=now, by="an", **given)


def test_official_steps_are_shown_with_date_and_document_and_the_missing_ones_too(
    leader: Client, link: Connection, now: datetime
) -> None:
    paper = Document.objects.create(number="12/QĐ-BYT", kind="decision")
    today = day_of(now)
    step(link, Step.SCOPE_AGREED, today - 20 * DAY, now, document=paper)
    step(link, Step.SECURITY_MINUTES, today - 9 * DAY, now, expires_on=today - 2 * DAY)
    page = text(leader.get(page_of(link)))
    assert '<span class="count">1/5</span>' in page
    assert "12/QĐ-BYT" in page
    assert page.count("not recorded") == 4
    assert f"EXPIRED on {today - 2 * DAY:%d/%m/%Y}, 2 days ago" in page


def test_parties_are_shown_with_their_days(leader: Client, link: Connection, now: datetime) -> None:
    today = day_of(now)
    owner = Department.objects.get(code="QLD")
    set_party(
        connection=link,
        role=PartyRole.OWNER,
        body=owner,
        valid_from=today - 5 * DAY,
        document="",
        now=now,
        by="an",
    )
    assert f"Owner: {owner.name} <span" in text(leader.get(page_of(link)))


def test_what_the_checks_saw_is_drawn_and_told(
    leader: Client, link: Connection, now: datetime
) -> None:
    endpoint = probed(link, "ok ok fail fail fail", now)
    page = leader.get(page_of(link)).content.decode()
    said = " ".join(page.split())
    assert "Last check at" in said
    assert "it took 12 ms." in said
    for chart in ("hours", "days"):
        name = f"bars-{chart}-{endpoint.pk}"
        drawn = page[page.index(f'id="{name}"') :]
        svg = ET.fromstring(drawn[drawn.index("<svg") : drawn.index("</svg>") + 6])
        assert svg.attrib["role"] == "img"
    assert "insufficient evidence" in said
    assert 'fill="url(#pattern-unknown)"' in page


def test_open_outages_come_first_and_lead_operators_to_their_course(
    link: Connection, now: datetime
) -> None:
    endpoint = probed(link, "ok fail fail fail", now)
    opened = Outage.objects.get(endpoint=endpoint)
    Outage.objects.create(endpoint=endpoint, started_at=now - DAY, ended_at=now - 20 * MINUTE)
    page = text(signed_in("operator").get(page_of(link)))
    assert page.index("open:</span> Endpoint 1") < page.index("ended:</span> Endpoint 1")
    assert f"/admin/databases/outage/{opened.pk}/change/" in page


def test_who_is_no_staff_finds_no_way_into_the_admin(link: Connection, now: datetime) -> None:
    probed(link, "ok fail fail fail", now)
    reconcile_contradictions(now=now)
    reporter = signed_in("reporter")
    User.objects.update(is_staff=False)
    assert "/admin/" not in text(reporter.get(page_of(link)))


def test_contradictions_are_told_with_age_owner_and_waivers(
    leader: Client, link: Connection, now: datetime
) -> None:
    probed(link, "ok fail fail fail", now - 2 * DAY)
    reconcile_contradictions(now=now - 2 * DAY)
    found = Contradiction.objects.get(rule="connected_but_down")
    waive(contradiction=found, until=now + DAY, reason="đang sửa", now=now, by="an")
    page = text(leader.get(page_of(link)))
    assert "connected, but down" in page
    # It began some minutes before that: around midnight on the day before.
    assert f"(for {(day_of(now) - day_of(found.since)).days} days)" in page
    assert "Who has to act" in page
    assert "đang sửa" in page
    assert "open, accepted until" in page
    then = text(leader.get(page_of(link, f"?as_of={day_of(now - 5 * DAY)}")))
    assert "What is declared and what is seen agree." in then
    assert "No outage was seen." in then
    assert "badge.svg" in page
    assert "badge.svg" not in then  # it shows how it stands now


def test_the_page_costs_the_same_for_many_endpoints_and_a_long_past(
    leader: Client, link: Connection, now: datetime
) -> None:
    probed(link, "ok", now)
    few = {query: statements(leader, page_of(link, query)) for query in ("", "?as_of=2026-01-01")}
    for n in range(14):
        endpoint = probed(link, "ok fail fail fail ok ok", now, code=f"E{n:02}")
        for days in range(1, 120):
            DayRollup.objects.create(
                endpoint=endpoint, day=day_of(now) - days * DAY, up=86_000, down=400
            )
    reconcile_contradictions(now=now)
    many = {query: statements(leader, page_of(link, query)) for query in few}
    # The entries of waivers and the bodies are asked for once there is a contradiction.
    assert all(many[query] - few[query] <= 2 for query in few), (few, many)
    assert max(many.values()) <= 27
    page = text(leader.get(page_of(link)))
    assert "1 to 10 of 15" in page


def test_a_database_that_is_not_there_is_not_found(leader: Client) -> None:
    assert leader.get("/databases/999/").status_code == 404
    assert leader.get("/databases/999/badge.svg").status_code == 404


def test_the_badge_says_name_stage_and_state_in_words(
    leader: Client, link: Connection, now: datetime
) -> None:
    probed(link, "ok fail fail fail", now)
    answer = leader.get(page_of(link, "badge.svg"))
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert set(answer["Cache-Control"].split(", ")) == {"private", "max-age=30"}
    root = ET.fromstring(answer.content)
    assert root.attrib["aria-label"] == "D1: connected; down"
    texts = [e.text for e in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["D1", "connected", "✕ down"]
    assert b"style" not in answer.content
    again = leader.get(page_of(link, "badge.svg"), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    assert not again.content


def test_the_badge_of_a_database_with_signs_of_markup_is_still_a_picture(
    leader: Client, link: Connection
) -> None:
    link.database.code = 'D<1>&"'
    link.database.save()
    assert ET.fromstring(leader.get(page_of(link, "badge.svg")).content) is not None
