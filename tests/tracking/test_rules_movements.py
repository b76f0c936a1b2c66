"""Who is marked anew, who no longer and why, who still, and what moved."""

from datetime import date
from typing import Any

import pytest

from tests.tracking.test_rules_list import IN_TIME, LATE, begun, ended, the_list, under
from tests.tracking.told import Line, assigned, due
from tracking.rules.progress_list import Policy

Content = dict[str, Any]
Tasks = dict[str, tuple[Line, ...]]
SUBMITTED: Line = ("11-25", "submitted")
TO_KCB: Line = ("11-25", "reassigned", {"lead": "KCB"})
EXTENDED: Line = ("11-25", "extension_granted", due("12-31"))


def on(day: str, tasks: Tasks, previous: Content | None = None, **more: Any) -> Content:
    return the_list(tasks, as_of=date.fromisoformat(f"2025-{day}"), previous=previous, **more)


def moved(before: tuple[Line, ...], *more: Line, **options: Any) -> dict[str, Any]:
    """The movements from 20 to 27 November of one task."""
    first = on("11-20", {"T1": before}, **options)
    found: dict[str, Any] = on("11-27", {"T1": (*before, *more)}, first, **options)["movements"]
    return found


def why(*more: Line, before: tuple[Line, ...] = LATE, policy: Policy = Policy.OVERDUE) -> str:
    (gone,) = moved(before, *more, policy=policy)["unmarked"]
    (because,) = gone["because"]
    found: str = because["why"]
    return found


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ((SUBMITTED, ("11-26", "accepted")), "completed"),
        ((EXTENDED,), "extended"),
        ((("11-25", "cancelled"),), "cancelled"),
        ((TO_KCB,), "reassigned"),
        ((("11-25", "requirement_changed", {"required": False}),), "requirement_changed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_reason_for_which_a_department_is_unmarked(
    lines: tuple[Line, ...], reason: str
) -> None:
    assert why(*lines) == reason


def test_an_extension_is_told_even_when_a_submission_awaits_verification() -> None:
    late = (*LATE, ("11-15", "submitted"))
    assert why(EXTENDED, before=late) == "extended"


def test_a_submission_after_an_extension_does_not_hide_the_extension() -> None:
    assert why(EXTENDED, ("11-26", "submitted")) == "extended"


def test_by_the_literal_policy_a_pending_submission_unmarks() -> None:
    assert why(SUBMITTED, before=IN_TIME, policy=Policy.INCOMPLETE) == "pending"


@pytest.mark.parametrize("policy", list(Policy))
def test_a_suspension_unmarks(policy: Policy) -> None:
    assert why(("11-25", "paused"), policy=policy) == "paused"


def test_every_task_that_marked_is_told_when_the_mark_goes() -> None:
    first = on("11-20", {"T1": LATE, "T2": LATE})
    tasks: Tasks = {"T1": (*LATE, EXTENDED), "T2": (*LATE, ("11-25", "cancelled"))}
    (gone,) = on("11-27", tasks, first)["movements"]["unmarked"]
    assert gone["because"] == [
        {"task": "T1", "why": "extended"},
        {"task": "T2", "why": "cancelled"},
    ]


def test_a_department_with_one_reason_left_is_still_marked() -> None:
    first = on("11-20", {"T1": LATE, "T2": LATE})
    found = on("11-27", {"T1": (*LATE, EXTENDED), "T2": LATE}, first)["movements"]
    assert found["unmarked"] == []
    assert [d["code"] for d in found["still_marked"]] == ["QLD"]


def test_newly_marked_is_told_with_its_tasks_and_its_name() -> None:
    first = on("11-09", {"T1": LATE, "T2": LATE})
    (fresh,) = on("11-20", {"T1": LATE, "T2": LATE}, first)["movements"]["marked"]
    assert fresh == {"code": "QLD", "name": {"vi": "QLD", "en": "QLD"}, "tasks": ["T1", "T2"]}


def test_a_reassigned_late_task_unmarks_one_and_marks_the_other() -> None:
    found = moved(LATE, TO_KCB)
    assert [d["code"] for d in found["unmarked"]] == ["QLD"]
    assert [d["code"] for d in found["marked"]] == ["KCB"]
    (row,) = found["reassigned"]
    assert (row["task"], row["from"], row["to"]) == ("T1", "QLD", "KCB")


def test_the_times_running_begin_again_after_a_list_without_the_mark() -> None:
    tasks: Tasks = {"T1": (*LATE, ("11-15", "extension_granted", due("11-18")))}
    content: Content | None = None
    found = []
    for day in ("11-12", "11-13", "11-16", "11-20", "11-21"):
        content = on(day, tasks, content)
        found.append(under(content, "QLD")["times_running"])
    assert found == [1, 2, 0, 1, 2]
    assert content is not None
    assert content["movements"]["still_marked"][0]["times"] == 2


def test_a_department_is_still_marked_even_when_its_reasons_are_others() -> None:
    first = on("11-20", {"T1": LATE, "T2": assigned("11-22")})
    second = on("11-27", {"T1": (*LATE, EXTENDED), "T2": assigned("11-22")}, first)
    assert second["movements"]["still_marked"][0]["times"] == 2
    assert under(second, "QLD")["reasons"] == ["T2"]


def test_a_cancelled_task_is_printed_once_with_what_it_was_and_why() -> None:
    cancelled: Tasks = {"T1": (*LATE, ("11-25", "cancelled", {"reason": "trùng"}))}
    first = on("11-20", {"T1": LATE})
    second = on("11-27", cancelled, first)
    (row,) = second["movements"]["cancelled"]
    assert (row["task"], row["was"], row["reason"]) == ("T1", "overdue", "trùng")
    assert row["title"] == {"vi": "T1", "en": "T1"}
    assert on("12-04", cancelled, second)["movements"]["cancelled"] == []


def test_totals_like_for_like_leave_out_tasks_that_are_in_one_list_only() -> None:
    first = on("11-20", {"T1": LATE, "T2": LATE})
    tasks: Tasks = {"T1": (*LATE, EXTENDED), "T2": (*LATE, ("11-25", "cancelled")), "T3": IN_TIME}
    same = on("11-27", tasks, first)["movements"]["like_for_like"]
    assert same["tasks"] == 1
    assert (same["before"]["overdue"], same["now"]["overdue"], same["now"]["in_time"]) == (1, 0, 1)


def test_a_task_taken_over_by_a_successor_is_compared_with_itself() -> None:
    departments = (ended("QLD", "MỚI", last="2025-11-23"), begun("MỚI", "2025-11-24"))
    found = moved(LATE, departments=departments)
    assert found["like_for_like"]["tasks"] == 1
    assert found["reassigned"] == []
    assert [d["code"] for d in found["marked"]] == ["MỚI"]


def test_the_list_before_is_named_by_number_day_and_hash() -> None:
    first = on("11-20", {"T1": LATE})
    since = on("11-27", {"T1": LATE}, first)["movements"]["since"]
    assert since == {"number": None, "as_of": "2025-11-20", "sha256": first["sha256"]}
