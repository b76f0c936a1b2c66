"""One decision on several tasks: preview first, then all of it or nothing."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.tracking.portal_tasks import events, many, portfolio, reader, step, task, words
from tracking.actions.ledger import record
from tracking.models import Event, Task, User
from tracking.rules.events import Kind
from tracking.rules.instants import instant_from

pytestmark = pytest.mark.django_db

HERE = "/tasks/decide/"
GRANT = {"kind": "extension_granted", "due_on": "2030-12-02", "reading": "by", "reason": "chờ"}


@pytest.fixture
def client() -> Client:
    portfolio()
    return reader("operator")


def keys(*names: str) -> str:
    found = dict(Task.objects.values_list("code", "pk"))
    return ",".join(str(found[name]) for name in names)


def preview(client: Client, *names: str, **given: Any) -> Any:
    data = {**GRANT, **given, "tasks": keys(*names), "stage": "preview"}
    return client.post(HERE, data)


def confirm(client: Client, page: Any, **changes: Any) -> Any:
    """Send what the preview holds."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', words(page))
    data = {name: value for name, value in found if name != "csrfmiddlewaretoken"}
    return client.post(HERE, {**data, "stage": "record", **changes}, follow=True)


def recorded(kind: str) -> list[str]:
    rows = Event.objects.filter(kind=kind, actor="operator").order_by("task__code")
    return list(rows.values_list("task__code", flat=True))


def test_the_list_offers_decisions_only_to_those_who_decide_and_only_for_now(
    client: Client,
) -> None:
    assert 'name="task"' in client.get("/tasks/").content.decode()
    assert 'name="task"' not in client.get("/tasks/?as_of=2025-11-18").content.decode()
    for role in ("reporter", "inspector"):
        other = reader(role)
        assert 'name="task"' not in other.get("/tasks/").content.decode()
        assert other.get(HERE).status_code == other.post(HERE, GRANT).status_code == 403


def test_ticked_tasks_and_a_kind_lead_to_the_form(client: Client) -> None:
    one, two = keys("A1", "A2").split(",")
    page = words(client.get(f"{HERE}?kind=extension_granted&task={one}&task={two}"))
    assert "A1 Đồng bộ dữ liệu dược" in page
    assert "A2 Dọn sổ sách" in page
    assert "Grant a new deadline" in page


def test_all_that_fit_the_question_are_taken_whatever_is_ticked(client: Client) -> None:
    page = words(client.get(f"{HERE}?kind=paused&all=1&lead=QLD&task={keys('A2')}"))
    assert "A1 " in page
    assert "A2 " not in page


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("kind=paused", "Choose at least one task."),
        ("kind=paused&task=abc&task=999999", "Choose at least one task."),
        ("kind=submitted&task=1", "Choose what to decide."),
        ("kind=paused&all=1&standing=late", "Choose at least one task."),
    ],
)
def test_what_is_missing_is_told(client: Client, asked: str, sentence: str) -> None:
    assert sentence in words(client.get(f"{HERE}?{asked}", follow=True))


def test_the_preview_shows_each_task_before_and_after_and_writes_nothing(client: Client) -> None:
    before = Event.objects.count()
    page = words(preview(client, "A1", "A2"))
    assert "It would be recorded for 2 tasks" in page
    assert "10/11/2025 → 02/12/2030" in page
    assert "Not completed, overdue" in page
    assert "Not completed, within deadline" in page
    assert Event.objects.count() == before


def test_the_decision_is_recorded_for_every_task_of_the_preview(client: Client) -> None:
    page = confirm(client, preview(client, "A1", "A2"))
    assert "Grant a new deadline: recorded for 2 tasks." in words(page)
    assert recorded("extension_granted") == ["A1", "A2"]
    payload = Event.objects.filter(actor="operator").latest("number").payload
    assert payload == {"due_on": "2030-12-02", "reading": "by", "reason": "chờ"}


def test_tasks_that_cannot_bear_it_are_named_with_the_reason_and_left_out(client: Client) -> None:
    page = preview(client, "A1", "A3", "A6", kind="paused")
    said = words(page)
    assert "Refused for 2 tasks" in said
    assert "The task is completed: reopen it first." in said
    assert "The task is cancelled: nothing can follow." in said
    assert "Record it for 1 task" in said
    confirm(client, page)
    assert recorded("paused") == ["A1"]


def test_nobody_accepts_what_they_submitted_not_even_among_many() -> None:
    rows = [task("B1", "Một"), task("B2", "Hai")]
    own = step("submitted", "2025-11-17", "operator", note="nộp", product="x")
    others = step("submitted", "2025-11-17", "an", note="nộp", product="x")
    happened = [*events("B1", "2025-11-20", own), *events("B2", "2025-11-20", others)]
    portfolio(tasks=rows, events=happened)
    client = reader("operator")
    page = preview(client, "B1", "B2", kind="accepted", note="đạt")
    assert "Nobody accepts or returns what they submitted" in words(page)
    confirm(client, page)
    assert recorded("accepted") == ["B2"]
    confirm(client, page, allowed=keys("B1"))
    assert recorded("accepted") == ["B2"]


@pytest.mark.parametrize(
    ("kind", "given", "sentence"),
    [
        ("extension_refused", {}, "No extension is asked for: there is nothing to refuse."),
        ("reassigned", {"lead": "QLD"}, "That department leads the task already."),
        ("requirement_changed", {"required": "yes"}, "Its requirement is that already."),
        ("resumed", {}, "The task is not suspended: there is nothing to resume."),
        ("paused", {"on_behalf_of": "QLD"}, "A decision cannot be taken on behalf of the lead"),
    ],
)
def test_what_would_change_nothing_is_refused(
    client: Client, kind: str, given: dict[str, str], sentence: str
) -> None:
    page = preview(client, "A1", kind=kind, **given)
    assert sentence in words(page)
    confirm(client, page)
    assert recorded(kind) == []


def test_if_one_task_changed_since_the_preview_nothing_is_written_and_it_is_named(
    client: Client,
) -> None:
    page = preview(client, "A1", "A2")
    record(
        task=Task.objects.get(code="A2"),
        kind=Kind.PROGRESS_REPORTED,
        effective_at=instant_from("2026-01-05"),
        recorded_at=instant_from("2026-01-05"),
        by="chi",
        payload={"note": "xong một nửa"},
    )
    again = confirm(client, page)
    assert "A2: since you looked, “progress reported” (chi) was recorded" in words(again)
    assert recorded("extension_granted") == []
    confirm(client, again)
    assert recorded("extension_granted") == ["A1", "A2"]


def test_a_second_click_writes_nothing_twice(client: Client) -> None:
    page = preview(client, "A1")
    confirm(client, page)
    assert "since you looked" in words(confirm(client, page))
    assert recorded("extension_granted") == ["A1"]


def test_to_change_the_decision_the_form_comes_back_for_all_tasks_that_were_chosen(
    client: Client,
) -> None:
    page = confirm(client, preview(client, "A1", "A3", kind="paused"), stage="form")
    for part in ("A1 ", "A3 ", "chờ</textarea>"):
        assert part in words(page)


def test_a_form_with_a_mistake_comes_back_with_what_was_written(client: Client) -> None:
    page = words(preview(client, "A1", due_on="31/02/2030", reason="vì sao"))
    assert "Enter a valid date." in page
    assert "vì sao" in page
    assert "It would be recorded" not in page


def test_more_than_somebody_can_answer_for_are_refused(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("tracking.views.bulk.MOST", 3)
    page = words(client.get(f"{HERE}?kind=paused&all=1", follow=True))
    assert "These are 5 tasks; one decision is taken on at most 3: filter further." in page


def test_the_preview_takes_as_many_queries_for_many_tasks_as_for_few(
    django_assert_max_num_queries: Any,
) -> None:
    many(40)
    client = reader("operator")
    names = [f"M{n:03d}" for n in range(40)]
    preview(client, *names[:2])
    with django_assert_max_num_queries(25) as few:
        preview(client, *names[:2])
    with django_assert_max_num_queries(len(few)):
        preview(client, *names)
    assert User.objects.count() == 1
