"""Every step on a task through the web client: who may, what it says, and what is refused."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from tests.tracking.task_pages import (
    ACCEPTED,
    BLOCKED,
    HERE,
    PAUSED,
    REQUESTED,
    SUBMITTED,
    buttons,
    client_of,
    make_task,
    take,
    words,
)
from tracking.actions.steps import newest_entry
from tracking.models import Event
from tracking.pages.task_steps import STEPS
from tracking.rules.events import Kind

pytestmark = pytest.mark.django_db

WHY = {"reason": "có lý do"}
HANDED_IN = {"note": "trình", "product": "12/BC-QLD"}
GRANT = {**WHY, "due_on": "01/12/2025", "reading": "by"}

# kind -> (what happened before, what the form is filled in with, what the entry then says)
DECISIONS: dict[str, tuple[Any, dict[str, Any], dict[str, Any]]] = {
    "deadline_set": (
        None,
        {"period_days": "5", "period_working": "on", "period_from": "12/11/2025", "reading": "by"},
        {"due_on": "2025-11-19"},
    ),
    "extension_granted": ((), GRANT, {"due_on": "2025-12-01", "reading": "by", **WHY}),
    "extension_refused": ((REQUESTED,), WHY, WHY),
    "accepted": ((SUBMITTED,), {"note": "đạt"}, {"note": "đạt"}),
    "returned": ((SUBMITTED,), WHY, WHY),
    "reopened": ((SUBMITTED, ACCEPTED), {**WHY, "cause": "regression"}, {"cause": "regression"}),
    "paused": ((), WHY, WHY),
    "resumed": ((PAUSED,), {}, {}),
    "reassigned": ((), {**WHY, "lead": "KCB"}, {"lead": "KCB", **WHY}),
    "requirement_changed": ((), {**WHY, "required": "no"}, {"required": False, **WHY}),
    "cancelled": ((), WHY, WHY),
}
REPORTS: dict[str, tuple[Any, dict[str, Any], dict[str, Any]]] = {
    "progress_reported": ((), {"percent": "40", "note": "xong"}, {"percent": 40, "note": "xong"}),
    "submitted": ((), HANDED_IN, HANDED_IN),
    "extension_requested": ((), {**WHY, "due_on": "01/12/2025"}, {"due_on": "2025-12-01"}),
    "blocked": ((), {**WHY, "on": "BCA"}, {"on": "BCA"}),
    "unblocked": ((BLOCKED,), {"on": "BCA"}, {"on": "BCA"}),
    "evidence_recorded": ((), {"expires_on": "01/12/2030"}, {"expires_on": "2030-12-01"}),
}
ALL = {**DECISIONS, **REPORTS}


@pytest.fixture(autouse=True)
def store(settings: Settings) -> Path:
    return Path(settings.MEDIA_ROOT)


def test_every_kind_but_the_assignment_has_a_step() -> None:
    assert STEPS.keys() == {str(kind) for kind in Kind} - {"assigned"} == ALL.keys()


@pytest.mark.parametrize("kind", ALL)
def test_the_right_role_records_it(kind: str) -> None:
    before, data, said = ALL[kind]
    task = make_task(before)
    client = client_of("leader") if kind in DECISIONS else client_of("reporter", "QLD")
    assert kind in buttons(client, task)
    response = take(client, task, kind, data)
    assert (response.status_code, response["Location"]) == (302, f"{HERE}{task.pk}/change/")
    event = Event.objects.latest("number")
    assert (event.kind, event.actor) == (kind, "leader" if kind in DECISIONS else "reporter")
    assert {key: event.payload.get(key) for key in said} == said
    behalf = event.on_behalf_of.code if event.on_behalf_of else None
    assert behalf == (None if kind in DECISIONS else "QLD")
    assert "success" in words(client.get(f"{HERE}{task.pk}/change/"))


@pytest.mark.parametrize("kind", ALL)
def test_the_wrong_roles_do_not(kind: str) -> None:
    before, data, _said = ALL[kind]
    task = make_task(before)
    wrong = client_of("reporter", "QLD" if kind in DECISIONS else "KCB")
    number = Event.objects.count()
    for client in (wrong, client_of("inspector")):
        assert kind not in buttons(client, task)
        assert client.get(f"{HERE}{task.pk}/record/{kind}/").status_code == 403
        assert take(client, task, kind, data).status_code == 403
    assert Event.objects.count() == number


@pytest.mark.parametrize("kind", ALL)
def test_the_form_says_what_it_does_and_what_not(kind: str) -> None:
    task = make_task(ALL[kind][0])
    response = client_of("operator").get(f"{HERE}{task.pk}/record/{kind}/")
    step = STEPS[kind]
    assert response.context["step"] is step
    assert str(step.does) in words(response)
    assert str(step.does_not) in words(response)


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind not in ("resumed", "accepted")])
def test_an_empty_form_writes_nothing(kind: str) -> None:
    task = make_task(ALL[kind][0])
    response = client_of("operator").post(f"{HERE}{task.pk}/record/{kind}/", {})
    assert response.context["form"].errors
    assert "Nothing was recorded" in words(response)
    assert not Event.objects.filter(actor="operator").exists()


def test_only_legal_steps_have_buttons() -> None:
    task = make_task()
    client = client_of("operator")
    assert buttons(client, task) == {
        "progress_reported", "evidence_recorded", "submitted", "extension_requested", "blocked",
        "extension_granted", "paused", "reassigned", "requirement_changed", "cancelled",
    }  # fmt: skip
    take(client, task, "cancelled", WHY)
    assert buttons(client, task) == set()
    response = client.get(f"{HERE}{task.pk}/record/paused/", follow=True)
    assert "Suspend: the task is cancelled: nothing can follow." in words(response)


def test_four_eyes() -> None:
    task = make_task()
    client = client_of("operator")
    take(client, task, "submitted", HANDED_IN)
    assert "accepted" not in buttons(client, task)
    page = words(client.get(f"{HERE}{task.pk}/change/"))
    assert "Nobody accepts or returns what they submitted: another person must decide." in page
    response = take(client, task, "accepted", {})
    assert "Nobody accepts or returns what they submitted" in words(response)
    other = client_of("leader")
    assert "accepted" in buttons(other, task)
    response = take(other, task, "accepted", {"on_behalf_of": "QLD"})
    assert "Select a valid choice" in words(response)
    assert take(other, task, "accepted", {"on_behalf_of": "KCB"}).status_code == 302


def test_a_second_click_is_harmless() -> None:
    task = make_task()
    client = client_of("leader")
    seen = newest_entry(task)
    assert take(client, task, "extension_granted", GRANT, seen=seen).status_code == 302
    assert take(client, task, "extension_granted", GRANT, seen=seen).status_code == 302
    assert task.events.filter(kind="extension_granted").count() == 1
    other = take(client, task, "extension_granted", {**GRANT, "reason": "lý do khác"}, seen=seen)
    assert "“new deadline granted” (leader) was recorded" in words(other)
    assert task.events.filter(kind="extension_granted").count() == 1
    paused = take(client, task, "paused", WHY)
    assert paused.status_code == 302
    assert "The task is suspended: resume it first." in words(take(client, task, "paused", WHY))


def test_without_what_was_seen_nothing_is_written() -> None:
    task = make_task()
    response = take(client_of("leader"), task, "paused", WHY, seen="²")
    assert "Since this form was opened" in words(response)


def test_an_effective_time_in_the_past_and_ahead() -> None:
    task = make_task()
    client = client_of("leader")
    then = {"effective_at_0": "15/10/2025", "effective_at_1": "08:30"}
    take(client, task, "extension_granted", {**GRANT, **then})
    event = Event.objects.latest("number")
    assert timezone.localtime(event.effective_at).isoformat() == "2025-10-15T08:30:00+07:00"
    assert event.recorded_at > event.effective_at
    take(client, task, "cancelled", {**WHY, **then, "effective_at_0": "15/10/2099"})
    page = words(client.get(f"{HERE}{task.pk}/change/"))
    assert "announced ahead" in page
    assert f"recorded on {timezone.localtime(event.recorded_at):%d/%m/%Y %H:%M}" in page
    behind = {"effective_at_0": "01/01/2020", "effective_at_1": "08:00"}
    response = take(client, task, "paused", {**WHY, **behind})
    assert "The task is not assigned yet at that instant: assign it first." in words(response)


def test_a_day_off_is_warned_of_and_not_moved() -> None:
    task = make_task()
    client = client_of("leader")
    saturday = {**GRANT, "due_on": "15/11/2025"}
    response = take(client, task, "extension_granted", saturday)
    assert "Not a working day: Saturday 15/11/2025." in words(response)
    assert 'type="checkbox" name="keep_day_off"' in words(response)
    kept = take(client, task, "extension_granted", {**saturday, "keep_day_off": "on"})
    assert kept.status_code == 302
    assert Event.objects.latest("number").payload["due_on"] == "2025-11-15"


@pytest.mark.parametrize(
    ("kind", "data", "sentence"),
    [
        ("extension_granted", {**GRANT, "due_on": "31/02/2025"}, "Enter a valid date."),
        ("progress_reported", {"percent": "120", "note": "x"}, "less than or equal to 100"),
        ("paused", {**WHY, "effective_at_0": "01/07/2025"}, "Enter a valid time."),
        ("blocked", {**WHY, "on": "NASA"}, "Select a valid choice"),
        ("reassigned", {**WHY, "lead": "QLD"}, "Select a valid choice"),
        ("paused", {**WHY, "document": "9/X"}, "Select a valid choice"),
    ],
)
def test_bad_input_is_told_in_a_sentence(kind: str, data: Any, sentence: str) -> None:
    task = make_task()
    assert sentence in words(take(client_of("operator"), task, kind, data))
    assert not Event.objects.filter(actor="operator").exists()
