"""The list to come: what would newly mark a department, and what takes it out again."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.tracking.admin_people import plan_file, signed_in
from tests.tracking.imported import take_in
from tests.tracking.test_rules_list import IN_TIME, LATE, the_list
from tests.tracking.told import Line, assigned, due
from tracking.models import ProgressList
from tracking.pages.forecast import next_monday
from tracking.rules.forecast import Marked, Reason, Way, marked_then
from tracking.rules.instants import day_of, instant_from
from tracking.rules.progress_list import Policy

TODAY, THEN = date(2025, 11, 20), date(2025, 11, 24)


def foreseen(
    tasks: dict[str, tuple[Line, ...]], policy: Policy = Policy.OVERDUE
) -> tuple[Marked, ...]:
    now, then = (the_list(tasks, as_of=day, policy=policy) for day in (TODAY, THEN))
    return marked_then(now, then, TODAY)


def the_reason(*lines: Line, policy: Policy = Policy.OVERDUE) -> Reason:
    (department,) = foreseen({"T1": lines}, policy)
    (reason,) = department.reasons
    return reason


def test_a_deadline_that_passes_before_the_day_marks_newly() -> None:
    (department,) = foreseen({"T1": assigned("11-22")})
    assert department.newly
    assert [reason.newly for reason in department.reasons] == [True]


def test_a_department_marked_today_gets_further_reasons() -> None:
    (department,) = foreseen({"T1": LATE, "T2": assigned("11-22")})
    assert not department.newly
    assert {r.line["code"]: r.newly for r in department.reasons} == {"T1": False, "T2": True}


def test_what_falls_due_on_the_day_or_later_marks_nobody() -> None:
    assert foreseen({"T1": assigned("11-24"), "T2": IN_TIME}) == ()


def test_those_marked_newly_come_first() -> None:
    to_kcb: Line = ("10-02", "reassigned", {"lead": "KCB"})
    found = foreseen({"T1": LATE, "T2": (*assigned("11-22"), to_kcb)})
    assert [(row.department["code"], row.newly) for row in found] == [("KCB", True), ("QLD", False)]


def test_submitting_in_time_is_enough_until_the_last_day_in_time() -> None:
    reason = the_reason(*assigned("11-22"))
    assert reason.ways == (Way.SUBMIT, Way.EXTEND)
    assert reason.until == date(2025, 11, 22)


def test_before_a_day_leaves_one_day_less() -> None:
    assert the_reason(*assigned("11-22", reading="before")).until == date(2025, 11, 21)


def test_what_is_due_today_can_still_be_submitted_today() -> None:
    assert the_reason(*assigned("11-20")).until == TODAY


def test_after_the_deadline_the_result_has_to_be_accepted() -> None:
    reason = the_reason(*LATE)
    assert reason.ways == (Way.SUBMIT_AND_ACCEPT, Way.EXTEND)
    assert reason.until is None


def test_a_late_submission_waits_for_its_acceptance() -> None:
    assert the_reason(*LATE, ("11-15", "submitted")).ways[0] is Way.ACCEPT


def test_an_extension_that_is_asked_for_waits_for_a_decision() -> None:
    asked: Line = ("11-15", "extension_requested", due("12-31", reason="chờ"))
    assert the_reason(*LATE, asked).ways == (Way.SUBMIT_AND_ACCEPT, Way.DECIDE)


def test_by_the_literal_policy_no_extension_helps() -> None:
    reason = the_reason(*IN_TIME, policy=Policy.INCOMPLETE)
    assert reason.ways == (Way.SUBMIT,)
    assert not reason.newly


def test_the_next_monday_is_never_today() -> None:
    monday = date(2026, 11, 23)
    days = [monday + timedelta(days=n) for n in range(7)]
    assert {next_monday(day) for day in days} == {date(2026, 11, 30)}


# The page

HERE = "/lists/forecast/"


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def soon(db: None) -> date:
    """T1 is due tomorrow; the day after."""
    tomorrow = day_of(timezone.now()) + timedelta(days=1)
    events = plan_file()["events"]
    payload = {"due_on": tomorrow.isoformat(), "reading": "by", "wording": "sớm"}
    events[1] = {**events[1], "payload": payload}
    take_in(plan_file(events=events), now=instant_from("2025-11-01T08:00"))
    return tomorrow + timedelta(days=1)


def test_the_page_foresees_a_mark_and_says_what_to_do(soon: date) -> None:
    page = text_of(signed_in("reporter").get(HERE, {"as_of": soon.isoformat()}))
    assert "It is never issued." in page
    assert 'Would be marked newly <span class="count">1</span>' in page
    assert 'Drug Administration <span class="tag">not marked today</span>' in page
    last_day = soon - timedelta(days=1)
    assert f"submit the result by the end of {last_day:%d/%m/%Y}" in page
    assert "today 0/2 (0%), then 1/2 (50%)" in page


def test_without_a_day_it_is_of_the_next_monday(soon: date) -> None:
    monday = next_monday(day_of(timezone.now()))
    assert f"The list to come, {monday:%d/%m/%Y}" in text_of(signed_in("leader").get(HERE))


def test_nothing_is_stored(soon: date) -> None:
    signed_in("operator").get(HERE, {"as_of": soon.isoformat()})
    assert not ProgressList.objects.exists()


@pytest.mark.parametrize("as_of", ["2025-11-18", "nonsense", "9999-12-31"])
def test_a_day_that_is_none_to_come_is_refused(as_of: str, soon: date) -> None:
    page = text_of(signed_in("leader").get(HERE, {"as_of": as_of}))
    assert "errorlist" in page
    assert "Would be marked newly" not in page


def test_a_policy_or_plan_that_is_not_there_is_refused(soon: date) -> None:
    client = signed_in("leader")
    for asked in ({"policy": "harsh"}, {"plan": "no-plan"}):
        assert "Select a valid choice" in text_of(client.get(HERE, asked))


@pytest.mark.parametrize(
    ("role", "status"),
    [("operator", 200), ("reporter", 200), ("leader", 200), ("inspector", 200), ("clerk", 403)],
)
def test_who_sees_what_is_to_come(role: str, status: int, soon: date) -> None:
    assert signed_in(role).get(HERE).status_code == status
