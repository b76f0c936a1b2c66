"""What does the list of tasks show for an address? Its filters, its rows as they stood at (T, K),
its columns, and what is asked in words. A fixed number of queries whatever the number of tasks."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from tracking.filters.task_list import TaskFilters
from tracking.models.chosen_tasks import ChosenTasks
from tracking.models.task_rows import known_then, rows_at
from tracking.models.then import Then
from tracking.pages.task_list_words import (
    TaskWords,
    flag_names,
    order_names,
    standing_choices,
)
from tracking.pages.task_page import yardstick
from tracking.rules.chosen import FIRST_ORDER, Candidate, Part, chosen
from tracking.rules.viewpoint import Viewpoint
from tracking.tables.task_columns import COLUMNS, OPTIONAL, USUAL, TaskRow, shown

PER_PAGE = 50
_USUAL = {"role": {str(Part.LEAD)}, "sort": {FIRST_ORDER}, "columns": set(USUAL)}
_FOLDED_AWAY = frozenset({"role", "due_from", "due_to", "required", "plan", "flags", "columns"})


class Rows:
    """Tasks in words: counted at once, read a page at a time."""

    def __init__(self, found: ChosenTasks | Sequence[Candidate], words: TaskWords) -> None:
        self.found = found
        self.words = words

    @cached_property
    def _count(self) -> int:
        return len(self.found)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: slice) -> list[TaskRow]:
        return [self.words.row(candidate) for candidate in self.candidates(place)]

    def __iter__(self) -> Iterator[TaskRow]:
        return (self.words.row(candidate) for candidate in self.candidates(slice(None)))

    def candidates(self, place: slice) -> Iterator[Candidate]:
        found = self.found
        return found.candidates(place) if isinstance(found, ChosenTasks) else iter(found[place])


class TaskList:
    """Everything a page, a file or a decision on many tasks asks of an address."""

    def __init__(self, query: QueryDict, viewpoint: Viewpoint) -> None:
        self.query = query
        self.viewpoint = viewpoint
        then = Then.of(viewpoint)
        self.then = then
        self.measure = yardstick(viewpoint.at, then.registers)
        self.words = TaskWords(self.measure, then.registers)
        self.departments = then.registers.facts
        self.filters = TaskFilters(
            _with_usual_columns(query),
            queryset=rows_at(viewpoint.at),
            choices=self._choices(),
            departments=self.departments,
            measure=self.measure,
        )

    @property
    def sound(self) -> bool:
        """Whether the address asks for something that can be."""
        return bool(self.filters.is_valid())

    @cached_property
    def rows(self) -> Rows:
        """None at all where the address is not sound: never the wrong ones."""
        if not self.sound:
            return Rows((), self.words)
        viewpoint, filters = self.viewpoint, self.filters
        asked, order = filters.question, filters.order
        if not viewpoint.as_reported:
            found = ChosenTasks(self.then, lambda: filters.qs, asked, order, self.measure)
            return Rows(found, self.words)
        everything = known_then(viewpoint.at, viewpoint.known_at, self.measure)
        return Rows(chosen(everything, asked, order, viewpoint.at, self.departments), self.words)

    @property
    def columns(self) -> tuple[str, ...]:
        return shown(self.filters.columns_chosen) if self.sound else shown(())

    @cached_property
    def asked(self) -> list[tuple[str, list[str]]]:
        """What the address asks, field by field: without the page, the day and what is asked
        anyway."""
        given = ((name, self.query.getlist(name)) for name in self.filters.form.fields)
        kept = ((name, [value for value in values if value]) for name, values in given)
        return [(name, values) for name, values in kept if values and not _usual(name, values)]

    @property
    def question(self) -> str:
        """The same as a query string, to be kept."""
        return urlencode(self.asked, doseq=True)

    @property
    def asks_more(self) -> bool:
        """Something is asked that the page folds away."""
        return any(name in _FOLDED_AWAY for name, _values in self.asked)

    def _choices(self) -> dict[str, Any]:
        return {
            "plan": [(plan.code, plan.code) for plan in self.then.registers.plans],
            "lead": self.words.choices_of_bodies(),
            "standing": standing_choices(),
            "flags": flag_names(),
            "sort": order_names(),
            "columns": [(name, COLUMNS[name].label) for name in OPTIONAL],
        }


def _usual(name: str, values: Sequence[str]) -> bool:
    return set(values) == _USUAL.get(name)


def _with_usual_columns(query: QueryDict) -> QueryDict:
    """Without columns chosen the usual ones are, and the form shows them ticked."""
    if query.getlist("columns"):
        return query
    query = query.copy()
    query.setlist("columns", list(USUAL))
    return query
