"""At which instants does a report fall due? The rule of a schedule and the working calendar in,
times out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice

from tracking.rules.calendar import DAY, WorkingCalendar
from tracking.rules.instants import ZONE, day_of

# A rule that has not come by then is taken never to come.
HORIZON = timedelta(days=800)


class Rhythm(StrEnum):
    WEEKDAYS = "weekdays"
    FIRST_WORKING_DAY = "first_working_day"
    LAST_WORKING_DAY = "last_working_day"
    BEFORE_MEETING = "before_meeting"


@dataclass(frozen=True, slots=True)
class Rule:
    """`weekdays`: Monday is 0. `meetings`: the instants at which they are held."""

    rhythm: Rhythm
    at: time
    weekdays: frozenset[int] = frozenset()
    days_before: int = 1
    move_holidays: bool = True
    meetings: tuple[datetime, ...] = ()

    def on(self, day: date) -> datetime:
        return datetime.combine(day, self.at.replace(second=0, microsecond=0), ZONE)


@dataclass(frozen=True, slots=True, order=True)
class ReportTime:
    """`moved_from`: the other days, not worked, whose report it is."""

    at: datetime
    moved_from: tuple[date, ...] = ()


def after(now: datetime) -> datetime:
    """From when on a schedule counts that is set going now: the next whole minute, since times
    are whole minutes."""
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def due_slots(
    rule: Rule, calendar: WorkingCalendar, since: datetime, now: datetime
) -> list[ReportTime]:
    """Those after `since`, up to and including `now`."""
    times = _times(rule, calendar, day_of(since), day_of(now))
    return [found for found in times if since < found.at <= now]


def next_slots(
    rule: Rule, calendar: WorkingCalendar, since: datetime, count: int = 10
) -> list[ReportTime]:
    """The first ones after that instant; fewer when the rule does not come as often by the
    horizon."""
    first = day_of(since)
    last = first + min(HORIZON, date.max - first)
    times = (found for found in _times(rule, calendar, first, last) if found.at > since)
    return list(islice(times, count))


def _times(rule: Rule, calendar: WorkingCalendar, first: date, last: date) -> Iterator[ReportTime]:
    """Those that fall on one of these days, in order."""
    if rule.rhythm is Rhythm.BEFORE_MEETING:
        return _before_meetings(rule, calendar, first, last)
    return _on_days(rule, calendar, first, last)


def _on_days(
    rule: Rule, calendar: WorkingCalendar, first: date, last: date
) -> Iterator[ReportTime]:
    """Days that are not worked hand their report on to the next one that is, so the search begins
    with those that hand theirs on to the first."""
    begin = first
    while rule.move_holidays and not calendar.is_working(begin - DAY):
        begin -= DAY
    waiting: list[date] = []
    for ordinal in range(begin.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if _falls_on(rule, calendar, day):
            waiting.append(day)
        if waiting and (not rule.move_holidays or calendar.is_working(day)):
            if day >= first:
                yield ReportTime(rule.on(day), tuple(d for d in waiting if d != day))
            waiting = []


def _falls_on(rule: Rule, calendar: WorkingCalendar, day: date) -> bool:
    """Before anything is moved. A month without a working day has no first and no last one."""
    if rule.rhythm is Rhythm.WEEKDAYS:
        return day.weekday() in rule.weekdays
    if not calendar.is_working(day):
        return False
    start = day.replace(day=1)
    if rule.rhythm is Rhythm.FIRST_WORKING_DAY:
        return calendar.working_days_after(start - DAY, day) == 1
    end = (start + timedelta(days=31)).replace(day=1) - DAY
    return calendar.working_days_after(day, end) == 0


def _before_meetings(
    rule: Rule, calendar: WorkingCalendar, first: date, last: date
) -> Iterator[ReportTime]:
    found: dict[date, set[date]] = {}
    for held_at in rule.meetings:
        asked = day_of(held_at) - timedelta(days=rule.days_before)
        found.setdefault(_before(rule, calendar, asked, held_at), set()).add(asked)
    for day in sorted(found):
        if first <= day <= last:
            yield ReportTime(rule.on(day), tuple(sorted(found[day] - {day})))


def _before(rule: Rule, calendar: WorkingCalendar, asked: date, held_at: datetime) -> date:
    """The day asked for, or the next working day; the last one before it when the next would come
    after the meeting has begun."""
    if not rule.move_holidays or calendar.is_working(asked):
        return asked
    later = calendar.next_working_day(asked)
    if rule.on(later) < held_at:
        return later
    while not calendar.is_working(asked):
        asked -= DAY
    return asked
