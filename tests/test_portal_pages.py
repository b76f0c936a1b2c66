"""Is every page of the portal whole, in both languages, true to its day, and as quick with much to
show as with little? Without a browser, on both back-ends."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import portal_addresses as there
from tests.links import crawled, name_of
from tests.page_faults import faults, parsed
from tests.portal_addresses import World
from tests.processes import on_postgresql
from tracking.actions.plan_import import import_plan
from tracking.actions.progress_lists import issue
from tracking.actions.steps import record_step
from tracking.plan_files import json_file
from tracking.rules.events import Kind
from tracking.rules.instants import day_of, instant_text
from tracking.rules.progress_list import Scope

# Pages that tell of a day, and pages of what is now: the whole portal, less files and answers.
OF_A_DAY = (
    "tracking:home",
    "tracking:task-list",
    "tracking:task",
    "tracking:department-list",
    "tracking:department",
    "tracking:calendar",
    "databases:matrix",
    "databases:database",
    "databases:status",
)
OF_NOW = (
    "mailbox",
    "mailbox-mail",
    "tracking:help",
    "tracking:search",
    "tracking:my-work",
    "tracking:verification",
    "tracking:verify",
    "tracking:decide-many grant",
    "tracking:take-step progress_reported",
    "tracking:take-step evidence_recorded",
    "tracking:take-step submitted",
    "tracking:take-step extension_requested",
    "tracking:take-step extension_granted",
    "tracking:take-step blocked",
    "tracking:remark",
    "tracking:wait-answer",
    "tracking:list-archive",
    "tracking:list-compare",
    "tracking:list-forecast",
    "tracking:list",
    "tracking:letter-list",
    "tracking:letter-draft to_department",
    "tracking:letter",
    "tracking:meeting-list",
    "tracking:meeting-plan",
    "tracking:meeting",
    "tracking:meeting-item",
    "tracking:meeting-noted",
    "tracking:meeting-task",
    "tracking:meeting-decision extension_granted",
    "tracking:meeting-close",
    "tracking:meeting-notice",
)
pytestmark = pytest.mark.skipif(
    not on_postgresql(), reason="pages look the same on both; the run on PostgreSQL walks them"
)
PAGES = (*OF_A_DAY, *OF_NOW)
LANGUAGES = ("vi", "en")
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with django_db_blocker.unblock(), there.built(str(tmp_path_factory.mktemp("kept"))) as world:
        yield world


@pytest.fixture
def world(built: World, db: None, settings: Any) -> World:
    settings.MEDIA_ROOT = built.media
    return built


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", PAGES)
def test_a_page_is_whole_in_both_languages(world: World, row: str, language: str) -> None:
    response = there.client("operator", language).get(world.address(row))
    assert response.status_code == 200
    found = faults(parsed(response.content), language)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("role", ["own", "leader", "inspector"])
@pytest.mark.parametrize("row", OF_A_DAY)
def test_a_page_is_whole_for_every_reader(world: World, row: str, role: str) -> None:
    response = there.client(role, "vi").get(world.address(row))
    found = faults(parsed(response.content), "vi")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("row", OF_A_DAY)
def test_a_page_says_which_instant_it_shows(world: World, row: str) -> None:
    asked = {"as_of": "2025-11-18", "known_at": "2025-11-19T09:30"}
    page = parsed(there.client("operator").get(world.address(row), asked).content)
    said = " ".join(
        page.xpath("//section[contains(@class, 'viewpoint')]/p")[0].text_content().split()
    )
    assert "18/11/2025" in said
    assert "19/11/2025" in said
    assert "09:30" in said


@pytest.mark.parametrize("row", OF_NOW)
def test_a_page_that_takes_no_day_says_so_when_it_is_asked_for_one(world: World, row: str) -> None:
    client, address = there.client("operator"), world.address(row)
    sentence = "This page takes no other day"
    assert sentence not in client.get(address).content.decode()
    another = f"{address}{'&' if '?' in address else '?'}as_of=2025-11-18"
    page = client.get(another).content.decode()
    assert sentence in page
    assert "the end of 18/11/2025" in page


@pytest.mark.parametrize("row", OF_A_DAY)
@pytest.mark.parametrize("asked", ["2025-02-30", "18.11", "99999-01-01", "0001-01-01", "'--"])
def test_a_day_that_cannot_be_is_answered_by_a_sentence(world: World, row: str, asked: str) -> None:
    for name in ("as_of", "known_at"):
        response = there.client("operator").get(world.address(row), {name: asked})
        assert response.status_code == 200
        assert parsed(response.content).xpath("//*[@role='alert']//li")


@pytest.mark.parametrize("row", OF_A_DAY)
@pytest.mark.parametrize("asked", ["2020-01-01", "2031-01-01"])
def test_a_day_before_everything_and_a_forecast_are_no_faults(
    world: World, row: str, asked: str
) -> None:
    response = there.client("operator", "vi").get(world.address(row), {"as_of": asked})
    assert response.status_code == 200
    found = faults(parsed(response.content), "vi")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("row", OF_A_DAY)
def test_links_keep_the_day_that_is_looked_from(world: World, row: str) -> None:
    asked = {"as_of": "2025-11-18"}
    page = parsed(there.client("operator").get(world.address(row), asked).content)
    for link in page.xpath("//nav//a/@href|//main//a[not(ancestor::*[@role='alert'])]/@href"):
        if name_of(urljoin(world.address(row), link)) in OF_A_DAY:
            assert parse_qs(urlsplit(link).query).get("as_of"), link


def test_what_is_recorded_later_changes_no_page_of_an_earlier_knowledge(world: World) -> None:
    known_at = world.now - timedelta(seconds=1)
    asked = {"as_of": str(day_of(known_at)), "known_at": known_at.isoformat()}
    client = there.client("operator")

    def told() -> dict[str, str]:
        pages = {row: parsed(client.get(world.address(row), asked).content) for row in OF_A_DAY}
        return {
            row: " ".join(page.xpath("//main")[0].text_content().split())
            for row, page in pages.items()
        }

    before = told()
    much_happens(world, backdated=DAY)
    assert told() == before


def much_happens(world: World, backdated: timedelta = timedelta(0)) -> None:
    """To tasks of several departments, recorded a minute from now."""
    now = world.now + timedelta(minutes=1)
    steps: list[tuple[str, Kind, dict[str, Any]]] = [
        ("MHN-10", Kind.EXTENSION_GRANTED, {"due_on": str(day_of(now + 30 * DAY)), "reason": "x"}),
        ("MHN-11", Kind.PROGRESS_REPORTED, {"percent": 77, "note": "gần xong"}),
        ("MHN-13", Kind.SUBMITTED, {"note": "trình", "product": "báo cáo"}),
        ("MHN-14", Kind.BLOCKED, {"on": "BCA", "reason": "chờ kết nối"}),
        ("MHN-16", Kind.REASSIGNED, {"lead": "QLD", "reason": "phân công lại"}),
        ("MHN-24", Kind.CANCELLED, {"reason": "trùng"}),
    ]
    for code, kind, payload in steps:
        at = now - backdated
        record_step(
            task=there.task(code),
            kind=kind,
            effective_at=at,
            now=now,
            by="x",
            payload=payload,
            may_date_back=True,
        )


def test_much_to_show_takes_no_more_queries_than_little(world: World) -> None:
    client = there.client("operator")

    def queries() -> dict[str, int]:
        return {row: _queries(client, world.address(row)) for row in PAGES}

    much_happens(world)
    much_more(world, "NHIEU-1", days=2)  # of everything there is something now
    queries()  # an issued list never changes, so what was read of it is kept
    few = queries()
    much_more(world, "NHIEU-2", days=3)
    queries()
    assert queries() == few


def test_what_another_server_records_ahead_of_our_clock_breaks_no_page(world: World) -> None:
    ahead = replace(world, now=timezone.now() + timedelta(minutes=5))
    much_happens(ahead, backdated=DAY)
    much_more(ahead, "SOM", days=2)
    client = there.client("operator")
    assert {client.get(world.address(row)).status_code for row in PAGES} == {200}


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def much_more(world: World, code: str, *, days: int) -> None:
    """Forty tasks with everything that a task can have, more in the record of one, and a list."""
    now = world.now + days * timedelta(minutes=2)
    rows = [_task_rows(f"{code}-{n:02}", n, now) for n in range(40)]
    plan_file = {
        "format": "progress-plan/1",
        "tasks": [task for task, _ in rows],
        "events": [event for _, events in rows for event in events],
    }
    data = json.dumps(plan_file, ensure_ascii=False).encode()
    import_plan(json_file.read(data), now=now, by="test")
    reported = {"percent": 80, "note": code}
    for _ in range(5):
        record_step(
            task=there.task("MHN-11"),
            kind=Kind.PROGRESS_REPORTED,
            effective_at=now,
            now=now,
            by="own.account",
            payload=reported,
        )
    scope = Scope(as_of=day_of(world.now - days * DAY), known_at=now)
    issue(scope, now=now + timedelta(seconds=1), by="operator")


def _task_rows(code: str, number: int, now: datetime) -> tuple[dict[str, Any], list[Any]]:
    leads = ("KCB", "QLD", "TTYQG", "VPB")
    task = {
        "code": code,
        "plan": there.task("MHN-11").plan.code,
        "title": {"vi": f"Việc thứ {number}", "en": f"Task number {number}"},
        "lead": leads[number % len(leads)],
        "coordinating": ["BMTE"],
    }
    begun, due = now - 30 * DAY, day_of(now + (number - 20) * DAY)
    entries: list[tuple[Kind, int, dict[str, Any]]] = [
        (Kind.ASSIGNED, 0, {}),
        (Kind.DEADLINE_SET, 0, {"due_on": str(due), "wording": "chậm nhất"}),
        (Kind.PROGRESS_REPORTED, 3, {"percent": 30, "note": "đang làm"}),
        (Kind.BLOCKED, 4, {"on": ("BCA", "KCB", "YDCT")[number % 3], "reason": "chờ kết nối"}),
        (Kind.EXTENSION_REQUESTED, 5, {"due_on": str(due + 9 * DAY), "reason": "chậm"}),
    ]
    if number % 4 == 0:
        entries.append((Kind.SUBMITTED, 9, {"note": "trình", "product": "báo cáo"}))
    events = [
        {
            "task": code,
            "kind": kind.value,
            "effective_at": instant_text(begun + days * DAY),
            # Nothing is written behind a list that was issued.
            "recorded_at": instant_text(now),
            "payload": payload,
        }
        for kind, days, payload in entries
    ]
    return task, events


@pytest.mark.parametrize("role", [role for role in there.PEOPLE if role != "nobody"])
def test_nobody_is_shown_a_link_that_refuses_them(world: World, role: str) -> None:
    start = "/lists/" if role == "clerk" else "/"
    found = dict(crawled(there.client(role), [start, *(["/my-work/"] if role == "own" else [])]))
    wrong = [f"{path} on {source}: {status}" for path, (status, source) in found.items()]
    assert [line for line in wrong if not line.endswith(("200", "302"))] == []
    assert len(found) > 5
