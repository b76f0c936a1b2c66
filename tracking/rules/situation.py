"""What holds for a task between two events? The result of folding its ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracking.rules.deadline import Deadline


@dataclass(frozen=True, slots=True)
class Submission:
    """The submission of the current episode that is pending or accepted."""

    at: datetime
    number: int
    actor: str
    judged_by: Deadline | None  # the deadline in force at the moment of the submission
    accepted: bool = False

    @property
    def before_own_end(self) -> bool:
        """In time by the deadline in force then, or there was none."""
        return self.judged_by is None or self.at < self.judged_by.end


@dataclass(frozen=True, slots=True)
class Block:
    """Something the task waits for: a partner or a department, by code."""

    on: str
    since: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LateExtension:
    """An extension decided at or after the end of the deadline it replaced."""

    replaced: int  # number of the deadline replaced
    days: int  # day of decision minus last day in time


@dataclass(frozen=True, slots=True)
class Situation:
    """A task after its events up to some instant; the empty one is a task never assigned.

    `breaches` counts deadlines breached so far; `deadline_breached` says whether the current one
    is among them, so that its breach by the mere passing of time is counted once.
    """

    lead: str
    required: bool
    assigned_at: datetime | None = None
    original: Deadline | None = None
    deadline_set: bool = False
    deadline: Deadline | None = None
    wording: str = ""
    submission: Submission | None = None
    paused: bool = False
    cancelled: bool = False
    cancelled_reason: str = ""
    blocks: tuple[Block, ...] = ()
    waited: tuple[tuple[str, int], ...] = ()  # calendar days of blocks already lifted
    extensions: int = 0
    late_extensions: tuple[LateExtension, ...] = ()
    reduced: bool = False
    reopened: bool = False
    evidence: bool = False  # recorded in the current episode
    reported_at: datetime | None = None
    report: Mapping[str, Any] | None = None  # {"on", "percent", "note"} of the latest report
    request: Mapping[str, Any] | None = None  # {"on", "due_on", "reason"}, unanswered
    requesters: tuple[str, ...] = ()
    breaches: int = 0
    deadline_breached: bool = False
    extended_late_days: tuple[int, ...] = ()

    @property
    def in_scope(self) -> bool:
        return self.assigned_at is not None and not self.cancelled

    @property
    def pending(self) -> bool:
        return self.submission is not None and not self.submission.accepted

    @property
    def completed(self) -> bool:
        return self.submission is not None and self.submission.accepted

    @property
    def open(self) -> bool:
        """Assigned, neither cancelled nor completed nor suspended."""
        return self.in_scope and not self.completed and not self.paused

    @property
    def submitted_in_time(self) -> bool:
        """A submission is pending that was made before the end of the current deadline."""
        if self.submission is None or self.submission.accepted:
            return False
        return self.deadline is None or self.submission.at < self.deadline.end

    def overdue(self, at: datetime) -> bool:
        """The one definition of overdue: open, deadline ended, no in-time submission pending."""
        if not self.open or self.deadline is None or at < self.deadline.end:
            return False
        return not self.submitted_in_time
