"""Are the tasks, departments and waits that a page found before still those of the ledger?"""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.tracking.department_work import person, reader as signed_in, take_in_work
from tests.tracking.portal_tasks import DAY, TASKS, codes, many, portfolio, reader, task, words
from tracking.actions.ledger import record
from tracking.actions.projection import differences
from tracking.actions.replies import answer_wait
from tracking.models import (
    CalendarDay,
    Event,
    Task,
    TaskSituation,
    WaitAnswer,
    chosen_tasks,
)
from tracking.models.task_rows import rows_at
from tracking.models.then import Then
from tracking.pages import asked_waits
from tracking.pages.asked_waits import Asked
from tracking.pages.department_list import department_rows
from tracking.pages.my_work import MyWork
from tracking.rules.chosen import ORDERS, Question
from tracking.rules.events import Kind
from tracking.rules.instants import instant_from
from tracking.rules.standing import Yardstick
from tracking.rules.viewpoint import Viewpoint

pytestmark = pytest.mark.django_db
NOW = instant_from("2025-11-18T17:00:00+07:00")


@pytest.fixture
def client() -> Client:
    portfolio()
    return reader()


def look(client: Client, asked: str = "") -> list[str]:
    return codes(client.get(f"/tasks/{DAY}&{asked}"))


def write(code: str, kind: Kind, at: str, by: str = "an", **payload: Any) -> None:
    instant = instant_from(at)
    record(
        task=Task.objects.get(code=code),
        kind=kind,
        effective_at=instant,
        recorded_at=instant,
        by=by,
        payload=payload,
    )


def test_an_entry_changes_the_list_at_once(client: Client) -> None:
    assert look(client, "standing=overdue") == ["A1"]
    write("A1", Kind.CANCELLED, "2025-11-18T12:00:00+07:00", reason="trùng")
    assert look(client, "standing=overdue") == []
    assert "A1" in look(client, "standing=cancelled")


def test_the_same_list_is_not_sorted_twice(client: Client) -> None:
    with CaptureQueriesContext(connection) as first:
        client.get(f"/tasks/{DAY}")
    with CaptureQueriesContext(connection) as second:
        page = client.get(f"/tasks/{DAY}")
    assert codes(page)[0] == "A1"
    assert len(second) < len(first)


def test_what_is_corrected_without_an_entry_is_asked_anew(client: Client) -> None:
    before = look(client, "sort=title")
    assert look(client, "text=dong+bo") == ["A1"]
    portfolio(tasks=[task("A1", "Việc khác", coordinating=["ATTP"]), *TASKS[1:]], events=[])
    assert look(client, "text=dong+bo") == []
    assert look(client, "sort=title") != before
    assert look(client, "lead=ATTP&role=coordinating") == ["A1"]


@pytest.mark.parametrize("order", [*ORDERS, *(f"-{name}" for name in ORDERS)])
def test_stretches_put_together_are_the_whole_list(
    order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(23)
    monkeypatch.setattr(chosen_tasks, "_STRETCH", 5)
    measure = Yardstick.at_instant(NOW, CalendarDay.objects.all().calendar())
    rows = rows_at(NOW).chosen(Question(), measure).in_order(order, NOW)
    whole = list(rows.values_list("task_id", flat=True))
    found = chosen_tasks.ChosenTasks(Then(NOW), lambda: rows, Question(), order, measure)
    assert len(found) == 23
    for first in range(0, 23, 4):
        for last in range(first + 1, 26, 3):
            shown = [candidate.key for candidate in found.candidates(slice(first, last))]
            assert shown == whole[first:last]
    assert [candidate.key for candidate in found.candidates(slice(None))] == whole


def test_departments_are_counted_anew_after_an_entry() -> None:
    take_in_work()

    def marks(at: str) -> dict[str, str]:
        instant = instant_from(at)
        rows = department_rows(Then.of(Viewpoint(instant, instant, instant)))
        return {row.department.code: row.mark for row in rows}

    assert marks("2025-11-18T17:00:00+07:00")["QLD"] == "OVERDUE: 1 task"
    write("Q1", Kind.PAUSED, "2025-11-18T17:30:00+07:00", reason="chờ")
    assert marks("2025-11-18T18:00:00+07:00")["QLD"] == ""


def test_waits_are_found_anew_after_an_entry() -> None:
    take_in_work()
    binh = person("binh", "reporter", "QLD")
    assert [row.task.code for row in MyWork(binh, NOW).asked.rows] == ["K1"]
    write("K1", Kind.UNBLOCKED, "2025-11-18T17:30:00+07:00", on="QLD")
    assert MyWork(binh, instant_from("2025-11-18T18:00:00+07:00")).asked.count == 0


def test_of_many_waits_the_oldest_are_shown_and_all_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take_in_work()
    for code, day in (("K2", 16), ("K4", 15), ("V1", 17)):
        write(code, Kind.BLOCKED, f"2025-11-{day}T08:00:00+07:00", on="QLD", reason="chờ")
    monkeypatch.setattr(asked_waits, "SHOWN", 2)
    chi = person("chi", "reporter", "QLD")
    asked = MyWork(chi, NOW).asked
    assert [row.task.code for row in asked.rows] == ["K1", "K4"]
    assert asked.count == 4
    assert "The first 2 of 4 are shown." in words(signed_in(chi).get("/my-work/"))


def test_waits_on_partners_that_were_answered_are_neither_shown_nor_counted() -> None:
    take_in_work()
    chi = person("chi", "operator", "VPB")
    asked = MyWork(chi, NOW).asked
    assert [(row.task.code, asked.count) for row in asked.rows] == [("Q1", 1)]
    answer_wait(
        event=Event.objects.get(number=asked.rows[0].number),
        answer=WaitAnswer.Answer.CONFIRMED,
        text="",
        now=NOW,
        by="chi",
    )
    assert MyWork(chi, NOW + timedelta(hours=1)).asked == Asked([], 0)


def test_the_migration_reads_what_the_snapshots_say() -> None:
    take_in_work()
    told = TaskSituation.objects.filter
    assert told(asked=True).exists()
    assert told(blocked=True).exists()
    assert told(extensions=3).exists()
    TaskSituation.objects.update(asked=False, blocked=False, extensions=0)
    import_module("tracking.migrations.0006_speed").read_snapshots(apps, None)
    assert differences() == []
