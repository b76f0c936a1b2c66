"""Whom does a task wait for, since when, and what does the other side say to it?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracking.models import Event, WaitAnswer
from tracking.rules.declared_waits import DeclaredWait


@dataclass(frozen=True, slots=True)
class WaitLine:
    """A declared wait. `answer`: the newest of the other side; `may_answer`: whether the reader
    may give one; `counts`: it lasts, and the task is not completed."""

    wait: DeclaredWait
    event: Event
    body: str
    days: int
    counts: bool
    answer: WaitAnswer | None = None
    may_answer: bool = False

    @property
    def reason(self) -> str:
        return str(self.event.payload.get("reason") or "")


def wait_lines(
    found: Sequence[DeclaredWait],
    rows: Mapping[int, Event],
    names: Mapping[str, str],
    answers: Mapping[int, WaitAnswer],
    *,
    as_of: date,
    completed: bool,
    answerable: frozenset[str],
) -> list[WaitLine]:
    """The open ones first. `answers`: the newest by ledger number; `answerable`: codes of the
    bodies that the reader answers for."""
    lines = [
        WaitLine(
            wait=wait,
            event=rows[wait.event.number],
            body=names.get(wait.on, wait.on),
            days=wait.days(as_of),
            counts=wait.ended_at is None and not completed,
            answer=answers.get(wait.event.number),
            may_answer=wait.ended_at is None and not completed and wait.on in answerable,
        )
        for wait in found
    ]
    return sorted(lines, key=lambda line: line.wait.ended_at is not None)
