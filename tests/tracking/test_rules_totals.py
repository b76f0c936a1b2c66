"""What is due, what adds up, and what makes a list be refused."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.tracking.test_rules_list import DONE, IN_TIME, LATE, OPTIONAL, the_list
from tests.tracking.told import Line, assigned, due
from tracking.rules.progress_list import ListRefused, check_sums
from tracking.rules.standing import Standing

SUBMITTED: Line = ("11-05", "submitted")
ACCEPTED: Line = ("11-06", "accepted")


def counted(*lines: Line, as_of: str = "2025-11-20") -> tuple[int, int, int, int]:
    """due, completed of due, on time of due, completed early, of one task."""
    totals = the_list({"T1": lines}, as_of=date.fromisoformat(as_of))["totals"]
    keys = ("due", "completed_of_due", "on_time_of_due", "completed_early")
    due_, completed, on_time, early = (totals[key] for key in keys)
    return due_, completed, on_time, early


def test_a_task_is_due_from_the_day_after_its_last_day_in_time() -> None:
    assert counted(*LATE, as_of="2025-11-10") == (0, 0, 0, 0)
    assert counted(*LATE, as_of="2025-11-11") == (1, 0, 0, 0)


def test_before_a_day_is_due_on_that_day() -> None:
    before = assigned("11-10", reading="before")
    assert counted(*before, as_of="2025-11-09") == (0, 0, 0, 0)
    assert counted(*before, as_of="2025-11-10") == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("lines", "numbers"),
    [
        (LATE, (1, 0, 0, 0)),
        (DONE, (1, 1, 1, 0)),
        ((*LATE, ("11-15", "submitted"), ("11-16", "accepted")), (1, 1, 0, 0)),
        ((*LATE, SUBMITTED), (1, 0, 0, 0)),
        ((*LATE, OPTIONAL), (1, 0, 0, 0)),
        (IN_TIME, (0, 0, 0, 0)),
        ((*IN_TIME, SUBMITTED, ACCEPTED), (0, 0, 0, 1)),
        (assigned(None), (0, 0, 0, 0)),
        ((*assigned(None), SUBMITTED, ACCEPTED), (0, 0, 0, 0)),
        ((*LATE, ("11-12", "paused")), (0, 0, 0, 0)),
        ((*LATE, ("11-12", "extension_granted", due("12-31"))), (0, 0, 0, 0)),
        ((*DONE, ("11-20", "reopened")), (1, 0, 0, 0)),
        ((*LATE, ("11-12", "cancelled")), (0, 0, 0, 0)),
    ],
    ids=[
        "overdue",
        "completed on time",
        "completed late",
        "pending in time",
        "optional",
        "not due yet",
        "completed early",
        "undated",
        "undated and completed",
        "suspended",
        "extended",
        "reopened",
        "cancelled",
    ],
)
def test_what_counts_as_due(lines: tuple[Line, ...], numbers: tuple[int, ...]) -> None:
    assert counted(*lines) == numbers


def test_a_completed_task_is_due_by_the_deadline_that_judged_it() -> None:
    extended_since = (*DONE, ("11-12", "extension_granted", due("12-31")))
    assert counted(*extended_since) == (1, 1, 1, 0)
    reduced_since = (*IN_TIME, SUBMITTED, ACCEPTED, ("11-12", "extension_granted", due("11-15")))
    assert counted(*reduced_since) == (0, 0, 0, 1)


def test_a_completed_task_that_got_its_first_date_afterwards_is_not_due() -> None:
    lines = (*assigned(None), SUBMITTED, ACCEPTED, ("11-12", "extension_granted", due("11-15")))
    assert counted(*lines) == (0, 0, 0, 0)


ALL = {
    "on time": DONE,
    "late": (*LATE, ("11-15", "submitted"), ("11-16", "accepted")),
    "overdue": LATE,
    "optional": (*LATE, OPTIONAL),
    "in time": IN_TIME,
    "undated": assigned(None),
    "suspended": (*LATE, ("11-12", "paused")),
    "cancelled": (*LATE, ("11-12", "cancelled")),
    "to come": (("12-01", "assigned"),),
}


def test_optional_tasks_are_counted_and_cancelled_or_unassigned_ones_are_not() -> None:
    content = the_list(ALL)
    assert content["totals"]["in_scope"] == 7
    codes = {t["code"] for d in content["departments"] for t in d["tasks"]}
    assert codes == set(ALL) - {"cancelled", "to come"}


def test_the_six_standings_are_always_there_and_add_up() -> None:
    for tasks in ({}, ALL):
        totals = the_list(tasks)["totals"]
        assert set(totals["standings"]) == set(map(str, Standing))
        assert sum(totals["standings"].values()) == totals["in_scope"]


def test_finished_and_undated_tasks_are_never_counted_as_overdue() -> None:
    tasks = {"done": DONE, "undated": assigned(None), "both": (*assigned(None), SUBMITTED)}
    assert the_list(tasks, as_of=date(2035, 1, 1))["totals"]["standings"]["overdue"] == 0


def test_the_departments_and_the_marked_among_them_are_counted() -> None:
    totals = the_list(ALL)["totals"]
    assert (totals["departments"], totals["departments_marked"]) == (2, 1)


def test_no_row_is_cut_however_long_the_list() -> None:
    content = the_list({f"T{n:04d}": LATE for n in range(1500)})
    assert content["totals"]["in_scope"] == 1500
    assert len(content["departments"][0]["reasons"]) == 1500


def _one_more_in_scope(content: dict[str, Any]) -> None:
    content["totals"]["in_scope"] += 1


def _one_standing_for_another(content: dict[str, Any]) -> None:
    content["totals"]["standings"]["overdue"] -= 1
    content["totals"]["standings"]["in_time"] += 1


def _one_task_left_out(content: dict[str, Any]) -> None:
    content["departments"][0]["tasks"].pop()


def _a_reason_left_out(content: dict[str, Any]) -> None:
    content["departments"][0]["reasons"].clear()


@pytest.mark.parametrize(
    "break_it",
    [_one_more_in_scope, _one_standing_for_another, _one_task_left_out, _a_reason_left_out],
)
def test_a_list_that_does_not_add_up_is_refused(break_it: Callable[[Any], None]) -> None:
    content = the_list(ALL)
    check_sums(content)
    break_it(content)
    with pytest.raises(ListRefused):
        check_sums(content)
