"""Does the database stamp every change of the ledger and of the registers, whoever makes it?"""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from tests.tracking.portal_tasks import portfolio
from tracking.actions.progress_lists import issue
from tracking.models import (
    CalendarDay,
    Department,
    Event,
    Partner,
    Plan,
    Stamp,
    Succession,
    Task,
    TaskSituation,
    WaitAnswer,
)
from tracking.models.registers import registers
from tracking.models.stamp import stamps_now
from tracking.rules.events import Kind
from tracking.rules.instants import instant_from
from tracking.rules.progress_list import Scope

NOW = instant_from("2025-11-18T17:00")
SCOPE = Scope(as_of=NOW.date(), known_at=NOW)
LEDGER, REGISTERS = Stamp.Of.LEDGER, Stamp.Of.REGISTERS


def _first(model: Any) -> Any:
    return model.objects.order_by("pk")[:1].get()


def _answer() -> WaitAnswer:
    wait = Event.objects.filter(kind=Kind.BLOCKED)[:1].get()
    return WaitAnswer.objects.create(
        event=wait, answer=WaitAnswer.Answer.CONFIRMED, recorded_at=NOW, actor="an"
    )


CHANGES: dict[str, tuple[str, Callable[[], Any]]] = {
    "a department is added": (
        REGISTERS,
        lambda: Department.objects.create(code="MOI", name_vi="Mới"),
    ),
    "a department is renamed": (REGISTERS, lambda: Department.objects.update(name_vi="Khác")),
    "a department gets a successor": (
        REGISTERS,
        lambda: Succession.objects.create(
            department=Department.objects.get(code="QLD"),
            successor=Department.objects.get(code="ATTP"),
        ),
    ),
    "a partner is added": (REGISTERS, lambda: Partner.objects.create(code="M", name_vi="Mới")),
    "a plan is added": (REGISTERS, lambda: Plan.objects.create(code="M", name_vi="Mới")),
    "a day is added": (REGISTERS, lambda: CalendarDay.objects.create(day=date(2031, 1, 1))),
    "a day is taken out": (
        REGISTERS,
        lambda: CalendarDay.objects.create(day=date(2031, 1, 2)).delete(),
    ),
    "a title is corrected": (REGISTERS, lambda: Task.objects.update(name_vi="Sửa", search="sua")),
    "a task is saved": (REGISTERS, lambda: _first(Task).save()),
    "who coordinates is corrected": (
        REGISTERS,
        lambda: _first(Task).coordinating.add(Department.objects.get(code="ATTP")),
    ),
    "a situation is moved": (LEDGER, lambda: TaskSituation.objects.update(required=False)),
    "a wait is answered": (LEDGER, lambda: _answer()),
    "a list is issued": (LEDGER, lambda: issue(SCOPE, now=NOW, by="an")),
    "a situation is taken out": (LEDGER, lambda: TaskSituation.objects.all().delete()),
}


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_stamps_anew_what_it_changes_and_nothing_else(change: str) -> None:
    portfolio()
    stamp, make = CHANGES[change]
    before = stamps_now()
    assert set(before) == {LEDGER, REGISTERS}
    make()
    after = stamps_now()
    assert {name for name in after if after[name] != before[name]} == {stamp}


@pytest.mark.django_db
def test_the_instant_of_the_last_entry_is_no_correction_of_a_task() -> None:
    portfolio()
    before = stamps_now()
    Task.objects.update(last_recorded_at=None)
    assert stamps_now() == before


@pytest.mark.django_db
def test_what_is_rolled_back_was_never_changed() -> None:
    portfolio()
    before, held = stamps_now(), registers()
    with transaction.atomic():
        Department.objects.create(code="MOI", name_vi="Mới")
        assert "MOI" in registers().departments
        transaction.set_rollback(True)
    assert stamps_now() == before
    assert registers() is held
    Department.objects.create(code="KHAC", name_vi="Khác")
    assert {"MOI", "KHAC"} & set(registers().departments) == {"KHAC"}


@pytest.mark.django_db
def test_without_a_stamp_nothing_is_remembered() -> None:
    portfolio()
    Stamp.objects.all().delete()
    held = registers()
    assert registers() is not held
    assert registers() == held


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("sqlite" in connection.vendor, reason="SQLite has one writer at a time")
def test_two_who_change_registers_at_once_do_not_wait_for_each_other() -> None:
    Stamp.objects.create(of=REGISTERS, text="first")
    changed, seen = threading.Event(), threading.Event()

    def other() -> None:
        with transaction.atomic():
            Department.objects.create(code="A", name_vi="A")
            changed.set()
            assert seen.wait(20)
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    assert changed.wait(20)
    Department.objects.create(code="B", name_vi="B")
    between = stamps_now()
    assert set(registers().departments) == {"B"}
    seen.set()
    thread.join(20)
    assert stamps_now()[REGISTERS] != between[REGISTERS]
    assert set(registers().departments) == {"A", "B"}
