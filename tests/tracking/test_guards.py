"""What the database itself refuses, whoever asks."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from databases.actions.seed import seed_databases
from tests.tracking.imported import NOW
from tracking.actions.calendar import keep_version
from tracking.actions.progress_lists import issue
from tracking.actions.seed import seed
from tracking.models import Event, Task
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


def test_the_import_itself_equals_nobody() -> None:
    entered("submitted", "2025-12-01", "", 9001)
    entered("accepted", "2025-12-02", "", 9002)
