"""What the chair concludes is in the ledger, which alone judges; both are written, or neither."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.tracking.department_work import take_in_work
from tests.tracking.meeting_rows import HELD, Said, item_of, later, prepared
from tracking.actions.meeting_conclusions import (
    conclude_decision,
    conclude_noted,
    conclude_task,
)
from tracking.actions.refusals import Refused
from tracking.actions.steps import Overtaken, newest_entry, record_step
from tracking.models import Conclusion, Document, Event, Meeting, Plan, Task
from tracking.rules.deadline import Reading
from tracking.rules.deadline_orders import FixedDate
from tracking.rules.events import Kind

pytestmark = pytest.mark.django_db

NUMBER = "Kết luận họp 18/11/2025"
DUE = FixedDate(date(2025, 12, 10), Reading.BEFORE, "trước ngày 10/12/2025")
GRANT: Said = {"due_on": "2025-12-15", "reading": "by", "reason": "đồng ý gia hạn"}


@pytest.fixture
def meeting() -> Meeting:
    take_in_work()
    return prepared()


def task(code: str) -> Task:
    return Task.objects.get(code=code)


def new_task(meeting: Meeting, **changes: Any) -> Conclusion:
    item = item_of(meeting, "QLD")
    row = Task(
        code=changes.pop("code", "KL1811-01"),
        plan=Plan.objects.get(),
        name_vi="Báo cáo phương án",
        product_vi="Tờ trình",
        first_lead=item.department,
    )
    given: Said = {"item": item, "text": "Giao Cục báo cáo.", "task": row, "deadline": DUE}
    signed: Said = {"assigned_at": later(), "now": later(), "by": "an"}
    return conclude_task(**(given | signed | changes))


def decision(meeting: Meeting, code: str = "Q1", **changes: Any) -> Conclusion:
    given: Said = {
        "item": item_of(meeting, "QLD"),
        "text": "Đồng ý gia hạn.",
        "task": task(code),
        "kind": Kind.EXTENSION_GRANTED,
        "payload": GRANT,
        "effective_at": later(),
        "now": later(),
        "by": "an",
    }
    return conclude_decision(**(given | changes))


def counted() -> list[int]:
    return [model._default_manager.count() for model in (Conclusion, Event, Task, Document)]


def test_words_alone_change_nothing_but_the_notice(meeting: Meeting) -> None:
    events = Event.objects.count()
    item = item_of(meeting, "QLD")
    first = conclude_noted(meeting=meeting, item=item, text="Ghi nhận.", now=later(), by="an")
    again = conclude_noted(meeting=meeting, item=item, text="Ghi nhận. ", now=later(2), by="an")
    assert first == again
    assert (first.kind, first.event, first.task) == (Conclusion.Kind.NOTED, None, None)
    assert Event.objects.count() == events
    with pytest.raises(Refused, match="the text is empty"):
        conclude_noted(meeting=meeting, item=item, text="  ", now=later(), by="an")
    with pytest.raises(Refused, match="2001 characters"):
        conclude_noted(meeting=meeting, item=item, text="a" * 2001, now=later(), by="an")


def test_a_new_task_is_assigned_by_the_notice_with_its_deadline(meeting: Meeting) -> None:
    made = new_task(meeting)
    row = task("KL1811-01")
    assert (made.task, made.kind) == (row, Conclusion.Kind.TASK)
    assert row.document is not None
    assert (row.document.number, row.document.kind) == (NUMBER, "meeting_conclusion")
    assert row.document.issued_on == date(2025, 11, 18)
    assigned, deadline = row.events.order_by("number")
    assert (assigned.kind, deadline.kind) == (Kind.ASSIGNED, Kind.DEADLINE_SET)
    assert made.event == assigned
    assert {assigned.document, deadline.document} == {row.document}
    assert deadline.payload == {
        "due_on": "2025-12-10",
        "reading": "before",
        "wording": "trước ngày 10/12/2025",
        "document": NUMBER,
    }


def test_a_decision_names_the_notice_in_the_ledger(meeting: Meeting) -> None:
    made = decision(meeting)
    assert made.event is not None
    assert made.event.payload == GRANT | {"document": NUMBER}
    assert made.event.document == Document.objects.get(number=NUMBER)
    assert (made.task, made.recorded_at) == (task("Q1"), made.event.recorded_at)
    meeting.refresh_from_db()
    assert meeting.document == made.event.document


@pytest.mark.parametrize(
    ("code", "kind", "payload", "told"),
    [
        ("Q1", Kind.ACCEPTED, {"note": "đạt"}, "no submission awaits verification"),
        ("Q3", Kind.PAUSED, {"reason": "x"}, "the task is completed"),
        ("Q1", Kind.REASSIGNED, {"lead": "KHONG", "reason": "x"}, "not the code of a department"),
        ("Q1", Kind.EXTENSION_GRANTED, {"due_on": "32/13/2025"}, "is not a date"),
    ],
)
def test_what_the_ledger_refuses_leaves_nothing(
    meeting: Meeting, code: str, kind: Kind, payload: Said, told: str
) -> None:
    before = counted()
    with pytest.raises(Refused, match=told):
        decision(meeting, code, kind=kind, payload=payload)
    assert counted() == before
    meeting.refresh_from_db()
    assert meeting.document is None


def test_four_eyes_hold_in_a_meeting(meeting: Meeting) -> None:
    asked = {"due_on": "2025-12-15", "reason": "chờ"}
    record_step(
        task=task("Q1"),
        kind=Kind.EXTENSION_REQUESTED,
        effective_at=HELD,
        now=HELD,
        by="an",
        payload=asked,
    )
    before = counted()
    with pytest.raises(Refused, match="nobody decides on their own request"):
        decision(meeting)
    with pytest.raises(Refused, match="on behalf of the lead department"):
        decision(meeting, by="binh", on_behalf_of="QLD")
    assert counted() == before
    assert decision(meeting, by="binh").event is not None


def test_a_code_that_is_taken_is_refused_and_leaves_nothing(meeting: Meeting) -> None:
    before = counted()
    with pytest.raises(Refused, match="Q2 is the code of another task"):
        new_task(meeting, code="Q2")
    assert counted() == before


def test_a_second_click_concludes_nothing_more(meeting: Meeting) -> None:
    seen = newest_entry(task("Q1"))
    first, second = new_task(meeting), new_task(meeting, now=later(2))
    assert first == second
    granted = decision(meeting, seen=seen)
    assert granted == decision(meeting, seen=seen, now=later(2), effective_at=later(2))
    assert Conclusion.objects.count() == 2


def test_whoever_decides_on_what_has_changed_is_told(meeting: Meeting) -> None:
    seen = newest_entry(task("Q1"))
    decision(meeting, seen=seen)
    before = counted()
    with pytest.raises(Overtaken, match="new deadline granted"):
        decision(meeting, seen=seen, by="binh", payload=GRANT | {"due_on": "2026-01-15"})
    assert counted() == before


REFUSES = {
    "postgresql": "ALTER TABLE tracking_conclusion ADD CONSTRAINT never CHECK (false) NOT VALID",
    "sqlite": "CREATE TRIGGER never BEFORE INSERT ON tracking_conclusion "
    "BEGIN SELECT RAISE(ABORT, 'never'); END",
}


def test_when_the_conclusion_cannot_be_written_the_ledger_says_nothing_either(
    meeting: Meeting,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(REFUSES[connection.vendor])
    before = counted()
    for write in (decision, new_task):
        with pytest.raises(DatabaseError), transaction.atomic():
            write(meeting)
        assert counted() == before


def test_a_conclusion_is_never_changed(meeting: Meeting) -> None:
    made = decision(meeting)
    with pytest.raises(DatabaseError), transaction.atomic():
        Conclusion.objects.filter(pk=made.pk).update(text="khác")
    with pytest.raises(DatabaseError), transaction.atomic():
        Conclusion.objects.filter(pk=made.pk).delete()


def test_earlier_conclusions_are_those_of_meetings_before(meeting: Meeting) -> None:
    decision(meeting)
    about = Conclusion.objects.about(["QLD"], HELD + timedelta(days=7))
    assert [row.text for row in about] == ["Đồng ý gia hạn."]
    assert not Conclusion.objects.about(["QLD"], HELD).exists()
    assert not Conclusion.objects.about(["KCB"], HELD + timedelta(days=7)).exists()
