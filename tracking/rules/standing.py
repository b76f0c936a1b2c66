"""How does a task stand at an instant? Standing, flags and lateness (rules.md 5)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tracking.rules.calendar import WorkingCalendar
from tracking.rules.deadline import Deadline
from tracking.rules.instants import day_of
from tracking.rules.situation import Situation


class Standing(StrEnum):
    COMPLETED_ON_TIME = "completed_on_time"
    COMPLETED_LATE = "completed_late"
    IN_TIME = "in_time"
    OVERDUE = "overdue"
    NO_DEADLINE = "no_deadline"
    PAUSED = "paused"


COMPLETED = frozenset({Standing.COMPLETED_ON_TIME, Standing.COMPLETED_LATE})


class Flag(StrEnum):
    PENDING = "pending"
    PENDING_LATE = "pending_late"
    DUE_SOON = "due_soon"
    EXTENDED = "extended"
    REDUCED = "reduced"
    EXTENDED_LATE = "extended_late"
    REOPENED = "reopened"
    BLOCKED = "blocked"
    STALE = "stale"
    NO_INFORMATION = "no_information"


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What a judgement is measured with: the instant T, the calendar and the two thresholds."""

    at: datetime
    day: date
    calendar: WorkingCalendar
    due_soon_days: int = 7
    stale_working_days: int = 10

    @classmethod
    def at_instant(
        cls, at: datetime, calendar: WorkingCalendar, *, due_soon: int = 7, stale: int = 10
    ) -> "Yardstick":
        return cls(at, day_of(at), calendar, due_soon, stale)


@dataclass(frozen=True, slots=True)
class Judgement:
    standing: Standing
    flags: tuple[str, ...]  # sorted by code point
    late_calendar_days: int
    late_working_days: int
    breaches: int
    due: bool  # counts among the due tasks of rules.md 7
    early: bool  # completed while its deadline still lay ahead

    @property
    def overdue(self) -> bool:
        return self.standing is Standing.OVERDUE


def standing_of(situation: Situation, at: datetime) -> Standing:
    """The first row of the table in rules.md 5 that fits; the task must be in scope."""
    if situation.submission and situation.submission.accepted:
        in_time = situation.submission.before_own_end
        return Standing.COMPLETED_ON_TIME if in_time else Standing.COMPLETED_LATE
    if situation.paused:
        return Standing.PAUSED
    if situation.deadline is None:
        return Standing.NO_DEADLINE
    return Standing.OVERDUE if situation.overdue(at) else Standing.IN_TIME


def judge(situation: Situation, yardstick: Yardstick) -> Judgement:
    """Everything a list says about a task in scope at the instant of the yardstick."""
    standing = standing_of(situation, yardstick.at)
    passed_now = standing is Standing.OVERDUE and not situation.deadline_breached
    calendar_days, working_days = _lateness(situation, standing, yardstick)
    deadline = _deadline_judged_by(situation, standing)
    ended = deadline is not None and deadline.end <= yardstick.at
    return Judgement(
        standing=standing,
        flags=_flags(situation, standing, yardstick),
        late_calendar_days=calendar_days,
        late_working_days=working_days,
        breaches=situation.breaches + passed_now,
        due=ended and standing is not Standing.PAUSED,
        early=standing is Standing.COMPLETED_ON_TIME and deadline is not None and not ended,
    )


def _deadline_judged_by(situation: Situation, standing: Standing) -> Deadline | None:
    if standing in COMPLETED and situation.submission:
        return situation.submission.judged_by
    return situation.deadline


def _lateness(situation: Situation, standing: Standing, yardstick: Yardstick) -> tuple[int, int]:
    """Calendar and working days after the last day in time; zero unless late."""
    deadline = _deadline_judged_by(situation, standing)
    if standing not in {Standing.OVERDUE, Standing.COMPLETED_LATE} or deadline is None:
        return 0, 0
    made = situation.submission
    until = day_of(made.at) if made else yardstick.day
    last = deadline.last_day
    return (until - last).days, yardstick.calendar.working_days_after(last, until)


def _flags(situation: Situation, standing: Standing, yardstick: Yardstick) -> tuple[str, ...]:
    completed = standing in COMPLETED
    in_time = situation.pending and situation.submitted_in_time
    raised = (
        (bool(situation.blocks) and not completed, Flag.BLOCKED),
        (standing is Standing.IN_TIME and _due_soon(situation, yardstick), Flag.DUE_SOON),
        (situation.extensions > 0, Flag.EXTENDED),
        (bool(situation.extended_late_days), Flag.EXTENDED_LATE),
        (situation.submission is not None and not situation.evidence, Flag.NO_INFORMATION),
        (in_time, Flag.PENDING),
        (situation.pending and not in_time, Flag.PENDING_LATE),
        (situation.reduced, Flag.REDUCED),
        (situation.reopened, Flag.REOPENED),
        (situation.open and not situation.pending and _stale(situation, yardstick), Flag.STALE),
    )
    # The rows stand in the order of code points, as the list wants them.
    return tuple(flag.value for up, flag in raised if up)


def _due_soon(situation: Situation, yardstick: Yardstick) -> bool:
    if situation.deadline is None or situation.deadline.end <= yardstick.at:
        return False
    return (situation.deadline.last_day - yardstick.day).days <= yardstick.due_soon_days


def _stale(situation: Situation, yardstick: Yardstick) -> bool:
    heard = situation.reported_at or situation.assigned_at
    if heard is None:
        return False
    silent = yardstick.calendar.working_days_after(day_of(heard), yardstick.day)
    return silent > yardstick.stale_working_days
