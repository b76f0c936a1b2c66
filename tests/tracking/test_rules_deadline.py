"""Periods, readings and the working calendar."""

from datetime import date, datetime, timedelta

import pytest

from tests.tracking.told import Line, assigned, at, due, situation, story
from tracking.rules.calendar import WorkingCalendar
from tracking.rules.deadline import Deadline, Reading, deadline_of, end_of_period
from tracking.rules.deadline_history import deadline_history
from tracking.rules.deadline_orders import FixedDate, Period, days_off
from tracking.rules.instants import MICROSECOND
from tracking.rules.situation import Situation

# What the register holds about the turn of 2025 to 2026 and September 2026.
CALENDAR = WorkingCalendar(
    {
        date(2026, 1, 1): False,
        date(2026, 1, 2): False,  # swapped with Saturday 10 January, 12729/VPCP-KGVX
        date(2026, 1, 10): True,
        date(2026, 8, 31): False,
        date(2026, 8, 22): True,
        date(2026, 9, 1): False,
        date(2026, 9, 2): False,
        date(2026, 11, 24): False,
    }
)


@pytest.mark.parametrize(
    ("start", "days", "working", "last"),
    [
        ("2025-11-03", 5, True, "2025-11-10"),  # the first day is not counted
        ("2025-11-07", 1, True, "2025-11-10"),  # Friday, then Monday
        ("2025-12-31", 2, True, "2026-01-06"),  # the first and the second are off
        ("2026-01-08", 2, True, "2026-01-10"),  # the swapped Saturday is worked
        ("2026-11-20", 3, True, "2026-11-26"),  # the 24th is a holiday
        ("2025-11-03", 5, False, "2025-11-10"),  # Saturday rolls to Monday
        ("2026-08-28", 3, False, "2026-09-03"),  # into a long holiday and out of it
        ("2026-01-05", 5, False, "2026-01-10"),  # a worked Saturday does not roll
    ],
)
def test_periods(start: str, days: int, working: bool, last: str) -> None:
    found = end_of_period(date.fromisoformat(start), days, working=working, calendar=CALENDAR)
    assert found.isoformat() == last


def test_a_period_has_at_least_one_day() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        end_of_period(date(2025, 11, 3), 0, working=True, calendar=CALENDAR)


def test_a_fixed_date_on_a_day_off_is_not_rolled() -> None:
    assert Deadline(date(2026, 11, 24), Reading.BY, 1).last_day == date(2026, 11, 24)


def test_the_end_of_a_deadline_is_the_first_instant_that_is_too_late() -> None:
    by = Deadline(date(2025, 12, 31), Reading.BY, 1)
    before = Deadline(date(2025, 12, 31), Reading.BEFORE, 1)
    assert by.end.isoformat() == "2026-01-01T00:00:00+07:00"
    assert before.end.isoformat() == "2025-12-31T00:00:00+07:00"


def test_working_days_are_those_after_the_start_up_to_the_end() -> None:
    assert CALENDAR.working_days_after(date(2025, 12, 31), date(2026, 1, 12)) == 7
    assert CALENDAR.working_days_after(date(2025, 11, 14), date(2025, 11, 16)) == 0
    assert CALENDAR.working_days_after(date(2025, 11, 14), date(2025, 11, 14)) == 0
    assert CALENDAR.working_days_after(date(2025, 11, 14), date(2025, 11, 1)) == 0


def test_counting_by_sums_is_counting_day_by_day() -> None:
    start = date(2025, 12, 20)
    for length in range(400):
        end = date.fromordinal(start.toordinal() + length)
        days = (date.fromordinal(start.toordinal() + n) for n in range(1, length + 1))
        assert CALENDAR.working_days_after(start, end) == sum(map(CALENDAR.is_working, days))


def test_the_version_names_the_rows_whatever_their_order() -> None:
    turned = WorkingCalendar(dict(sorted(CALENDAR.days.items(), reverse=True)))
    assert turned.version == CALENDAR.version
    assert WorkingCalendar({date(2026, 1, 1): True}).version != CALENDAR.version


@pytest.mark.parametrize(
    ("day", "reading", "last"),
    [
        ("2025-11-10", "by", "2025-11-10"),
        ("2025-11-10", "before", "2025-11-09"),
        ("2026-01-01", "before", "2025-12-31"),
        ("2028-03-01", "before", "2028-02-29"),
        ("2026-03-01", "before", "2026-02-28"),
    ],
)
def test_the_last_day_in_time(day: str, reading: str, last: str) -> None:
    found = Deadline(date.fromisoformat(day), Reading(reading), 1)
    assert found.last_day.isoformat() == last
    assert found.end.isoformat() == f"{found.last_day + timedelta(days=1)}T00:00:00+07:00"


def test_the_end_is_midnight_in_ha_noi_and_not_of_the_server() -> None:
    end = Deadline(date(2025, 11, 10), Reading.BY, 1).end
    assert end == datetime.fromisoformat("2025-11-10T17:00:00+00:00")
    assert (end - MICROSECOND).date() == date(2025, 11, 10)


def test_a_deadline_is_read_as_by_unless_the_order_says_before() -> None:
    plain, before = deadline_of(due("11-10"), 1), deadline_of(due("11-10", reading="before"), 1)
    assert plain is not None
    assert before is not None
    assert (plain.reading, before.reading) == (Reading.BY, Reading.BEFORE)


@pytest.mark.parametrize("wording", ["thường xuyên", "Quý IV/2025"])
def test_words_without_a_date_are_no_deadline_and_are_kept(wording: str) -> None:
    lines: tuple[Line, ...] = (
        ("10-01", "assigned"),
        ("10-01", "deadline_set", {"due_on": None, "wording": wording}),
    )
    found = situation(at("12-31"), *lines)
    assert (found.deadline, found.original, found.wording) == (None, None, wording)


def test_words_with_a_date_behind_them_are_a_deadline() -> None:
    found = situation(at("12-31"), *assigned("12-31", wording="Quý IV/2025"))
    assert found.deadline is not None
    assert (found.deadline.due_on, found.deadline.wording) == (date(2025, 12, 31), "Quý IV/2025")


REQUEST: Line = ("10-05", "extension_requested", due("12-31", reason="chờ"))


@pytest.mark.parametrize(
    "more",
    [(REQUEST,), (REQUEST, ("10-06", "extension_refused", {"reason": "không"}))],
    ids=["requested", "refused"],
)
def test_requests_and_refusals_move_nothing(more: tuple[Line, ...]) -> None:
    found = situation(at("12-31"), *assigned(), *more)
    assert found.deadline == found.original == situation(at("12-31"), *assigned()).deadline


def test_the_original_deadline_stays_what_the_order_said() -> None:
    lines = (*assigned(), ("10-05", "extension_granted", due("11-30")))
    found = situation(at("12-31"), *lines, ("10-06", "extension_granted", due("11-20")))
    assert found.original is not None
    assert found.deadline is not None
    assert (found.original.due_on, found.deadline.due_on) == (
        date(2025, 11, 10),
        date(2025, 11, 20),
    )
    assert (found.extensions, found.reduced) == (1, True)


def test_every_decision_is_told_with_what_it_did() -> None:
    lines = (
        *assigned(),
        ("10-05", "extension_granted", due("11-05")),
        ("10-06", "extension_granted", due("11-05")),
        ("11-08", "extension_granted", due("11-30")),
    )
    steps = deadline_history(story(*lines), start=Situation("QLD", True), at=at("12-31"))
    assert [step.effect for step in steps] == ["original", "reduction", "same", "extension"]
    assert [step.late_days for step in steps] == [None, None, None, 3]


def test_a_first_date_given_by_a_grant_is_neither_extension_nor_reduction() -> None:
    lines = (*assigned(None), ("10-05", "extension_granted", due("11-30")))
    found = situation(at("12-31"), *lines)
    assert (found.extensions, found.reduced, found.original) == (0, False, None)


def test_a_day_in_no_row_works_monday_to_friday() -> None:
    week = [date(2025, 11, 17) + timedelta(days=n) for n in range(7)]
    assert [WorkingCalendar().is_working(day) for day in week] == [True] * 5 + [False] * 2


def test_the_swap_at_the_new_year_of_2026_is_read_the_right_way_round() -> None:
    assert not CALENDAR.is_working(date(2026, 1, 2))
    assert CALENDAR.is_working(date(2026, 1, 10))


def test_a_period_is_stored_as_a_date_with_the_version_of_its_calendar() -> None:
    order = Period(days=2, working=True, start=date(2025, 12, 31), wording="trong 02 ngày làm việc")
    payload = order.payload(CALENDAR)
    assert (payload["due_on"], payload["reading"]) == ("2026-01-06", "by")
    assert payload["calendar_version"] == CALENDAR.version
    assert payload["wording"] == "trong 02 ngày làm việc"
    assert order.payload(WorkingCalendar())["due_on"] == "2026-01-02"


def test_a_stored_deadline_asks_no_calendar() -> None:
    payload = Period(days=2, working=True, start=date(2025, 12, 31)).payload(CALENDAR)
    stored = deadline_of(payload, 1)
    assert stored is not None
    assert stored.last_day == date(2026, 1, 6)  # whatever the register says of that day later


@pytest.mark.parametrize(
    ("order", "off"),
    [
        (FixedDate(date(2026, 11, 24)), ["2026-11-24"]),
        (FixedDate(date(2026, 11, 25), Reading.BEFORE), ["2026-11-24"]),
        (FixedDate(date(2026, 1, 10)), []),  # the swapped Saturday is worked
        (FixedDate(date(2025, 11, 10)), []),
        (FixedDate(None, wording="thường xuyên"), []),
    ],
)
def test_a_fixed_date_on_a_day_off_is_warned_of_and_not_moved(
    order: FixedDate, off: list[str]
) -> None:
    assert [day.isoformat() for day in days_off(order, CALENDAR)] == off
    stated = order.due_on.isoformat() if order.due_on else None
    assert order.payload(CALENDAR)["due_on"] == stated
