"""How far have extensions moved the work of a department?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracking.rules.calendar import WorkingCalendar
from tracking.rules.deadline_history import DeadlineStep, Effect

# From so many extensions on a task counts as extended again and again.
SERIAL_FROM = 3


@dataclass(frozen=True, slots=True)
class Slippage:
    """`moved`: working days by which extensions moved deadlines, all of the tasks together;
    `serial`: tasks with three extensions or more. Reductions take nothing back."""

    tasks: int
    extended: int = 0
    serial: int = 0
    moved: int = 0

    @property
    def average(self) -> float:
        """Working days a task, the tasks never extended included."""
        return self.moved / self.tasks if self.tasks else 0.0


def slippage(
    tasks: int, histories: Iterable[Sequence[DeadlineStep]], calendar: WorkingCalendar
) -> Slippage:
    """`tasks`: how many there are; `histories`: the decisions on those that were extended."""
    extended = serial = moved = 0
    for history in histories:
        days = [_moved(s, calendar) for s in history if s.effect is Effect.EXTENSION]
        extended += bool(days)
        serial += len(days) >= SERIAL_FROM
        moved += sum(days)
    return Slippage(tasks, extended, serial, moved)


def _moved(step: DeadlineStep, calendar: WorkingCalendar) -> int:
    assert step.before is not None  # an extension leads from one date to another
    assert step.after is not None
    return calendar.working_days_after(step.before.last_day, step.after.last_day)
