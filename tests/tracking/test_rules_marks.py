"""Both policies: which tasks are reasons, and for whom?"""

from datetime import date
from typing import Any

import pytest

from tests.tracking.test_rules_list import DONE, IN_TIME, LATE, OPTIONAL, the_list, under
from tests.tracking.told import START, Line, assigned, due, story
from tracking.rules.calendar import WorkingCalendar
from tracking.rules.departments import DepartmentFacts
from tracking.rules.ledger import fold
from tracking.rules.lines import TaskFacts
from tracking.rules.progress_list import ListFacts, Policy, Scope, compose

TO_KCB: Line = ("10-02", "reassigned", {"lead": "KCB"})
AGAIN: Line = ("10-03", "requirement_changed", {"required": True})
SUBMITTED: Line = ("11-09", "submitted")
LATE_SUBMISSION: Line = ("11-15", "submitted")
BOTH = pytest.mark.parametrize("policy", list(Policy))


def reasons(policy: Policy, code: str = "QLD", **tasks: tuple[Line, ...]) -> list[str]:
    found: list[str] = under(the_list(tasks, policy=policy), code)["reasons"]
    return found


@BOTH
def test_a_mark_prints_every_reason_by_code_and_nothing_else(policy: Policy) -> None:
    found = reasons(policy, T9=LATE, T10=LATE, T2=DONE, T3=(*LATE, OPTIONAL))
    assert found == ["T10", "T9"]


@BOTH
def test_optional_tasks_never_mark_until_they_become_required(policy: Policy) -> None:
    assert reasons(policy, T1=(*LATE, OPTIONAL)) == []
    assert reasons(policy, T1=(*LATE, OPTIONAL, AGAIN)) == ["T1"]


@BOTH
@pytest.mark.parametrize(
    "lines",
    [
        (*LATE, ("11-01", "paused")),
        (*LATE, LATE_SUBMISSION, ("11-16", "paused")),
        (*LATE, ("11-15", "cancelled")),
        (("12-01", "assigned"),),
        DONE,
    ],
    ids=["paused", "paused and late", "cancelled", "not yet assigned", "completed"],
)
def test_what_is_suspended_over_or_not_begun_marks_nobody(
    policy: Policy, lines: tuple[Line, ...]
) -> None:
    assert reasons(policy, T1=lines) == []


@BOTH
def test_a_submission_in_time_that_awaits_verification_does_not_mark(policy: Policy) -> None:
    assert reasons(policy, T1=(*LATE, SUBMITTED)) == []
    assert reasons(policy, T1=(*LATE, SUBMITTED, ("11-12", "returned"))) == ["T1"]
    assert reasons(policy, T1=(*LATE, LATE_SUBMISSION)) == ["T1"]


def test_an_undated_task_marks_by_the_literal_policy_only_and_not_while_pending() -> None:
    undated = assigned(None)
    assert reasons(Policy.OVERDUE, T1=undated) == []
    assert reasons(Policy.INCOMPLETE, T1=undated) == ["T1"]
    assert reasons(Policy.INCOMPLETE, T1=(*undated, SUBMITTED)) == []


def test_a_task_due_today_marks_nobody_until_tomorrow() -> None:
    content = the_list({"T1": assigned("11-20")})
    assert not under(content, "QLD")["marked"]
    tomorrow = the_list({"T1": assigned("11-20")}, as_of=date(2025, 11, 21))
    assert under(tomorrow, "QLD")["marked"]


def test_a_late_task_that_was_extended_marks_by_the_literal_policy_only() -> None:
    extended = (*LATE, ("11-15", "extension_granted", due("12-31")))
    assert reasons(Policy.OVERDUE, T1=extended) == []
    assert reasons(Policy.INCOMPLETE, T1=extended) == ["T1"]


def test_a_late_submission_pending_by_an_extended_deadline_marks_nobody() -> None:
    lines = (*LATE, LATE_SUBMISSION, ("11-16", "extension_granted", due("11-30")))
    assert reasons(Policy.INCOMPLETE, T1=lines) == []


@BOTH
def test_a_reopened_task_past_its_deadline_marks(policy: Policy) -> None:
    assert reasons(policy, T1=(*DONE, ("11-20", "reopened"))) == ["T1"]


@BOTH
def test_a_late_completion_marks_nobody_any_more(policy: Policy) -> None:
    assert reasons(policy, T1=(*LATE, LATE_SUBMISSION, ("11-16", "accepted"))) == []


@BOTH
def test_only_the_lead_is_marked(policy: Policy) -> None:
    assert reasons(policy, "KCB", T1=LATE) == []
    assert reasons(policy, "KCB", T1=(*LATE, TO_KCB)) == ["T1"]


@BOTH
def test_waiting_for_a_partner_excuses_nobody(policy: Policy) -> None:
    waiting = (*LATE, ("10-05", "blocked", {"on": "BCA", "reason": "chờ"}))
    assert reasons(policy, T1=waiting) == ["T1"]
    codes = [d["code"] for d in the_list({"T1": waiting}, policy=policy)["departments"]]
    assert "BCA" not in codes


def coordinated(*parts: tuple[str, str]) -> dict[str, Any]:
    """T0 late under QLD with KCB coordinating; `parts`: sub-tasks (code, lead), late too."""
    scope = Scope(as_of=date(2025, 11, 20), known_at=story(("12-01", "assigned"))[0].recorded_at)
    names = {"vi": "x", "en": "x"}

    def task(code: str, lead: str, parent: str | None, others: tuple[str, ...]) -> TaskFacts:
        lines = (*LATE, ("10-02", "reassigned", {"lead": lead}))
        found = fold(story(*lines), start=START, at=scope.at)
        return TaskFacts(code, "02", names, found, parent=parent, coordinating=others)

    facts = ListFacts(
        departments={c: DepartmentFacts(c, names, n) for n, c in enumerate(("QLD", "KCB"))},
        partners={},
        plans={"02": {"name": names, "issued_on": None}},
        calendar=WorkingCalendar(),
        tasks=[task("T0", "QLD", None, ("KCB",)), *(task(c, d, "T0", ()) for c, d in parts)],
    )
    return compose(scope, facts)


def test_a_coordinating_department_is_printed_with_the_task_and_never_marked_by_it() -> None:
    content = coordinated()
    assert [c["code"] for c in under(content, "QLD")["tasks"][0]["coordinating"]] == ["KCB"]
    assert under(content, "QLD")["reasons"] == ["T0"]
    assert (under(content, "KCB")["marked"], under(content, "KCB")["tasks"]) == (False, [])


def test_a_coordinating_department_is_marked_by_the_required_sub_task_that_it_leads() -> None:
    content = coordinated(("T0.1", "KCB"))
    assert under(content, "KCB")["reasons"] == ["T0.1"]
    assert under(content, "QLD")["reasons"] == ["T0"]


def test_the_worst_lateness_is_taken_over_the_reasons_only() -> None:
    tasks = {"T1": LATE, "T2": (*assigned("10-15"), OPTIONAL), "T3": IN_TIME}
    found = under(the_list(tasks), "QLD")
    assert (found["worst_late_calendar_days"], found["worst_late_working_days"]) == (10, 8)


@BOTH
def test_a_department_is_marked_exactly_when_it_has_reasons(policy: Policy) -> None:
    for lines in (LATE, IN_TIME, DONE, assigned(None)):
        found = under(the_list({"T1": lines}, policy=policy), "QLD")
        assert found["marked"] is bool(found["reasons"])
        assert found["times_running"] == int(found["marked"])
