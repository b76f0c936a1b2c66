"""In which states were the endpoints over a time? Read from their changes of state."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet

from databases.models.check import Transition as Row
from databases.rules.track import Blame, State, Transition
from databases.rules.uptime import Interval, intervals

# A change may be dated back so far: a stale endpoint of a day's interval to its last attempt.
_BACK = timedelta(days=4)


def courses(
    start: datetime,
    end: datetime,
    *,
    endpoints: Sequence[int] | None = None,
    known_at: datetime | None = None,
) -> Mapping[int, list[Interval]]:
    """By endpoint, the states that tile [start, end), as known by `known_at`: two queries. One
    that has no change of state yet is absent: nothing is known of it."""
    told: dict[int, list[Transition]] = defaultdict(list)
    for row in _reaching(start, endpoints):
        told[row.endpoint_id].append(transition(row))
    return {pk: intervals(steps, start, end, known_at=known_at) for pk, steps in told.items()}


def _reaching(start: datetime, endpoints: Sequence[int] | None) -> QuerySet[Row]:
    """What can touch the time after `start`: all that became known later, and before that the last
    of each endpoint."""
    rows = Row.objects.all() if endpoints is None else Row.objects.filter(endpoint__in=endpoints)
    before = rows.filter(known_at__lte=start - _BACK).order_by()
    last = before.values("endpoint").annotate(last=Max("pk")).values("last")
    return rows.filter(Q(known_at__gt=start - _BACK) | Q(pk__in=last)).order_by("pk")


def transition(row: Row) -> Transition:
    """As the rules tell it."""
    return Transition(
        at=row.at,
        known_at=row.known_at,
        before=State(row.before),
        after=State(row.after),
        reason=row.reason,
        blame=Blame(row.blame) if row.blame else None,
        by_parent=row.by_parent,
        maintenance=row.maintenance,
    )
