"""How did the deadline of a task come to be what it is? Every decision, in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tracking.rules.deadline import Deadline
from tracking.rules.events import Event, Kind
from tracking.rules.ledger import apply, effective_events, fold
from tracking.rules.situation import Situation


class Effect(StrEnum):
    ORIGINAL = "original"
    FIRST = "first"  # a date given to a task that had none
    EXTENSION = "extension"
    REDUCTION = "reduction"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class DeadlineStep:
    """`late_days`: how late the task already was when extended, None when it was not."""

    event: Event
    before: Deadline | None
    after: Deadline | None
    effect: Effect
    late_days: int | None = None


_DECISIONS = frozenset({Kind.DEADLINE_SET, Kind.EXTENSION_GRANTED})


def deadline_history(
    events: Sequence[Event], *, start: Situation, at: datetime
) -> list[DeadlineStep]:
    """`events`: those visible, in the order of application; `start`: as first assigned."""
    late = list(fold(events, start=start, at=at).extended_late_days)
    found: list[DeadlineStep] = []
    for step, days in _steps(events, start):
        # Only breached deadlines count as extended late, and they stand in the same order.
        counts = days is not None and late[:1] == [days]
        found.append(replace(step, late_days=late.pop(0)) if counts else step)
    return found


def _steps(events: Sequence[Event], start: Situation) -> Iterator[tuple[DeadlineStep, int | None]]:
    situation = start
    for event in effective_events(events, start=start):
        before, situation = situation, apply(situation, event)
        if event.kind in _DECISIONS:
            fresh = situation.late_extensions[len(before.late_extensions) :]
            effect = _effect(event, before.deadline, situation.deadline)
            step = DeadlineStep(event, before.deadline, situation.deadline, effect)
            yield step, fresh[0].days if fresh else None


def _effect(event: Event, before: Deadline | None, after: Deadline | None) -> Effect:
    if event.kind is Kind.DEADLINE_SET:
        return Effect.ORIGINAL
    if before is None or after is None:
        return Effect.FIRST
    if after.last_day == before.last_day:
        return Effect.SAME
    return Effect.EXTENSION if after.last_day > before.last_day else Effect.REDUCTION
