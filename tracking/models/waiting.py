"""Which tasks wait for a decision, and whose deadlines are near? For SQL, and for folded rows."""

from datetime import datetime, timedelta

from django.db.models import Q

from tracking.models.situation import TaskSituation
from tracking.models.then import Then
from tracking.rules.instants import start_of

AHEAD_DAYS = 14

# Awaiting verification; an extension asked for that nobody has answered.
PENDING = Q(completed=False, pending=True)
ASKED = Q(completed=False, asked=True)


def ahead(then: Then) -> Q:
    """Open, nothing submitted, and the last day in time is today or within two weeks."""
    untouched = Q(completed=False, paused=False, pending=False)
    return untouched & Q(end_at__gt=then.at, end_at__lte=_until(then))


def is_pending(row: TaskSituation) -> bool:
    return row.pending


def is_asked(row: TaskSituation) -> bool:
    return row.asked and not row.completed


def is_ahead(row: TaskSituation, then: Then) -> bool:
    if row.completed or row.paused or row.pending or row.end_at is None:
        return False
    return then.at < row.end_at <= _until(then)


def _until(then: Then) -> datetime:
    return start_of(then.day + timedelta(days=AHEAD_DAYS + 1))
