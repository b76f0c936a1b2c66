"""The list of tasks as a table; its rows come chosen, in order and judged."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
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


# The heads of a row need no word beside them where it is a card.
_SAY_THEMSELVES = frozenset({"tick", "code", "title"})


def _column(name: str) -> tables.Column:
    column = COLUMNS[name]
    attrs = {"th": {"class": "number"}} if column.kind == "number" else {}
    return tables.Column(verbose_name=column.label, orderable=bool(column.order), attrs=attrs)


@dataclass(frozen=True, slots=True)
class Looks:
    """What a page knows and a table does not: where the page of a task is, how a standing looks."""

    address: Callable[[int], str]
    standing: Callable[[str, str], Any]


class TaskTable(Paged):
    """One column for each of COLUMNS, of which `shown` are shown; `ticks` puts a box before each
    row. Pages, orders and heads are the library's; rows are written by `lines`."""

    tick = tables.Column(
        orderable=False, verbose_name=gettext_lazy("Tick"), attrs={"th": {"class": "tick"}}
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

    @property
    def lines(self) -> Iterator[SafeString]:
        """The rows of the page. The library would ask every cell anew what its column is: half of
        the time that the page takes."""
        cells = [(_frame(column), self._values[column.name]) for column in self.columns]
        for row in self.paginated_rows:
            said = (frame.format(conditional_escape(value(row.record))) for frame, value in cells)
            # Every part is escaped already.
            yield mark_safe(f"<tr>{''.join(said)}</tr>")

    @property
    def _values(self) -> Mapping[str, Callable[[TaskRow], Any]]:
        """What stands in a cell: what a file would say unless the page says it otherwise."""
        return {
            **{name: column.value for name, column in COLUMNS.items()},
            "tick": _tick,
            "title": self._title,
            "original_due_on": lambda row: _day(row.original_due_on),
            "due_on": _due,
            "standing": lambda row: self.looks.standing(row.standing, row.standing_word),
            "submitted_at": lambda row: _day(row.submitted_on),
            "reported_on": lambda row: row.report or _day(row.reported_on),
        }

    def _title(self, row: TaskRow) -> SafeString:
        link = format_html('<a href="{}">{}</a>', self.looks.address(row.key), row.title)
        if row.required:
            return link
        return format_html('<span>{} <span class="under">{}</span></span>', link, _("optional"))


def _frame(column: Any) -> str:
    """Of a cell, escaped, with a place for what stands in it."""
    name = column.name
    if name == "tick":
        kind = "tick"
    elif COLUMNS[name].kind == "number":
        kind = "number"
    else:
        kind = f"of-{name.partition('_')[0]}"
    label = "" if name in _SAY_THEMSELVES else format_html(' data-label="{}"', column.header)
    return f'<td class="{kind}"{label}>'.replace("{", "{{").replace("}", "}}") + "{}</td>"


def _tick(row: TaskRow) -> SafeString:
    box = '<input type="checkbox" name="task" value="{}" aria-label="{}">'
    return format_html(box, row.key, row.code)


def _due(row: TaskRow) -> str:
    """The date in its reading, the words of the order where there is none."""
    if row.due_on and row.before:
        return _("before %(day)s") % {"day": _day(row.due_on)}
    return _day(row.due_on) or row.wording


def _day(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""
