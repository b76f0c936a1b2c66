"""What is done now and then, whoever comes first: a Celery worker or the pump's own command.

Each chore is due by the database, so that two schedulers do it once and none does no harm for long.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from databases.actions.contradictions import reconcile_contradictions
from databases.actions.evidence import propose_submissions
from databases.actions.rollups import roll_up
from databases.actions.storage import keep_storage
from databases.actions.sweep import expire_stale
from databases.actions.worst_days import keep_worst_days
from databases.models import Upkeep

_log = logging.getLogger(__name__)

_APART = timedelta(minutes=1)  # the clocks of two processes, at most


@dataclass(frozen=True, slots=True)
class Chore:
    """`every`: how long after its start it is due again."""

    name: str
    every: timedelta
    do: Callable[[datetime], object]


CHORES = (
    Chore("storage", timedelta(hours=1), lambda now: keep_storage(now=now)),
    Chore("sweep", timedelta(seconds=30), lambda now: expire_stale(now=now)),
    Chore("contradictions", timedelta(seconds=15), lambda now: reconcile_contradictions(now=now)),
    Chore("evidence", timedelta(minutes=5), lambda now: propose_submissions(now=now)),
    Chore("rollups", timedelta(minutes=5), lambda now: roll_up(now=now)),
    Chore("worst_days", timedelta(minutes=5), lambda now: keep_worst_days(now=now)),
)


def do_chores(now: datetime) -> list[str]:
    """Those that are due; their names. One that fails is logged and tried again when it is next
    due; the others are done all the same."""
    return [chore.name for chore in CHORES if _take(chore, now) and _do(chore, now)]


def _take(chore: Chore, now: datetime) -> bool:
    """Is it due, and ours?"""
    row, new = Upkeep.objects.get_or_create(name=chore.name, defaults={"due_at": now + chore.every})
    if new:
        return True
    # A clock that was set back must not put it off for long; one that is a little behind the clock
    # of whoever has just taken it must not do it again.
    due = Upkeep.objects.filter(pk=row.pk, due_at=row.due_at)
    if now < row.due_at <= now + chore.every + _APART:
        return False
    return bool(due.update(due_at=now + chore.every))


def _do(chore: Chore, now: datetime) -> bool:
    try:
        chore.do(now)
    except Exception:
        _log.exception("The chore %s failed.", chore.name)
        return False
    Upkeep.objects.filter(name=chore.name).update(done_at=now)
    return True
