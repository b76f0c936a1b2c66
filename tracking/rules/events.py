"""What can happen to a task, and in which order the ledger is read (rules.md 2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    ASSIGNED = "assigned"
    DEADLINE_SET = "deadline_set"
    EXTENSION_REQUESTED = "extension_requested"
    EXTENSION_GRANTED = "extension_granted"
    EXTENSION_REFUSED = "extension_refused"
    PROGRESS_REPORTED = "progress_reported"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    REOPENED = "reopened"
    PAUSED = "paused"
    RESUMED = "resumed"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    REASSIGNED = "reassigned"
    REQUIREMENT_CHANGED = "requirement_changed"
    CANCELLED = "cancelled"
    EVIDENCE_RECORDED = "evidence_recorded"


# What the lead department tells about its work; the clock of staleness starts again.
REPORTS = frozenset(
    {
        Kind.PROGRESS_REPORTED,
        Kind.SUBMITTED,
        Kind.EVIDENCE_RECORDED,
        Kind.EXTENSION_REQUESTED,
        Kind.BLOCKED,
        Kind.UNBLOCKED,
    }
)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the ledger, as the rules read it.

    `number` is the ledger number; `actor` is a name compared as text, empty for the import
    itself; `on_behalf_of` is a department's code or empty.
    """

    kind: Kind
    effective_at: datetime
    recorded_at: datetime
    number: int
    payload: Mapping[str, Any] = field(default_factory=dict)
    actor: str = ""
    on_behalf_of: str = ""

    @property
    def place(self) -> tuple[datetime, datetime, int]:
        """Where the event stands in the order of application."""
        return (self.effective_at, self.recorded_at, self.number)


def visible(events: Iterable[Event], *, at: datetime, known_at: datetime) -> list[Event]:
    """The events a list for (T, K) may see, in the order of application."""
    seen = (e for e in events if e.effective_at <= at and e.recorded_at <= known_at)
    return sorted(seen, key=lambda event: event.place)
