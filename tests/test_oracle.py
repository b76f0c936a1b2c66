"""Does the slow reading say what a person finds by hand?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.illegal_steps import BROKEN, broken
from tests.ledgers import Json, days, illegal_plan_files, lists, plan_files
from tests.oracle import faults, progress_list

LATER = "2026-12-31T23:59:59+07:00"
GENERATED = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def event(when: str, kind: str, task: str = "T1", recorded: str | None = None, **rest: Any) -> Json:
    """A row of `events`; `when` is a day of 2025 or an instant, the rest its payload."""
    row: Json = {"task": task, "kind": kind, "effective_at": moment(when), "payload": rest}
    return row | ({"recorded_at": moment(recorded)} if recorded else {})


def moment(text: str) -> str:
    """`11-10` is 09:00 of that day of 2025; `11-10T00:00:00` that instant."""
    return f"2025-{text}+07:00" if "T" in text else f"2025-{text}T09:00:00+07:00"


def due(day: str | None, when: str = "11-03", kind: str = "deadline_set", **rest: Any) -> Json:
    """A deadline, set on Monday 3 November 2025 unless told otherwise."""
    return event(when, kind, due_on=day and f"2025-{day}", **rest)


START = event("11-03", "assigned")


def plan_of(*events: Json, **registers: Any) -> Json:
    """A plan file with one department and one required task."""
    return {
        "format": "progress-plan/1",
        "departments": [{"code": "QLD", "order": 10}],
        "plans": [{"code": "P"}],
        "tasks": [{"code": "T1", "plan": "P", "lead": "QLD", "required": True}],
        "events": list(events),
        **registers,
    }


def ask(plan: Json, as_of: str, **changes: Any) -> Json:
    """The list of that day of 2025 as known a year later."""
    question = {"known_at": LATER, "policy": "overdue", "plans": None, **changes}
    return progress_list(plan, as_of=f"2025-{as_of}", **question)


def line(as_of: str, *events: Json, **changes: Any) -> Json:
    """The line of the only task on that day."""
    found: Json = ask(plan_of(START, *events), as_of, **changes)["departments"][0]["tasks"][0]
    return found


def test_due_today_is_not_overdue_today() -> None:
    assert line("11-10", due("11-10"))["standing"] == "in_time"
    late = line("11-11", due("11-10"))
    assert (late["standing"], late["late_calendar_days"], late["breaches"]) == ("overdue", 1, 1)
    assert line("11-10", due("11-10", reading="before"))["standing"] == "overdue"


def test_weekend_is_late_without_a_working_day() -> None:
    found = line("11-08", due("11-07"))  # Friday, judged on Saturday
    assert (found["late_calendar_days"], found["late_working_days"]) == (1, 0)
    plan = plan_of(START, due("11-07"), calendar=[{"day": "2025-11-08", "working": True}])
    assert ask(plan, "11-08")["departments"][0]["tasks"][0]["late_working_days"] == 1


def test_submission_counts_not_its_acceptance() -> None:
    made = event("11-10T23:59:59.999999", "submitted", evidence="x")
    done = [due("11-10"), made, event("11-20", "accepted")]
    assert line("11-15", *done)["flags"] == ["pending"]
    found = line("11-30", *done)
    assert (found["standing"], found["breaches"]) == ("completed_on_time", 0)
    assert found["submitted_at"] == "2025-11-10T23:59:59.999999+07:00"


def test_submission_at_the_end_is_late() -> None:
    made = event("11-11T00:00:00", "submitted")
    found = line("11-14", due("11-10"), made)
    assert found["flags"] == ["no_information", "pending_late"]
    assert (found["standing"], found["late_calendar_days"], found["breaches"]) == ("overdue", 1, 1)
    found = line("11-14", due("11-10"), made, event("11-13", "accepted"))
    assert (found["standing"], found["late_calendar_days"]) == ("completed_late", 1)


def test_return_takes_the_credit_back() -> None:
    story = [due("11-10"), event("11-09", "submitted"), event("11-14", "returned")]
    assert line("11-12", *story)["breaches"] == 0
    found = line("11-14", *story)
    assert (found["standing"], found["breaches"], found["late_calendar_days"]) == ("overdue", 1, 4)


def test_grants_count_by_last_day() -> None:
    grants = [
        due("11-12", "11-05", "extension_granted"),
        due("11-13", "11-06", "extension_granted", reading="before"),
        due("11-11", "11-07", "extension_granted"),
    ]
    found = line("11-08", due("11-10"), *grants)
    assert (found["extensions"], found["original_due_on"]) == (1, "2025-11-10")
    assert found["flags"] == ["due_soon", "extended", "reduced"]
    first = line("11-06", due(None), due("11-20", "11-05", "extension_granted"))
    assert (first["extensions"], first["flags"], first["original_due_on"]) == (0, [], None)


def test_grant_at_the_exact_end_is_late() -> None:
    found = line("11-12", due("11-10"), due("11-20", "11-11T00:00:00", "extension_granted"))
    assert (found["standing"], found["breaches"]) == ("in_time", 1)
    assert "extended_late" in found["flags"]
    found = line("11-12", due("11-10"), due("11-20", "11-10T23:59:59.999999", "extension_granted"))
    assert (found["breaches"], "extended_late" in found["flags"]) == (0, False)


def test_deadline_already_past_counts_at_once() -> None:
    assert line("11-03", due("11-01"))["breaches"] == 1
    twice = line("11-05", due("11-01"), due("11-02", "11-04", "extension_granted"))
    assert twice["breaches"] == 2


def test_late_submission_then_extension() -> None:
    story = [
        due("11-05"),
        event("11-07", "submitted"),
        due("11-20", "11-08", "extension_granted"),
        event("11-09", "accepted"),
    ]
    waiting = line("11-08", *story)
    assert (waiting["standing"], "pending" in waiting["flags"]) == ("in_time", True)
    found = line("11-09", *story)
    assert (found["standing"], found["late_calendar_days"]) == ("completed_late", 2)
    assert found["due_on"] == "2025-11-20"


def test_pause_hides_no_new_breach_and_moves_no_date() -> None:
    story = [due("11-10"), event("11-08", "paused"), event("11-13", "resumed")]
    found = line("11-12", *story)
    assert (found["standing"], found["breaches"]) == ("paused", 0)
    assert line("11-13", *story)["late_calendar_days"] == 3


def test_resuming_at_the_end_breaches_and_submitting_before_does_not() -> None:
    story = [due("11-10"), event("11-08", "paused"), event("11-11T00:00:00", "resumed")]
    assert line("11-11", *story)["breaches"] == 1
    early = event("11-07", "submitted")
    assert line("11-11", early, *story)["breaches"] == 0


def test_reopened_is_overdue_from_the_reopening() -> None:
    story = [
        due("11-05"),
        event("11-04", "submitted"),
        event("11-06", "accepted"),
        event("11-10", "reopened"),
    ]
    assert line("11-09", *story)["breaches"] == 0
    found = line("11-10", *story)
    assert (found["standing"], found["late_calendar_days"]) == ("overdue", 5)
    assert (found["breaches"], found["flags"]) == (1, ["reopened"])
    assert found["submitted_at"] is None


def test_evidence_counts_in_its_own_episode() -> None:
    proof, made = event("11-04", "evidence_recorded"), event("11-05", "submitted")
    done = [due(None), proof, made, event("11-06", "accepted")]
    assert line("11-06", *done)["flags"] == []
    again = [*done, event("11-07", "reopened"), event("11-08", "submitted")]
    assert line("11-08", *again)["flags"] == ["no_information", "pending", "reopened"]


def test_stale_after_more_than_ten_working_days() -> None:
    assert line("11-17", due(None))["flags"] == []  # 3 November to 17 November: ten
    assert line("11-18", due(None))["flags"] == ["stale"]
    assert line("11-18", due(None), event("11-04", "progress_reported"))["flags"] == []


def test_blocks_wait_for_nobody_once_completed() -> None:
    story = [
        due(None),
        event("11-04", "blocked", on="BCA"),
        event("11-05", "submitted", product="x"),
        event("11-06", "accepted"),
        event("11-07", "reopened"),
        event("11-08", "unblocked", on="BCA"),
    ]
    assert line("11-05", *story)["waiting_for"] == ["BCA"]
    assert line("11-06", *story)["waiting_for"] == []
    assert line("11-07", *story)["flags"] == ["blocked", "reopened"]
    assert line("11-08", *story)["waiting_for"] == []


def test_only_what_was_known_has_effect() -> None:
    story = [
        due("11-10"),
        event("11-08", "submitted", recorded="11-20"),
        event("11-12", "accepted"),
    ]
    then = "2025-11-15T00:00:00+07:00"
    assert line("11-14", *story, known_at=then)["standing"] == "overdue"
    assert line("11-14", *story)["standing"] == "completed_on_time"
    empty = ask(plan_of(START, *story), "11-14", known_at="2025-01-01T00:00:00+07:00")
    assert (empty["totals"]["in_scope"], empty["departments"][0]["marked"]) == (0, False)
    assert sum(empty["departments"][0]["counts"].values()) == 0


def test_policies_mark_differently() -> None:
    plan = plan_of(START, due("11-20"))
    assert ask(plan, "11-10")["departments"][0]["marked"] is False
    assert ask(plan, "11-10", policy="incomplete")["departments"][0]["reasons"] == ["T1"]
    waiting = plan_of(START, due(None), event("11-05", "submitted"))
    assert ask(waiting, "11-10", policy="incomplete")["departments"][0]["marked"] is False
    optional = plan_of(START, due("11-05"), event("11-06", "requirement_changed", required=False))
    assert ask(optional, "11-10")["departments"][0]["marked"] is False
    assert ask(optional, "11-10")["departments"][0]["counts"]["overdue"] == 1


def test_successor_takes_over_and_no_task_is_dropped() -> None:
    offices: list[Json] = [
        {"code": "QLD", "order": 1, "valid_to": "2025-11-09", "succeeded_by": ["KCB", "BHYT"]},
        {"code": "KCB", "order": 3, "valid_to": "2025-11-10"},
        {"code": "BHYT", "order": 2, "valid_from": "2025-11-10", "valid_to": "2025-11-11"},
    ]
    plan = plan_of(START, due("11-05"), departments=offices)
    held = {
        day: {row["code"]: len(row["tasks"]) for row in ask(plan, day)["departments"]}
        for day in ("11-09", "11-10", "11-11", "11-12")
    }
    assert held["11-09"] == {"QLD": 1, "KCB": 0}
    assert held["11-10"] == {"BHYT": 0, "KCB": 1}
    assert held["11-11"] == {"BHYT": 1}
    assert held["11-12"] == {"QLD": 1}


def test_totals_of_due() -> None:
    plan = plan_of(START, due("11-10"), event("11-05", "submitted"), event("11-06", "accepted"))
    totals = {"in_scope": 1, "due": 0, "completed_of_due": 0, "on_time_of_due": 0}
    assert ask(plan, "11-10")["totals"] == totals
    totals |= {"due": 1, "completed_of_due": 1, "on_time_of_due": 1}
    assert ask(plan, "11-11")["totals"] == totals


def test_cancelled_is_out_of_scope() -> None:
    plan = plan_of(START, due("11-05"), event("11-10", "cancelled"))
    assert ask(plan, "11-09")["totals"]["in_scope"] == 1
    assert ask(plan, "11-10")["totals"]["in_scope"] == 0


@pytest.mark.parametrize("rule", BROKEN)
def test_each_rule_is_refused_once(rule: str) -> None:
    offices = [{"code": "QLD"}, {"code": "KCB"}]
    plan = plan_of(START, departments=offices, partners=[{"code": "BCA"}])
    assert faults(plan) == []
    assert len(faults(broken(plan, rule))) == 1


@GENERATED
@given(illegal_plan_files())
def test_illegal_files_have_one_fault(case: tuple[str, Json]) -> None:
    rule, plan_file = case
    assert len(faults(plan_file)) == 1, rule


@GENERATED
@given(lists())
def test_legal_files_have_no_fault_and_partition(case: tuple[Json, Json]) -> None:
    plan_file, question = case
    assert faults(plan_file) == []
    found = progress_list(plan_file, **question)
    rows = found["departments"]
    assert found["totals"]["in_scope"] == sum(sum(row["counts"].values()) for row in rows)
    assert all(row["marked"] == bool(row["reasons"]) for row in rows)
    lines = [task for row in rows for task in row["tasks"]]
    assert all(task["standing"] != "overdue" or task["breaches"] for task in lines)


@GENERATED
@given(st.data())
def test_breaches_only_grow(data: st.DataObject) -> None:
    plan_file = data.draw(plan_files())
    first, second = sorted([data.draw(days(plan_file)), data.draw(days(plan_file))])
    old, new = (breaches(plan_file, day) for day in (first, second))
    assert all(new.get(code, count) >= count for code, count in old.items())


def breaches(plan_file: Json, as_of: str) -> dict[str, int]:
    """Task code: breaches, as known for ever."""
    found = progress_list(
        plan_file, as_of=as_of, known_at="2099-01-01T00:00:00+07:00", policy="overdue", plans=None
    )
    return {task["code"]: task["breaches"] for row in found["departments"] for task in row["tasks"]}
