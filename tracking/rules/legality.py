"""Which step may follow which? The legal order of the ledger as a table (rules.md 2)."""

from collections.abc import Callable
from enum import StrEnum

from tracking.rules.events import Event, Kind
from tracking.rules.situation import Situation


class Fault(StrEnum):
    NOT_ASSIGNED = "not_assigned"
    ASSIGNED_TWICE = "assigned_twice"
    DEADLINE_TWICE = "deadline_twice"
    CANCELLED = "cancelled"
    PENDING = "pending"
    NOT_PENDING = "not_pending"
    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"
    PAUSED = "paused"
    NOT_PAUSED = "not_paused"
    BLOCKED_TWICE = "blocked_twice"
    NOT_BLOCKED = "not_blocked"
    OWN_SUBMISSION = "own_submission"
    OWN_REQUEST = "own_request"
    FOR_THE_LEAD = "for_the_lead"


Check = Callable[[Situation, Event], bool]

_PENDING: tuple[Check, Fault] = (lambda s, e: s.pending, Fault.PENDING)
_NOT_PENDING: tuple[Check, Fault] = (lambda s, e: not s.pending, Fault.NOT_PENDING)
_COMPLETED: tuple[Check, Fault] = (lambda s, e: s.completed, Fault.COMPLETED)
_PAUSED: tuple[Check, Fault] = (lambda s, e: s.paused, Fault.PAUSED)

# What forbids each step; a kind without a row may come at any time between assignment and
# cancellation.
_FORBIDDEN: dict[Kind, tuple[tuple[Check, Fault], ...]] = {
    Kind.DEADLINE_SET: ((lambda s, e: s.deadline_set, Fault.DEADLINE_TWICE),),
    Kind.SUBMITTED: (_PENDING, _COMPLETED, _PAUSED),
    Kind.ACCEPTED: (_NOT_PENDING,),
    Kind.RETURNED: (_NOT_PENDING,),
    Kind.REOPENED: ((lambda s, e: not s.completed, Fault.NOT_COMPLETED),),
    Kind.PAUSED: (_COMPLETED, _PAUSED),
    Kind.RESUMED: ((lambda s, e: not s.paused, Fault.NOT_PAUSED),),
    Kind.BLOCKED: ((lambda s, e: _waits_for(s, e), Fault.BLOCKED_TWICE),),
    Kind.UNBLOCKED: ((lambda s, e: not _waits_for(s, e), Fault.NOT_BLOCKED),),
    Kind.CANCELLED: (_COMPLETED,),
}

_DECISIONS_ON_SUBMISSION = frozenset({Kind.ACCEPTED, Kind.RETURNED})
DECISIONS_ON_REQUEST = frozenset({Kind.EXTENSION_GRANTED, Kind.EXTENSION_REFUSED})


def _waits_for(situation: Situation, event: Event) -> bool:
    return any(block.on == event.payload["on"] for block in situation.blocks)


def order_fault(situation: Situation, event: Event) -> Fault | None:
    """Why the step may not follow; None when its precondition is met."""
    if event.kind is Kind.ASSIGNED:
        return Fault.ASSIGNED_TWICE if situation.assigned_at else None
    if situation.assigned_at is None:
        return Fault.NOT_ASSIGNED
    if situation.cancelled:
        return Fault.CANCELLED
    rows = _FORBIDDEN.get(event.kind, ())
    return next((fault for forbids, fault in rows if forbids(situation, event)), None)


def four_eyes_fault(situation: Situation, event: Event) -> Fault | None:
    """Whether somebody judges their own work; an absent actor is the import and equals nobody."""
    decides_submission = event.kind in _DECISIONS_ON_SUBMISSION
    if not decides_submission and event.kind not in DECISIONS_ON_REQUEST:
        return None
    if event.on_behalf_of and event.on_behalf_of == situation.lead:
        return Fault.FOR_THE_LEAD
    if not event.actor:
        return None
    if decides_submission and situation.submission:
        return Fault.OWN_SUBMISSION if situation.submission.actor == event.actor else None
    return Fault.OWN_REQUEST if event.actor in situation.requesters else None
