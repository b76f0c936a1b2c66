"""How many tasks of each department stand how, and what marks it? (rules.md 5 to 7)"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Min,
    Q,
    When,
)

from tracking.models.remembered import remembered
from tracking.models.situation import TaskSituation
from tracking.models.then import Then
from tracking.models.waiting import ASKED, PENDING, ahead, is_ahead, is_asked, is_pending
from tracking.rules.instants import day_of
from tracking.rules.standing import COMPLETED, Standing

_DAY = timedelta(days=1)


@dataclass(slots=True)
class Tally:
    """`reasons`: the required tasks that are overdue; `worst`: by how many calendar days. Waiting:
    submissions `pending`, requests `asked`, deadlines `ahead`."""

    standings: Counter[str] = field(default_factory=Counter)
    due: int = 0
    completed_of_due: int = 0
    on_time_of_due: int = 0
    reasons: int = 0
    worst: int = 0
    pending: int = 0
    asked: int = 0
    ahead: int = 0

    @property
    def in_scope(self) -> int:
        return self.standings.total()

    @property
    def overdue(self) -> int:
        """Optional tasks included."""
        return self.standings[Standing.OVERDUE]

    @property
    def marked(self) -> bool:
        return self.reasons > 0

    def take(self, group: "Group") -> None:
        self.standings[group.standing] += group.number
        self.pending += group.pending
        self.asked += group.asked
        self.ahead += group.ahead
        if group.due:
            self.due += group.number
            self.completed_of_due += group.number * (group.standing in COMPLETED)
            self.on_time_of_due += group.number * (group.standing == Standing.COMPLETED_ON_TIME)
        if group.required and group.standing == Standing.OVERDUE:
            self.reasons += group.number
            self.worst = max(self.worst, group.worst)

    def add(self, other: "Tally") -> None:
        self.standings.update(other.standings)
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.worst = max(self.worst, other.worst)


_SUMS = ("due", "completed_of_due", "on_time_of_due", "reasons", "pending", "asked", "ahead")


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks of one lead that count alike; `ended`: the deadline that judges them is over."""

    lead: str
    required: bool
    standing: str
    ended: bool
    number: int
    worst: int  # days late, of those that are overdue
    pending: int
    asked: int
    ahead: int

    @property
    def due(self) -> bool:
        return self.ended and self.standing != Standing.PAUSED


def tallies(then: Then) -> Mapping[str, Tally]:
    """Department -> its tally, each task under the department that a list would print it under;
    one query, and those of the register."""
    projected = remembered(then, "tallies", lambda: _by_place(then, _projected(then)))
    if not then.folded:
        return projected
    found = _by_place(then, (_of_row(then, row) for row in then.folded))
    for place, tally in projected.items():
        found.setdefault(place, Tally()).add(tally)
    return found


def _by_place(then: Then, groups: Iterable[Group]) -> dict[str, Tally]:
    found: defaultdict[str, Tally] = defaultdict(Tally)
    for group in groups:
        found[then.place(group.lead)].take(group)
    return dict(found)


def total(tallied: Mapping[str, Tally]) -> Tally:
    whole = Tally()
    for tally in tallied.values():
        whole.add(tally)
    return whole


def _projected(then: Then) -> list[Group]:
    at = then.at
    judged_by = Case(When(completed=True, then=F("judged_end_at")), default=F("end_at"))
    waits = ExpressionWrapper(F("submitted_at") - F("end_at"), DurationField())
    judged: Any = then.rows.with_standing(at)
    groups = (
        judged.annotate(judged_by=judged_by)
        .annotate(
            ended=Case(When(judged_by__lte=at, then=True), default=False, output_field=_YES_OR_NO)
        )
        .order_by()
        .values_list("lead__code", "required", "standing", "ended")
        .annotate(
            Count("pk"),
            first_end=Min("end_at", filter=Q(pending=False)),
            longest=Max(waits, filter=Q(pending=True)),
            waiting=Count("pk", filter=PENDING),
            asked=Count("pk", filter=ASKED),
            ahead=Count("pk", filter=ahead(then)),
        )
    )
    return [
        Group(lead, required, standing, ended, number, _worst(first, longest, at), *waiting)
        for lead, required, standing, ended, number, first, longest, *waiting in groups
    ]


_YES_OR_NO = BooleanField()


def _worst(first_end: datetime | None, longest: timedelta | None, at: datetime) -> int:
    """Of overdue tasks: those still open are late by today, the submitted ones were late then."""
    still_open = days_late(first_end, at) if first_end and first_end <= at else 0
    submitted = longest // _DAY + 1 if longest is not None and longest >= timedelta(0) else 0
    return max(still_open, submitted)


def days_late(end: datetime, until: datetime) -> int:
    """Calendar days after the last day in time; `end` is 00:00 of the day after it."""
    return (day_of(until) - day_of(end)).days + 1


def lateness(row: TaskSituation, at: datetime) -> int:
    """Of an overdue task."""
    assert row.end_at is not None  # overdue means a deadline
    until = row.submitted_at if row.pending and row.submitted_at else at
    return days_late(row.end_at, until)


def _of_row(then: Then, row: Any) -> Group:
    at = then.at
    end = row.judged_end_at if row.completed else row.end_at
    return Group(
        lead=row.lead.code,
        required=row.required,
        standing=row.standing,
        ended=end is not None and end <= at,
        number=1,
        worst=lateness(row, at) if row.standing is Standing.OVERDUE else 0,
        pending=int(is_pending(row)),
        asked=int(is_asked(row)),
        ahead=int(is_ahead(row, then)),
    )
