"""Assigning tasks, and steps taken from a page."""

from datetime import date
from typing import Any

import pytest

from tests.tracking.admin_people import plan_file
from tests.tracking.imported import take_in
from tracking.actions.refusals import Refused
from tracking.actions.steps import newest_entry, record_step
from tracking.actions.tasks import assign_task, set_deadline
from tracking.models import CalendarDay, CalendarVersion, Department, Document, Event, Plan, Task
from tracking.rules.calendar import WorkingCalendar
from tracking.rules.deadline import Reading
from tracking.rules.deadline_history import Effect, deadline_history
from tracking.rules.deadline_orders import FixedDate, Period, days_off
from tracking.rules.events import Event as LedgerEvent, Kind
from tracking.rules.instants import instant_from
from tracking.rules.situation import Situation

NOW = instant_from("2025-11-12T09:00:00")
SATURDAY = date(2025, 11, 15)


@pytest.fixture
def registers(db: None) -> None:
    take_in(plan_file(), now=NOW)
    CalendarDay.objects.create(day=date(2025, 11, 17), working=False)


def assigned(**changes: Any) -> Task:
    row: dict[str, Any] = {
        "code": "N1",
        "name_vi": "Việc mới",
        "plan": Plan.objects.get(),
        "first_lead": Department.objects.get(code="QLD"),
    }
    given = {key: changes.pop(key) for key in ("code", "document") if key in changes}
    times: dict[str, Any] = {"assigned_at": NOW, "now": NOW, "by": "nhic.operator"}
    return assign_task(task=Task(**row | given), **times | changes)


def judged(code: str) -> Any:
    """The task with its standing and deadline now."""
    return Task.objects.with_standing(NOW).get(code=code)


@pytest.mark.usefixtures("registers")
def test_row_assignment_and_deadline_come_together() -> None:
    document = Document.objects.create(number="12/CV", name_vi="Công văn")
    order = FixedDate(date(2025, 12, 1), Reading.BEFORE, "trước ngày 01/12/2025")
    coordinating = list(Department.objects.filter(code="KCB"))
    task = assigned(document=document, deadline=order, coordinating=coordinating)
    assert list(task.coordinating.all()) == coordinating
    first, second = task.events.all()
    assert (first.kind, first.document, first.actor) == ("assigned", document, "nhic.operator")
    assert second.payload == {
        "due_on": "2025-12-01",
        "reading": "before",
        "wording": "trước ngày 01/12/2025",
        "document": "12/CV",
    }
    assert judged("N1").standing == "in_time"


@pytest.mark.usefixtures("registers")
@pytest.mark.parametrize(
    ("days", "working", "last"),
    [(3, True, "2025-11-18"), (3, False, "2025-11-18"), (1, False, "2025-11-13")],
)
def test_a_period_is_made_a_date_once(days: int, working: bool, last: str) -> None:
    """15 and 16/11 are a weekend and 17/11 is off."""
    task = assigned(deadline=Period(days, working, NOW.date(), "trong 3 ngày"))
    payload = task.events.get(kind="deadline_set").payload
    version = CalendarDay.objects.all().calendar().version
    assert (payload["due_on"], payload["calendar_version"]) == (last, version)
    assert payload["period"] == {"days": days, "working": working, "from": "2025-11-12"}
    assert CalendarVersion.objects.filter(version=version).exists()
    CalendarDay.objects.create(day=date(2025, 11, 18), working=False)
    assert judged("N1").due_on == date.fromisoformat(last)


@pytest.mark.usefixtures("registers")
def test_without_a_deadline_or_with_words_alone() -> None:
    assigned()
    assigned(code="N2", deadline=FixedDate(None, wording="thường xuyên"))
    assert judged("N1").standing == judged("N2").standing == "no_deadline"


@pytest.mark.usefixtures("registers")
def test_a_code_that_is_taken_is_refused() -> None:
    with pytest.raises(Refused, match="T1 is the code of another task"):
        assigned(code="T1")


@pytest.mark.usefixtures("registers")
def test_nothing_is_written_when_a_step_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Task.objects.count(), Event.objects.count(), CalendarVersion.objects.count()

    def refuse(**given: Any) -> None:
        raise Refused(["no"])

    monkeypatch.setattr("tracking.actions.tasks.record", refuse)
    with pytest.raises(Refused):
        assigned(deadline=Period(3, True, NOW.date()))
    after = Task.objects.count(), Event.objects.count(), CalendarVersion.objects.count()
    assert after == before


@pytest.mark.usefixtures("registers")
def test_announced_ahead() -> None:
    later = instant_from("2026-01-05T08:00:00")
    assigned(assigned_at=later)
    assert not Task.objects.as_of(NOW).filter(code="N1").exists()
    assert Task.objects.as_of(later).filter(code="N1").exists()


@pytest.mark.usefixtures("registers")
def test_a_deadline_set_later() -> None:
    task = assigned()
    deadline = FixedDate(date(2025, 12, 1))
    steps: dict[str, Any] = {"task": task, "effective_at": NOW, "now": NOW, "by": "boss"}
    set_deadline(deadline=deadline, seen=newest_entry(task), **steps)
    with pytest.raises(Refused, match="set already"):
        set_deadline(deadline=deadline, **steps)


@pytest.mark.usefixtures("registers")
def test_a_second_click_writes_nothing() -> None:
    task = Task.objects.get(code="T1")
    step: dict[str, Any] = {
        "task": task,
        "kind": Kind.EXTENSION_GRANTED,
        "effective_at": NOW,
        "now": NOW,
        "by": "boss",
        "payload": {"due_on": "2025-11-01", "reason": "x"},
        "seen": newest_entry(task),
    }
    first = record_step(**step)
    assert record_step(**step) == first
    with pytest.raises(Refused, match="“new deadline granted” .boss. was recorded"):
        record_step(**{**step, "by": "another"})
    assert task.events.count() == 3


def test_the_days_off_that_an_order_names() -> None:
    calendar = WorkingCalendar({date(2025, 11, 10): False})
    assert days_off(FixedDate(SATURDAY), calendar) == [SATURDAY]
    assert days_off(FixedDate(date(2025, 11, 14)), calendar) == []
    assert days_off(FixedDate(date(2025, 11, 10)), calendar) == [date(2025, 11, 10)]
    before = FixedDate(date(2025, 11, 17), Reading.BEFORE)
    assert days_off(before, calendar) == [date(2025, 11, 16)]
    assert days_off(FixedDate(None), calendar) == []


def ledger(*rows: tuple[str, str, dict[str, Any]]) -> list[LedgerEvent]:
    return [
        LedgerEvent(Kind(kind), instant_from(at), instant_from(at), number, payload)
        for number, (kind, at, payload) in enumerate(rows, start=1)
    ]


def test_every_decision_on_the_deadline_in_order() -> None:
    events = ledger(
        ("assigned", "2025-06-01T08:00", {}),
        ("deadline_set", "2025-06-01T08:00", {"due_on": "2025-07-01"}),
        ("extension_granted", "2025-06-15T08:00", {"due_on": "2025-08-01"}),
        ("extension_granted", "2025-08-04T08:00", {"due_on": "2025-09-01"}),
        ("extension_granted", "2025-08-05T08:00", {"due_on": "2025-08-20"}),
        ("extension_granted", "2025-08-06T08:00", {"due_on": "2025-08-20"}),
    )
    history = deadline_history(events, start=Situation("QLD", required=True), at=NOW)
    assert [(step.effect, step.late_days) for step in history] == [
        (Effect.ORIGINAL, None),
        (Effect.EXTENSION, None),
        (Effect.EXTENSION, 3),
        (Effect.REDUCTION, None),
        (Effect.SAME, None),
    ]
    assert [str(step.before.due_on) for step in history if step.before] == [
        "2025-07-01",
        "2025-08-01",
        "2025-09-01",
        "2025-08-20",
    ]


def test_an_extension_of_a_deadline_that_was_not_breached_is_not_late() -> None:
    events = ledger(
        ("assigned", "2025-06-01T08:00", {}),
        ("deadline_set", "2025-06-01T08:00", {"due_on": "2025-07-01"}),
        ("paused", "2025-06-20T08:00", {}),
        ("extension_granted", "2025-07-05T08:00", {"due_on": "2025-08-01"}),
    )
    history = deadline_history(events, start=Situation("QLD", required=True), at=NOW)
    assert [step.late_days for step in history] == [None, None]
