"""Validity, succession, "tiếp nhận từ": under whom is a task printed?"""

from datetime import date

import pytest

from tests.tracking.test_rules_list import AS_OF, LATE, begun, department, ended, the_list, under
from tests.tracking.told import Line
from tracking.rules.departments import DepartmentFacts, printed_under

FROM_KCB: Line = ("10-02", "reassigned", {"lead": "KCB"})
FUTURE = begun("MỚI", "2025-11-21")


def place(lead: str, *departments: DepartmentFacts, as_of: date = AS_OF) -> str:
    return printed_under(lead, {d.code: d for d in departments}, as_of)


@pytest.mark.parametrize(
    ("first", "last", "active"),
    [
        (None, None, True),
        ("2025-11-20", None, True),
        ("2025-11-21", None, False),
        (None, "2025-11-20", True),
        (None, "2025-11-19", False),
        ("2025-11-20", "2025-11-20", True),
        ("2025-01-01", "2025-12-31", True),
    ],
)
def test_validity_counts_its_first_and_its_last_day(
    first: str | None, last: str | None, active: bool
) -> None:
    begins, ends = (date.fromisoformat(day) if day else None for day in (first, last))
    found = department("QLD", valid_from=begins, valid_to=ends)
    assert found.active(AS_OF) is active


def test_a_renamed_department_prints_its_tasks_under_the_new_name_from_the_next_day() -> None:
    departments = (ended("QLD", "MỚI"), begun("MỚI"))
    assert place("QLD", *departments, as_of=date(2025, 11, 19)) == "QLD"
    assert place("QLD", *departments, as_of=date(2025, 11, 20)) == "MỚI"


def test_merged_departments_print_their_tasks_under_one() -> None:
    departments = (ended("QLD", "MỚI"), ended("KCB", "MỚI"), begun("MỚI"))
    content = the_list({"T1": LATE, "T2": (*LATE, FROM_KCB)}, departments=departments)
    assert [d["code"] for d in content["departments"]] == ["MỚI"]
    assert under(content, "MỚI")["reasons"] == ["T1", "T2"]
    former = [t["taken_over_from"]["code"] for t in under(content, "MỚI")["tasks"]]
    assert former == ["QLD", "KCB"]


def test_a_split_department_prints_its_tasks_under_the_first_by_position_not_by_code() -> None:
    assert place("QLD", ended("QLD", "Z", "A"), begun("A"), begun("Z")) == "Z"


def test_a_nearer_successor_comes_before_a_farther_one() -> None:
    far = (ended("QLD", "A", "B"), ended("A", "C"), begun("B"), begun("C"))
    assert place("QLD", *far) == "B"


def test_a_diamond_of_successors_ends_at_its_point() -> None:
    diamond = (ended("QLD", "A", "B"), ended("A", "C"), ended("B", "C"), begun("C"))
    assert place("QLD", *diamond) == "C"


@pytest.mark.parametrize(
    "departments",
    [
        (ended("QLD", "A"), ended("A", "B"), ended("B", "A")),
        (ended("QLD", "QLD"),),
        (ended("QLD", "A"), ended("A")),
        (ended("QLD", "MỚI"), FUTURE),
    ],
    ids=["a circle behind it", "itself", "a chain into nothing", "a successor to come"],
)
def test_without_an_active_successor_the_lead_is_printed_all_the_same(
    departments: tuple[DepartmentFacts, ...],
) -> None:
    content = the_list({"T1": LATE}, departments=departments)
    assert [t["code"] for t in under(content, "QLD")["tasks"]] == ["T1"]
    assert under(content, "QLD")["marked"]
    assert content["totals"]["in_scope"] == 1


def test_the_search_for_a_successor_goes_on_past_ended_ones_only() -> None:
    assert place("QLD", ended("QLD", "A"), begun("A", "2025-12-01", successors=("B",))) == "QLD"


def test_an_active_lead_keeps_its_tasks_whatever_successors_are_entered() -> None:
    content = the_list({"T1": LATE}, departments=(department("QLD", successors=("MỚI",)), FUTURE))
    (task,) = under(content, "QLD")["tasks"]
    assert task["taken_over_from"] is None


def test_a_department_that_has_ended_without_tasks_is_not_printed() -> None:
    content = the_list({}, departments=(ended("QLD"), FUTURE, department("KCB")))
    assert [d["code"] for d in content["departments"]] == ["KCB"]


def test_a_reassigned_task_is_printed_under_the_lead_of_the_day_judged() -> None:
    moved = (*LATE, ("11-20", "reassigned", {"lead": "KCB"}))
    before = the_list({"T1": moved}, as_of=date(2025, 11, 19))
    assert under(before, "QLD")["reasons"] == ["T1"]
    after = the_list({"T1": moved})
    assert (under(after, "QLD")["marked"], under(after, "KCB")["reasons"]) == (False, ["T1"])


def test_departments_of_one_order_stand_by_code() -> None:
    same = tuple(department(code, 5) for code in ("QLD", "ATTP", "KCB"))
    content = the_list({}, departments=same)
    assert [d["code"] for d in content["departments"]] == ["ATTP", "KCB", "QLD"]
