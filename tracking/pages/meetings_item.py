"""What does a meeting look at while one department speaks?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from tracking.actions.steps import record_step
from tracking.models import Conclusion, Event, Meeting, MeetingItem, Task, User
from tracking.models.bilingual import reader_language
from tracking.models.owed import with_keys
from tracking.pages.department import DepartmentPage
from tracking.pages.department_tasks import Judged, judged
from tracking.pages.entries import Moment, moment_of
from tracking.pages.meetings import MeetingPage, Speaker
from tracking.pages.meetings_listed import Reason
from tracking.pages.task_page import yardstick
from tracking.pages.task_steps import STEPS
from tracking.pages.task_words import CANCELLED
from tracking.renderers.cells import TaskWriter
from tracking.rules.instants import cut_off
from tracking.rules.viewpoint import Viewpoint

CHANGES_SHOWN = EARLIER_SHOWN = 20

# What a chair decides on a task; its notice is the source, which these entries can name.
DECISIONS = {
    kind: step for kind, step in STEPS.items() if step.decision and step.action is record_step
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A reason for the mark as the list has it, and how the task stands by now. `key` None: there
    is no such task; `now` None: it is another department's, or cancelled."""

    reason: Reason
    key: int | None
    now: Judged | None

    @property
    def status(self) -> str:
        """Standing in words, with the lateness."""
        return TaskWriter(reader_language()).status(self.now.line) if self.now else ""

    @property
    def deadline(self) -> str:
        """The one that holds by now, where it is another than in the list."""
        said = TaskWriter(reader_language()).deadline(self.now.line) if self.now else ""
        return "" if said == self.reason.deadline else said


@dataclass(frozen=True, slots=True)
class Earlier:
    """A conclusion of a meeting before, and what became of its task; no words without one."""

    conclusion: Conclusion
    standing: str = ""
    words: str = ""
    deadline: str = ""


class ItemPage(MeetingPage):
    """The page of one line of the agenda; a fixed number of queries. While the meeting is ahead or
    held it looks from now; later it goes on to look from the end of its day."""

    def __init__(self, meeting: Meeting, item: MeetingItem, person: User, now: datetime) -> None:
        super().__init__(meeting, person, now)
        self.item = item
        at = now if meeting.open else min(now, cut_off(meeting.held_on))
        self.viewpoint = Viewpoint(at, at, now, chosen=at < now)
        self.department = DepartmentPage(item.department, person, self.viewpoint)

    # Its place

    @property
    def place(self) -> int:
        return next(n for n, row in enumerate(self.agenda) if row.item.pk == self.item.pk)

    @cached_property
    def speaker(self) -> Speaker:
        return self.agenda[self.place]

    @property
    def before(self) -> Speaker | None:
        return self.agenda[self.place - 1] if self.place else None

    @property
    def after(self) -> Speaker | None:
        following = self.agenda[self.place + 1 :]
        return following[0] if following else None

    # Why it is here

    @property
    def mark(self) -> str:
        """That of the list; of a department that no list put here, the one that it bears now."""
        return self.speaker.mark or ("" if self.item.reasons else self.department.mark)

    @cached_property
    def reasons(self) -> list[Spoken]:
        tasks = {row.task.code: row for row in self.department.tasks}
        keys = dict(self.speaker.tasks)
        listed = self.speaker.listed.reasons if self.speaker.listed else ()
        return [Spoken(row, keys.get(row.code), tasks.get(row.code)) for row in listed]

    @property
    def fresh_reasons(self) -> list[tuple[Judged, str]]:
        """Reasons that it has by now and the list does not name."""
        known = {row.reason.code for row in self.reasons}
        return [
            (row, said) for row, said in self.department.reasons_told if row.task.code not in known
        ]

    @property
    def unmarked(self) -> bool:
        """Marked in the list, and no longer."""
        return bool(self.speaker.mark) and not self.department.reasons

    @cached_property
    def coordinated(self) -> list[Task]:
        """What others are to speak about and it coordinates."""
        others = [row for row in self.agenda if row.item.pk != self.item.pk]
        codes = {code for row in others for code, _key in row.tasks}
        tasks = Task.objects.filter(code__in=codes, coordinating=self.item.department)
        return list(tasks.order_by("code"))

    # What happened

    @cached_property
    def _changes(self) -> list[tuple[Task, Moment]]:
        issued = self.meeting.progress_list
        if issued is None:
            return []
        keys = {row.task.pk for row in self.department.tasks}
        keys |= {key for _code, key in self.speaker.tasks if key}
        events = Event.objects.filter(
            task_id__in=keys,
            recorded_at__gt=issued.known_at,
            recorded_at__lte=max(self.viewpoint.known_at, issued.known_at),
        )
        named = events.select_related("task", "on_behalf_of").order_by("-recorded_at", "-number")
        names, at = self.department.names, self.viewpoint.at
        return [(e.task, moment_of(e, names, at)) for e in named[: CHANGES_SHOWN + 1]]

    @property
    def changes(self) -> Sequence[tuple[Task, Moment]]:
        """Recorded of its tasks after the list was made, the newest first."""
        return self._changes[:CHANGES_SHOWN]

    @property
    def changes_cut(self) -> bool:
        return len(self._changes) > CHANGES_SHOWN

    @cached_property
    def earlier(self) -> list[Earlier]:
        """What meetings before concluded about it, the newest first."""
        bodies = {*self.department.bodies, self.item.department.code}
        rows = Conclusion.objects.about(bodies, self.meeting.held_at)
        found = list(rows.exclude(meeting=self.meeting)[:EARLIER_SHOWN])
        return list(self._fulfilled(found))

    def _fulfilled(self, conclusions: Sequence[Conclusion]) -> Iterator[Earlier]:
        keys = {row.task_id for row in conclusions if row.task_id}
        at, names = self.viewpoint.at, self.department.registers.names
        held = judged(with_keys(keys, at), yardstick(at), names) if keys else []
        by_key = {row.task.pk: row for row in held}
        writer = TaskWriter(reader_language())
        for row in conclusions:
            task = by_key.get(row.task_id or 0)
            if task:
                standing, said = str(task.judgement.standing), writer.status(task.line)
                yield Earlier(row, standing, said, writer.deadline(task.line))
            elif row.task_id:
                yield Earlier(row, "out", str(CANCELLED))
            else:
                yield Earlier(row)

    # What may be concluded

    @property
    def may_conclude(self) -> bool:
        return self.may_lead and not self.ahead

    @cached_property
    def tasks_to_decide(self) -> list[tuple[int, str]]:
        """(key, what it is called): those that mark it first."""
        first = {row.reason.code for row in self.reasons}
        tasks = sorted(self.department.tasks, key=lambda row: row.task.code not in first)
        return [(row.task.pk, f"{row.task.code} {row.task.name}") for row in tasks]

    @property
    def decisions(self) -> list[tuple[str, Any]]:
        return [(kind, step.label) for kind, step in DECISIONS.items()]

    @property
    def title(self) -> str:
        said = {"place": self.place + 1, "whole": len(self.agenda)}
        place = _("%(place)d of %(whole)d") % said
        return f"{self.item.department.name} ({place})"


def next_code(meeting: Meeting) -> str:
    """Of a new task of that meeting: "KL2611-03" after two others of that day; one query."""
    stem = f"KL{meeting.held_on:%d%m}-"
    taken = set(Task.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for n in range(1, 10_000) if (code := f"{stem}{n:02d}") not in taken)
