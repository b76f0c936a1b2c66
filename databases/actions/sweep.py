"""Nobody probes it any more: what is then still known of its state?"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from databases.models import EndpointState
from databases.pump.configuration import limits_of
from databases.pump.tracks import Written, write_tracks
from databases.rules.state import expire
from databases.rules.track import Limits, State
from databases.rules.track_text import from_text

_OVERDUE = timedelta(seconds=30)  # a pump that works is never so late
_AT_ONCE = 500


def expire_stale(*, now: datetime) -> int:
    """Make unknown what was last seen too long ago, where no attempt of a pump does so; how many.
    Open outages stay open. A transaction for so many, so that no pump waits for all of them."""
    expired = after = 0
    while True:
        with transaction.atomic():
            rows = list(_unprobed(now).filter(pk__gt=after).order_by("pk")[:_AT_ONCE])
            if not rows:
                return expired
            after = rows[-1].pk
            expired += _expire(rows, now)


def _expire(rows: Sequence[EndpointState], now: datetime) -> int:
    written = [Written(row, expire(from_text(row.track), now, _limits(row))) for row in rows]
    changed = [row for row in written if row.step[1]]
    write_tracks(changed)
    return len(changed)


def _unprobed(now: datetime) -> QuerySet[EndpointState]:
    rows = EndpointState.objects.select_related("endpoint").exclude(state=State.UNKNOWN.value)
    overdue = rows.filter(Q(lease_until=None) | Q(lease_until__lt=now))
    if connection.features.has_select_for_update_skip_locked:
        overdue = overdue.select_for_update(skip_locked=True, of=("self",))
    return overdue.filter(next_due_at__lt=now - _OVERDUE)


def _limits(row: EndpointState) -> Limits:
    return limits_of(row.endpoint.interval, row.endpoint.timeout)
