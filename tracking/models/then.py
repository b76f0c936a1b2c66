"""Every task as it stood at T, as known at K: what the overview counts and lists.

Tasks without an entry after K are read from the projection, by SQL; the others, of which there are
none when K is now, are folded from their ledgers.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Self

from django.db.models import F, Min, Q

from tracking.models.department import Department
from tracking.models.ledger import events_of
from tracking.models.registers import Registers, registers
from tracking.models.situation import TaskSituation, TaskSituationQuerySet
from tracking.models.stamp import stamps_now
from tracking.models.task import Task
from tracking.rules.departments import printed_under
from tracking.rules.events import Event, visible
from tracking.rules.instants import FOREVER, day_of, start_of
from tracking.rules.ledger import fold
from tracking.rules.situation import Situation
from tracking.rules.standing import Standing, standing_of
from tracking.rules.viewpoint import Viewpoint


class Then:
    """`known_at` None: now. The folded rows are TaskSituations that no table holds."""

    def __init__(self, at: datetime, known_at: datetime | None = None) -> None:
        self.at = at
        self.known_at = known_at
        self._places: dict[tuple[str, date], str] = {}

    @classmethod
    def of(cls, viewpoint: Viewpoint) -> Self:
        """From where a reader looks."""
        return cls(viewpoint.at, viewpoint.known_then)

    @property
    def day(self) -> date:
        return day_of(self.at)

    @cached_property
    def stamps(self) -> Mapping[str, str]:
        """Changed with every entry and every correction of a register. One query."""
        return stamps_now()

    @cached_property
    def registers(self) -> Registers:
        return registers(self.stamps)

    @cached_property
    def next_change(self) -> datetime:
        """The first instant at which something takes effect, the end of the day at the latest. One
        query."""
        midnight = start_of(self.day + timedelta(days=1))
        later = TaskSituation.objects.filter(valid_from__gt=self.at, valid_from__lt=midnight)
        first: datetime | None = later.aggregate(first=Min("valid_from"))["first"]
        return first or midnight

    @property
    def stretches(self) -> TaskSituationQuerySet:
        """Of the tasks that the projection knows for K, whatever the instant."""
        rows = TaskSituation.objects.all()
        if self.known_at is None:
            return rows
        return rows.filter(task__last_recorded_at__lte=self.known_at)

    @property
    def rows(self) -> TaskSituationQuerySet:
        """Of the tasks in scope that the projection knows for K."""
        return self.stretches.at(self.at).filter(cancelled=False)

    @cached_property
    def folded(self) -> list[TaskSituation]:
        """The other tasks in scope."""
        return [row for row in self.folded_at(self.at) if not row.cancelled]

    def folded_at(self, at: datetime) -> list[TaskSituation]:
        """The other tasks that were assigned by then, the cancelled ones included."""
        found = []
        for task, start, events in self._ledgers:
            seen = visible(events, at=at, known_at=self.known_at or FOREVER)
            situation = fold(seen, start=start, at=at)
            if situation.assigned_at:
                found.append(self._row(task, situation, at))
        return found

    @cached_property
    def _ledgers(self) -> list[tuple[Task, Situation, list[Event]]]:
        """Two queries, none when K is now."""
        if self.known_at is None:
            return []
        tasks = list(Task.objects.filter(last_recorded_at__gt=self.known_at))
        ledgers = events_of((task.pk for task in tasks), known_at=self.known_at)
        codes = {department.pk: code for code, department in self.departments.items()}
        return [
            (task, Situation(codes[task.first_lead_id], task.first_required), ledgers[task.pk])
            for task in tasks
        ]

    def _row(self, task: Task, situation: Situation, at: datetime) -> TaskSituation:
        lead = self.departments[situation.lead]
        row = TaskSituation.of(task.pk, (at, FOREVER), situation, lead.pk)
        row.task, row.lead = task, lead
        row.standing = standing_of(situation, at)  # type: ignore[attr-defined]
        return row

    @property
    def departments(self) -> Mapping[str, Department]:
        """By code, in protocol order."""
        return self.registers.departments

    def place(self, lead: str, day: date | None = None) -> str:
        """Under which department a list of that day prints the tasks of this lead."""
        asked = lead, day or self.day
        if asked not in self._places:
            self._places[asked] = printed_under(lead, self.registers.facts, asked[1])
        return self._places[asked]

    def active(self) -> set[str]:
        return {code for code, facts in self.registers.facts.items() if facts.active(self.day)}


def late_stretches(rows: TaskSituationQuerySet) -> TaskSituationQuerySet:
    """Those that are overdue from the end of their deadline on, for as long as they last."""
    open_ones = rows.filter(cancelled=False, completed=False, paused=False, end_at__isnull=False)
    return open_ones.exclude(Q(pending=True) & Q(submitted_at__lt=F("end_at")))


def is_overdue(row: TaskSituation) -> bool:
    """Of a folded row."""
    return row.standing is Standing.OVERDUE  # type: ignore[attr-defined]
