"""Which rung has a task reached, and who is told of it? Every rung and every edge, as a table."""

from datetime import date

import pytest

from tests.tracking.told import START, Line, assigned, at, due, situation, story
from tracking.rules.calendar import WorkingCalendar
from tracking.rules.deadline_history import deadline_history
from tracking.rules.events import visible
from tracking.rules.instants import day_of
from tracking.rules.reminders import (
    DEFAULT_LADDER,
    Audience,
    Climb,
    Ladder,
    Measure,
    Rung,
    Step,
    climbs,
)
from tracking.rules.standing import Yardstick, judge

REPORTER, HEAD, NHIC, VERIFIER = Audience
SUBMITTED, RETURNED, ACCEPTED = "submitted", "returned", "accepted"
# Decided on Wednesday 1 October; the last day in time is Friday 28 November: 42 working days.
LONG: tuple[Line, ...] = assigned("11-28")
# The last day in time is Monday 10 November.
SHORT: tuple[Line, ...] = assigned("11-10")


def climbed(
    when: str,
    *lines: Line,
    ladder: Ladder = DEFAULT_LADDER,
    calendar: WorkingCalendar | None = None,
) -> list[Climb]:
    """At 08:00 of a day of 2025, or at an instant of it."""
    moment = at(when)
    found = situation(moment, *lines)
    measure = Yardstick.at_instant(moment, calendar or WorkingCalendar())
    seen = visible(story(*lines), at=moment, known_at=moment)
    steps = deadline_history(seen, start=START, at=moment)
    decided = day_of(steps[-1].event.effective_at) if steps else None
    return list(climbs(found, judge(found, measure), decided, ladder, measure))


def told(when: str, *lines: Line, who: Audience = REPORTER, ladder: Ladder = DEFAULT_LADDER) -> str:
    """What somebody who was told of nothing yet is told then."""
    as_what = frozenset({who})
    rungs = [c.to_tell(as_what, None) for c in climbed(when, *lines, ladder=ladder)]
    return " ".join(rung.name for rung in rungs if rung)


@pytest.mark.parametrize(
    ("day", "reporter", "head", "nhic"),
    [
        ("10-29", "", "", ""),  # 20 of 42 working days
        ("10-30", "share:50", "", ""),  # 21 of 42
        ("11-23", "share:50", "", ""),  # 37 of 42: 88 per cent; a Sunday
        ("11-24", "share:90", "share:90", ""),  # 38 of 42: 90.4 per cent
        ("11-27", "share:90", "share:90", ""),
        ("11-28", "due:0", "due:0", ""),
        ("11-29", "overdue_weeks:1", "overdue_weeks:1", ""),
        ("12-05", "overdue_weeks:1", "overdue_weeks:1", ""),
        ("12-06", "overdue_weeks:2", "overdue_weeks:2", "overdue_weeks:2"),
        ("12-12", "overdue_weeks:2", "overdue_weeks:2", "overdue_weeks:2"),
        ("12-13", "overdue_weeks:3", "overdue_weeks:3", "overdue_weeks:3"),
    ],
)
def test_the_default_ladder_is_climbed_rung_by_rung(
    day: str, reporter: str, head: str, nhic: str
) -> None:
    assert told(day, *LONG, who=REPORTER) == reporter
    assert told(day, *LONG, who=HEAD) == head
    assert told(day, *LONG, who=NHIC) == nhic
    assert told(day, *LONG, who=VERIFIER) == ""


@pytest.mark.parametrize(
    ("day", "verifier"),
    [
        ("11-05", ""),  # submitted on Monday 3 November
        ("11-06", "unverified_days:3"),
        ("11-12", "unverified_days:3"),
        ("11-13", "unverified_days:8"),
        ("11-20", "unverified_days:13"),
    ],
)
def test_a_result_that_waits_reminds_the_verifier_and_nobody_else(day: str, verifier: str) -> None:
    lines = (*LONG, ("11-03", SUBMITTED))
    assert told(day, *lines, who=VERIFIER) == verifier
    assert {told(day, *lines, who=who) for who in (REPORTER, HEAD, NHIC)} == {""}
    assert told("12-20", *lines, who=REPORTER) == ""  # in time, however slow the verifier


def test_a_result_that_was_submitted_late_climbs_no_further_and_the_verifier_hears_of_it() -> None:
    lines = (*SHORT, ("11-13", SUBMITTED))
    assert told("12-20", *lines, who=REPORTER) == "overdue_weeks:1"
    assert told("11-18", *lines, who=VERIFIER) == "unverified_days:3"


def test_a_result_that_came_back_is_late_by_all_the_weeks_it_was_away() -> None:
    lines = (*SHORT, ("11-07", SUBMITTED), ("11-20", RETURNED))
    assert told("11-19", *lines) == ""
    assert told("11-21", *lines) == "overdue_weeks:2"


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (("10-01", "assigned"),),
        assigned(None),
        (*assigned(None), ("10-02", SUBMITTED)),
        (*SHORT, ("11-05", SUBMITTED), ("11-06", ACCEPTED)),
        (*SHORT, ("11-15", SUBMITTED), ("11-16", ACCEPTED)),
        (*SHORT, ("11-05", "paused", {"reason": "x"})),
        (*SHORT, ("11-15", "cancelled", {"reason": "x"})),
    ],
    ids=["unassigned", "no deadline yet", "undated", "undated, submitted", "done", "done late",
         "paused", "cancelled"],
)  # fmt: skip
def test_there_is_nobody_to_remind_of(lines: tuple[Line, ...]) -> None:
    assert climbed("11-20", *lines) == []
    assert climbed("12-31", *lines) == []


def test_the_day_is_that_of_ha_noi_wherever_the_clock_stands() -> None:
    # 17:30 of the tenth in London is the eleventh in Hà Nội, and too late.
    assert told("11-10T16:30:00+00:00", *SHORT) == "due:0"
    assert told("11-10T17:30:00+00:00", *SHORT) == "overdue_weeks:1"


def test_before_a_day_counts_from_the_day_before_it() -> None:
    lines = assigned("11-11", reading="before")
    assert told("11-10", *lines) == "due:0"
    assert told("11-11", *lines) == "overdue_weeks:1"


def test_when_the_last_day_is_off_the_working_day_before_it_counts() -> None:
    lines = assigned("11-16")  # a Sunday
    assert told("11-13", *lines) == "share:90"
    assert told("11-14", *lines) == "due:0"
    assert told("11-17", *lines) == "overdue_weeks:1"


def test_working_time_is_measured_by_the_calendar() -> None:
    lines = assigned("10-10")  # seven working days: the second to the tenth
    off = {date(2025, 10, day): False for day in (2, 3, 6)}
    assert told("10-06", *lines) == ""  # three of seven
    assert told("10-07", *lines) == "share:50"
    (climb,) = climbed("10-08", *lines, calendar=WorkingCalendar(off))
    assert climb.reached[-1][0].name == "share:50"  # two of four
    assert climbed("10-07", *lines, calendar=WorkingCalendar(off)) == []


def test_a_moved_deadline_is_climbed_anew_from_the_day_of_its_decision() -> None:
    lines = (*SHORT, ("11-05", "extension_granted", due("12-31")))
    (before,) = climbed("11-04", *SHORT)
    assert before.subject == "2025-11-10/2"
    assert told("11-10", *lines) == ""
    (after,) = climbed("12-10", *lines)
    assert (after.subject, after.reached[-1][0].name) == ("2025-12-31/3", "share:50")


def test_a_deadline_that_was_moved_to_the_same_day_is_another_deadline() -> None:
    lines = (*SHORT, ("11-06", "extension_granted", due("11-10")))
    (climb,) = climbed("11-10", *lines)
    assert climb.subject == "2025-11-10/3"


def test_a_request_moves_nothing() -> None:
    lines = (*SHORT, ("11-05", "extension_requested", due("12-31")))
    assert climbed("11-12", *lines) == climbed("11-12", *SHORT)


def test_a_deadline_that_was_over_when_it_was_decided_is_overdue_at_once() -> None:
    lines = (("11-12", "assigned"), ("11-12", "deadline_set", due("11-01")))
    assert told("11-12T09:00:00", *lines) == "overdue_weeks:2"


def test_the_highest_rung_is_told_and_none_below_it_afterwards() -> None:
    (climb,) = climbed("11-24", *LONG)
    reporter = frozenset({REPORTER})
    fifty, ninety = Rung(Measure.SHARE, 50), Rung(Measure.SHARE, 90)
    assert climb.to_tell(reporter, None) == ninety
    assert climb.to_tell(reporter, fifty) == ninety
    assert climb.to_tell(reporter, ninety) is None
    assert climb.to_tell(reporter, Rung(Measure.OVERDUE_WEEKS, 1)) is None


def step(measure: Measure, amount: int, *to: Audience) -> Step:
    return Step(measure, amount, frozenset(to))


def test_rows_replace_the_ladder_and_each_weekly_step_lasts_until_the_next() -> None:
    ladder = Ladder(
        (
            step(Measure.OVERDUE_WEEKS, 4, REPORTER),
            step(Measure.OVERDUE_WEEKS, 2, NHIC),
            step(Measure.SHARE, 75, HEAD),
        )
    )
    assert told("11-28", *LONG, ladder=ladder) == ""
    assert told("11-28", *LONG, who=HEAD, ladder=ladder) == "share:75"
    assert told("12-01", *LONG, who=NHIC, ladder=ladder) == ""  # the first week
    assert told("12-15", *LONG, who=NHIC, ladder=ladder) == "overdue_weeks:3"
    assert told("12-22", *LONG, who=NHIC, ladder=ladder) == "overdue_weeks:3"
    assert told("12-22", *LONG, ladder=ladder) == "overdue_weeks:4"


def test_a_step_that_tells_nobody_switches_the_rung_off() -> None:
    on, off = step(Measure.OVERDUE_WEEKS, 1, REPORTER), step(Measure.OVERDUE_WEEKS, 2)
    assert told("12-22", *LONG, ladder=Ladder((on,))) == "overdue_weeks:4"
    assert told("12-22", *LONG, ladder=Ladder((on, off))) == "overdue_weeks:1"


def test_a_reminder_needs_no_report_and_makes_none() -> None:
    """What makes a task stale is the last report of the department, which the ladder never asks."""
    reported = (*LONG, ("11-20", "progress_reported", {"percent": 40}))
    assert climbed("11-24", *reported)[0].reached == climbed("11-24", *LONG)[0].reached


@pytest.mark.parametrize("hour", ["00:00:00", "06:59:00", "07:01:00", "23:59:59"])
def test_the_hour_of_the_day_changes_nothing(hour: str) -> None:
    assert told(f"11-10T{hour}", *SHORT) == "due:0"
