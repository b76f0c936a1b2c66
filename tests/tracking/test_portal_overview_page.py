"""What does the first page look like to those who read it?"""

import re
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.tracking.admin_people import plan_file, signed_in
from tests.tracking.imported import take_in
from tracking.actions.ledger import record
from tracking.actions.progress_lists import issue
from tracking.actions.replies import answer_wait
from tracking.models import Department, Event, Task
from tracking.rules.events import Kind
from tracking.rules.instants import day_of, instant_from
from tracking.rules.progress_list import Scope

pytestmark = pytest.mark.django_db
NOW = instant_from("2025-11-18T17:00:00")
DAY = timedelta(days=1)


@pytest.fixture
def leader() -> Client:
    return signed_in("leader")


def words(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def section(page: str, name: str) -> str:
    """What stands in the section or figure that this heading names."""
    found = re.search(rf'<(section|figure)[^>]*aria-labelledby="{name}".*?</\1>', page)
    assert found, name
    return found.group()


def many(tasks: int, departments: int, first: int = 0, **event: str) -> dict[str, Any]:
    """So many required tasks, all due on 10/11/2025, led by the departments in turn."""
    offices = [
        {"code": f"D{n}", "order": n, "name": {"vi": f"Đơn vị {n}", "en": f"Department {n}"}}
        for n in range(departments)
    ]
    rows = [
        {
            "code": f"T{n}",
            "plan": "02-KH",
            "title": {"vi": f"Việc {n}"},
            "lead": f"D{n % departments}",
        }
        for n in range(first, tasks)
    ]
    events = [
        {**each, **event, "task": row["code"]} for row in rows for each in plan_file()["events"]
    ]
    return plan_file(departments=offices, tasks=rows, events=events)


def test_a_marked_department_says_so_with_its_reasons_one_click_away(leader: Client) -> None:
    take_in(plan_file(), now=NOW)
    marks = section(words(leader.get("/?as_of=2025-11-18")), "marked-heading")
    assert '<strong class="mark"><u>Drug Administration</u></strong>' in marks
    assert "OVERDUE: 1 task" in marks
    assert "at worst 8 days late" in marks
    assert re.search(
        r"<details> ?<summary>.*Drug Administration.*</summary>.*T1.*</details>", marks
    )
    assert "Medical Services" not in marks
    wanted = "/tasks/?lead=QLD&amp;standing=overdue&amp;as_of=2025-11-18"
    assert wanted in marks


def test_nobody_is_marked_on_the_last_day_in_time(leader: Client) -> None:
    take_in(plan_file(), now=NOW)
    page = words(leader.get("/?as_of=2025-11-10"))
    assert "No department is marked: no required task is overdue." in page
    assert "due today" in section(page, "ahead-heading")
    assert "<u>Drug Administration</u>" not in page


def test_before_anything_was_known_the_page_is_whole_and_empty(leader: Client) -> None:
    take_in(plan_file(), now=NOW)
    page = words(leader.get("/?as_of=2025-11-18&known_at=2024-01-01"))
    assert "No task has a deadline." in page
    assert "There is no earlier list to compare with." in page
    assert "0/2" in page


def test_numbers_are_shares_with_the_percent_beside(leader: Client) -> None:
    take_in(plan_file(), now=NOW)
    page = words(leader.get("/?as_of=2025-11-18"))
    assert re.search(r"Overdue of all in scope</dt> ?<dd> ?<a [^>]*>1/1</a> ?.*?>100%<", page)
    assert re.search(r"Completed of those due</dt> ?<dd> ?<span[^>]*>0/1</span> ?.*?>0%<", page)


def test_what_waits_is_shown_with_its_age(leader: Client) -> None:
    take_in(plan_file(), now=NOW)
    task, at = Task.objects.get(), timezone.now() - 3 * DAY
    for kind, payload in (
        (Kind.EXTENSION_REQUESTED, {"due_on": "2030-12-31", "reason": "Chờ"}),
        (Kind.SUBMITTED, {"note": "Xong"}),
    ):
        record(task=task, kind=kind, effective_at=at, recorded_at=at, by="r", payload=payload)
    page = words(leader.get("/"))
    assert "waiting for 3 days" in section(page, "submissions-heading")
    assert "for 31/12/2030, waiting for 3 days" in section(page, "requests-heading")
    before = f"/?as_of={day_of(at) - DAY}"
    assert "Nothing awaits verification." in words(leader.get(before))


def test_changes_name_the_list_and_say_why(leader: Client) -> None:
    take_in(plan_file(), now=NOW)
    issue(Scope(as_of=date(2025, 11, 17), known_at=NOW), now=NOW, by="operator")
    at = NOW + timedelta(hours=1)
    record(
        task=Task.objects.get(),
        kind=Kind.EXTENSION_GRANTED,
        effective_at=at,
        recorded_at=at,
        by="leader",
        payload={"due_on": "2025-12-31", "reading": "by"},
    )
    changed = section(words(leader.get("/?as_of=2025-11-18")), "changes-heading")
    assert "/lists/1/" in changed
    assert "as of the end of 17/11/2025" in changed
    assert re.search(r"No longer marked.*Drug Administration.*T1 extended", changed)
    known = f"/?as_of=2025-11-18&known_at={NOW.isoformat().replace('+', '%2B')}"
    assert "No department has changed." not in section(words(leader.get(known)), "changes-heading")


def test_a_disputed_wait_is_shown_until_it_is_lifted(leader: Client) -> None:
    take_in(plan_file(), now=NOW)
    task, at = Task.objects.get(), timezone.now() - DAY
    wait: dict[str, Any] = {"on": "KCB", "reason": "chờ danh mục"}
    record(task=task, kind=Kind.BLOCKED, effective_at=at, recorded_at=at, by="r", payload=wait)
    declared = Event.objects.get(kind="blocked")
    answer_wait(event=declared, answer="disputed", text="Đã gửi rồi", now=timezone.now(), by="kcb")
    page = words(leader.get("/"))
    assert "Medical Services disputes it" in section(page, "disputed-heading")
    assert "Đã gửi rồi" in page
    assert "disputed-heading" not in words(leader.get(f"/?as_of={day_of(at) - DAY}"))
    now = timezone.now()
    lifted = {"on": "KCB"}
    record(
        task=task, kind=Kind.UNBLOCKED, effective_at=now, recorded_at=now, by="r", payload=lifted
    )
    assert "disputed-heading" not in words(leader.get("/"))


def test_every_drawing_has_a_name_a_description_and_the_same_as_a_table(leader: Client) -> None:
    take_in(many(3, 2), now=NOW)
    text = leader.get("/?as_of=2025-11-18").content.decode()
    for name in ("standings", "burn-up", "heat"):
        figure = section(text.replace("\n", " "), f"chart-{name}")
        drawings = re.findall(r"<svg [^>]*role=\"img\".*?</svg>", figure)
        assert len(drawings) == 2
        for drawing in drawings:
            shapes = ElementTree.fromstring(drawing)
            assert shapes[0].tag == "title"
            assert shapes[1].tag == "desc"
            assert shapes[1].text
        assert "<table>" in figure
        assert '<th scope="row">' in figure
    assert text.count(" id=") == len(set(re.findall(r' id="([^"]+)"', text)))


def test_names_cannot_break_out_of_a_drawing(leader: Client) -> None:
    take_in(plan_file(), now=NOW)
    Department.objects.filter(code="QLD").update(name_en='<script>"&')
    page = leader.get("/?as_of=2025-11-18").content.decode()
    assert '<script>"&' not in page
    assert "&lt;script&gt;&quot;&amp;" in section(page.replace("\n", " "), "chart-standings")


def test_what_a_drawing_leaves_out_is_said(leader: Client) -> None:
    take_in(many(90, 45), now=NOW)
    page = words(leader.get("/?as_of=2025-11-18"))
    said = "departments with the most overdue tasks, of 45."
    assert said in section(page, "chart-standings")
    assert said in section(page, "chart-heat")
    assert "Shown are the first 40 of 45, in the order of protocol." in page


def test_the_page_costs_the_same_however_much_there_is(leader: Client) -> None:
    def cost() -> int:
        leader.get("/?as_of=2025-11-18")
        with CaptureQueriesContext(connection) as queries:
            leader.get("/?as_of=2025-11-18")
        return len(queries)

    take_in(many(2, 2), now=NOW)
    issue(Scope(as_of=date(2025, 11, 12), known_at=NOW), now=NOW, by="operator")
    few = cost()
    later = (NOW + DAY).isoformat()
    take_in(many(60, 30, first=2, recorded_at=later), now=NOW + 2 * DAY)
    assert cost() == few <= 45


def test_the_past_as_it_was_known_costs_the_same_however_much_there_is(leader: Client) -> None:
    known = f"/?as_of=2025-11-18&known_at={(NOW + DAY).isoformat().replace('+', '%2B')}"

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert "OVERDUE" in words(leader.get(known))
        return len(queries)

    take_in(many(2, 2), now=NOW)
    late = NOW + 2 * DAY
    for task in Task.objects.all():
        record(
            task=task,
            kind=Kind.PROGRESS_REPORTED,
            effective_at=late,
            recorded_at=late,
            by="r",
            payload={"percent": 10},
        )
    few = cost()
    take_in(many(60, 30), now=NOW)
    assert cost() == few


def test_a_clerk_is_told_that_the_page_is_not_theirs() -> None:
    assert signed_in("clerk").get("/").status_code == 403


def test_the_day_after_the_last_day_in_time_is_one_day_late(leader: Client) -> None:
    take_in(plan_file(), now=NOW)
    first_late = words(leader.get("/?as_of=2025-11-11"))
    assert "at worst 1 day late" in section(first_late, "marked-heading")


def test_changes_are_those_since_the_list_issued_last_be_it_of_that_very_day(
    leader: Client,
) -> None:
    take_in(plan_file(), now=NOW)
    day, later = NOW.date(), NOW + DAY / 24
    issue(Scope(as_of=day - 8 * DAY, known_at=NOW), now=NOW, by="operator")
    asked = f"/?as_of={day}&known_at={later.isoformat().replace('+', '%2B')}"
    first = section(words(leader.get(asked)), "changes-heading")
    assert "Newly marked" in first
    issue(Scope(as_of=day, known_at=NOW), now=NOW, by="operator")
    page = words(leader.get(asked))
    changes = section(page, "changes-heading")
    assert "Newly marked" not in changes
    assert "Still marked" in changes


def test_more_than_are_shown_fall_due_and_a_link_leads_to_them(leader: Client) -> None:
    take_in(many(13, 1), now=NOW)
    tile = section(words(leader.get("/?as_of=2025-11-08")), "ahead-heading")
    assert "3 more" in tile
    found = re.search(r'href="(/tasks/\?[^"]+)"', tile)
    assert found
    listed = words(leader.get(found[1].replace("&amp;", "&")))
    assert "<strong>13</strong> tasks" in listed


def test_of_many_departments_that_changed_the_first_are_named_and_all_are_counted(
    leader: Client,
) -> None:
    take_in(many(23, 23), now=NOW)
    issue(Scope(as_of=date(2025, 11, 8), known_at=NOW), now=NOW, by="operator")
    changes = section(words(leader.get("/?as_of=2025-11-18")), "changes-heading")
    assert re.search(r'Newly marked ?<span class="count">23</span>', changes)
    assert changes.count("<dd>") == 20
    assert "3 more departments" in changes
