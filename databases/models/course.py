"""In which states were the endpoints over a time? Read from their changes of state."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery

from databases.models.check import Transition as Row
from databases.models.endpoint import Endpoint
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
    """By endpoint, the states that tile [start, end), as known by `known_at`: one query. One
    that has no change of state yet is absent: nothing is known of it."""
    told: dict[int, list[Transition]] = defaultdict(list)
    for row in _reaching(start, endpoints):
        told[row.endpoint_id].append(transition(row))
    return {pk: intervals(steps, start, end, known_at=known_at) for pk, steps in told.items()}


def _reaching(start: datetime, endpoints: Sequence[int] | None) -> list[Row]:
    """What can touch the time after `start`, in the order in which it was written: all that became
    known later, and before that the last of each endpoint, each found by its index."""
    later = Row.objects.filter(known_at__gt=start - _BACK)
    before = Row.objects.filter(endpoint=OuterRef("pk"), known_at__lte=start - _BACK)
    last = Subquery(before.order_by("-known_at", "-pk").values("pk")[:1])
    wanted = Endpoint.objects.annotate(last=last).exclude(last=None)
    if endpoints is not None:
        later, wanted = later.filter(endpoint__in=endpoints), wanted.filter(pk__in=endpoints)
    standing = Row.objects.filter(pk__in=wanted.order_by().values("last"))
    # Two parts, not one condition: with OR neither index would be used.
    return list(standing.order_by().union(later.order_by(), all=True).order_by("pk"))


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
