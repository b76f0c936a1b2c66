"""How did the deadline come to be what it is? Every decision and request, as pages show it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from tracking.models import Event
from tracking.rules.deadline import Deadline
from tracking.rules.deadline_history import DeadlineStep, Effect
from tracking.rules.events import Event as LedgerEvent, Kind

EFFECTS = {
    Effect.ORIGINAL: gettext_lazy("original deadline"),
    Effect.FIRST: gettext_lazy("first date"),
    Effect.EXTENSION: gettext_lazy("extension"),
    Effect.REDUCTION: gettext_lazy("reduction"),
    Effect.SAME: gettext_lazy("same last day"),
}
_COUNTED = (Effect.EXTENSION, Effect.REDUCTION)
_REQUESTS = {
    Kind.EXTENSION_REQUESTED: gettext_lazy("extension requested"),
    Kind.EXTENSION_REFUSED: gettext_lazy("extension refused"),
}


@dataclass(frozen=True, slots=True)
class Decided:
    """A line of the deadline ledger that moved a date, or could have."""

    step: DeadlineStep
    event: Event
    effect: str
    count: int | None  # which extension or reduction it is


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """A decision, a request or its refusal. `asked`: the day that a request asks for; `open`:
    nobody has answered it yet."""

    event: Event
    what: str
    moves: bool
    count: int | None = None
    before: Deadline | None = None
    after: Deadline | None = None
    late_days: int | None = None
    asked: date | None = None
    open: bool = False

    @property
    def words(self) -> str:
        """Of the order, as they were written."""
        return str(self.event.payload.get("wording") or "")

    @property
    def reason(self) -> str:
        return str(self.event.payload.get("reason") or "")


def decided(history: Sequence[DeadlineStep], rows: Mapping[int, Event]) -> list[Decided]:
    """`rows`: the entries by ledger number."""
    counts: dict[str, int] = {}
    found: list[Decided] = []
    for step in history:
        counts[step.effect] = counts.get(step.effect, 0) + 1
        count = counts[step.effect] if step.effect in _COUNTED else None
        event = rows[step.event.number]
        found.append(Decided(step, event, str(EFFECTS[step.effect]), count))
    return found


def deadline_lines(
    decisions: Sequence[Decided],
    effective: Sequence[LedgerEvent],
    rows: Mapping[int, Event],
    request: Mapping[str, Any] | None,
) -> list[DeadlineLine]:
    """Decisions and requests in the order in which they took effect. `request`: the one that is
    unanswered, if any."""
    by_number = {line.event.number: line for line in map(_decision, decisions)}
    asked = {line.event.number: line for line in _requests(effective, rows, request)}
    lines = {**by_number, **asked}
    return [lines[event.number] for event in effective if event.number in lines]


def _decision(made: Decided) -> DeadlineLine:
    return DeadlineLine(
        made.event,
        made.effect,
        moves=True,
        count=made.count,
        before=made.step.before,
        after=made.step.after,
        late_days=made.step.late_days,
    )


def _requests(
    effective: Sequence[LedgerEvent], rows: Mapping[int, Event], request: Mapping[str, Any] | None
) -> Iterator[DeadlineLine]:
    asked = [event.number for event in effective if event.kind is Kind.EXTENSION_REQUESTED]
    waiting = asked[-1] if request and asked else None
    for event in effective:
        if event.kind in _REQUESTS:
            yield DeadlineLine(
                rows[event.number],
                str(_REQUESTS[event.kind]),
                moves=False,
                asked=_day(event.payload.get("due_on")),
                open=event.number == waiting,
            )


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
