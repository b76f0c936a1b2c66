"""What does a person see who answers a mark, or a wait declared on their department?"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from tracking.models import Department, Event, User, WaitAnswer
from tracking.models.registers import registers
from tracking.models.waits import is_open
from tracking.pages.department import DepartmentPage
from tracking.pages.entries import Names, names_of_bodies
from tracking.permissions import may_report, reports_for
from tracking.rules.departments import printed_under
from tracking.rules.instants import day_of
from tracking.rules.viewpoint import Viewpoint


class MarkToAnswer:
    """A department's mark, its reasons and the remarks given, as of now."""

    def __init__(self, department: Department, person: User, now: datetime) -> None:
        self.page = DepartmentPage(department, person, Viewpoint(now, now, now))
        self.department = department

    @property
    def mark(self) -> str:
        return self.page.mark

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """(code, the sentence that the list prints)."""
        return [(row.task.code, sentence) for row, sentence in self.page.reasons]


@dataclass(frozen=True)
class WaitToAnswer:
    """A declared wait, and everything said of it so far."""

    event: Event
    now: datetime

    @cached_property
    def open(self) -> bool:
        return is_open(self.event, self.now)

    @cached_property
    def _names(self) -> Names:
        return names_of_bodies()

    @property
    def body(self) -> str:
        on: str = self.event.payload["on"]
        return self._names.get(on, on)

    @cached_property
    def answering(self) -> str:
        """Code of the body that answers: a department that ended does so through the one that took
        over from it."""
        on: str = self.event.payload["on"]
        facts = registers().facts
        return printed_under(on, facts, day_of(self.now)) if on in facts else on

    @property
    def answers(self) -> list[WaitAnswer]:
        """The newest first: it is the one that holds."""
        return list(self.event.wait_answers.order_by("-recorded_at", "-pk"))


def place_of(person: User, code: str, now: datetime) -> str | None:
    """In whose place this person writes for that body: "" in their own; None when they may not."""
    today = day_of(now)
    if not may_report(person, code, today):
        return None
    return reports_for(person, today).get(code, "")
