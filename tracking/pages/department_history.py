"""How often was a department marked in the lists that were issued?"""

from dataclasses import dataclass

from tracking.models import ProgressList
from tracking.models.bilingual import reader_language
from tracking.models.mark_history import MarkThen, mark_history
from tracking.pages.department_list import mark_word
from tracking.renderers.words import ordinal_text, word
from tracking.rules.progress_list import Policy
from tracking.rules.viewpoint import Viewpoint


@dataclass(frozen=True, slots=True)
class MarkRow:
    """A line of the history, in words."""

    then: MarkThen

    @property
    def name(self) -> str:
        return str(ProgressList(number=self.then.number))

    @property
    def mark(self) -> str:
        return mark_word(len(self.then.reasons))

    @property
    def running(self) -> str:
        """ "3rd list running"; "" for the first."""
        if self.then.times_running < 2:
            return ""
        times = ordinal_text(self.then.times_running, reader_language())
        return word("times_running", reader_language()).format(times=times)


@dataclass(frozen=True, slots=True)
class MarkHistory:
    """The newest list first."""

    rows: list[MarkRow]

    @property
    def times_marked(self) -> int:
        return sum(row.then.marked for row in self.rows)


def history_of(code: str, viewpoint: Viewpoint) -> MarkHistory:
    """In the lists over every plan that were issued then; one query."""
    rows = mark_history(
        code,
        policy=Policy.OVERDUE,
        as_of=viewpoint.as_of,
        known_at=viewpoint.known_at,
    )
    return MarkHistory([MarkRow(then) for then in rows])
