"""What does somebody who writes for a department have to do now?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from tracking.models import Department, Deputation, Event, Remark, User
from tracking.models.bilingual import reader_language
from tracking.models.owed import Owed, owed_by
from tracking.models.then import Then
from tracking.pages.asked_waits import Asked, asked_of
from tracking.pages.department_list import mark_word
from tracking.pages.department_tasks import Judged, judged
from tracking.pages.entries import Moment, moment_of
from tracking.pages.task_page import yardstick
from tracking.pages.work_rows import NEAR_DAYS, Section, WorkRow, sections, work_row
from tracking.permissions import may_keep_registers, reports_for
from tracking.renderers.cells import TaskWriter
from tracking.renderers.marks import reason_of
from tracking.rules.departments import printed_under
from tracking.rules.events import Kind
from tracking.rules.instants import day_of

_TOLD = (Kind.RETURNED, Kind.REOPENED, Kind.EXTENSION_GRANTED, Kind.EXTENSION_REFUSED)
_ANSWERS = (Kind.EXTENSION_GRANTED, Kind.EXTENSION_REFUSED)


@dataclass(frozen=True, slots=True)
class Marked:
    """A department that is marked now, and what it last said to that."""

    department: Department
    mark: str
    reasons: list[str]
    remark: Remark | None


@dataclass(frozen=True, slots=True)
class Answered:
    """A decision of the last days on the deadline of one of the tasks."""

    task: Owed
    moment: Moment


class MyWork:
    """A fixed number of queries, whatever there is to do."""

    def __init__(self, person: User, now: datetime) -> None:
        self.person = person
        self.now = now
        self.today = day_of(now)
        self.places = reports_for(person, self.today)
        self._then = Then(now)
        self._registers = self._then.registers
        self._facts = self._registers.facts
        self._keeper = may_keep_registers(person)

    @property
    def departments(self) -> list[Department]:
        return [row for code, row in self._registers.departments.items() if code in self.places]

    @cached_property
    def deputations(self) -> list[Deputation]:
        return list(self.person.deputations.in_force(self.today).named())

    @property
    def several(self) -> bool:
        return len(self.places) > 1

    # The tasks

    @cached_property
    def _under(self) -> Mapping[str, str]:
        """Lead -> the department under which its tasks are printed, for our departments."""
        found = {code: printed_under(code, self._facts, self.today) for code in self._facts}
        return {c: place for c, place in found.items() if {c, place} & self.places.keys()}

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return self._registers.spoken(reader_language())

    @cached_property
    def _judged(self) -> list[Judged]:
        owed = owed_by(self._under, self.now, open_only=True)
        return judged(owed, yardstick(self.now, self._registers), self._registers.names)

    @cached_property
    def _told(self) -> Mapping[int, list[Event]]:
        """Task -> what others decided on it, in the order of application."""
        events = Event.objects.filter(
            task_id__in=[row.task.pk for row in self._judged],
            kind__in=_TOLD,
            effective_at__lte=self.now,
        )
        found: dict[int, list[Event]] = {}
        for event in events.order_by("effective_at", "recorded_at", "number"):
            found.setdefault(event.task_id, []).append(event)
        return found

    @cached_property
    def sections(self) -> list[Section]:
        return sections(self._row(row) for row in self._judged)

    @property
    def urgent(self) -> list[Section]:
        return [section for section in self.sections if section.urgent]

    @property
    def later(self) -> list[Section]:
        return [section for section in self.sections if not section.urgent]

    def _row(self, row: Judged) -> WorkRow:
        lead = row.task.situation.lead
        mine = self._keeper or lead in self.places
        told = self._told.get(row.task.pk, ())
        last = [event for event in told if event.kind not in _ANSWERS][-1:]
        returned = last[0] if last and last[0].kind == Kind.RETURNED else None
        return work_row(row, returned, self.person, self.now, mine=mine, lead=self._names[lead])

    @property
    def nothing(self) -> bool:
        return not (self._judged or self.asked.rows or self.answered)

    # What is asked of us and answered to us

    @cached_property
    def asked(self) -> Asked:
        """Waits that others declare on our departments; for operators also those on partners."""
        partners = self._names.keys() - self._facts.keys() if self._keeper else set()
        return asked_of(self._under, partners, self._names, self._then)

    @cached_property
    def answered(self) -> list[Answered]:
        """Decisions on deadlines in the last two weeks, the newest first."""
        tasks = {row.task.pk: row.task for row in self._judged}
        fresh = [
            event
            for events in self._told.values()
            for event in events
            if event.kind in _ANSWERS
            and (self.today - day_of(event.effective_at)).days <= NEAR_DAYS
        ]
        fresh.sort(key=lambda event: event.effective_at, reverse=True)
        return [
            Answered(tasks[event.task_id], moment_of(event, self._names, self.now))
            for event in fresh
        ]

    # Our mark

    @cached_property
    def marked(self) -> list[Marked]:
        reasons: dict[str, list[Judged]] = {}
        for row in self._judged:
            place = self._under[row.task.situation.lead]
            if row.reason and place in self.places:
                reasons.setdefault(place, []).append(row)
        said = self._remarks(reasons)
        writer = TaskWriter(reader_language())
        return [
            Marked(
                self._registers.departments[code],
                mark_word(len(rows)),
                [reason_of(row.line, writer) for row in rows],
                said.get(code),
            )
            for code, rows in reasons.items()
        ]

    def _remarks(self, reasons: Mapping[str, list[Judged]]) -> dict[str, Remark]:
        """The newest remark of each department on one of the tasks that are reasons now."""
        codes = {code: {row.task.code for row in rows} for code, rows in reasons.items()}
        # A list prints what a department said under the one that took over from it.
        under = {lead: place for lead, place in self._under.items() if place in codes}
        given: Any = Remark.objects.filter(department__code__in=under)
        visible = given.visible(at=self.now, known_at=self.now).select_related("department")
        return {
            under[remark.department.code]: remark
            for remark in visible
            if codes[under[remark.department.code]] & set(remark.tasks)
        }
