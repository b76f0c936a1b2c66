"""Who is reminded of a task, and when? A ladder: each rung is told once to a person, the highest
that was reached and none below it afterwards, so that a missed day loses and repeats nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from tracking.rules.deadline import Deadline
from tracking.rules.instants import day_of
from tracking.rules.situation import Situation
from tracking.rules.standing import Judgement, Yardstick


class Measure(StrEnum):
    """In the order of the climb."""

    SHARE = "share"
    DUE = "due"
    OVERDUE_WEEKS = "overdue_weeks"
    UNVERIFIED_DAYS = "unverified_days"


class Audience(StrEnum):
    REPORTER = "reporter"
    HEAD = "head"
    NHIC = "nhic"
    VERIFIER = "verifier"


# After how many more of its unit a rung comes again.
_AGAIN = {Measure.OVERDUE_WEEKS: 1, Measure.UNVERIFIED_DAYS: 5}
_PLACES = {measure: place for place, measure in enumerate(Measure)}
_DAYS_A_WEEK = 7


class Rung(NamedTuple):
    """`amount`: per cent of the working time, the how manieth week overdue, working days."""

    measure: Measure
    amount: int

    @property
    def name(self) -> str:
        return f"{self.measure}:{self.amount}"

    @property
    def height(self) -> tuple[int, int]:
        return _PLACES[self.measure], self.amount

    def higher_than(self, other: "Rung | None") -> bool:
        return other is None or self.height > other.height

    @classmethod
    def named(cls, name: str) -> "Rung":
        measure, _, amount = name.partition(":")
        return cls(Measure(measure), int(amount))


@dataclass(frozen=True, slots=True)
class Step:
    """From this amount on these people are told; told to nobody, it is switched off."""

    measure: Measure
    amount: int
    to: frozenset[Audience]


# A rung that was reached, and who is told of it.
Reached = tuple[Rung, frozenset[Audience]]


@dataclass(frozen=True, slots=True)
class Ladder:
    """`steps` in any order, no two alike in measure and amount."""

    steps: tuple[Step, ...]

    def reached(self, measure: Measure, value: int) -> Iterator[Reached]:
        """For each step the highest of its rungs that the value has reached."""
        steps = sorted((s for s in self.steps if s.measure is measure), key=lambda s: s.amount)
        # A step that comes again does so until the next one takes over.
        for step, after in pairwise([*steps, None]):
            if step is None or value < step.amount:
                return
            most = min(value, after.amount - 1) if after else value
            again = _AGAIN.get(measure)
            more = (most - step.amount) // again * again if again else 0
            yield Rung(measure, step.amount + more), step.to


@dataclass(frozen=True, slots=True)
class Climb:
    """`subject`: the deadline in force or the submission that waits; every decision and every
    submission begins a climb of its own. `reached`: the highest last."""

    subject: str
    reached: tuple[Reached, ...]

    def to_tell(self, audiences: frozenset[Audience], told: Rung | None) -> Rung | None:
        """The highest rung of these audiences; none if the person was told of it or a higher."""
        for rung, to in reversed(self.reached):
            if to & audiences:
                return rung if rung.higher_than(told) else None
        return None


def climbs(
    situation: Situation,
    judgement: Judgement,
    decided_on: date | None,
    ladder: Ladder,
    yardstick: Yardstick,
) -> Iterator[Climb]:
    """`decided_on`: when the deadline in force was decided. Nothing unless the task is open with a
    deadline; in time with a result submitted, only of the wait for verification."""
    deadline = situation.deadline
    if deadline is None or not situation.open:
        return
    found = []
    if judgement.overdue or not situation.pending:
        values = _values(deadline, judgement, decided_on, yardstick)
        found.append((deadline_subject(deadline), values))
    if situation.pending and situation.submission:
        made = situation.submission
        waited = yardstick.calendar.working_days_after(day_of(made.at), yardstick.day)
        found.append((submission_subject(made.number), [(Measure.UNVERIFIED_DAYS, waited)]))
    for subject, values in found:
        reached = tuple(r for measure, value in values for r in ladder.reached(measure, value))
        if reached:
            yield Climb(subject, reached)


def deadline_subject(deadline: Deadline) -> str:
    """Its last day in time, and the ledger number of the decision."""
    return f"{deadline.last_day.isoformat()}/{deadline.number}"


def submission_subject(number: int) -> str:
    return f"submitted/{number}"


def share_used(decided_on: date | None, deadline: Deadline, yardstick: Yardstick) -> int:
    """Per cent of the working days from the decision (not counted) to the last day in time that
    are over or begun; all of them if there was none."""
    if decided_on is None:
        return 0
    days_after = yardstick.calendar.working_days_after
    whole = days_after(decided_on, deadline.last_day)
    if not whole:
        return 100
    used = days_after(decided_on, min(yardstick.day, deadline.last_day))
    return used * 100 // whole


def _values(
    deadline: Deadline, judgement: Judgement, decided_on: date | None, yardstick: Yardstick
) -> list[tuple[Measure, int]]:
    if judgement.overdue:
        weeks = -(-judgement.late_calendar_days // _DAYS_A_WEEK)
        return [(Measure.SHARE, 100), (Measure.DUE, 0), (Measure.OVERDUE_WEEKS, weeks)]
    values = [(Measure.SHARE, share_used(decided_on, deadline, yardstick))]
    # Nobody is reminded on a day off: the last working day in time counts as the last day.
    if not yardstick.calendar.working_days_after(yardstick.day, deadline.last_day):
        values.append((Measure.DUE, 0))
    return values


_OWNERS = frozenset({Audience.REPORTER, Audience.HEAD})
DEFAULT_LADDER = Ladder(
    (
        Step(Measure.SHARE, 50, frozenset({Audience.REPORTER})),
        Step(Measure.SHARE, 90, _OWNERS),
        Step(Measure.DUE, 0, _OWNERS),
        Step(Measure.OVERDUE_WEEKS, 1, _OWNERS),
        Step(Measure.OVERDUE_WEEKS, 2, _OWNERS | {Audience.NHIC}),
        Step(Measure.UNVERIFIED_DAYS, 3, frozenset({Audience.VERIFIER})),
    )
)
