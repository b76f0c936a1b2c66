"""Periods, readings and the working calendar."""

from datetime import date

import pytest

from tracking.rules.calendar import WorkingCalendar
from tracking.rules.deadline import Deadline, Reading, end_of_period

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
