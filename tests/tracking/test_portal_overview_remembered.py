"""Is what was counted before still so when it is said again?"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.tracking.admin_people import plan_file, signed_in
from tests.tracking.imported import take_in
from tracking.actions.ledger import record
from tracking.actions.progress_lists import issue
from tracking.models import Department, Task
from tracking.models.attention import submissions
from tracking.models.course import overdue_at, planned_and_done
from tracking.models.tally import tallies, total
from tracking.models.then import Then
from tracking.rules.events import Kind
from tracking.rules.instants import day_of, instant_from, start_of
from tracking.rules.progress_list import Scope

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


def page_of(client: Client, asked: str = "", **headers: str) -> str:
    response = client.get(f"/{asked}", headers=headers)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_page_drawn_before_shows_an_entry_at_once() -> None:
    take_in(plan_file(), now=NOW)
    leader = signed_in("leader")
    assert "OVERDUE: 1 task" in page_of(leader)
    assert "OVERDUE: 1 task" in page_of(leader)
    write(Kind.PAUSED, timezone.now(), reason="chờ")
    assert "OVERDUE: 1 task" not in page_of(leader)


def test_a_page_drawn_before_shows_a_corrected_name_and_an_issued_list_at_once() -> None:
    take_in(plan_file(), now=NOW)
    leader = signed_in("leader")
    first = page_of(leader)
    assert "There is no earlier list to compare with." in first
    Department.objects.filter(code="QLD").update(name_en="Another Name")
    assert "<u>Another Name</u>" in page_of(leader)
    issue(Scope(as_of=day_of(NOW), known_at=NOW), now=NOW, by="operator")
    assert "There is no earlier list to compare with." not in page_of(leader)


def test_what_was_drawn_for_one_reader_is_not_shown_to_one_who_reads_otherwise() -> None:
    take_in(plan_file(), now=NOW)
    write(Kind.SUBMITTED, NOW + HOUR, note="xong", product="báo cáo")
    issue(Scope(as_of=day_of(NOW), known_at=NOW), now=NOW, by="operator")
    leader, inspector = signed_in("leader"), signed_in("inspector")
    way = 'href="/verification/"'
    for _again in range(2):
        assert way not in page_of(inspector).partition("<main")[2]
        assert way in page_of(leader).partition("<main")[2]
    assert "Departments marked" in page_of(leader)
    assert "Departments marked" not in page_of(leader, **{"Accept-Language": "vi"})
    asked = f"as_of={timezone.localdate()}"
    assert asked not in page_of(leader).partition("<main")[2]
    assert asked in page_of(leader, f"?{asked}").partition("<main")[2]
    assert asked not in page_of(leader).partition("<main")[2]
    assert "0/2" in page_of(leader, "?as_of=2025-11-18&known_at=2024-01-01")


def test_departments_drawn_before_show_an_entry_at_once() -> None:
    take_in(plan_file(), now=NOW)
    leader = signed_in("leader")
    for _again in range(2):
        table = leader.get("/departments/").content.decode()
        assert "1 of 2 departments are marked." in table
    write(Kind.PAUSED, timezone.now(), reason="chờ")
    assert "0 of 2 departments are marked." in leader.get("/departments/").content.decode()
