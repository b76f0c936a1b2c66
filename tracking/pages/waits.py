"""Who is said to keep a task waiting, and what do they say to it?"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tracking.models import Event, WaitAnswer
from tracking.models.owed import Owed
from tracking.pages.department_tasks import Names
from tracking.rules.events import Kind
from tracking.rules.viewpoint import Viewpoint
from tracking.rules.waits import Wait, open_waits

Key = tuple[int, str, datetime]  # task, body, since when


@dataclass(frozen=True, slots=True)
class DeclaredWait:
    """`number`: that of the entry of the ledger that declared it; `answer`: the newest one."""

    task: Owed
    lead: str
    body: str
    wait: Wait
    number: int
    answer: WaitAnswer | None

    @property
    def disputed(self) -> bool:
        return self.answer is not None and self.answer.answer == WaitAnswer.Answer.DISPUTED


def declared_waits(
    tasks: Iterable[Owed], names: Names, viewpoint: Viewpoint, *, on: Collection[str] | None = None
) -> list[DeclaredWait]:
    """The open waits of these tasks, those for the bodies `on` only if given; two queries."""
    found = [
        (task, wait)
        for task in tasks
        for wait in open_waits(task.situation, viewpoint.as_of)
        if on is None or wait.on in on
    ]
    numbers = _numbers({task.pk for task, _wait in found}, viewpoint)
    answers = _answers(numbers.values(), viewpoint)
    waits = []
    for task, wait in found:
        number = numbers[task.pk, wait.on, wait.since]
        lead, body = (names.get(code, code) for code in (task.situation.lead, wait.on))
        waits.append(DeclaredWait(task, lead, body, wait, number, answers.get(number)))
    return sorted(waits, key=lambda row: (row.wait.since, row.task.code))


def _numbers(tasks: Collection[int], viewpoint: Viewpoint) -> Mapping[Key, int]:
    """Of two entries of the same instant the later one counts, as in the ledger. As of now the
    tasks may know more than the instant at which the page was asked for."""
    rows = Event.objects.filter(
        task_id__in=tasks, kind=Kind.BLOCKED, effective_at__lte=viewpoint.at
    )
    if viewpoint.as_reported:
        rows = rows.filter(recorded_at__lte=viewpoint.known_at)
    ordered = rows.order_by("recorded_at", "number")
    values = ordered.values_list("number", "task_id", "payload", "effective_at")
    return {(task, payload["on"], since): number for number, task, payload, since in values}


def _answers(numbers: Iterable[int], viewpoint: Viewpoint) -> Mapping[int, WaitAnswer]:
    rows = WaitAnswer.objects.filter(event_id__in=list(numbers))
    visible = rows.visible(at=viewpoint.at, known_at=viewpoint.known_at)
    return {answer.event_id: answer for answer in visible}
