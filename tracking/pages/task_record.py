"""What more does the staff portal show of a task: its ledgers, its relatives, what others know."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from tracking.models import Department, Event, Evidence, Task, WaitAnswer
from tracking.models.bilingual import reader_language
from tracking.models.ledger import events_of
from tracking.pages.deadline_ledger import DeadlineLine, deadline_lines
from tracking.pages.entries import Moment
from tracking.pages.task_page import TaskPage
from tracking.pages.task_panels import TaskPanel, panels_of
from tracking.pages.task_words import CANCELLED, NOT_ASSIGNED
from tracking.pages.waiting_ledger import WaitLine, wait_lines
from tracking.permissions import has_own_work, may_decide, may_keep_registers, reports_for
from tracking.renderers.words import word
from tracking.rules.declared_waits import declared_waits
from tracking.rules.departments import printed_under
from tracking.rules.events import Event as LedgerEvent, Kind, visible
from tracking.rules.instants import day_of
from tracking.rules.ledger import fold
from tracking.rules.standing import Flag, Standing, standing_of

_PICTURES = ("image/png", "image/jpeg")


@dataclass(frozen=True, slots=True)
class Relative:
    """A task that this one is part of, or a part of it; its standing as seen from here."""

    task: Task
    standing: str
    words: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Evidence and its file, if it has one: what was imported may only have a title. `expired`:
    what it shows no longer holds on the day looked at."""

    event: Event
    file: Evidence | None
    expired: bool

    @property
    def picture(self) -> bool:
        """Whether a browser can show it beside the text; the download names it by its content."""
        return self.file is not None and self.file.content_type in _PICTURES

    @property
    def title(self) -> str:
        said = self.event.payload
        return str(said.get("title") or said.get("name") or said.get("note") or "–")


class TaskRecord(TaskPage):
    """The page of the staff portal."""

    @cached_property
    def deadline_ledger(self) -> list[DeadlineLine]:
        return deadline_lines(self.deadlines, self.effective, self.rows, self.situation.request)

    @cached_property
    def waits(self) -> list[WaitLine]:
        found = declared_waits(self.effective, start=self.task.start())
        return wait_lines(
            found,
            self.rows,
            self.names,
            self._answers if found else {},
            as_of=self.viewpoint.as_of,
            completed=self.situation.completed,
            answerable=self._answerable({wait.on for wait in found}) if found else frozenset(),
        )

    @property
    def _answers(self) -> dict[int, WaitAnswer]:
        """The newest to each wait, by ledger number."""
        rows = WaitAnswer.objects.filter(event__task=self.task)
        seen = rows.visible(at=self.viewpoint.at, known_at=self.viewpoint.known_at)
        return {answer.event_id: answer for answer in seen}

    def _answerable(self, bodies: set[str]) -> frozenset[str]:
        """Those whose side of a wait this person may tell now: a department that ended tells it
        through the one that took over, and operators for everybody."""
        if self.viewpoint.chosen or not has_own_work(self.user):
            return frozenset()
        if may_keep_registers(self.user):
            return frozenset(bodies)
        today = day_of(self.viewpoint.now)
        own = reports_for(self.user, today)
        known = bodies & self.departments.keys()
        return frozenset(b for b in known if printed_under(b, self.departments, today) in own)

    @cached_property
    def moments(self) -> list[Moment]:
        """What happened, the newest first."""
        return self.timeline[::-1]

    @property
    def kept(self) -> list[Kept]:
        """The newest first."""
        rows = [e for e in reversed(self.events) if e.kind == Kind.EVIDENCE_RECORDED]
        return [self._kept(event, getattr(event, "evidence", None)) for event in rows]

    def _kept(self, event: Event, file: Evidence | None) -> Kept:
        expires_on = file.expires_on if file else None
        return Kept(event, file, bool(expires_on and expires_on < self.viewpoint.as_of))

    @property
    def unsupported(self) -> bool:
        """Neither a product nor evidence was handed in."""
        return self.judgement is not None and Flag.NO_INFORMATION in self.judgement.flags

    @cached_property
    def stands_in_for(self) -> str:
        """User name of the person in whose place this one writes for the lead; "" for nobody."""
        return reports_for(self.user, day_of(self.now)).get(self.situation.lead, "")

    @property
    def marks_its_lead(self) -> bool:
        return self.standing == Standing.OVERDUE and self.situation.required

    @property
    def may_verify(self) -> bool:
        """Whether the page of verification has something for this reader."""
        looks_now = not self.viewpoint.chosen
        return looks_now and self.situation.pending and may_decide(self.user)

    @cached_property
    def parts(self) -> list[Relative]:
        return self._relatives(self.task.children.all())

    @cached_property
    def whole(self) -> list[Relative]:
        """The task that this one is part of, if any."""
        return self._relatives([self.task.parent] if self.task.parent else [])

    @cached_property
    def offices(self) -> list[Department]:
        return list(self.task.coordinating.all())

    @cached_property
    def lead_office(self) -> Department:
        return Department.objects.get(code=self.situation.lead)

    @cached_property
    def panels(self) -> list[TaskPanel]:
        return list(panels_of(self.task, self.viewpoint, self.user))

    def _relatives(self, tasks: Iterable[Task]) -> list[Relative]:
        """Folded from their own ledgers, so that any (T, K) may be asked for; two queries."""
        keys = [task.pk for task in tasks]
        if not keys:
            return []
        ledgers = events_of(keys, known_at=self.viewpoint.known_at)
        rows = Task.objects.filter(pk__in=keys).select_related("first_lead").order_by("code")
        return [self._relative(task, ledgers[task.pk]) for task in rows]

    def _relative(self, task: Task, events: list[LedgerEvent]) -> Relative:
        at, known_at = self.viewpoint.at, self.viewpoint.known_at
        situation = fold(visible(events, at=at, known_at=known_at), start=task.start(), at=at)
        if not situation.in_scope:
            return Relative(task, "out", str(CANCELLED if situation.cancelled else NOT_ASSIGNED))
        standing = str(standing_of(situation, at))
        return Relative(task, standing, word(standing, reader_language()))
