"""Every step on a task in the staff portal: who may, what it says, what is refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from tests.tracking.task_pages import SUBMITTED, make_task, words
from tests.tracking.task_portal import buttons, client_of, page_of, stands_in, step_of, take
from tests.tracking.test_admin_task_steps import ALL, DECISIONS, GRANT, WHY
from tracking.actions.steps import newest_entry
from tracking.models import Department, Event, User
from tracking.pages.task_steps import STEPS

pytestmark = pytest.mark.django_db

DONE = {"percent": "40", "note": "xong"}


@pytest.mark.parametrize("kind", ALL)
def test_the_right_role_records_it(kind: str) -> None:
    before, data, said = ALL[kind]
    task = make_task(before)
    client = client_of("leader") if kind in DECISIONS else client_of("reporter", "QLD")
    assert kind in buttons(client, task)
    response = take(client, task, kind, data)
    assert (response.status_code, response["Location"]) == (302, page_of(task))
    event = Event.objects.latest("number")
    assert (event.kind, event.actor) == (kind, "leader" if kind in DECISIONS else "reporter")
    assert {key: event.payload.get(key) for key in said} == said
    assert "in_place_of" not in event.payload
    behalf = event.on_behalf_of.code if event.on_behalf_of else None
    assert behalf == (None if kind in DECISIONS else "QLD")
    assert "Recorded for T1" in words(client.get(page_of(task)))


@pytest.mark.parametrize("kind", ALL)
def test_the_wrong_roles_do_not(kind: str) -> None:
    before, data, _said = ALL[kind]
    task = make_task(before)
    wrong = client_of("reporter", "QLD" if kind in DECISIONS else "KCB")
    number = Event.objects.count()
    for client in (wrong, client_of("inspector"), client_of("clerk")):
        assert client.get(step_of(task, kind)).status_code == 403
        assert take(client, task, kind, data).status_code == 403
    assert kind not in buttons(wrong, task)
    assert Event.objects.count() == number


@pytest.mark.parametrize("kind", ALL)
def test_the_form_says_what_it_does_and_what_not(kind: str) -> None:
    task = make_task(ALL[kind][0])
    page = words(client_of("operator").get(step_of(task, kind)))
    assert str(STEPS[kind].does) in page
    assert str(STEPS[kind].does_not) in page


def test_a_deputy_writes_under_their_own_name_in_anothers_place() -> None:
    task = make_task()
    client_of("reporter", "QLD")
    own = User.objects.get(username="reporter")
    deputy = User.objects.create_user("deputy", last_name="Trần Văn", first_name="Nam")
    deputy.groups.add(Group.objects.get(name="reporter"))
    client = Client(headers={"accept-language": "en"})
    client.force_login(deputy)
    assert client.get(step_of(task, "progress_reported")).status_code == 403
    stands_in(client, "QLD", own)
    assert "You write in place of reporter" in words(client.get(step_of(task, "submitted")))
    for kind, data in (("progress_reported", DONE), ("evidence_recorded", {})):
        assert take(client, task, kind, data).status_code == 302
        event = Event.objects.latest("number")
        assert (event.actor, event.payload["in_place_of"]) == ("deputy", "reporter")
        assert event.on_behalf_of == Department.objects.get(code="QLD")
    page = words(client.get(page_of(task)))
    told = (
        "Entered by Trần Văn Nam (deputy), on behalf of Drug Administration, in place of reporter"
    )
    assert told in page
    assert client.get(step_of(task, "cancelled")).status_code == 403


def test_a_deputation_that_ended_gives_nothing() -> None:
    task = make_task()
    client_of("operator")
    client = client_of("reporter", "KCB")
    stands_in(client, "QLD", User.objects.get(username="operator"))
    assert "progress_reported" in buttons(client, task)
    yesterday = timezone.localdate() - timedelta(days=1)
    User.objects.get(username="reporter").deputations.update(valid_to=yesterday)
    assert buttons(client, task) == set()
    assert take(client, task, "progress_reported", DONE).status_code == 403


def test_the_same_form_sent_again_counts_once() -> None:
    task = make_task()
    client = client_of("reporter", "QLD")
    for kind, data in (
        ("progress_reported", DONE),
        ("blocked", {**WHY, "on": "BCA"}),
        ("unblocked", {"on": "BCA"}),
        ("submitted", {"note": "trình", "product": "12/BC"}),
        ("evidence_recorded", {}),
    ):
        seen = newest_entry(task)
        for _click in range(2):
            response = take(client, task, kind, data, seen=seen)
            assert (response.status_code, response["Location"]) == (302, page_of(task))
        assert task.events.filter(kind=kind).count() == 1


def test_a_reassignment_sent_again_counts_once() -> None:
    task = make_task()
    client = client_of("leader")
    seen = newest_entry(task)
    for _click in range(2):
        answer = take(client, task, "reassigned", {**WHY, "lead": "KCB"}, seen=seen)
        assert answer.status_code == 302
    assert task.events.filter(kind="reassigned").count() == 1


def test_who_comes_second_is_told_what_changed_and_loses_nothing() -> None:
    task = make_task()
    first, second = client_of("leader"), client_of("reporter", "QLD")
    seen = newest_entry(task)
    take(first, task, "extension_granted", GRANT)
    response = take(second, task, "progress_reported", DONE, seen=seen)
    page = words(response)
    assert "“new deadline granted” (leader) was recorded" in page
    assert 'value="40"' in page
    assert "xong</textarea>" in page
    assert not task.events.filter(kind="progress_reported").exists()
    assert f'name="seen" value="{newest_entry(task)}"' in page
    assert take(second, task, "progress_reported", DONE).status_code == 302


def test_who_loses_the_task_meanwhile_is_told_so_and_keeps_the_text() -> None:
    task = make_task()
    client = client_of("reporter", "QLD")
    seen = newest_entry(task)
    take(client_of("leader"), task, "reassigned", {**WHY, "lead": "KCB"})
    page = words(take(client, task, "progress_reported", DONE, seen=seen))
    assert "“reassigned” (leader) was recorded" in page
    assert "xong</textarea>" in page
    assert take(client, task, "progress_reported", DONE).status_code == 403
    assert not task.events.filter(kind="progress_reported").exists()


def test_the_same_words_by_another_person_are_another_step() -> None:
    task = make_task()
    seen = newest_entry(task)
    take(client_of("operator"), task, "progress_reported", DONE)
    response = take(client_of("reporter", "QLD"), task, "progress_reported", DONE, seen=seen)
    assert "“progress reported” (operator) was recorded" in words(response)


def test_a_mistake_does_not_hide_what_was_recorded_meanwhile() -> None:
    task = make_task()
    client = client_of("reporter", "QLD")
    seen = newest_entry(task)
    take(client_of("leader"), task, "extension_granted", GRANT)
    wrong = words(take(client, task, "progress_reported", {"percent": "140"}, seen=seen))
    assert "less than or equal to 100" in wrong
    assert f'name="seen" value="{seen}"' in wrong
    assert "(leader) was recorded" in words(take(client, task, "submitted", WHY | DONE, seen=seen))


@pytest.mark.parametrize("typed", ["2025-12-01", "01/12/2025"])
def test_days_are_given_by_the_calendar_of_the_browser_or_typed(typed: str) -> None:
    task = make_task()
    client = client_of("reporter", "QLD")
    assert 'type="date" name="due_on"' in words(client.get(step_of(task, "extension_requested")))
    wrong = words(take(client, task, "extension_requested", {"due_on": typed}))
    assert 'name="due_on" value="2025-12-01"' in wrong
    assert take(client, task, "extension_requested", {**WHY, "due_on": typed}).status_code == 302
    assert Event.objects.latest("number").payload["due_on"] == "2025-12-01"


def test_an_effective_time_of_the_past() -> None:
    task = make_task()
    then = {"effective_at_0": "2025-10-15", "effective_at_1": "08:30"}
    take(client_of("reporter", "QLD"), task, "progress_reported", {**DONE, **then})
    event = Event.objects.latest("number")
    assert timezone.localtime(event.effective_at).isoformat() == "2025-10-15T08:30:00+07:00"


def test_a_step_that_is_not_possible_says_so() -> None:
    task = make_task((SUBMITTED,))
    client = client_of("reporter", "QLD")
    response = client.get(step_of(task, "submitted"), follow=True)
    assert "a submission awaits verification" in words(response)
    response = take(client, task, "submitted", {"note": "trình lại"})
    assert "A submission awaits verification: accept or return that one first." in words(response)
    assert "trình lại" in words(response)


def test_steps_that_are_not_there() -> None:
    task = make_task()
    client = client_of("operator")
    for address in (
        step_of(task, "assigned"),
        step_of(task, "nonsense"),
        "/tasks/999/record/paused/",
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, {}).status_code == 404


@pytest.mark.parametrize("number", ["", "²", "9" * 40])
def test_a_form_that_is_not_ours_writes_nothing(number: str) -> None:
    task = make_task()
    take(client_of("leader"), task, "paused", WHY, seen=number)
    assert not task.events.filter(kind="paused").exists()


def test_notes_are_escaped() -> None:
    task = make_task()
    client = client_of("reporter", "QLD")
    bad = "<script>alert(1)</script>"
    refused: Any = take(client, task, "progress_reported", {"percent": "x", "note": bad})
    take(client, task, "progress_reported", {"note": bad})
    take(client, task, "blocked", {"on": "BCA", "reason": bad})
    take(client, task, "extension_requested", {"due_on": "2025-12-01", "reason": bad})
    take(client, task, "submitted", {"note": bad, "product": bad})
    verify = client_of("leader").get(f"/verification/{task.pk}/")
    for response in (refused, client.get(page_of(task)), verify):
        assert "&lt;script&gt;alert(1)" in words(response)
        assert "<script>alert" not in words(response)
