"""What the database itself refuses, whoever asks."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from databases.actions.seed import seed_databases
from databases.models import StageChange
from tests.tracking.imported import NOW
from tracking.actions.calendar import keep_version
from tracking.actions.progress_lists import issue
from tracking.actions.seed import seed
from tracking.models import CalendarVersion, Event, ProgressList, Task
from tracking.rules.instants import instant_from
from tracking.rules.progress_list import Scope

pytestmark = pytest.mark.django_db
K = instant_from("2025-11-18T17:00")


@pytest.fixture(autouse=True)
def filled() -> None:
    seed(now=NOW, illustrative=False)
    seed_databases()
    keep_version(now=NOW, by="an")
    issue(Scope(as_of=date(2025, 11, 18), known_at=K), now=K, by="an")


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("tracking_event", "actor"),
        ("tracking_progresslist", "reason"),
        ("tracking_calendarversion", "actor"),
        ("databases_stagechange", "note"),
    ],
)
def test_rows_with_a_history_are_neither_changed_nor_deleted(table: str, column: str) -> None:
    for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(IntegrityError):
            run(statement)


def entered(kind: str, day: str, actor: str, number: int) -> Event:
    moment: Any = instant_from(f"{day}T08:00")
    return Event.objects.create(
        number=number,
        task=Task.objects.get(code="KL1811-01"),
        kind=kind,
        effective_at=moment,
        recorded_at=moment,
        actor=actor,
    )


@pytest.mark.parametrize(
    ("asked", "decided"),
    [
        ("submitted", "accepted"),
        ("submitted", "returned"),
        ("extension_requested", "extension_granted"),
        ("extension_requested", "extension_refused"),
    ],
)
def test_nobody_approves_their_own_work_even_by_hand(asked: str, decided: str) -> None:
    entered(asked, "2025-12-01", "binh", 9001)
    with pytest.raises(IntegrityError), transaction.atomic():
        entered(decided, "2025-12-02", "binh", 9002)
    entered(decided, "2025-12-02", "an", 9003)


@pytest.mark.parametrize("model", [Event, ProgressList, CalendarVersion, StageChange])
def test_the_models_change_and_delete_no_row_either(model: Any) -> None:
    row = model.objects.first()
    for change in (row.save, row.delete, model.objects.all().delete):
        with pytest.raises((IntegrityError, ProtectedError)), transaction.atomic():
            change()
    assert model.objects.filter(pk=row.pk).exists()


KEYS = {"tracking_event": "number", "tracking_progresslist": "id"}


@pytest.mark.parametrize("table", KEYS)
def test_a_conflicting_insert_updates_no_row(table: str) -> None:
    key = KEYS[table]
    with pytest.raises(IntegrityError):
        run(
            f"INSERT INTO {table} SELECT * FROM {table} WHERE true "
            f"ON CONFLICT ({key}) DO UPDATE SET {key} = {table}.{key}"
        )


@pytest.mark.parametrize("table", KEYS)
def test_a_conflicting_insert_replaces_no_row(table: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite replaces rows")
    with pytest.raises(IntegrityError):
        run(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def test_a_new_entry_and_a_new_list_are_still_taken() -> None:
    entered("progress_reported", "2025-12-01", "binh", 9001)
    later = Scope(as_of=date(2025, 11, 19), known_at=instant_from("2025-11-19T17:00"))
    assert issue(later, now=later.known_at, by="an")[1]


def test_who_was_answered_may_decide_without_a_request_afterwards() -> None:
    entered("extension_requested", "2025-12-01", "binh", 9001)
    entered("extension_refused", "2025-12-02", "an", 9002)
    entered("extension_granted", "2025-12-03", "binh", 9003)


def test_who_submitted_first_may_accept_the_later_submission_of_another() -> None:
    entered("submitted", "2025-12-01", "binh", 9001)
    entered("returned", "2025-12-02", "an", 9002)
    entered("submitted", "2025-12-03", "an", 9003)
    entered("accepted", "2025-12-04", "binh", 9004)


def test_the_import_itself_equals_nobody() -> None:
    entered("submitted", "2025-12-01", "", 9001)
    entered("accepted", "2025-12-02", "", 9002)
