"""Issuing, superseding, verifying: what an issued list promises."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from tests.tracking.imported import NOW, take_in
from tracking.actions.calendar import keep_version
from tracking.actions.ledger import record
from tracking.actions.progress_lists import draft, issue
from tracking.actions.refusals import Refused
from tracking.actions.verification import verify, verify_content
from tracking.models import CalendarDay, Department, Plan, ProgressList, Task, User
from tracking.rules.canonical import canonical, sha256_of
from tracking.rules.events import Kind
from tracking.rules.instants import instant_from
from tracking.rules.progress_list import Scope

pytestmark = pytest.mark.django_db

AS_OF = date(2025, 11, 18)
K = instant_from("2025-11-18T17:00")
SCOPE = Scope(as_of=AS_OF, known_at=K)


def event(task: str, kind: str, day: str, recorded: str | None = None, **payload: Any) -> Any:
    row = {"task": task, "kind": kind, "effective_at": f"{day}T08:00:00", "payload": payload}
    return row | ({"recorded_at": f"{recorded}T08:00:00"} if recorded else {})


def plan_file(tasks: int = 2, events: tuple[Any, ...] = ()) -> dict[str, Any]:
    codes = [f"T{n}" for n in range(1, tasks + 1)]
    begun = [
        row
        for code in codes
        for row in (
            event(code, "assigned", "2025-10-01"),
            event(code, "deadline_set", "2025-10-01", due_on="2025-11-10"),
        )
    ]
    return {
        "format": "progress-plan/1",
        "departments": [
            {"code": "QLD", "name": {"vi": "Cục Quản lý Dược"}, "order": 1},
            {"code": "KCB", "name": {"vi": "Cục Quản lý Khám, chữa bệnh"}, "order": 2},
        ],
        "partners": [{"code": "BCA", "name": {"vi": "Bộ Công an"}, "kind": "ministry"}],
        "plans": [
            {"code": "02", "name": {"vi": "Kế hoạch 02"}},
            {"code": "06", "name": {"vi": "Đề án 06"}},
        ],
        "tasks": [
            {"code": c, "plan": "02" if n % 2 else "06", "title": {"vi": c}, "lead": "QLD"}
            for n, c in enumerate(codes)
        ],
        "events": [*begun, *events],
    }


@pytest.fixture
def plan() -> None:
    take_in(plan_file())


def issued(scope: Scope = SCOPE, now: datetime = NOW, **more: Any) -> ProgressList:
    return issue(scope, now=now, by="an", **more)[0]


def test_as_reported_then_and_as_corrected_since_can_both_be_printed() -> None:
    late_entry = (
        event("T1", "submitted", "2025-11-05", "2025-11-25"),
        event("T1", "accepted", "2025-11-06", "2025-11-25"),
    )
    take_in(plan_file(events=late_entry))
    then, since = draft(SCOPE), draft(replace(SCOPE, known_at=NOW))
    assert then["departments"][0]["counts"]["overdue"] == 2
    assert since["departments"][0]["counts"]["overdue"] == 1
    assert since["departments"][0]["counts"]["completed_on_time"] == 1


@pytest.mark.usefixtures("plan")
def test_knowledge_before_any_event_gives_every_department_with_zeros() -> None:
    content = draft(replace(SCOPE, known_at=instant_from("2024-01-01")))
    assert [d["code"] for d in content["departments"]] == ["QLD", "KCB"]
    assert content["totals"]["in_scope"] == 0


@pytest.mark.usefixtures("plan")
def test_a_forecast_is_printed_as_such_and_never_issued() -> None:
    ahead = replace(SCOPE, as_of=AS_OF + timedelta(days=1))
    assert draft(ahead)["forecast"] is True
    assert draft(SCOPE)["forecast"] is False
    with pytest.raises(Refused, match="forecast"):
        issued(ahead)


@pytest.mark.usefixtures("plan")
def test_a_list_is_not_issued_with_knowledge_of_the_future() -> None:
    with pytest.raises(Refused, match="future"):
        issued(now=K - timedelta(seconds=1))


@pytest.mark.usefixtures("plan")
def test_the_same_slot_is_issued_once() -> None:
    first, new = issue(SCOPE, now=NOW, by="an")
    again, newer = issue(replace(SCOPE, known_at=NOW), now=NOW, by="binh")
    assert (new, newer) == (True, False)
    assert again == first
    assert ProgressList.objects.count() == 1


@pytest.mark.usefixtures("plan")
def test_other_plans_or_another_policy_are_another_series() -> None:
    issued()
    issued(replace(SCOPE, plans=("02",)))
    other = issued(Scope(as_of=AS_OF, known_at=K, policy=SCOPE.policy.INCOMPLETE))
    assert other.number == 3
    assert other.as_content()["movements"]["since"] is None


@pytest.mark.usefixtures("plan")
def test_superseding_needs_a_reason_and_the_newest_list() -> None:
    issued()
    with pytest.raises(Refused, match="reason"):
        issued(supersedes=1, reason=" ")
    with pytest.raises(Refused, match="no list 7"):
        issued(supersedes=7, reason="x")
    second = issued(supersedes=1, reason="nhập bổ sung")
    assert second.as_content()["supersedes"] == {"number": 1, "reason": "nhập bổ sung"}
    assert second.previous_sha256 == ProgressList.objects.get(number=1).sha256
    with pytest.raises(Refused, match="superseded already"):
        issued(supersedes=1, reason="x")
    assert issue(SCOPE, now=NOW, by="an") == (second, False)


@pytest.mark.usefixtures("plan")
def test_movements_are_since_the_list_before_that_still_stands() -> None:
    week = Scope(as_of=date(2025, 11, 11), known_at=instant_from("2025-11-11T17:00"))
    issued(week)
    issued(week, supersedes=1, reason="x")
    third = issued(SCOPE).as_content()
    assert third["movements"]["since"]["number"] == 2
    assert third["departments"][0]["times_running"] == 2


@pytest.mark.usefixtures("plan")
def test_nothing_that_happens_later_changes_an_issued_list() -> None:
    one = issued()
    before = one.content
    Department.objects.filter(code="QLD").update(name_vi="Tên khác")
    Plan.objects.filter(code="02").update(name_vi="Tên khác")
    CalendarDay.objects.create(day=date(2025, 11, 12), working=False)
    keep_version(now=NOW, by="an")
    User.objects.create_user("an").delete()
    task = Task.objects.get(code="T1")
    done: dict[str, Any] = {"task": task, "effective_at": NOW, "recorded_at": NOW}
    record(kind=Kind.SUBMITTED, by="binh", **done)
    record(kind=Kind.ACCEPTED, by="an", **done)
    ended = Department.objects.get(code="QLD")
    ended.valid_to = date(2025, 11, 1)
    ended.save()
    one.refresh_from_db()
    assert one.content == before
    assert verify(one) == []


@pytest.mark.usefixtures("plan")
def test_an_entry_recorded_as_late_as_the_list_stands_just_behind_it() -> None:
    one = issued(now=K)
    entry = record(
        task=Task.objects.get(code="T1"),
        kind=Kind.PROGRESS_REPORTED,
        effective_at=K,
        recorded_at=K,
        by="binh",
    )
    assert entry.recorded_at > one.known_at
    assert verify(one) == []


def tampered(one: ProgressList, **changes: Any) -> ProgressList:
    """Another row with a changed content and a hash that fits it, as a forger would write."""
    content = one.as_content() | changes
    content["sha256"] = sha256_of(content)
    return ProgressList(
        number=one.number,
        as_of=one.as_of,
        known_at=one.known_at,
        series=one.series,
        content=canonical(content).decode(),
        sha256=content["sha256"],
        previous_sha256=one.previous_sha256,
        issued_at=one.issued_at,
    )


@pytest.mark.usefixtures("plan")
def test_each_kind_of_tampering_is_told() -> None:
    one = issued()
    content = one.as_content()
    content["departments"][0]["tasks"][0]["standing"] = "in_time"
    found = verify(tampered(one, departments=content["departments"]))
    assert any("T1, standing" in s for s in found)
    content = one.as_content()
    content["departments"][0]["tasks"].pop()
    found = verify(tampered(one, departments=content["departments"]))
    assert any("T2 is in the ledger" in s for s in found)
    found = verify(tampered(one, totals=content["totals"] | {"due": 0}))
    assert any("totals, due" in s for s in found)
    found = verify(tampered(one, previous="0" * 64))
    assert any("previous" in s for s in found)
    wrong_hash = tampered(one)
    wrong_hash.content = wrong_hash.content.replace('"overdue":2', '"overdue":1', 1)
    assert any(s.startswith("hash:") for s in verify(wrong_hash))
    broken = tampered(one)
    broken.content = "{"
    assert verify(broken) == ["the stored content is not JSON"]


@pytest.mark.usefixtures("plan")
def test_the_chain_is_checked() -> None:
    issued(Scope(as_of=date(2025, 11, 11), known_at=instant_from("2025-11-11T17:00")))
    second = issued()
    second.previous_sha256 = "0" * 64
    assert any(s.startswith("chain:") for s in verify(second))
    second.number = 9
    assert any("8, is missing" in s for s in verify(second))


@pytest.mark.usefixtures("plan")
def test_a_list_in_a_file_is_held_against_the_register() -> None:
    one = issued()
    assert verify_content(one.as_content()) == []
    forged = one.as_content() | {"policy": "overdue", "known_at": "2025-11-18T16:00:00+07:00"}
    forged["sha256"] = sha256_of(forged)
    assert any("another hash" in s for s in verify_content(forged))
    unknown = one.as_content() | {"number": 5}
    unknown["sha256"] = sha256_of(unknown)
    assert any("no list 5" in s for s in verify_content(unknown))


@pytest.mark.usefixtures("plan")
def test_a_plan_filter_keeps_its_tasks_only_and_an_unknown_plan_is_refused() -> None:
    content = draft(replace(SCOPE, plans=("02",)))
    assert [t["plan"] for d in content["departments"] for t in d["tasks"]] == ["02"]
    assert content["plans"] == ["02"]
    with pytest.raises(Refused, match="07"):
        draft(replace(SCOPE, plans=("07",)))


@pytest.mark.parametrize("known_at", [K, NOW])  # read from the ledger, from the projection
def test_a_list_takes_the_same_queries_whatever_its_size(known_at: datetime) -> None:
    counts = []
    for tasks in (5, 200):
        since = (event(f"T{n}", "progress_reported", "2025-12-01") for n in range(1, tasks))
        take_in(plan_file(tasks, tuple(since)))
        with CaptureQueriesContext(connection) as queries:
            draft(replace(SCOPE, known_at=known_at))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 22


def test_changing_the_calendar_moves_no_deadline_and_no_standing() -> None:
    take_in(plan_file())
    before = draft(SCOPE)
    for day in (10, 11, 12):
        CalendarDay.objects.create(day=date(2025, 11, day), working=False)
    one, other = (content["departments"][0]["tasks"][0] for content in (before, draft(SCOPE)))
    assert (one["late_working_days"], one | {"late_working_days": 4}) == (6, other)


@pytest.mark.usefixtures("plan")
def test_a_list_knows_neither_the_zone_nor_the_language_of_its_reader() -> None:
    here = draft(SCOPE)
    with timezone.override("Pacific/Kiritimati"), translation.override("vi"):
        assert draft(SCOPE) == here


@pytest.mark.usefixtures("plan")
def test_a_day_has_one_list_that_stands_whatever_was_superseded() -> None:
    later = Scope(as_of=date(2025, 11, 20), known_at=NOW)
    issued()
    issued(later)
    with suppress(Refused):
        issued(later, supersedes=1, reason="x")
    assert ProgressList.objects.standing_ones().filter(as_of=later.as_of).count() == 1


@pytest.mark.usefixtures("plan")
def test_a_row_forged_into_the_register_breaks_the_chain() -> None:
    forged = tampered(issued(), number=2, as_of="2025-11-19")
    forged.number, forged.as_of = 2, date(2025, 11, 19)
    forged.save()
    assert any(s.startswith("chain:") for s in verify(ProgressList.objects.get(number=2)))
