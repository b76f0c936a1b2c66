"""What people write on the pages of a meeting; nothing that they typed is lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.page_faults import faults, parsed
from tests.tracking.department_work import person, reader
from tests.tracking.meeting_rows import (
    at,
    begun,
    codes,
    department,
    item_of,
    items,
    notes,
    planned,
    words,
)
from tracking.actions.meeting_agenda import add_department
from tracking.actions.steps import newest_entry, record_step
from tracking.models import Conclusion, Meeting, Task
from tracking.rules.events import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting() -> Meeting:
    return begun()


@pytest.fixture
def operator(meeting: Meeting) -> Client:
    return reader(person("chi", "operator"))


def test_a_meeting_is_planned_changed_and_cancelled(operator: Client) -> None:
    said = {
        "title": "Họp mới",
        "held_at_0": "30/11/2099",
        "held_at_1": "08:30",
        "chair": "Vụ trưởng",
    }
    sent = operator.post("/meetings/plan/", said, follow=True)
    assert "30/11/2099 08:30" in words(sent)
    made = Meeting.objects.get(title="Họp mới")
    operator.post(at("-edit", made), said | {"place": "Phòng 2"})
    made.refresh_from_db()
    assert made.place == "Phòng 2"
    page = operator.post("/meetings/plan/", said | {"title": "Họp", "held_at_0": "31/02/2099"})
    assert page.status_code == 200
    assert "Họp" in page.content.decode()
    assert "Enter a valid date." in page.content.decode()
    sent = operator.post(at("-cancel", made), {"reason": "hoãn"}, follow=True)
    assert "by chi: hoãn" in words(sent)
    assert "Change the meeting" not in words(sent)


def test_buttons_change_the_agenda(operator: Client, meeting: Meeting) -> None:
    kcb = item_of(meeting, "KCB")
    operator.post(at("-agenda", meeting), {"item": kcb.pk, "seen": 2, "step": "up"})
    assert codes(meeting) == ["KCB", "QLD"]
    told = operator.post(
        at("-agenda", meeting), {"item": kcb.pk, "seen": 2, "step": "up"}, follow=True
    )
    assert "The order has changed meanwhile" in words(told)
    operator.post(at("-agenda", meeting), {"item": kcb.pk, "seen": 1, "step": "remove"})
    assert codes(meeting) == ["QLD"]
    told = operator.post(at("-prepare", meeting), {"number": 1}, follow=True)
    assert "Prepared from List 01: 2 departments; 1 new, 0 taken off." in words(told)
    told = operator.post(at("-prepare", meeting), {"number": 99}, follow=True)
    assert "Choose one of the lists" in words(told)
    assert codes(meeting) == ["QLD", "KCB"]


@pytest.mark.parametrize(
    ("then", "there"),
    [
        ("", "/items/1/"),
        ("spoken", "/items/2/"),
        ("next", "/items/2/"),
        ("previous", "/"),
        ("agenda", "/"),
        ("noted", "/items/1/noted/"),
        ("task", "/items/1/task/"),
        ("decide", "/items/1/tasks/{task}/paused/"),
    ],
)
def test_every_button_keeps_the_notes_first(
    operator: Client, meeting: Meeting, then: str, there: str
) -> None:
    task = Task.objects.get(code="Q1").pk
    typed = notes(meeting, notes="Đã nghe.", then=then, task=task, kind="paused")
    sent = operator.post(at("-item", meeting, 1), typed)
    assert sent.headers["Location"] == f"/meetings/{meeting.pk}{there.format(task=task)}"
    qld = item_of(meeting, "QLD")
    assert (qld.notes, qld.spoken) == ("Đã nghe.", then == "spoken")


def test_notes_follow_their_department_when_the_order_changes(
    operator: Client, meeting: Meeting
) -> None:
    typed = notes(meeting, notes="của QLD")
    qld = item_of(meeting, "QLD")
    operator.post(at("-agenda", meeting), {"item": qld.pk, "seen": 1, "step": "down"})
    operator.post(at("-item", meeting, 1), typed)
    assert [item.notes for item in items(meeting)] == ["", "của QLD"]


def test_the_second_writer_is_shown_both_texts(operator: Client, meeting: Meeting) -> None:
    operator.post(at("-item", meeting, 1), notes(meeting, notes="một"))
    sent = operator.post(at("-item", meeting, 1), notes(meeting, notes="hai", then="spoken"))
    page = parsed(sent.content)
    assert "Somebody else has changed these notes" in words(sent)
    assert page.xpath("//input[@name='seen']/@value") == ["một"]
    assert page.xpath("//textarea[@name='notes']")[0].text_content().strip() == "một\nhai"
    assert item_of(meeting, "QLD").notes == "một"
    assert faults(page, "en") == []


def test_what_was_typed_for_a_department_that_is_gone_is_shown(
    operator: Client, meeting: Meeting
) -> None:
    typed = notes(meeting, notes="không mất")
    operator.post(at("-agenda", meeting), {"item": typed["item"], "seen": 1, "step": "remove"})
    sent = operator.post(at("-item", meeting, 1), typed)
    assert sent.status_code == 409
    assert parsed(sent.content).xpath("//textarea")[0].text_content().strip() == "không mất"


def test_words_are_concluded_by_a_form(operator: Client, meeting: Meeting) -> None:
    qld = {"item": item_of(meeting, "QLD").pk}
    operator.post(at("-noted", meeting, 1), qld | {"text": "Ghi nhận."})
    operator.post(at("-general", meeting), {"text": "Chung."})
    assert [row.text for row in meeting.conclusions.order_by("pk")] == ["Ghi nhận.", "Chung."]
    page = operator.get(at("", meeting))
    assert "In general Chung." in words(page)
    assert f"/letters/draft/conclusions/?meeting={meeting.pk}" in page.content.decode()


def test_a_new_task_is_concluded_by_a_form_once(operator: Client, meeting: Meeting) -> None:
    new = {
        "item": item_of(meeting, "QLD").pk,
        "text": "Giao việc mới.",
        "code": "KL-1",
        "name_vi": "Việc mới",
        "plan": Task.objects.get(code="Q1").plan.pk,
        "first_required": "on",
        "due_on": "15/12/2099",
        "reading": "before",
        "wording": "trước ngày 15/12/2099",
    }
    for _twice in range(2):
        assert operator.post(at("-task", meeting, 1), new).status_code == 302
    made = Task.objects.get(code="KL-1")
    assert (made.first_lead.code, made.events.count()) == ("QLD", 2)
    assert meeting.conclusions.get().task == made


def test_a_decision_is_concluded_by_a_form_once(operator: Client, meeting: Meeting) -> None:
    task = Task.objects.get(code="Q1")
    address = at("-decision", meeting, 1, task.pk, "extension_granted")
    grant = {
        "item": item_of(meeting, "QLD").pk,
        "reason": "Gia hạn.",
        "due_on": "15/12/2099",
        "reading": "by",
        "seen": newest_entry(task),
    }
    for _twice in range(2):
        assert operator.post(address, grant).status_code == 302
    made = meeting.conclusions.get()
    assert (made.text, made.task) == ("Gia hạn.", task)
    assert task.events.filter(kind="extension_granted").count() == 1


def test_the_chair_is_warned_of_a_result_that_is_dated_back(
    operator: Client, meeting: Meeting
) -> None:
    task, now = Task.objects.get(code="Q1"), timezone.now()
    accepted = at("-decision", meeting, 1, task.pk, "accepted")
    warning = "only because of the earlier date"
    record_step(
        task=task,
        kind=Kind.SUBMITTED,
        effective_at=task.events.earliest("effective_at").effective_at + timedelta(hours=1),
        now=now,
        by="an",
        payload={"note": "bản giấy", "product": "12/BC-QLD"},
        may_date_back=True,
    )
    assert warning in words(operator.get(accepted))
    assert warning not in words(operator.get(at("-decision", meeting, 1, task.pk, "returned")))


def test_a_refusal_is_a_sentence_and_what_was_typed_stays(
    operator: Client, meeting: Meeting
) -> None:
    task = Task.objects.get(code="Q1")
    qld = {"item": item_of(meeting, "QLD").pk, "seen": newest_entry(task)}
    accepted = at("-decision", meeting, 1, task.pk, "accepted")
    assert "No submission awaits verification" in words(operator.get(accepted))
    sent = operator.post(accepted, qld | {"note": "Đạt yêu cầu."})
    assert sent.status_code == 200
    assert "No submission awaits verification" in words(sent)
    assert "Đạt yêu cầu.</textarea>" in sent.content.decode()
    taken = {"text": "Giao.", "code": "Q1", "name_vi": "Việc", "plan": task.plan.pk}
    sent = operator.post(at("-task", meeting, 1), qld | taken | {"due_on": "15/12/2099"})
    assert "Reading" in words(sent)
    timed = {"due_on": "15/12/2099", "reading": "by"}
    sent = operator.post(at("-task", meeting, 1), qld | taken | timed)
    assert "Q1 is the code of another task" in words(sent)
    assert "Giao.</textarea>" in sent.content.decode()
    assert not Conclusion.objects.exists()


def test_only_a_decision_on_a_task_of_that_department_is_offered(
    operator: Client, meeting: Meeting
) -> None:
    foreign = Task.objects.get(code="V1")
    for kind in ("paused", "submitted", "nothing"):
        assert operator.get(at("-decision", meeting, 1, foreign.pk, kind)).status_code == 404
    own = Task.objects.get(code="Q1")
    assert operator.get(at("-decision", meeting, 1, own.pk, "submitted")).status_code == 404
    assert operator.get(at("-decision", meeting, 1, own.pk, "paused")).status_code == 200


def test_closing_says_who_has_not_spoken_and_is_final(operator: Client, meeting: Meeting) -> None:
    operator.post(at("-item", meeting, 1), notes(meeting, then="spoken"))
    told = words(operator.get(at("-close", meeting)))
    assert "1 department has not spoken: Office KCB" in told
    operator.post(at("-close", meeting))
    assert not Meeting.objects.get().open
    sent = operator.post(at("-noted", meeting, 1), {"text": "Muộn rồi."})
    assert "The meeting is closed, which is final" in words(sent)
    assert "Muộn rồi.</textarea>" in sent.content.decode()
    sent = operator.post(at("-item", meeting, 1), notes(meeting, notes="x"), follow=True)
    assert item_of(meeting, "QLD").notes == ""
    number = {"number": "99/TB-BYT", "dated": timezone.localdate().isoformat()}
    told = words(operator.post(at("-notice", meeting), number, follow=True))
    assert "99/TB-BYT" in told


def test_nothing_is_concluded_before_the_day(operator: Client, meeting: Meeting) -> None:
    coming = planned(timezone.now() + timedelta(days=3), title="Sắp họp")
    add_department(meeting=coming, department=department("QLD"))
    assert "Nothing is concluded before" in words(operator.get(at("-item", coming, 1)))
    sent = operator.post(at("-noted", coming, 1), {"text": "Sớm quá."})
    assert "concludes nothing before" in words(sent)
    assert not Conclusion.objects.exists()
