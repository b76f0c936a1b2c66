"""Requests for an extension: what may be asked for, and going through the queue of them."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.tracking.admin_people import EVENTS, plan_file
from tests.tracking.imported import NOW, take_in
from tests.tracking.task_pages import REQUESTED, make_task, words
from tests.tracking.task_portal import client_of, page_of, step_of, take
from tracking.models import CalendarDay, Event, Task

pytestmark = pytest.mark.django_db

QUEUE = "/verification/"
WHY = {"reason": "chờ danh mục"}
GRANT = {**WHY, "reading": "by", "keep_day_off": "on"}


def asked() -> list[str]:
    rows = Event.objects.filter(kind="extension_requested", actor="reporter")
    return [str(event.payload.get("due_on")) for event in rows.order_by("number")]


def ask(client: Client, task: Task, day: str, **more: Any) -> Any:
    return take(client, task, "extension_requested", {**WHY, "due_on": day, **more})


@pytest.mark.parametrize("day", ["2025-11-01", "2025-11-10"])
def test_no_day_that_is_in_time_already_is_asked_for(day: str) -> None:
    task = make_task()
    client = client_of("reporter", "QLD")
    assert "A day after 10/11/2025, the last day in time as it stands." in words(
        client.get(step_of(task, "extension_requested"))
    )
    page = words(ask(client, task, day))
    assert "The deadline lasts until 10/11/2025 already: ask for a day after it." in page
    assert "chờ danh mục</textarea>" in page
    assert asked() == []


def test_the_last_day_in_time_counts_not_the_date_in_the_order() -> None:
    before = {"due_on": "2025-11-12", "reading": "before", "reason": "x"}
    granted = {"kind": "extension_granted", "effective_at": "2025-07-01T08:00", "payload": before}
    task = make_task((granted,))
    client = client_of("reporter", "QLD")
    assert "lasts until 11/11/2025 already" in words(ask(client, task, "2025-11-11"))
    assert ask(client, task, "2025-11-12").status_code == 302


def test_a_day_off_is_asked_for_knowingly_or_not() -> None:
    task = make_task()
    CalendarDay.objects.create(day=date(2025, 12, 1), working=False)
    client = client_of("reporter", "QLD")
    page = words(ask(client, task, "2025-12-01"))
    assert "Not a working day: Monday 01/12/2025" in page
    assert 'type="checkbox" name="keep_day_off"' in page
    assert asked() == []
    assert ask(client, task, "2025-12-01", keep_day_off="on").status_code == 302
    assert asked() == ["2025-12-01"]
    assert Event.objects.latest("number").payload == {"due_on": "2025-12-01", **WHY}


def test_a_task_without_a_date_may_be_asked_a_date_for_or_none() -> None:
    task = make_task(None)
    client = client_of("reporter", "QLD")
    page = words(client.get(step_of(task, "extension_requested")))
    assert "May stay empty: the task has no date yet." in page
    assert ask(client, task, "").status_code == 302
    assert ask(client, task, "2025-07-01").status_code == 302
    assert asked() == ["None", "2025-07-01"]
    dated = make_task_with_a_date(task)
    assert "This field is required" in words(ask(client, dated, ""))


def make_task_with_a_date(task: Task) -> Task:
    take(client_of("leader"), task, "extension_granted", {**GRANT, "due_on": "2025-12-01"})
    return task


def test_a_second_request_says_that_it_takes_the_place_of_the_first() -> None:
    task = make_task((REQUESTED,))
    client = client_of("reporter", "QLD")
    page = words(client.get(step_of(task, "extension_requested")))
    assert "The request made on 02/07/2025 is not answered yet: this one takes its place." in page
    ask(client, task, "2025-12-15")
    told = "the unanswered request of 02/07/2025, to 01/12/2025"
    assert told in words(client.get(page_of(task)))
    take(client_of("leader"), task, "extension_refused", WHY)
    assert "takes its place" not in words(client.get(step_of(task, "extension_requested")))
    ask(client, task, "2025-12-22")
    assert words(client.get(page_of(task))).count("the unanswered request of") == 1


def queued(*dues: str | None) -> None:
    """T1, T2 … of KCB, each with a request; due on these days."""
    tasks, events = [], []
    for number, due in enumerate(dues, start=1):
        code = f"T{number}"
        tasks.append({"code": code, "plan": "02-KH", "title": {"vi": "Việc"}, "lead": "KCB"})
        given = [EVENTS[0], {**EVENTS[1], "payload": {"due_on": due}}][: 2 if due else 1]
        events += [{"task": code, **event} for event in (*given, REQUESTED)]
    take_in(plan_file(tasks=tasks, events=events), now=NOW)


def answer(client: Client, code: str, kind: str, query: str = "?queue", **more: Any) -> Any:
    task = Task.objects.get(code=code)
    seen = Event.objects.filter(task=task).latest("number").number
    filled = {"seen": seen, "due_on": "2025-12-01", **GRANT, **more}
    return client.post(step_of(task, kind) + query, filled)


def granting(code: str) -> str:
    return f"{step_of(Task.objects.get(code=code), 'extension_granted')}?queue"


def test_answers_lead_from_request_to_request_undated_ones_last() -> None:
    queued("2025-11-20", None, "2025-11-10", "2025-11-20")
    client = client_of("leader")
    rows = client.get(QUEUE).context["requests"]
    assert [row.task.code for row in rows] == ["T3", "T1", "T4", "T2"]
    assert granting("T3") in words(client.get(QUEUE))
    assert answer(client, "T3", "extension_granted")["Location"] == granting("T1")
    page = words(client.get(granting("T1")))
    assert "Recorded for T3" in page
    assert "Next: T1 Việc." in page
    assert "Skip, next: T4" in page
    assert "Refuse instead" in page
    assert answer(client, "T1", "extension_refused")["Location"] == granting("T4")
    assert answer(client, "T4", "extension_refused")["Location"] == granting("T2")
    last = answer(client, "T2", "extension_granted")
    assert last["Location"] == f"{QUEUE}#requests"
    page = words(client.get(QUEUE))
    assert "Nothing behind it awaits your answer." in page
    assert "No request awaits a decision." in page


def test_own_requests_are_passed_over() -> None:
    queued("2025-11-10", "2025-11-20", "2025-11-30")
    operator = client_of("operator")
    take(operator, Task.objects.get(code="T2"), "extension_requested", GRANT | {
        "due_on": "2026-01-05"
    })  # fmt: skip
    assert answer(operator, "T1", "extension_refused")["Location"] == granting("T3")


def test_a_second_click_answers_once_and_goes_on() -> None:
    queued("2025-11-10", "2025-11-20")
    client = client_of("leader")
    seen = Event.objects.filter(task__code="T1").latest("number").number
    for _click in range(2):
        went = answer(client, "T1", "extension_refused", seen=seen)
        assert went["Location"] == granting("T2")
    assert Event.objects.filter(kind="extension_refused").count() == 1


def test_outside_the_queue_an_answer_leads_to_its_task() -> None:
    queued("2025-11-10", "2025-11-20")
    client = client_of("leader")
    task = Task.objects.get(code="T1")
    assert "Skip, next" not in words(client.get(step_of(task, "extension_granted")))
    assert answer(client, "T1", "extension_refused", query="")["Location"] == page_of(task)


def test_a_mistake_in_the_queue_stays_in_the_queue() -> None:
    queued("2025-11-10", "2025-11-20")
    page = words(answer(client_of("leader"), "T1", "extension_granted", reason=""))
    assert "Nothing was recorded" in page
    assert "Skip, next: T2" in page


def test_what_was_answered_meanwhile_leads_back_to_the_queue() -> None:
    queued("2025-11-10")
    client = client_of("leader")
    answer(client, "T1", "extension_refused")
    went = client.get(granting("T1"), follow=True)
    assert went.redirect_chain == [(QUEUE, 302)]
    assert "T1: no request awaits a decision." in words(went)


def test_granting_begins_with_the_day_that_was_asked_for() -> None:
    queued("2025-11-10")
    page = words(client_of("leader").get(granting("T1")))
    assert 'name="due_on" value="2025-12-01"' in page
    assert re.search(r'name="reading" value="by"[^>]* checked', page)
    client = client_of("operator")
    take(client, Task.objects.get(code="T1"), "extension_refused", WHY)
    unasked = words(client.get(step_of(Task.objects.get(code="T1"), "extension_granted")))
    assert 'name="due_on" value=' not in unasked
