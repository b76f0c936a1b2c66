"""What can the list of tasks show of each? The columns, for the page and for its files."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from tracking.renderers.task_export_parts import Cell, Head


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task in words, as the table and the files print it."""

    key: int
    code: str
    title: str
    lead: str
    printed_under: str  # name of the department that took over; "" when the lead still stands
    plan: str
    required: bool
    original_due_on: date | None
    due_on: date | None
    before: bool  # the deadline is "before" that day
    wording: str
    late: str
    late_calendar_days: int
    late_working_days: int
    standing: str
    standing_word: str
    flags: str
    extensions: int
    breaches: int
    submitted_on: date | None
    waiting: str
    report: str
    reported_on: date | None


@dataclass(frozen=True, slots=True)
class TaskColumn:
    """`order`: the name of the order that its head gives; "" for none."""

    label: Any
    value: Callable[[TaskRow], Cell]
    kind: str = "text"
    letters: int = 14
    order: str = ""


def _late_or_nothing(days: int) -> Cell:
    return days or None


def _lead(row: TaskRow) -> str:
    if not row.printed_under:
        return row.lead
    return _("%(lead)s; printed under %(name)s") % {"lead": row.lead, "name": row.printed_under}


COLUMNS: Mapping[str, TaskColumn] = {
    "code": TaskColumn(gettext_lazy("Code"), lambda row: row.code, letters=16, order="code"),
    "title": TaskColumn(gettext_lazy("Task"), lambda row: row.title, letters=42, order="title"),
    "lead": TaskColumn(gettext_lazy("Lead department"), _lead, letters=26, order="lead"),
    "plan": TaskColumn(gettext_lazy("Plan"), lambda row: row.plan, letters=16, order="plan"),
    "required": TaskColumn(
        gettext_lazy("Requirement"), lambda row: _("required") if row.required else _("optional")
    ),
    "original_due_on": TaskColumn(
        gettext_lazy("Original deadline"),
        lambda row: row.original_due_on,
        "date",
        order="original_due_on",
    ),
    "due_on": TaskColumn(
        gettext_lazy("Current deadline"), lambda row: row.due_on, "date", order="due_on"
    ),
    "standing": TaskColumn(
        gettext_lazy("Standing"), lambda row: row.standing_word, letters=24, order="standing"
    ),
    "late": TaskColumn(gettext_lazy("Lateness"), lambda row: row.late, letters=20, order="late"),
    "flags": TaskColumn(gettext_lazy("Of note"), lambda row: row.flags, letters=28),
    "extensions": TaskColumn(
        gettext_lazy("Extensions"), lambda row: row.extensions, "number", 10, "extensions"
    ),
    "breaches": TaskColumn(
        gettext_lazy("Deadlines missed"), lambda row: row.breaches, "number", 10, "breaches"
    ),
    "submitted_at": TaskColumn(
        gettext_lazy("Submitted"), lambda row: row.submitted_on, "date", order="submitted_at"
    ),
    "waiting": TaskColumn(gettext_lazy("Waiting for"), lambda row: row.waiting, letters=32),
    "reported_on": TaskColumn(
        gettext_lazy("Last report"), lambda row: row.report, letters=36, order="reported_on"
    ),
}
ALWAYS = ("code", "title")
USUAL = ("lead", "due_on", "standing", "late", "flags")
OPTIONAL = tuple(name for name in COLUMNS if name not in ALWAYS)

# In a file the deadline's reading and both counts of lateness have columns of their own.
_LATE_DAYS = TaskColumn(
    gettext_lazy("Days late"), lambda row: _late_or_nothing(row.late_calendar_days), "number", 9
)
_LATE_WORKING_DAYS = TaskColumn(
    gettext_lazy("Working days late"),
    lambda row: _late_or_nothing(row.late_working_days),
    "number",
    9,
)
_READING = TaskColumn(
    gettext_lazy("Reading"),
    lambda row: (_("before that day") if row.before else _("by that day")) if row.due_on else "",
    letters=12,
)
_REPORTED_ON = TaskColumn(gettext_lazy("Heard of on"), lambda row: row.reported_on, "date")
_SPLIT: Mapping[str, tuple[TaskColumn, ...]] = {
    "due_on": (COLUMNS["due_on"], _READING),
    "late": (_LATE_DAYS, _LATE_WORKING_DAYS),
    "reported_on": (_REPORTED_ON, COLUMNS["reported_on"]),
}


def shown(chosen: Iterable[str]) -> tuple[str, ...]:
    """The columns of a page in their own order, whatever the order of choosing."""
    wanted = set(chosen) or set(USUAL)
    return tuple(name for name in COLUMNS if name in ALWAYS or name in wanted)


def file_columns(names: Iterable[str]) -> list[TaskColumn]:
    return [column for name in names for column in _SPLIT.get(name, (COLUMNS[name],))]


def file_heads(columns: Iterable[TaskColumn]) -> list[Head]:
    return [Head(str(column.label), column.kind, column.letters) for column in columns]
