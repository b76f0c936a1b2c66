"""What does the page of a department show? Its work, its mark, who waits for whom, its people."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tracking.models import Department, Remark, Task, User
from tracking.models.bilingual import reader_language
from tracking.models.ledger import events_of
from tracking.models.owed import Owed
from tracking.models.then import Then
from tracking.pages.department_history import MarkHistory, history_of
from tracking.pages.department_people import People, people_of
from tracking.pages.department_tasks import Judged, judged, seen_from
from tracking.pages.overview_changes import list_before, times_running
from tracking.pages.task_page import yardstick
from tracking.pages.waits import DeclaredWait, declared_waits
from tracking.permissions import may_report
from tracking.renderers.cells import TaskWriter
from tracking.renderers.marks import mark_of, reason_of
from tracking.renderers.vocabulary import STANDINGS
from tracking.renderers.words import share_text, word
from tracking.rules.deadline_history import deadline_history
from tracking.rules.departments import places_taken
from tracking.rules.events import visible
from tracking.rules.instants import day_of
from tracking.rules.progress_list import Policy
from tracking.rules.scorecard import Scorecard, tallies_of
from tracking.rules.situation import Situation
from tracking.rules.slippage import Slippage, slippage
from tracking.rules.viewpoint import Viewpoint

REMARKS_SHOWN = 20


# Standings whose piece of the bar has a pattern beside its color.
_HATCHED = ("overdue", "completed_late", "paused")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the bar; `x` and `width` as SVG writes numbers, whatever the language."""

    code: str
    name: str
    share: str
    x: str
    width: str

    @property
    def hatched(self) -> bool:
        return self.code in _HATCHED


class DepartmentPage:
    """A fixed number of queries, whatever the department owes."""

    hatched = _HATCHED

    def __init__(self, department: Department, viewer: User, viewpoint: Viewpoint) -> None:
        self.department = department
        self.viewer = viewer
        self.viewpoint = viewpoint
        self.then = Then.of(viewpoint)
        self.registers = self.then.registers
        self.facts = self.registers.facts
        self._departments = self.registers.departments

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Of departments and partners, in the reader's language."""
        return self.registers.spoken(reader_language())

    # Its work

    @cached_property
    def bodies(self) -> list[str]:
        return places_taken(self.department.code, self.facts, self.viewpoint.as_of)

    @cached_property
    def _seen(self) -> tuple[list[Owed], list[Owed]]:
        return seen_from(self.bodies, self.then)

    @cached_property
    def _yardstick(self) -> Any:
        return yardstick(self.viewpoint.at, self.registers)

    @cached_property
    def tasks(self) -> list[Judged]:
        return judged(self._seen[0], self._yardstick, self.registers.names, self.department.code)

    @cached_property
    def card(self) -> Scorecard:
        card = Scorecard()
        for tally in tallies_of((task.situation for task in self._seen[0]), self._yardstick):
            card.add(tally)
        return card

    @property
    def standings(self) -> list[tuple[str, str, int, str]]:
        """(code, name, tasks, "n/m (%)") of the six standings."""
        return [
            (code, word(code, reader_language()), count, self._share(count, self.card.in_scope))
            for code in STANDINGS
            for count in [self.card.counts[code]]
        ]

    @property
    def bar(self) -> list[Part]:
        """The standings that occur, side by side over a width of 1,000."""
        parts, x = [], 0.0
        for code, name, count, share in self.standings:
            width = 1000 * count / self.card.in_scope if count else 0.0
            if count:
                parts.append(Part(code, name, share, f"{x:.1f}", f"{width:.1f}"))
            x += width
        return parts

    @property
    def completed(self) -> str:
        return self._share(self.card.completed, self.card.in_scope)

    @property
    def completed_of_due(self) -> str:
        return self._share(self.card.completed_of_due, self.card.due)

    @property
    def on_time_of_due(self) -> str:
        return self._share(self.card.on_time_of_due, self.card.due)

    def _share(self, part: int, whole: int) -> str:
        return share_text(part, whole, reader_language())

    @cached_property
    def slippage(self) -> Slippage:
        extended = {t.pk: t.situation for t in self._seen[0] if t.situation.extensions}
        starts = _starts(extended)
        at, known_at = self.viewpoint.at, self.viewpoint.known_at
        histories = [
            deadline_history(visible(events, at=at, known_at=known_at), start=starts[pk], at=at)
            for pk, events in events_of(extended, known_at=known_at).items()
        ]
        return slippage(self.card.in_scope, histories, self._yardstick.calendar)

    @property
    def serial(self) -> str:
        return self._share(self.slippage.serial, self.slippage.tasks)

    # Its mark

    @cached_property
    def reasons(self) -> list[tuple[Judged, str]]:
        """(task, the sentence that a list prints, which begins with its code)."""
        writer = TaskWriter(reader_language())
        return [(task, reason_of(task.line, writer)) for task in self.tasks if task.reason]

    @property
    def reasons_told(self) -> list[tuple[Judged, str]]:
        """(task, what follows its code)."""
        return [(task, said.removeprefix(task.task.code)) for task, said in self.reasons]

    @cached_property
    def mark(self) -> str:
        """The word, the number of tasks, the worst lateness, the how manieth list running; "" for
        a department that is not marked."""
        if not self.reasons:
            return ""
        judgements = [task.judgement for task, _sentence in self.reasons]
        said = {
            "reasons": [task.task.code for task, _sentence in self.reasons],
            "worst_late_calendar_days": max(j.late_calendar_days for j in judgements),
            "worst_late_working_days": max(j.late_working_days for j in judgements),
            "times_running": self._times_before + 1,
        }
        return mark_of(said, Policy.OVERDUE, TaskWriter(reader_language()))

    @property
    def _times_before(self) -> int:
        """As a list of that day counts, which may compare with a list issued only later."""
        return times_running(list_before(self.viewpoint)).get(self.department.code, 0)

    @cached_property
    def history(self) -> MarkHistory:
        return history_of(self.department.code, self.viewpoint)

    @cached_property
    def _newest_remarks(self) -> list[Remark]:
        """One more than is shown, which tells whether there are more. With those of departments
        that it took over from, which a list prints under it, too."""
        codes = {*self.bodies, self.department.code}
        given = Remark.objects.filter(department__code__in=codes).visible(
            at=self.viewpoint.at, known_at=self.viewpoint.known_at
        )
        return list(given.reverse()[: REMARKS_SHOWN + 1])

    @property
    def remarks_cut(self) -> bool:
        return len(self._newest_remarks) > REMARKS_SHOWN

    @cached_property
    def remarks(self) -> list[tuple[Remark, list[tuple[str, int | None]]]]:
        """The newest first, each with (code, key) of the tasks that it answers."""
        newest = self._newest_remarks[:REMARKS_SHOWN]
        codes = {code for remark in newest for code in remark.tasks}
        keys = dict(Task.objects.filter(code__in=codes).values_list("code", "pk"))
        return [(r, [(code, keys.get(code)) for code in r.tasks]) for r in newest]

    @cached_property
    def may_answer(self) -> bool:
        """Whether this person may answer for the department, and looks at what is now."""
        today = day_of(self.viewpoint.now)
        may = may_report(self.viewer, self.department.code, today)
        return may and not self.viewpoint.chosen

    # Who waits for whom

    @cached_property
    def _waits(self) -> list[DeclaredWait]:
        owed, waiting = self._seen
        every = {task.pk: task for task in (*owed, *waiting)}
        return declared_waits(every.values(), self.names, self.viewpoint)

    @property
    def waits(self) -> list[DeclaredWait]:
        """What its own tasks wait for."""
        return [row for row in self._waits if row.task.situation.lead in self.bodies]

    @property
    def waited_for(self) -> list[DeclaredWait]:
        """What others declare to wait for from it."""
        return [row for row in self._waits if row.wait.on in self.bodies]

    # What it is

    @property
    def active(self) -> bool:
        return self.facts[self.department.code].active(self.viewpoint.as_of)

    @property
    def predecessors(self) -> list[Department]:
        code = self.department.code
        return [self._departments[c] for c, d in self.facts.items() if code in d.successors]

    @property
    def successors(self) -> list[Department]:
        return [self._departments[c] for c in self.facts[self.department.code].successors]

    @cached_property
    def people(self) -> People | None:
        """None for those who may not see who the others are."""
        return people_of(self.department, self.viewer, self.viewpoint.as_of)


def _starts(tasks: Mapping[int, Any]) -> dict[int, Situation]:
    rows = Task.objects.filter(pk__in=tasks)
    return dict(
        _start(*row) for row in rows.values_list("pk", "first_lead__code", "first_required")
    )


def _start(pk: int, lead: str, required: bool) -> tuple[int, Situation]:
    return pk, Situation(lead=lead, required=required)
