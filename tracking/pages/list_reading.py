"""A progress list as a page of the portal: what is marked first, then figures, then every task."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tracking.models import ProgressList, Task
from tracking.pages.list_movements import Movements, movements_of
from tracking.pages.list_summary import summary_of
from tracking.renderers.parts import Group, Line, Sheet, Table
from tracking.renderers.vocabulary import COLUMNS
from tracking.renderers.words import words_of

# A list with more tasks opens one department at a time.
ALL_AT_ONCE = 300

Content = Mapping[str, Any]
# What reading a content may raise that somebody broke; verifying says what differs.
BROKEN = (AttributeError, IndexError, KeyError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Section:
    """A department with its figures; `lines` is empty where it is opened on its own page."""

    row: Mapping[str, Any]
    lines: Sequence[dict[str, Any]]
    opened: bool

    @property
    def group(self) -> Group:
        found: Group = self.row["group"]
        return found


class Reading:
    """The list in the reader's language; `department`: the code of the one that was opened."""

    def __init__(self, content: Content, language: str, department: str = "") -> None:
        self.content = content
        self.language = language
        known = {row["code"] for row in content["departments"]}
        self.opened = department if department in known else ""
        self.say = words_of(language)
        self.summary = summary_of(content, language)
        self.sheet: Sheet = self.summary["sheet"]
        self.movements: Movements = movements_of(content, language)
        # Whether the tasks of each department are on a page of their own.
        self.folded = sum(len(group.lines) for group in self.sheet.groups) > ALL_AT_ONCE
        self.sections = [self._section(row) for row in self.summary["rows"]]
        self.marked = [section for section in self.sections if section.group.marked]
        shown = [line for section in self.sections for line in section.lines]
        reasons = (code for row in content["departments"] for code in row["reasons"])
        self.tasks = task_keys((*(line["code"] for line in shown), *reasons))
        for line in shown:
            line["key"] = self.tasks.get(line["code"])

    @property
    def annexes(self) -> Iterator[tuple[Table, list[list[tuple[str, str]]]]]:
        """Each with its rows as (column, cell)."""
        for annex in self.sheet.annexes:
            yield annex, [list(zip(annex.columns, row, strict=True)) for row in annex.rows]

    @property
    def reasons(self) -> Iterator[tuple[Section, list[tuple[str, str, int | None]]]]:
        """Of each marked department: (code of the task, what is said of it, key of the task)."""
        codes = {d["code"]: d["reasons"] for d in self.content["departments"]}
        for section in self.marked:
            pairs = zip(codes[section.group.code], section.group.reasons, strict=True)
            yield (
                section,
                [(c, told.removeprefix(f"{c}. "), self.tasks.get(c)) for c, told in pairs],
            )

    @cached_property
    def word(self) -> str:
        """Of the mark, by the policy of the list."""
        return self.say[f"mark_{self.content['policy']}"]

    def _section(self, row: Mapping[str, Any]) -> Section:
        group: Group = row["group"]
        opened = group.code == self.opened
        shown = opened or not (self.folded or self.opened)
        return Section(row, [_line(line) for line in group.lines] if shown else [], opened)


def task_keys(codes: Iterable[str]) -> dict[str, int]:
    """Code -> key, for links to the pages of tasks; one query."""
    rows = Task.objects.filter(code__in=set(codes)).order_by()
    return dict(rows.values_list("code", "pk"))


def _line(line: Line) -> dict[str, Any]:
    """The cells by their names, and what the page marks."""
    return {
        **dict(zip(COLUMNS, line.cells, strict=True)),
        "code": line.code,
        "title": line.title,
        "standing": line.standing,
        "reason": line.reason,
    }


def reading_of(issued: ProgressList, language: str, department: str = "") -> Reading | None:
    """None when somebody broke the stored text; verifying then says so."""
    try:
        return Reading(issued.as_content(), language, department)
    except BROKEN:
        return None
