"""On which days, at which instants, does a report fall due?"""

import time as clock
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, strategies as st

from tracking.models import ReportSchedule
from tracking.rules.calendar import WorkingCalendar
from tracking.rules.instants import day_of, in_zone, instant_from
from tracking.rules.report_times import HORIZON, ReportTime, Rhythm, Rule, due_slots, next_slots

EIGHT = time(8)
WORKWEEK = frozenset(range(5))


def days(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


# Tết Bính Ngọ, the Friday after New Year's Day off and the Saturday worked for it.
CALENDAR = WorkingCalendar(
    {
        **dict.fromkeys([*days("2026-02-14", "2026-02-22"), date(2026, 1, 1)], False),
        date(2026, 1, 2): False,
        date(2026, 1, 10): True,
    }
)


def weekly(*weekdays: int, move: bool = True) -> Rule:
    return Rule(Rhythm.WEEKDAYS, EIGHT, frozenset(weekdays or WORKWEEK), move_holidays=move)


def monthly(rhythm: Rhythm) -> Rule:
    return Rule(rhythm, EIGHT)


def before(days_before: int, *held: str, move: bool = True) -> Rule:
    meetings = tuple(map(instant_from, held))
    return Rule(Rhythm.BEFORE_MEETING, EIGHT, frozenset(), days_before, move, meetings)


def written(times: list[ReportTime]) -> list[str]:
    return [f"{in_zone(found.at):%Y-%m-%d %H:%M}" for found in times]


def ahead(rule: Rule, after: str, count: int = 10) -> list[str]:
    return written(next_slots(rule, CALENDAR, instant_from(after), count))


def test_the_slot_of_an_instant_is_due_at_it_and_comes_after_the_one_before() -> None:
    at = instant_from("2026-11-26T08:00")
    moment = timedelta(microseconds=1)
    assert due_slots(weekly(), CALENDAR, at - moment, at) == [ReportTime(at)]
    assert due_slots(weekly(), CALENDAR, at - moment, at - moment) == []
    assert due_slots(weekly(), CALENDAR, at, at + moment) == []
    assert next_slots(weekly(), CALENDAR, at, 1)[0].at == at + timedelta(days=1)


def test_a_weekend_is_not_a_holiday_that_moves_what_is_not_asked_for() -> None:
    assert ahead(weekly(), "2026-11-27T08:00", 2) == ["2026-11-30 08:00", "2026-12-01 08:00"]


def test_a_report_of_a_holiday_comes_on_the_next_working_day_and_says_of_which() -> None:
    (found,) = next_slots(weekly(4), CALENDAR, instant_from("2025-12-27T00:00"), 1)
    assert found == ReportTime(instant_from("2026-01-05T08:00"), (date(2026, 1, 2),))


def test_what_piles_up_over_tet_is_one_report() -> None:
    asked = "2026-02-13T08:00"
    (found,) = next_slots(weekly(), CALENDAR, instant_from(asked), 1)
    assert found.at == instant_from("2026-02-23T08:00")
    assert found.moved_from == tuple(days("2026-02-16", "2026-02-20"))


def test_holidays_that_are_not_moved_have_their_report() -> None:
    assert ahead(weekly(4, move=False), "2026-01-01T00:00", 1) == ["2026-01-02 08:00"]


def test_a_worked_saturday_has_a_report_only_where_saturdays_are_asked_for() -> None:
    assert ahead(weekly(), "2026-01-09T08:00", 1) == ["2026-01-12 08:00"]
    assert ahead(weekly(5), "2026-01-09T08:00", 1) == ["2026-01-10 08:00"]


def test_the_first_and_last_working_days_of_months_go_by_the_calendar() -> None:
    first = ahead(monthly(Rhythm.FIRST_WORKING_DAY), "2025-12-01T08:00", 3)
    assert first == ["2026-01-05 08:00", "2026-02-02 08:00", "2026-03-02 08:00"]
    last = ahead(monthly(Rhythm.LAST_WORKING_DAY), "2025-12-31T08:00", 3)
    assert last == ["2026-01-30 08:00", "2026-02-27 08:00", "2026-03-31 08:00"]


def test_a_month_without_a_working_day_has_no_report() -> None:
    closed = WorkingCalendar(dict.fromkeys(days("2026-02-01", "2026-02-28"), False))
    for rhythm in (Rhythm.FIRST_WORKING_DAY, Rhythm.LAST_WORKING_DAY):
        found = due_slots(
            monthly(rhythm), closed, instant_from("2026-01-31"), instant_from("2026-02-28")
        )
        assert found == []


def test_a_report_before_a_meeting_comes_so_many_days_before_its_day() -> None:
    rule = before(2, "2026-11-26T14:00", "2026-12-03T07:00")
    assert ahead(rule, "2026-11-01T00:00") == ["2026-11-24 08:00", "2026-12-01 08:00"]
    assert ahead(before(0, "2026-11-26T14:00"), "2026-11-01T00:00") == ["2026-11-26 08:00"]


def test_moving_never_puts_a_report_behind_its_meeting() -> None:
    on_sunday = before(2, "2026-12-01T14:00"), before(1, "2026-11-30T07:30")
    assert ahead(on_sunday[0], "2026-11-01T00:00") == ["2026-11-30 08:00"]
    assert ahead(on_sunday[1], "2026-11-01T00:00") == ["2026-11-27 08:00"]
    stays = before(1, "2026-11-30T07:30", move=False)
    assert ahead(stays, "2026-11-01T00:00") == ["2026-11-29 08:00"]


def test_two_meetings_with_one_day_before_have_one_report() -> None:
    rule = before(1, "2026-11-27T08:00", "2026-11-27T15:00")
    assert ahead(rule, "2026-11-01T00:00") == ["2026-11-26 08:00"]


@pytest.mark.parametrize(
    "rule", [Rule(Rhythm.WEEKDAYS, EIGHT), before(1), before(1, "2026-11-01T08:00")]
)
def test_a_rule_that_never_comes_ends(rule: Rule) -> None:
    assert next_slots(rule, CALENDAR, instant_from("2026-11-26T00:00")) == []
    assert next_slots(weekly(), CALENDAR, instant_from("9999-12-31T08:00")) == []


def test_seconds_of_the_time_of_day_do_not_count() -> None:
    rule = Rule(Rhythm.WEEKDAYS, time(8, 0, 59), WORKWEEK)
    assert ahead(rule, "2026-11-26T07:00", 1) == ["2026-11-26 08:00"]


def test_the_rhythms_of_the_register_are_those_of_the_rules() -> None:
    assert list(map(str, Rhythm)) == list(ReportSchedule.Rhythm.values)


@pytest.fixture(params=["UTC", "Pacific/Kiritimati", "America/Los_Angeles"])
def server_zone(request: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    clock.tzset()
    yield
    monkeypatch.undo()
    clock.tzset()


@pytest.mark.usefixtures("server_zone")
def test_eight_in_ha_noi_is_eight_in_ha_noi_on_every_server_and_in_every_season() -> None:
    for month in (1, 3, 7, 10):
        after = datetime(2026, month, 12, 17, tzinfo=UTC)  # midnight in Hà Nội
        (found,) = next_slots(weekly(), CALENDAR, after, 1)
        assert found.at.astimezone(UTC).hour == 1


START = instant_from("2025-12-01T00:00")
INSTANTS = st.integers(0, 210 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
CALENDARS = st.dictionaries(
    st.sampled_from(days("2025-12-01", "2026-07-15")), st.booleans(), max_size=40
).map(lambda rows: WorkingCalendar({**CALENDAR.days, **rows}))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    return Rule(
        rhythm=draw(st.sampled_from(Rhythm)),
        at=draw(st.times()),
        weekdays=draw(st.frozensets(st.integers(0, 6))),
        days_before=draw(st.integers(0, 9)),
        move_holidays=draw(st.booleans()),
        meetings=tuple(draw(st.lists(INSTANTS, max_size=5))),
    )


@given(rules(), CALENDARS, INSTANTS)
def test_the_next_ones_strictly_increase_after_the_instant(
    rule: Rule, calendar: WorkingCalendar, after: datetime
) -> None:
    found = [slot.at for slot in next_slots(rule, calendar, after)]
    assert len(found) <= 10
    assert all(earlier < later for earlier, later in pairwise([after, *found]))
    assert all(at - after <= HORIZON + timedelta(days=1) for at in found)


@given(rules(), CALENDARS, st.lists(INSTANTS, min_size=3, max_size=3).map(sorted))
def test_what_is_due_does_not_depend_on_how_often_one_looks(
    rule: Rule, calendar: WorkingCalendar, asked: list[datetime]
) -> None:
    first, middle, last = asked
    whole = due_slots(rule, calendar, first, last)
    parts = due_slots(rule, calendar, first, middle), due_slots(rule, calendar, middle, last)
    assert parts[0] + parts[1] == whole


@given(rules(), CALENDARS, INSTANTS)
def test_what_is_announced_is_what_falls_due(
    rule: Rule, calendar: WorkingCalendar, after: datetime
) -> None:
    announced = next_slots(rule, calendar, after)
    if announced:
        assert due_slots(rule, calendar, after, announced[-1].at) == announced


@given(rules(), CALENDARS, INSTANTS)
def test_what_is_moved_lands_on_a_working_day_and_comes_from_days_off(
    rule: Rule, calendar: WorkingCalendar, after: datetime
) -> None:
    for found in next_slots(rule, calendar, after):
        assert all(not calendar.is_working(day) for day in found.moved_from)
        assert rule.move_holidays or not found.moved_from
        if rule.move_holidays:
            assert calendar.is_working(day_of(found.at))


@given(CALENDARS, st.frozensets(st.integers(0, 6), min_size=1), INSTANTS)
def test_moving_loses_no_day_that_was_asked_for(
    calendar: WorkingCalendar, weekdays: frozenset[int], after: datetime
) -> None:
    rule = Rule(Rhythm.WEEKDAYS, EIGHT, weekdays)
    until = after + timedelta(days=60)
    asked = due_slots(Rule(Rhythm.WEEKDAYS, EIGHT, weekdays, 1, False), calendar, after, until)
    kept: set[date] = set()
    for found in next_slots(rule, calendar, after, 70):
        kept |= {day_of(found.at), *found.moved_from}
    assert {day_of(slot.at) for slot in asked} <= kept
