"""How a task stands: every edge of the table, of deadlines, of breaches, as a sentence."""

from datetime import date

import pytest

from tests.tracking.told import Line, assigned, at, due, judged, situation
from tracking.rules.calendar import WorkingCalendar
from tracking.rules.standing import Standing

SUBMITTED, ACCEPTED, RETURNED = "submitted", "accepted", "returned"
DONE: tuple[Line, ...] = (*assigned(), ("11-05", SUBMITTED), ("11-06", ACCEPTED))
LATE: tuple[Line, ...] = (*assigned(), ("11-13", SUBMITTED))


def granted(when: str, day: str, **more: str) -> Line:
    return (when, "extension_granted", due(day, **more))


def test_a_task_due_today_is_not_overdue_today() -> None:
    assert judged("11-10", *assigned("11-10")).standing is Standing.IN_TIME
    assert judged("11-11", *assigned("11-10")).standing is Standing.OVERDUE


def test_overdue_begins_at_midnight_in_ha_noi_to_the_microsecond() -> None:
    assert judged("11-10T23:59:59.999999", *assigned()).standing is Standing.IN_TIME
    assert judged("11-11T00:00:00", *assigned()).standing is Standing.OVERDUE
    # 17:00 of the tenth in London is midnight of the eleventh in Hà Nội.
    assert judged("11-10T17:00:00+00:00", *assigned()).standing is Standing.OVERDUE


def test_before_a_day_excludes_that_day() -> None:
    lines = assigned("11-10", reading="before")
    assert judged("11-09", *lines).standing is Standing.IN_TIME
    late = judged("11-10", *lines)
    assert late.standing is Standing.OVERDUE
    assert late.late_calendar_days == 1


def test_a_task_without_a_date_is_never_overdue_nor_stands_as_in_time() -> None:
    assert judged("12-31", *assigned(None)).standing is Standing.NO_DEADLINE
    assert judged("12-31", ("10-01", "assigned")).standing is Standing.NO_DEADLINE


def test_slow_verification_makes_no_department_late() -> None:
    lines = (*assigned(), ("11-10T23:59", SUBMITTED))
    waiting = judged("11-20", *lines)
    assert (waiting.standing, waiting.flags) == (Standing.IN_TIME, ("no_information", "pending"))
    done = judged("11-20", *lines, ("11-19", ACCEPTED))
    assert done.standing is Standing.COMPLETED_ON_TIME
    assert done.late_calendar_days == 0


def test_a_late_submission_stays_overdue_while_pending_and_its_lateness_is_frozen() -> None:
    lines = (*assigned(), ("11-13", SUBMITTED))
    found = judged("11-28", *lines)
    assert found.standing is Standing.OVERDUE
    assert "pending_late" in found.flags
    assert (found.late_calendar_days, found.late_working_days) == (3, 3)


def test_a_late_completion_keeps_its_lateness_against_the_deadline_then_in_force() -> None:
    lines = (*assigned(), ("11-13", SUBMITTED), ("11-20", ACCEPTED))
    found = judged("12-31", *lines, ("12-01", "extension_granted", due("12-30")))
    assert found.standing is Standing.COMPLETED_LATE
    assert found.late_calendar_days == 3


def test_a_returned_submission_counts_as_never_made() -> None:
    lines = (*assigned(), ("11-09", SUBMITTED), ("11-12", RETURNED))
    assert judged("11-11", *lines).breaches == 0
    found = judged("11-12", *lines)
    assert (found.standing, found.breaches, found.late_calendar_days) == (Standing.OVERDUE, 1, 2)


def test_friday_deadline_saturday_submission_is_late_by_one_day_and_no_working_day() -> None:
    lines = (*assigned("11-14"), ("11-15", SUBMITTED), ("11-15T09:00", ACCEPTED))
    found = judged("11-20", *lines)
    assert found.standing is Standing.COMPLETED_LATE
    assert (found.late_calendar_days, found.late_working_days) == (1, 0)


def test_a_late_submission_then_an_extension_is_in_time_while_pending_and_late_once_accepted() -> (
    None
):
    lines = (*assigned(), ("11-13", SUBMITTED), ("11-14", "extension_granted", due("11-30")))
    assert judged("11-15", *lines).standing is Standing.IN_TIME
    assert judged("12-20", *lines).standing is Standing.IN_TIME  # submitted before that end
    assert judged("12-20", *lines, ("12-19", ACCEPTED)).standing is Standing.COMPLETED_LATE


def test_an_in_time_submission_then_a_reduction_into_the_past_is_on_time_once_accepted() -> None:
    lines = (*assigned(), ("11-05", SUBMITTED), ("11-06", "extension_granted", due("11-03")))
    pending = judged("11-07", *lines)
    assert pending.standing is Standing.OVERDUE
    assert {"reduced", "pending_late"} <= set(pending.flags)
    assert judged("11-09", *lines, ("11-08", ACCEPTED)).standing is Standing.COMPLETED_ON_TIME


def test_requests_move_nothing() -> None:
    lines = (*assigned(), ("11-09", "extension_requested", due("12-31")))
    assert judged("11-11", *lines).standing is Standing.OVERDUE


def test_an_extension_before_the_end_leaves_no_breach() -> None:
    found = judged("11-20", *assigned(), ("11-10", "extension_granted", due("11-30")))
    assert (found.standing, found.breaches) == (Standing.IN_TIME, 0)
    assert found.flags == ("extended", "stale")


def test_an_extension_after_the_end_never_erases_the_breach() -> None:
    lines = (*assigned(), ("11-13", "extension_granted", due("11-30")))
    found = judged("11-20", *lines)
    assert (found.standing, found.breaches) == (Standing.IN_TIME, 1)
    assert "extended_late" in found.flags
    done = (*lines, ("11-21", SUBMITTED), ("11-22", ACCEPTED))
    finished = judged("12-31", *done)
    assert finished.standing is Standing.COMPLETED_ON_TIME
    assert finished.breaches == 1
    assert "extended_late" in finished.flags


def test_at_the_exact_end_the_passing_comes_before_the_extension() -> None:
    at_the_end = ("11-11T00:00:00", "extension_granted", due("11-30"))
    just_before = ("11-10T23:59:59.999999", "extension_granted", due("11-30"))
    assert judged("11-20", *assigned(), at_the_end).breaches == 1
    assert "extended_late" in judged("11-20", *assigned(), at_the_end).flags
    assert judged("11-20", *assigned(), just_before).breaches == 0


def test_a_submission_at_the_exact_end_is_too_late() -> None:
    found = judged("11-20", *assigned(), ("11-11T00:00:00", SUBMITTED), ("11-12", ACCEPTED))
    assert (found.standing, found.breaches) == (Standing.COMPLETED_LATE, 1)


def test_a_deadline_already_past_when_decided_is_breached_at_once() -> None:
    found = judged("11-06", *assigned(), ("11-06", "extension_granted", due("11-01")))
    assert (found.standing, found.breaches) == (Standing.OVERDUE, 1)
    assert "reduced" in found.flags
    assert "extended" not in found.flags


def test_one_deadline_is_breached_once_whatever_the_episodes() -> None:
    first = (*assigned(), ("11-12", SUBMITTED), ("11-13", ACCEPTED))
    again = (*first, ("11-20", "reopened", {"cause": "regression"}))
    found = judged("11-25", *again)
    assert (found.standing, found.breaches) == (Standing.OVERDUE, 1)
    assert found.late_calendar_days == 15  # from its last day in time, not from the reopening


def test_each_deadline_that_passed_counts() -> None:
    lines = (
        *assigned("11-01"),
        ("11-05", "extension_granted", due("11-08")),
        ("11-12", "extension_granted", due("11-15")),
    )
    found = judged("11-20", *lines)
    assert found.breaches == 3
    assert "extended_late" in found.flags


def test_a_task_completed_in_time_and_reopened_after_the_end_is_overdue_from_the_reopening() -> (
    None
):
    done = (*assigned(), ("11-05", SUBMITTED), ("11-06", ACCEPTED))
    reopened = ("11-20T10:00", "reopened", {"cause": "verifier"})
    assert judged("11-20T09:59", *done, reopened).breaches == 0
    found = judged("11-20T10:00", *done, reopened)
    assert (found.standing, found.breaches) == (Standing.OVERDUE, 1)
    again = (*done, reopened, ("11-21", SUBMITTED), ("11-22", ACCEPTED))
    assert "reopened" in judged("11-30", *again).flags


def test_a_pause_moves_no_date_and_makes_no_new_breach() -> None:
    lines = (*assigned(), ("11-08", "paused", {"reason": "chờ"}))
    paused = judged("11-20", *lines)
    assert (paused.standing, paused.breaches, paused.late_calendar_days) == (Standing.PAUSED, 0, 0)
    resumed = judged("11-21", *lines, ("11-21", "resumed"))
    assert (resumed.standing, resumed.breaches) == (Standing.OVERDUE, 1)
    assert resumed.late_calendar_days == 11


def test_completed_comes_before_paused() -> None:
    lines = (*assigned(), ("11-05", SUBMITTED), ("11-06", "paused"), ("11-07", ACCEPTED))
    assert judged("11-20", *lines).standing is Standing.COMPLETED_ON_TIME


@pytest.mark.parametrize(
    ("day", "soon"), [("11-02", False), ("11-03", True), ("11-10", True), ("11-11", False)]
)
def test_due_soon_is_within_seven_days_and_never_after(day: str, soon: bool) -> None:
    assert ("due_soon" in judged(day, *assigned()).flags) is soon


def test_a_completed_task_waits_for_nobody_until_it_is_reopened() -> None:
    lines = (*assigned(), ("11-02", "blocked", {"on": "BCA"}), ("11-05", SUBMITTED))
    assert "blocked" in judged("11-05", *lines).flags
    done = (*lines, ("11-06", ACCEPTED))
    assert "blocked" not in judged("11-07", *done).flags
    assert "blocked" in judged("11-09", *done, ("11-08", "reopened")).flags


def test_evidence_clears_missing_information_in_its_own_episode() -> None:
    done = (*assigned(), ("11-04", "evidence_recorded"), ("11-05", SUBMITTED), ("11-06", ACCEPTED))
    assert "no_information" not in judged("11-07", *done).flags
    again = (*done, ("11-08", "reopened"), ("11-09", SUBMITTED))
    assert "no_information" in judged("11-09", *again).flags


def test_silence_is_told_after_ten_working_days_and_a_report_ends_it() -> None:
    lines = (*assigned("12-31"), ("11-03", "progress_reported", {"percent": 10}))
    assert "stale" not in judged("11-17", *lines).flags
    assert "stale" in judged("11-18", *lines).flags
    assert "stale" not in judged("11-18", *lines, ("11-18", "progress_reported")).flags


def test_what_is_announced_ahead_counts_from_its_day_only() -> None:
    lines = (*assigned(), ("11-25", "cancelled"))
    assert judged("11-24", *lines).standing is Standing.OVERDUE


def test_early_completion_is_counted_apart_until_the_deadline_has_come() -> None:
    done = (*assigned(), ("11-05", SUBMITTED), ("11-06", ACCEPTED))
    early, later = judged("11-09", *done), judged("11-11", *done)
    assert (early.early, early.due) == (True, False)
    assert (later.early, later.due) == (False, True)


@pytest.mark.parametrize(
    ("lines", "standing", "flags"),
    [
        ((*assigned(None), ("11-05", SUBMITTED)), "no_deadline", "no_information pending"),
        ((*assigned(None), ("11-02", "paused")), "paused", ""),
        ((*assigned(), ("11-11T00:00:00", SUBMITTED)), "overdue", "no_information pending_late"),
        ((*assigned(), ("11-10T23:59:59.999999", SUBMITTED)), "in_time", None),
        ((*LATE, ("11-14", "paused")), "paused", "no_information pending_late"),
        ((*DONE[:3], ("11-14", "paused")), "paused", "no_information pending"),
        ((*assigned("11-30"), *DONE[2:], ("11-16", "reopened")), "in_time", "reopened stale"),
        ((*assigned(None), *DONE[2:], granted("11-12", "11-01")), "completed_on_time", None),
        ((*DONE, granted("11-12", "11-01")), "completed_on_time", "no_information reduced"),
        ((*DONE[:3], ("11-21", ACCEPTED)), "in_time", "no_information pending"),
        ((*assigned(None), DONE[2], granted("11-12", "11-08")), "in_time", None),
        ((*assigned(None), DONE[2], granted("11-12", "11-04")), "overdue", None),
        ((*assigned("11-30"), ("11-12", "paused"), ("11-13", "resumed")), "in_time", None),
    ],
)
def test_the_first_row_that_fits(lines: tuple[Line, ...], standing: str, flags: str | None) -> None:
    found = judged("11-20", *lines)
    assert found.standing == standing
    assert flags is None or found.flags == tuple(flags.split())
    assert standing == "overdue" or (found.late_calendar_days, found.late_working_days) == (0, 0)


@pytest.mark.parametrize(
    ("lines", "breaches", "late_days"),
    [
        ((*assigned(), granted("11-13", "11-30")), 1, (3,)),
        ((*assigned("11-01"), granted("11-05", "11-08"), granted("11-12", "11-30")), 2, (4, 4)),
        ((*DONE[:3], granted("11-13", "11-30")), 0, ()),  # a submission in time was pending
        ((*DONE[:3], granted("11-12", "11-30"), ("11-13", RETURNED)), 1, (2,)),
        ((*DONE, granted("11-13", "11-30")), 0, ()),
        ((*DONE, granted("11-12", "11-01")), 0, ()),  # nothing is overdue once completed
        ((*assigned(), ("11-08", "paused"), granted("11-13", "11-30")), 0, ()),
        ((*assigned(), ("11-11T00:00:00", "paused")), 1, ()),
        ((*assigned(), ("11-08", "paused"), ("11-11T00:00:00", "resumed")), 1, ()),
        ((*assigned(), ("11-11T00:00:00", "cancelled")), 1, ()),
        ((("10-01", "assigned"), ("11-05", "deadline_set", due("11-01"))), 1, ()),
        ((*LATE, ("11-14", RETURNED), ("11-15", SUBMITTED)), 1, ()),
        ((*assigned(None), granted("11-05", "11-12")), 1, ()),
    ],
)
def test_breaches_and_the_days_late_of_each_extension(
    lines: tuple[Line, ...], breaches: int, late_days: tuple[int, ...]
) -> None:
    found = situation(at("11-20"), *lines)
    assert (found.breaches, found.extended_late_days) == (breaches, late_days)


@pytest.mark.parametrize(
    ("grant", "flags"),
    [
        (granted("11-05", "11-10"), set()),
        (granted("11-05", "11-11", reading="before"), set()),  # the same last day
        (granted("11-05", "11-10", reading="before"), {"reduced"}),
        (granted("11-05", "11-30"), {"extended"}),
    ],
)
def test_what_a_grant_is_depends_on_its_last_day_in_time(grant: Line, flags: set[str]) -> None:
    assert {"extended", "reduced"} & set(judged("11-06", *assigned(), grant).flags) == flags


def test_a_swapped_saturday_counts_among_the_working_days_late() -> None:
    swapped = WorkingCalendar({date(2025, 11, 15): True, date(2025, 11, 17): False})
    assert judged("11-15", *assigned("11-14"), calendar=swapped).late_working_days == 1
    assert judged("11-17", *assigned("11-14"), calendar=swapped).late_working_days == 1
