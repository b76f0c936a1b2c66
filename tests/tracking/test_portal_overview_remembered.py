"""Is what was counted before still so when it is said again?"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.tracking.admin_people import plan_file
from tests.tracking.imported import take_in
from tracking.actions.ledger import record
from tracking.models import Task
from tracking.models.attention import submissions
from tracking.models.course import overdue_at, planned_and_done
from tracking.models.tally import tallies, total
from tracking.models.then import Then
from tracking.rules.events import Kind
from tracking.rules.instants import instant_from, start_of

pytestmark = pytest.mark.django_db
NOW = instant_from("2025-11-18T17:00:00")
HOUR = timedelta(hours=1)


def counted(at: datetime, known_at: datetime | None = None) -> dict[str, Any]:
    then = Then(at, known_at)
    whole = total(tallies(then))
    return {
        **{name: number for name, number in whole.standings.items() if number},
        "pending": submissions(then, whole.pending).count,
        "months": [sum(month.values()) for month in overdue_at(then, [at])],
        "done": planned_and_done(then)[1].total(),
    }


def write(
    kind: Kind, at: datetime, *, takes_effect: datetime | None = None, **payload: Any
) -> None:
    record(
        task=Task.objects.get(),
        kind=kind,
        effective_at=takes_effect or at,
        recorded_at=at,
        by="leader" if kind is Kind.ACCEPTED else "reporter",
        payload=payload,
    )


def test_an_entry_is_counted_at_once() -> None:
    take_in(plan_file(), now=NOW)
    assert counted(NOW) == {"overdue": 1, "pending": 0, "months": [1], "done": 0}
    write(Kind.SUBMITTED, NOW + HOUR, note="xong")
    assert counted(NOW + 2 * HOUR)["pending"] == 1
    write(Kind.ACCEPTED, NOW + 2 * HOUR)
    assert counted(NOW + 3 * HOUR) == {
        "completed_late": 1,
        "pending": 0,
        "months": [0],
        "done": 1,
    }


def test_the_same_is_not_counted_twice() -> None:
    take_in(plan_file(), now=NOW)
    with CaptureQueriesContext(connection) as first:
        counted(NOW)
    with CaptureQueriesContext(connection) as second:
        assert counted(NOW + HOUR)["overdue"] == 1
    assert len(second) < len(first)


def test_midnight_makes_a_task_overdue_without_any_entry() -> None:
    take_in(plan_file(), now=NOW)
    end = start_of(instant_from("2025-11-11T00:00:00").date())
    assert counted(end - HOUR)["in_time"] == 1
    assert counted(end)["overdue"] == 1
    assert counted(end - HOUR)["in_time"] == 1


def test_what_was_announced_ahead_counts_from_its_instant_on() -> None:
    take_in(plan_file(), now=NOW)
    later = NOW + 3 * HOUR
    grant = {"due_on": "2025-12-31", "reading": "by"}
    write(Kind.EXTENSION_GRANTED, NOW, takes_effect=later, **grant)
    assert counted(NOW + HOUR)["overdue"] == 1
    assert counted(later - timedelta(seconds=1))["overdue"] == 1
    assert counted(later)["in_time"] == 1
    assert counted(NOW + HOUR)["overdue"] == 1


def test_what_was_known_then_is_counted_anew() -> None:
    take_in(plan_file(), now=NOW)
    write(Kind.SUBMITTED, NOW + HOUR, note="xong")
    assert counted(NOW + 2 * HOUR)["pending"] == 1
    assert counted(NOW + 2 * HOUR, known_at=NOW)["pending"] == 0
    assert counted(NOW + 2 * HOUR)["pending"] == 1
