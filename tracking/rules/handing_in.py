"""What may a person hand in, and dated when? Narrower than the legal order: the ledger also bears
what a plan file brings (rules.md 4)."""

from collections.abc import Iterable
from datetime import datetime

from tracking.rules.deadline import Deadline
from tracking.rules.events import Event, visible
from tracking.rules.ledger import apply, effective_events
from tracking.rules.situation import Situation


def shows_something(events: Iterable[Event], made: Event, *, start: Situation) -> bool:
    """Whether the submission names a product, or something was shown in its episode already.
    `events`: the ledger of the task, with or without the submission."""
    if any(str(made.payload.get(key) or "").strip() for key in ("product", "evidence")):
        return True
    situation = start
    for event in effective_events(_known(events, made), start=start):
        situation = apply(situation, event)
    return situation.evidence


def passed_meanwhile(events: Iterable[Event], made: Event, *, start: Situation) -> Deadline | None:
    """The deadline that ended while in force, after the moment that the submission is dated to
    and not after its recording; None when its date makes no difference to any."""
    held: list[tuple[datetime, Deadline | None]] = []  # (from when, which)
    situation = start
    for event in effective_events(_known(events, made), start=start):
        situation = apply(situation, event)
        if not held or held[-1][1] != situation.deadline:
            held.append((event.effective_at, situation.deadline))
    until = [since for since, _ in held[1:]] + [made.recorded_at]
    for (_, deadline), replaced_at in zip(held, until, strict=True):
        if deadline and made.effective_at < deadline.end <= replaced_at:
            return deadline
    return None


def _known(events: Iterable[Event], made: Event) -> list[Event]:
    """The other entries that held by the time when the submission was recorded."""
    others = (event for event in events if event.number != made.number)
    by = max(made.effective_at, made.recorded_at)
    return visible(others, at=by, known_at=made.recorded_at)
