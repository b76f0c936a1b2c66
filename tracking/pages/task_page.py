"""What does the page of one task show? Computed by the rules from its ledger, for any (T, K)."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings

from tracking.actions.refusals import FAULTS
from tracking.models import Event, Task, User
from tracking.models.bilingual import reader_language
from tracking.models.registers import Registers, registers
from tracking.pages.deadline_ledger import Decided, decided
from tracking.pages.entries import (
    Moment,
    moment_of,
    names_of_people,
    replaced_requests,
)
from tracking.pages.task_steps import Step, steps_now
from tracking.pages.task_words import CANCELLED, NOT_ASSIGNED, reasons
from tracking.renderers.cells import TaskWriter, sentence
from tracking.rules.deadline import Deadline
from tracking.rules.deadline_history import deadline_history
from tracking.rules.departments import DepartmentFacts, printed_under
from tracking.rules.events import Event as LedgerEvent, visible
from tracking.rules.handing_in import passed_meanwhile
from tracking.rules.instants import day_of
from tracking.rules.ledger import effective_events, fold
from tracking.rules.lines import TaskFacts, line_of
from tracking.rules.situation import Situation
from tracking.rules.standing import Judgement, Yardstick, judge
from tracking.rules.viewpoint import Viewpoint


def yardstick(at: datetime, held: Registers | None = None) -> Yardstick:
    """What tasks are judged with at that instant; one query, none where the registers are at
    hand."""
    return Yardstick.at_instant(
        at,
        (held or registers()).calendar,
        due_soon=settings.DUE_SOON_DAYS,
        stale=settings.STALE_WORKING_DAYS,
    )


def task_shown(key: int) -> Task | None:
    """The task with what its page says of it; three queries."""
    related = ("plan", "document", "first_lead", "parent")
    rows = Task.objects.select_related(*related).prefetch_related("coordinating", "children")
    return rows.filter(pk=key).first()


class TaskPage:
    """The task, its situation at (T, K) and everything said of it; a fixed number of queries."""

    def __init__(self, task: Task, user: User, viewpoint: Viewpoint) -> None:
        self.task = task
        self.user = user
        self.viewpoint = viewpoint
        self.now = viewpoint.at
        self._all = list(_events(task))

    @cached_property
    def events(self) -> list[Event]:
        """Known at K, and by T either in effect or announced."""
        at, known_at = self.viewpoint.at, self.viewpoint.known_at
        known = [event for event in self._all if event.recorded_at <= known_at]
        return [event for event in known if min(event.effective_at, event.recorded_at) <= at]

    @cached_property
    def rows(self) -> Mapping[int, Event]:
        """The entries shown, by ledger number."""
        return {event.number: event for event in self.events}

    @cached_property
    def situation(self) -> Situation:
        return fold(self._visible, start=self.task.start(), at=self.now)

    def situation_seen(self, seen: int) -> Situation:
        """As somebody saw it whose newest entry was that one: what a form was made for."""
        known = [event for event in self._visible if event.number <= seen]
        return fold(known, start=self.task.start(), at=self.now)

    @cached_property
    def _visible(self) -> list[LedgerEvent]:
        events = [event.as_ledger_event() for event in self.events]
        return visible(events, at=self.now, known_at=self.viewpoint.known_at)

    @cached_property
    def effective(self) -> list[LedgerEvent]:
        """What had an effect by T, in order."""
        return list(effective_events(self._visible, start=self.task.start()))

    @cached_property
    def names(self) -> Mapping[str, str]:
        return self.registers.spoken(reader_language())

    @property
    def lead(self) -> str:
        return self.names[self.situation.lead]

    @property
    def seen(self) -> int:
        """Number of the newest entry there is, whatever is shown."""
        return max((event.number for event in self._all), default=0)

    @cached_property
    def yardstick(self) -> Yardstick:
        return yardstick(self.now, self.registers)

    @cached_property
    def judgement(self) -> Judgement | None:
        """None while the task is not in scope."""
        return judge(self.situation, self.yardstick) if self.situation.in_scope else None

    @property
    def standing(self) -> str:
        """Code of the standing for the style sheet."""
        return str(self.judgement.standing) if self.judgement else "out"

    @property
    def status(self) -> str:
        """The standing in words, with the lateness."""
        if self._line:
            return TaskWriter(reader_language()).status(self._line)
        return str(CANCELLED if self.situation.cancelled else NOT_ASSIGNED)

    @property
    def reasons(self) -> list[str]:
        return reasons(self.situation, self.judgement)

    @property
    def notes(self) -> list[str]:
        """Extensions, late grants, breaches and flags, as the list prints them."""
        if not self._line:
            return []
        writer = TaskWriter(reader_language())
        notes = [sentence([note]) for note in writer.history(self._line)]
        if self._line["extension_request"]:
            notes.append(writer.request(self._line["extension_request"]))
        return notes

    @property
    def report(self) -> str:
        report = self._line["report"] if self._line else None
        return sentence([TaskWriter(reader_language()).report(report)]) if report else ""

    @property
    def waiting(self) -> list[str]:
        if not self._line:
            return []
        return [sentence([part]) for part in TaskWriter(reader_language()).waiting(self._line)]

    @property
    def waited(self) -> list[tuple[str, int]]:
        """(body, calendar days) of waits that ended."""
        return [(self.names.get(on, on), days) for on, days in self.situation.waited]

    @cached_property
    def _line(self) -> dict[str, Any] | None:
        if self.judgement is None:
            return None
        facts = TaskFacts(self.task.code, "", self.task.names, self.situation)
        names = {code: {reader_language(): name} for code, name in self.names.items()}
        as_of = day_of(self.now)
        return line_of(facts, self.judgement, self.situation.lead, names, as_of)

    @cached_property
    def registers(self) -> Registers:
        return registers()

    @property
    def departments(self) -> Mapping[str, DepartmentFacts]:
        return self.registers.facts

    @cached_property
    def printed_under(self) -> str:
        """Name of the department that took over from an ended lead; "" when it still stands."""
        code = printed_under(self.situation.lead, self.departments, day_of(self.now))
        return "" if code == self.situation.lead else self.names[code]

    @cached_property
    def deadlines(self) -> list[Decided]:
        history = deadline_history(self._visible, start=self.task.start(), at=self.now)
        return decided(history, self.rows)

    @cached_property
    def timeline(self) -> list[Moment]:
        people, replaced = names_of_people(self.events), replaced_requests(self.effective)
        return [
            moment_of(event, self.names, self.now, people, replaced.get(event.number))
            for event in self.events
        ]

    @cached_property
    def submission(self) -> Event | None:
        """The entry that handed in what awaits verification; None when nothing does."""
        made = self.situation.submission
        return self.rows[made.number] if made and not made.accepted else None

    @cached_property
    def passed_meanwhile(self) -> Deadline | None:
        """The deadline that this submission is dated before, although it was recorded after."""
        if self.submission is None:
            return None
        ledger = [event.as_ledger_event() for event in self._all]
        made = self.submission.as_ledger_event()
        return passed_meanwhile(ledger, made, start=self.task.start())

    @property
    def evidence(self) -> list[Event]:
        return [event for event in self.events if hasattr(event, "evidence")]

    @cached_property
    def _steps(self) -> tuple[list[Step], list[Any]]:
        """None of them while another day is looked at: what is decided, is decided now."""
        if self.viewpoint.chosen:
            return [], []
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
