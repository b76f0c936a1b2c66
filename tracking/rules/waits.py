"""Whom does a task wait for at the end of a day, since when, and for how many days in all?"""

from dataclasses import dataclass
from datetime import date, datetime

from tracking.rules.instants import day_of
from tracking.rules.situation import Situation


@dataclass(frozen=True, slots=True)
class Wait:
    """`days`: calendar days in all, those of earlier waits for the same body included."""

    on: str
    since: datetime
    days: int
    reason: str = ""


def open_waits(situation: Situation, as_of: date) -> list[Wait]:
    """By code; a completed task waits for nobody."""
    if situation.completed:
        return []
    waited = dict(situation.waited)
    return [
        Wait(
            on=block.on,
            since=block.since,
            days=waited.get(block.on, 0) + (as_of - day_of(block.since)).days,
            reason=block.reason,
        )
        for block in sorted(situation.blocks, key=lambda block: block.on)
    ]
