"""Whom did a task wait for, from when until when? Every declared wait, open or ended."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from tracking.rules.events import Event, Kind
from tracking.rules.instants import day_of
from tracking.rules.ledger import effective_events
from tracking.rules.situation import Situation


@dataclass(frozen=True, slots=True)
class DeclaredWait:
    """`event` declared it; `ended_at` is None while it lasts."""

    event: Event
    on: str
    ended_at: datetime | None = None

    @property
    def since(self) -> datetime:
        return self.event.effective_at

    def days(self, as_of: date) -> int:
        """In calendar days, until it ended or until that day."""
        until = day_of(self.ended_at) if self.ended_at else as_of
        return (until - day_of(self.since)).days


def declared_waits(events: Iterable[Event], *, start: Situation) -> list[DeclaredWait]:
    """In the order in which they were declared. `events`: those visible, in the order of
    application; `start`: the task as first assigned."""
    found: list[DeclaredWait] = []
    lasting: dict[str, int] = {}  # counterpart -> its place in `found`
    for event in effective_events(events, start=start):
        if event.kind is Kind.BLOCKED:
            lasting[event.payload["on"]] = len(found)
            found.append(DeclaredWait(event, event.payload["on"]))
        elif event.kind is Kind.UNBLOCKED:
            place = lasting.pop(event.payload["on"])
            found[place] = replace(found[place], ended_at=event.effective_at)
    return found
