"""Which tasks does a department owe at (T, K), and which wait for it?"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tracking.models.owed import Owed, known_otherwise, owed_by, waiting_for
from tracking.models.then import Then
from tracking.rules.departments import Name
from tracking.rules.lines import TaskFacts, line_of
from tracking.rules.standing import Judgement, Yardstick, judge
from tracking.rules.waits import open_waits

Names = Mapping[str, str]  # code -> name in the reader's language


@dataclass(frozen=True, slots=True)
class Judged:
    """A task in scope with its judgement, and the line that a list would print."""

    task: Owed
    judgement: Judgement
    line: Mapping[str, Any]

    @property
    def reason(self) -> bool:
        """Whether it marks the department that it is printed under."""
        return self.judgement.overdue and self.task.situation.required


def seen_from(bodies: Collection[str], then: Then) -> tuple[list[Owed], list[Owed]]:
    """(the tasks that these departments owe, those of anybody that wait for them)."""
    at, known_at = then.at, then.known_at
    owed = owed_by(bodies, at, known_at=known_at)
    waiting = waiting_for(bodies, then)
    folded = known_otherwise(at, known_at) if known_at else []
    owed += [task for task in folded if task.situation.lead in bodies]
    waiting += [
        task for task in folded if any(w.on in bodies for w in open_waits(task.situation, then.day))
    ]
    return sorted(owed, key=_code), sorted(waiting, key=_code)


def _code(task: Owed) -> str:
    return task.code


def judged(
    tasks: Iterable[Owed], yardstick: Yardstick, names: Mapping[str, Name], place: str = ""
) -> list[Judged]:
    """`place`: code of the department that they are printed under; none: each under its lead."""
    found = []
    for task in tasks:
        judgement = judge(task.situation, yardstick)
        facts = TaskFacts(task.code, "", task.names, task.situation)
        under = place or task.situation.lead
        line = line_of(facts, judgement, under, names, yardstick.day)
        found.append(Judged(task, judgement, line))
    return found
