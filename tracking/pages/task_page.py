"""What does the page of one task show? Computed by the rules from its ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings

from tracking.actions.refusals import FAULTS
from tracking.models import CalendarDay, Department, Event, Task, User
from tracking.pages.entries import Moment, language, moment_of, names_of_bodies
from tracking.pages.task_steps import Step, steps_now
from tracking.pages.task_words import CANCELLED, EFFECTS, NOT_ASSIGNED, reasons
from tracking.renderers.cells import TaskWriter, sentence
from tracking.rules.deadline_history import DeadlineStep, deadline_history
from tracking.rules.departments import printed_under
from tracking.rules.events import visible
from tracking.rules.instants import day_of
from tracking.rules.ledger import fold
from tracking.rules.lines import TaskFacts, line_of
from tracking.rules.situation import Situation
from tracking.rules.standing import Judgement, Yardstick, judge


def yardstick(now: datetime) -> Yardstick:
    """What tasks are judged with at that instant; one query."""
    return Yardstick.at_instant(
        now,
        CalendarDay.objects.all().calendar(),
        due_soon=settings.DUE_SOON_DAYS,
        stale=settings.STALE_WORKING_DAYS,
    )


@dataclass(frozen=True, slots=True)
class Decided:
    """A line of the deadline ledger."""

    step: DeadlineStep
    event: Event
    effect: str
    count: int | None  # which extension or reduction it is


class TaskPage:
    """The task, its situation now and everything said of it; a fixed number of queries."""

    def __init__(self, task: Task, user: User, now: datetime) -> None:
        self.task = task
        self.user = user
        self.now = now
        self.events = list(_events(task))

    @cached_property
    def situation(self) -> Situation:
        return fold(self._visible, start=self.task.start(), at=self.now)

    @cached_property
    def _visible(self) -> Any:
        events = [event.as_ledger_event() for event in self.events]
        return visible(events, at=self.now, known_at=self.now)

    @cached_property
    def names(self) -> Mapping[str, str]:
        return names_of_bodies()

    @property
    def lead(self) -> str:
        return self.names[self.situation.lead]

    @property
    def seen(self) -> int:
        """Number of the newest entry shown."""
        return max((event.number for event in self.events), default=0)

    @cached_property
    def judgement(self) -> Judgement | None:
        """None while the task is not in scope."""
        in_scope = self.situation.in_scope
        return judge(self.situation, yardstick(self.now)) if in_scope else None

    @property
    def standing(self) -> str:
        """Code of the standing for the style sheet."""
        return str(self.judgement.standing) if self.judgement else "out"

    @property
    def status(self) -> str:
        """The standing in words, with the lateness."""
        if self._line:
            return TaskWriter(language()).status(self._line)
        return str(CANCELLED if self.situation.cancelled else NOT_ASSIGNED)

    @property
    def reasons(self) -> list[str]:
        return reasons(self.situation, self.judgement)

    @property
    def notes(self) -> list[str]:
        """Extensions, late grants, breaches and flags, as the list prints them."""
        if not self._line:
            return []
        writer = TaskWriter(language())
        notes = [sentence([note]) for note in writer.history(self._line)]
        if self._line["extension_request"]:
            notes.append(writer.request(self._line["extension_request"]))
        return notes

    @property
    def report(self) -> str:
        report = self._line["report"] if self._line else None
        return sentence([TaskWriter(language()).report(report)]) if report else ""

    @property
    def waiting(self) -> list[str]:
        if not self._line:
            return []
        return [sentence([part]) for part in TaskWriter(language()).waiting(self._line)]

    @property
    def waited(self) -> list[tuple[str, int]]:
        """(body, calendar days) of waits that ended."""
        return [(self.names.get(on, on), days) for on, days in self.situation.waited]

    @cached_property
    def _line(self) -> dict[str, Any] | None:
        if self.judgement is None:
            return None
        facts = TaskFacts(self.task.code, "", self.task.names, self.situation)
        names = {code: {language(): name} for code, name in self.names.items()}
        as_of = day_of(self.now)
        return line_of(facts, self.judgement, self.situation.lead, names, as_of)

    @cached_property
    def printed_under(self) -> str:
        """Name of the department that took over from an ended lead; "" when it still stands."""
        departments = Department.objects.all().facts()
        code = printed_under(self.situation.lead, departments, day_of(self.now))
        return "" if code == self.situation.lead else self.names[code]

    @cached_property
    def deadlines(self) -> list[Decided]:
        rows = {event.number: event for event in self.events}
        counts: dict[str, int] = {}
        found: list[Decided] = []
        history = deadline_history(self._visible, start=self.task.start(), at=self.now)
        for step in history:
            counts[step.effect] = counts.get(step.effect, 0) + 1
            counted = step.effect in ("extension", "reduction")
            count = counts[step.effect] if counted else None
            event = rows[step.event.number]
            found.append(Decided(step, event, str(EFFECTS[step.effect]), count))
        return found

    @cached_property
    def timeline(self) -> list[Moment]:
        return [moment_of(event, self.names, self.now) for event in self.events]

    @property
    def evidence(self) -> list[Event]:
        return [event for event in self.events if hasattr(event, "evidence")]

    @cached_property
    def _steps(self) -> tuple[list[Step], list[Any]]:
        return steps_now(self.user, self.situation, self.now)

    @property
    def decisions(self) -> list[Step]:
        return [step for step in self._steps[0] if step.decision]

    @property
    def reports(self) -> list[Step]:
        return [step for step in self._steps[0] if not step.decision]

    @property
    def hindrances(self) -> list[str]:
        """Why their own work keeps some steps from this person."""
        return [sentence([str(FAULTS[fault])]) + "." for fault in self._steps[1]]


def _events(task: Task) -> Any:
    rows = task.events.select_related("on_behalf_of", "document", "evidence")
    return rows.order_by("effective_at", "recorded_at", "number")
