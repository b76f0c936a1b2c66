"""Which tasks did somebody ask for, and in which order? Told here in Python and once more in SQL
(models.task_rows); a generated test holds the two together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from tracking.rules.departments import DepartmentFacts, places_taken
from tracking.rules.lines import TaskFacts
from tracking.rules.standing import Judgement, Standing
from tracking.rules.vietnamese import sort_key

# Beside the six standings and the flags of the rules.
CANCELLED = "cancelled"
BREACHED = "breached"

# What needs attention stands first.
RANKS: Mapping[str, int] = {
    Standing.OVERDUE: 0,
    Standing.IN_TIME: 1,
    Standing.NO_DEADLINE: 2,
    Standing.PAUSED: 3,
    Standing.COMPLETED_LATE: 4,
    Standing.COMPLETED_ON_TIME: 5,
    CANCELLED: 6,
}


class Part(StrEnum):
    """What a department or partner has to do with a task."""

    LEAD = "lead"
    COORDINATING = "coordinating"
    WAITED_FOR = "waited_for"


@dataclass(frozen=True, slots=True)
class Question:
    """Everything asked for must hold. `bodies`: any of these codes, none for all; `standings`: any
    of these, none for every task in scope; `words`: folded, all of them."""

    plans: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    part: Part = Part.LEAD
    standings: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    due_from: date | None = None
    due_to: date | None = None
    required: bool | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A task as the list sees it. `judgement`: None once it is cancelled."""

    key: int
    search: str
    task: TaskFacts
    judgement: Judgement | None

    @property
    def standing(self) -> str:
        return str(self.judgement.standing) if self.judgement else CANCELLED

    @property
    def breaches(self) -> int:
        return self.judgement.breaches if self.judgement else self.task.situation.breaches

    @property
    def flags(self) -> frozenset[str]:
        if self.judgement is None:
            return frozenset()
        return frozenset(self.judgement.flags) | ({BREACHED} if self.breaches else set())


def fits(candidate: Candidate, asked: Question) -> bool:
    return all(test(candidate, asked) for test in _TESTS)


def _in_plans(candidate: Candidate, asked: Question) -> bool:
    return not asked.plans or candidate.task.plan in asked.plans


def _of_bodies(candidate: Candidate, asked: Question) -> bool:
    if not asked.bodies:
        return True
    situation = candidate.task.situation
    match asked.part:
        case Part.LEAD:
            return situation.lead in asked.bodies
        case Part.COORDINATING:
            return any(code in asked.bodies for code in candidate.task.coordinating)
        case Part.WAITED_FOR:
            waits = not situation.completed
            return waits and any(block.on in asked.bodies for block in situation.blocks)


def _of_standings(candidate: Candidate, asked: Question) -> bool:
    if asked.standings:
        return candidate.standing in asked.standings
    return candidate.judgement is not None


def _flagged(candidate: Candidate, asked: Question) -> bool:
    return asked.flags <= candidate.flags


def _due(candidate: Candidate, asked: Question) -> bool:
    if asked.due_from is None and asked.due_to is None:
        return True
    deadline = candidate.task.situation.deadline
    if deadline is None:
        return False
    begun = asked.due_from is None or deadline.due_on >= asked.due_from
    return begun and (asked.due_to is None or deadline.due_on <= asked.due_to)


def _required(candidate: Candidate, asked: Question) -> bool:
    return asked.required in (None, candidate.task.situation.required)


def _worded(candidate: Candidate, asked: Question) -> bool:
    return all(word in candidate.search for word in asked.words)


_TESTS = (_in_plans, _of_bodies, _of_standings, _flagged, _due, _required, _worded)


def bodies_of(
    code: str, departments: Mapping[str, DepartmentFacts], as_of: date
) -> tuple[str, ...]:
    """The body itself and every ended department whose tasks are printed under it that day."""
    taken = places_taken(code, departments, as_of)
    return (code, *(other for other in taken if other != code))


def late_by(candidate: Candidate, at: datetime) -> timedelta | None:
    """How long after the end of its deadline; None unless it is late."""
    situation = candidate.task.situation
    made = situation.submission
    if candidate.standing == Standing.OVERDUE and situation.deadline:
        return (made.at if made else at) - situation.deadline.end
    if candidate.standing == Standing.COMPLETED_LATE and made and made.judged_by:
        return made.at - made.judged_by.end
    return None


Departments = Mapping[str, DepartmentFacts]
Place = Callable[[Candidate, datetime, Departments], Any]


def _lead(candidate: Candidate, departments: Departments) -> DepartmentFacts:
    return departments[candidate.task.situation.lead]


# What each order sorts by; tasks without it come last in both directions.
ORDERS: Mapping[str, Place] = {
    "standing": lambda c, at, d: RANKS[c.standing],
    "code": lambda c, at, d: c.task.code,
    "title": lambda c, at, d: sort_key(c.task.title["vi"])[:400],
    "lead": lambda c, at, d: sort_key(_lead(c, d).name["vi"])[:400],
    "protocol": lambda c, at, d: (_lead(c, d).order, _lead(c, d).code),
    "plan": lambda c, at, d: c.task.plan,
    "original_due_on": lambda c, at, d: (o := c.task.situation.original) and o.due_on,
    "due_on": lambda c, at, d: _due_on(c),
    "late": lambda c, at, d: late_by(c, at),
    "extensions": lambda c, at, d: c.task.situation.extensions,
    "breaches": lambda c, at, d: c.breaches,
    "submitted_at": lambda c, at, d: (m := c.task.situation.submission) and m.at,
    "reported_on": lambda c, at, d: c.task.situation.reported_at,
}
FIRST_ORDER = "standing"


def _due_on(candidate: Candidate) -> date | None:
    deadline = candidate.task.situation.deadline
    return deadline.due_on if deadline else None


def in_order(
    candidates: Iterable[Candidate], order: str, at: datetime, departments: Departments
) -> list[Candidate]:
    """`order`: a key of ORDERS, with a hyphen before it for descending; then by code, and within a
    standing by the deadline first."""
    name = order.removeprefix("-")
    rows = sorted(candidates, key=lambda c: c.task.code)
    if name == "standing":
        rows = _sorted(rows, _due_on)
    place = ORDERS[name]
    return _sorted(rows, lambda c: place(c, at, departments), descending=order != name)


def _sorted(
    rows: list[Candidate], key: Callable[[Candidate], Any], *, descending: bool = False
) -> list[Candidate]:
    """Stable in both directions; those without the key last."""
    keyed = [(key(row), row) for row in rows]
    having = [pair for pair in keyed if pair[0] is not None]
    having.sort(key=lambda pair: pair[0], reverse=descending)
    return [row for _key, row in having] + [row for found, row in keyed if found is None]


def chosen(
    candidates: Iterable[Candidate],
    asked: Question,
    order: str,
    at: datetime,
    departments: Departments,
) -> list[Candidate]:
    return in_order((c for c in candidates if fits(c, asked)), order, at, departments)
