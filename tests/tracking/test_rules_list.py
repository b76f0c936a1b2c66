"""Departments, marks, totals and movements of a list, without a database."""

from datetime import date
from typing import Any

import pytest

from tests.tracking.told import LATER, START, Line, assigned, due, story
from tracking.rules.calendar import WorkingCalendar
from tracking.rules.departments import DepartmentFacts, printed_under
from tracking.rules.events import visible
from tracking.rules.ledger import fold
from tracking.rules.lines import TaskFacts
from tracking.rules.progress_list import (
    ListFacts,
    ListRefused,
    Policy,
    RemarkFacts,
    Scope,
    check_sums,
    compose,
)

AS_OF = date(2025, 11, 20)
LATE = assigned("11-10")
IN_TIME = assigned("12-31")
DONE: tuple[Line, ...] = (*LATE, ("11-05", "submitted"), ("11-06", "accepted"))


def department(code: str, order: int = 1, **more: Any) -> DepartmentFacts:
    return DepartmentFacts(code, {"vi": code, "en": code}, order, **more)


def the_list(
    tasks: dict[str, tuple[Line, ...]],
    *,
    as_of: date = AS_OF,
    policy: Policy = Policy.OVERDUE,
    departments: tuple[DepartmentFacts, ...] = (department("QLD"), department("KCB", 2)),
    previous: dict[str, Any] | None = None,
    remarks: tuple[RemarkFacts, ...] = (),
) -> dict[str, Any]:
    scope = Scope(as_of=as_of, known_at=LATER, policy=policy)
    facts = ListFacts(
        departments={d.code: d for d in departments},
        partners={"BCA": {"vi": "Bộ Công an", "en": "MPS"}},
        plans={"02": {"name": {"vi": "Kế hoạch 02", "en": "Plan 02"}, "issued_on": None}},
        calendar=WorkingCalendar(),
        tasks=[_task(code, lines, scope) for code, lines in tasks.items()],
        previous=previous,
        remarks=remarks,
    )
    return compose(scope, facts)


def _task(code: str, lines: tuple[Line, ...], scope: Scope) -> TaskFacts:
    seen = visible(story(*lines), at=scope.at, known_at=scope.known_at)
    situation = fold(seen, start=START, at=scope.at)
    return TaskFacts(code, "02", {"vi": code, "en": code}, situation)


def under(content: dict[str, Any], code: str) -> dict[str, Any]:
    return next(d for d in content["departments"] if d["code"] == code)


OPTIONAL: Line = ("10-02", "requirement_changed", {"required": False})


@pytest.mark.parametrize(
    ("lines", "overdue", "incomplete"),
    [
        (LATE, True, True),
        (IN_TIME, False, True),
        (assigned(None), False, True),
        (DONE, False, False),
        ((*LATE, OPTIONAL), False, False),
        ((*LATE, ("11-01", "paused")), False, False),
        ((*LATE, ("11-09", "submitted")), False, False),
        ((*LATE, ("11-15", "submitted")), True, True),
        ((*assigned(None), ("11-15", "submitted")), False, False),
        ((*LATE, ("11-09", "submitted"), ("11-15", "returned")), True, True),
        ((*LATE, ("11-15", "blocked", {"on": "BCA"})), True, True),
    ],
    ids=[
        "overdue",
        "in time",
        "undated",
        "completed",
        "optional",
        "suspended",
        "pending in time",
        "pending late",
        "pending and undated",
        "returned",
        "waiting for a partner is no excuse",
    ],
)
def test_what_marks_a_department(lines: tuple[Line, ...], overdue: bool, incomplete: bool) -> None:
    for policy, marks in ((Policy.OVERDUE, overdue), (Policy.INCOMPLETE, incomplete)):
        found = under(the_list({"T1": lines}, policy=policy), "QLD")
        assert found["marked"] is marks
        assert found["reasons"] == (["T1"] if marks else [])


def test_every_active_department_stands_in_the_list_with_zeros_if_it_has_no_task() -> None:
    content = the_list({"T1": LATE})
    assert [d["code"] for d in content["departments"]] == ["QLD", "KCB"]
    assert sum(under(content, "KCB")["counts"].values()) == 0


def test_partners_are_waited_for_and_never_marked() -> None:
    content = the_list({"T1": (*LATE, ("11-15", "blocked", {"on": "BCA", "reason": "chờ"}))})
    (task,) = under(content, "QLD")["tasks"]
    assert task["waiting_for"] == ["BCA"]
    assert task["waiting"][0]["days"] == 5
    assert "BCA" not in [d["code"] for d in content["departments"]]


def ended(code: str, *successors: str, last: str = "2025-11-19") -> DepartmentFacts:
    return department(code, valid_to=date.fromisoformat(last), successors=successors)


def begun(code: str, first: str = "2025-11-20", **more: Any) -> DepartmentFacts:
    return department(code, 3, valid_from=date.fromisoformat(first), **more)


@pytest.mark.parametrize(
    ("departments", "place"),
    [
        ((ended("QLD", "MỚI"), begun("MỚI")), "MỚI"),
        ((ended("QLD", "A", "B"), begun("A"), begun("B")), "A"),
        ((ended("QLD", "A", "B"), ended("A"), begun("B")), "B"),
        ((ended("QLD", "A"), ended("A", "B"), begun("B")), "B"),
        ((ended("QLD", "A"), ended("A", "QLD")), "QLD"),
        ((ended("QLD"),), "QLD"),
        ((ended("QLD", "A"), begun("A", "2025-11-21")), "QLD"),
        ((department("QLD", valid_to=AS_OF),), "QLD"),
        ((begun("QLD", "2025-12-01", successors=("A",)), begun("A")), "QLD"),
    ],
    ids=[
        "renamed",
        "split: the first",
        "split: the first that is active",
        "a chain",
        "a circle",
        "no successor",
        "a successor not yet active",
        "the last day is inclusive",
        "a lead not active yet",
    ],
)
def test_under_whom_a_task_is_printed(departments: tuple[DepartmentFacts, ...], place: str) -> None:
    assert printed_under("QLD", {d.code: d for d in departments}, AS_OF) == place


def test_a_successor_is_marked_and_the_task_says_from_whom_it_was_taken_over() -> None:
    content = the_list({"T1": LATE}, departments=(ended("QLD", "MỚI"), begun("MỚI")))
    assert [d["code"] for d in content["departments"]] == ["MỚI"]
    (task,) = under(content, "MỚI")["tasks"]
    assert under(content, "MỚI")["marked"]
    assert (task["lead"], task["taken_over_from"]["code"]) == ("QLD", "QLD")


def test_an_earlier_day_still_knows_the_old_department() -> None:
    departments = (ended("QLD", "MỚI"), begun("MỚI"))
    content = the_list({"T1": LATE}, departments=departments, as_of=date(2025, 11, 19))
    assert [d["code"] for d in content["departments"]] == ["QLD"]


def test_departments_by_protocol_order_and_tasks_by_date_with_undated_last() -> None:
    tasks: dict[str, tuple[Line, ...]] = {
        "T3": assigned(None),
        "T2": LATE,
        "T1": IN_TIME,
        "T0": LATE,
    }
    content = the_list(tasks, departments=(department("QLD", 9), department("KCB", 2)))
    assert [d["code"] for d in content["departments"]] == ["KCB", "QLD"]
    assert [t["code"] for t in under(content, "QLD")["tasks"]] == ["T0", "T2", "T1", "T3"]


def test_due_and_its_shares_leave_out_undated_suspended_and_early_tasks() -> None:
    tasks = {
        "on time": DONE,
        "late": (*LATE, ("11-15", "submitted"), ("11-16", "accepted")),
        "overdue": LATE,
        "optional overdue": (*LATE, OPTIONAL),
        "pending in time": (*LATE, ("11-09", "submitted")),
        "early": (*IN_TIME, ("11-05", "submitted"), ("11-06", "accepted")),
        "undated": assigned(None),
        "suspended": (*LATE, ("11-01", "paused")),
        "cancelled": (*LATE, ("11-01", "cancelled")),
    }
    totals = the_list(tasks)["totals"]
    assert totals["in_scope"] == 8
    assert (totals["due"], totals["completed_of_due"], totals["on_time_of_due"]) == (5, 2, 1)
    assert totals["completed_early"] == 1


def test_a_list_whose_sums_do_not_add_up_is_refused() -> None:
    content = the_list({"T1": LATE, "T2": DONE})
    content["departments"][0]["counts"]["overdue"] += 1
    with pytest.raises(ListRefused, match="overdue"):
        check_sums(content)
    content["departments"][0]["counts"]["overdue"] -= 1
    content["departments"][0]["marked"] = False
    with pytest.raises(ListRefused, match="QLD"):
        check_sums(content)


def week_later(before: tuple[Line, ...], *more: Line) -> dict[str, Any]:
    """The movements from 20 to 27 November of one task."""
    first = the_list({"T1": before})
    later = the_list({"T1": (*before, *more)}, as_of=date(2025, 11, 27), previous=first)
    moved: dict[str, Any] = later["movements"]
    return moved


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (("11-25", "extension_granted", due("12-31")), "extended"),
        (("11-25", "cancelled"), "cancelled"),
        (("11-25", "reassigned", {"lead": "KCB"}), "reassigned"),
        (("11-25", "requirement_changed", {"required": False}), "requirement_changed"),
        (("11-25", "paused"), "paused"),
    ],
)
def test_an_unmarked_department_is_told_why(line: Line, why: str) -> None:
    (gone,) = week_later(LATE, line)["unmarked"]
    assert (gone["code"], gone["because"]) == ("QLD", [{"task": "T1", "why": why}])


def test_completion_unmarks() -> None:
    moved = week_later(LATE, ("11-25", "submitted"), ("11-26", "accepted"))
    assert moved["unmarked"][0]["because"] == [{"task": "T1", "why": "completed"}]
    assert moved["like_for_like"]["before"]["overdue"] == 1
    assert moved["like_for_like"]["now"]["completed_late"] == 1


def test_the_third_list_running_says_so() -> None:
    content = None
    for day in (13, 20, 27):
        content = the_list({"T1": LATE}, as_of=date(2025, 11, day), previous=content)
    assert content is not None
    assert under(content, "QLD")["times_running"] == 3
    assert content["movements"]["still_marked"][0]["times"] == 3
    assert content["movements"]["marked"] == []


def test_a_mark_after_a_clean_list_is_new() -> None:
    first = the_list({"T1": LATE}, as_of=date(2025, 11, 9))
    second = the_list({"T1": LATE}, previous=first)
    assert [d["code"] for d in second["movements"]["marked"]] == ["QLD"]
    assert under(second, "QLD")["times_running"] == 1


def test_cancelled_and_reassigned_tasks_are_printed_in_the_movements() -> None:
    cancelled = week_later(LATE, ("11-25", "cancelled", {"reason": "trùng"}))["cancelled"]
    assert [(row["task"], row["was"], row["reason"]) for row in cancelled] == [
        ("T1", "overdue", "trùng")
    ]
    (moved,) = week_later(LATE, ("11-25", "reassigned", {"lead": "KCB"}))["reassigned"]
    assert (moved["from"], moved["to"]) == ("QLD", "KCB")


def test_the_first_list_has_nothing_to_compare_with() -> None:
    moved = the_list({"T1": LATE})["movements"]
    assert moved["since"] is None
    assert moved["marked"] == moved["unmarked"] == moved["still_marked"] == []
