"""The list of tasks as a table; its rows come chosen, in order and judged."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _, gettext_lazy
from django_tables2.data import TableData

from tracking.tables.paged import Paged
from tracking.tables.task_columns import COLUMNS, TaskRow


class TaskRows(Protocol):
    """Rows that are counted and read a page at a time."""

    def __len__(self) -> int: ...

    def __getitem__(self, place: slice) -> list[TaskRow]: ...

    def __iter__(self) -> Iterator[TaskRow]: ...


class TaskRowData(TableData):
    """The order is that of the rows: the head of a column asks for another list."""

    def __len__(self) -> int:
        return len(self.data)

    def order_by(self, aliases: Any) -> None:
        return None


_TICK = {"td": {"class": "tick"}, "th": {"class": "tick"}}

# Columns named after their order, whose value has another name.
_ELSEWHERE = {"submitted_at": "submitted_on"}


def _column(name: str) -> tables.Column:
    column = COLUMNS[name]
    number = {"td": {"class": "number"}, "th": {"class": "number"}}
    plain = {"td": {"class": f"of-{name.partition('_')[0]}"}}
    return tables.Column(
        accessor=_ELSEWHERE.get(name, name),
        verbose_name=column.label,
        orderable=bool(column.order),
        attrs=number if column.kind == "number" else plain,
        empty_values=(),
    )


@dataclass(frozen=True, slots=True)
class Looks:
    """What a page knows and a table does not: where the page of a task is, how a standing looks."""

    address: Callable[[int], str]
    standing: Callable[[str, str], Any]


class TaskTable(Paged):
    """One column for each of COLUMNS, of which `shown` are shown; `ticks` puts a box before each
    row."""

    tick = tables.Column(
        accessor="key", orderable=False, verbose_name=gettext_lazy("Tick"), attrs=_TICK
    )
    code = _column("code")
    title = _column("title")
    lead = _column("lead")
    plan = _column("plan")
    required = _column("required")
    original_due_on = _column("original_due_on")
    due_on = _column("due_on")
    standing = _column("standing")
    late = _column("late")
    flags = _column("flags")
    extensions = _column("extensions")
    breaches = _column("breaches")
    submitted_at = _column("submitted_at")
    waiting = _column("waiting")
    reported_on = _column("reported_on")

    class Meta:
        template_name = "tracking/task_list_table.html"
        attrs = {"class": "table task-table"}

    def __init__(
        self, data: Any, *, shown: tuple[str, ...], looks: Looks, ticks: bool, **options: Any
    ) -> None:
        hidden = tuple(name for name in COLUMNS if name not in shown)
        exclude = hidden if ticks else ("tick", *hidden)
        super().__init__(TaskRowData(data), exclude=exclude, **options)
        self.looks = looks

    def render_tick(self, record: TaskRow) -> Any:
        box = '<input type="checkbox" name="task" value="{}" aria-label="{}">'
        return format_html(box, record.key, record.code)

    def render_title(self, record: TaskRow) -> Any:
        link = format_html('<a href="{}">{}</a>', self.looks.address(record.key), record.title)
        if record.required:
            return link
        return format_html('<span>{} <span class="under">{}</span></span>', link, _("optional"))

    def render_lead(self, record: TaskRow) -> Any:
        return COLUMNS["lead"].value(record)

    def render_required(self, record: TaskRow) -> Any:
        return COLUMNS["required"].value(record)

    def render_original_due_on(self, record: TaskRow) -> str:
        return _day(record.original_due_on)

    def render_due_on(self, record: TaskRow) -> str:
        """The date in its reading, the words of the order where there is none."""
        if record.due_on and record.before:
            return _("before %(day)s") % {"day": _day(record.due_on)}
        return _day(record.due_on) or record.wording

    def render_standing(self, record: TaskRow) -> Any:
        return self.looks.standing(record.standing, record.standing_word)

    def render_submitted_at(self, record: TaskRow) -> str:
        return _day(record.submitted_on)

    def render_reported_on(self, record: TaskRow) -> str:
        return record.report or _day(record.reported_on)


def _day(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""
