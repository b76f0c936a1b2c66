"""How do all departments stand at (T, K)?"""

from collections.abc import Iterator
from dataclasses import dataclass

from tracking.models import Department
from tracking.models.bilingual import reader_language
from tracking.models.owed import known_otherwise
from tracking.models.remembered import remembered
from tracking.models.scorecards import tallies_at
from tracking.models.then import Then
from tracking.pages.task_page import yardstick
from tracking.renderers.words import counted, share_text, word
from tracking.rules.scorecard import Scorecard, Tally, scorecards, tallies_of


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A line of the table: a department and its numbers."""

    department: Department
    card: Scorecard
    place: int  # in protocol order

    @property
    def completed(self) -> str:
        """ "3/8 (38%)"."""
        return share_text(self.card.completed, self.card.in_scope, reader_language())

    @property
    def on_time(self) -> str:
        """Of those due."""
        return share_text(self.card.on_time_of_due, self.card.due, reader_language())

    @property
    def completed_share(self) -> float:
        """For sorting: nothing to do is less than nothing done."""
        return self.card.completed / self.card.in_scope if self.card.in_scope else -1.0

    @property
    def on_time_share(self) -> float:
        return self.card.on_time_of_due / self.card.due if self.card.due else -1.0

    @property
    def mark(self) -> str:
        return mark_word(self.card.reasons)


def mark_word(reasons: int) -> str:
    """ "OVERDUE: 3 tasks"; "" for a department that is not marked."""
    if not reasons:
        return ""
    language = reader_language()
    return f"{word('mark_overdue', language)}: {counted(reasons, 'task', language)}"


def department_rows(then: Then) -> list[DepartmentRow]:
    """In protocol order; a fixed number of queries."""
    return remembered(then, "department rows", lambda: _rows(then))


def _rows(then: Then) -> list[DepartmentRow]:
    cards = scorecards(_tallies(then), then.registers.facts, then.day)
    return [
        DepartmentRow(then.departments[code], card, place)
        for place, (code, card) in enumerate(cards.items(), start=1)
    ]


def _tallies(then: Then) -> Iterator[Tally]:
    """Counted in SQL, but for the tasks of which something was recorded after K."""
    yield from tallies_at(then.at, then.known_at)
    if then.known_at is not None:
        folded = known_otherwise(then.at, then.known_at)
        yield from tallies_of((task.situation for task in folded), yardstick(then.at))
