"""In which order does somebody work through their tasks, and what is the next step of each?"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy, ngettext

from tracking.models import Event, User
from tracking.models.bilingual import reader_language
from tracking.models.owed import Owed
from tracking.pages.department_tasks import Judged
from tracking.pages.task_steps import STEPS, Step
from tracking.pages.task_words import day_text
from tracking.renderers.cells import TaskWriter, sentence
from tracking.rules.events import Kind
from tracking.rules.instants import day_of

NEAR_DAYS = 14
# So many rows of a section are shown; the page says how many there are, and where all of them are.
SHOWN = 50


@dataclass(frozen=True, slots=True)
class WorkRow:
    """`next`: the step to take first; `others`: what else is possible now."""

    task: Owed
    section: str
    lead: str
    standing: str
    status: str
    deadline: str
    left: str
    notes: list[str]
    next: Step | None
    others: list[Step]


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: Any
    rows: list[WorkRow] = field(default_factory=list)

    @property
    def urgent(self) -> bool:
        """Something has to be done in it, soon."""
        return self.key in _FIRST

    @property
    def shown(self) -> list[WorkRow]:
        return self.rows[:SHOWN]

    @property
    def cut(self) -> bool:
        return len(self.rows) > SHOWN


_TITLES = {
    "overdue": gettext_lazy("Overdue"),
    "returned": gettext_lazy("Returned to you"),
    "due": gettext_lazy("Due within 14 days"),
    "submitted": gettext_lazy("Submitted, awaiting verification"),
    "rest": gettext_lazy("Later, undated or suspended"),
}
# The step that moves a task of that section on; elsewhere it is a report.
_FIRST = dict.fromkeys(("overdue", "returned", "due"), Kind.SUBMITTED)


def sections(rows: Iterable[WorkRow]) -> list[Section]:
    """Every section that holds something, in the order of urgency; each by deadline."""
    found = {key: Section(key, title) for key, title in _TITLES.items()}
    for row in rows:
        found[row.section].rows.append(row)
    for section in found.values():
        section.rows.sort(key=_by_deadline)
    return [section for section in found.values() if section.rows]


def work_row(
    row: Judged, returned: Event | None, person: User, now: datetime, *, mine: bool, lead: str
) -> WorkRow:
    """`returned`: the entry that sent the last submission back; `mine`: this person may write."""
    writer = TaskWriter(reader_language())
    section = _section(row, returned, now)
    first, others = _steps(row, section, person, now) if mine else (None, [])
    return WorkRow(
        task=row.task,
        section=section,
        lead=lead,
        standing=str(row.judgement.standing),
        status=writer.status(row.line),
        deadline=writer.deadline(row.line),
        left=_left(row, now) if section in ("returned", "due") else "",
        notes=list(_notes(row, returned, writer, mine=mine, lead=lead)),
        next=first,
        others=others,
    )


def _by_deadline(row: WorkRow) -> Any:
    deadline = row.task.situation.deadline
    return (deadline.last_day if deadline else date.max, row.task.code)


def _section(row: Judged, returned: Event | None, now: datetime) -> str:
    situation = row.task.situation
    if situation.pending:
        return "submitted"
    if row.judgement.overdue:
        return "overdue"
    if situation.paused:
        return "rest"
    if returned:
        return "returned"
    days = _days_left(row, now)
    return "due" if days is not None and days <= NEAR_DAYS else "rest"


def _days_left(row: Judged, now: datetime) -> int | None:
    deadline = row.task.situation.deadline
    return (deadline.last_day - day_of(now)).days if deadline else None


def _left(row: Judged, now: datetime) -> str:
    days = _days_left(row, now)
    if days is None or days < 0:
        return ""
    if days == 0:
        return _("today is the last day")
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}


def _steps(
    row: Judged, section: str, person: User, now: datetime
) -> tuple[Step | None, list[Step]]:
    """(the step to take first, the other reports that are legal now)."""
    situation = row.task.situation
    reports = [step for step in STEPS.values() if not step.decision]
    legal = [step for step in reports if step.fault(person, situation, now) is None]
    if section == "submitted":
        return None, legal
    wanted = _FIRST.get(section, Kind.PROGRESS_REPORTED)
    first = next((step for step in legal if step.kind is wanted), None)
    return first, [step for step in legal if step is not first]


def _notes(
    row: Judged, returned: Event | None, writer: TaskWriter, *, mine: bool, lead: str
) -> Iterable[str]:
    line = row.line
    if not mine:
        yield _("%(lead)s has ended: an operator has to reassign the task first.") % {"lead": lead}
    if returned and not row.task.situation.pending:
        yield _("Returned on %(day)s: %(reason)s") % {
            "day": day_text(day_of(returned.effective_at)),
            "reason": returned.payload.get("reason") or "–",
        }
    if line["extension_request"]:
        yield writer.request(line["extension_request"])
    yield from (sentence([part]) for part in writer.waiting(line))
    if line["report"]:
        yield sentence([writer.report(line["report"])])
    if "stale" in line["flags"]:
        yield sentence([writer.say["stale"]])
