"""Which endpoints are due, and who has them now? The database is the queue.

A claim is one statement. It advances nothing but the lease: a pump that dies with its claim loses
nothing, for the same slot is claimed again when the lease has ended.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from databases.models import EndpointState

LEASE = timedelta(seconds=settings.PUMP_LEASE_SECONDS)
NEVER = datetime(9000, 1, 1, tzinfo=UTC)  # when a paused endpoint is due

_FREE = "(lease_until IS NULL OR lease_until < %(now)s)"
_DUE = f"""SELECT endpoint_id FROM databases_endpointstate
    WHERE next_due_at <= %(now)s AND {_FREE} ORDER BY next_due_at LIMIT %(most)s"""
_THESE = f"""SELECT endpoint_id FROM databases_endpointstate
    WHERE endpoint_id IN ({{these}}) AND {_FREE} AND next_due_at < %(never)s"""
_CLAIM = """UPDATE databases_endpointstate
    SET lease_until = %(until)s, lease_token = lease_token + 1 {where}
    RETURNING databases_endpointstate.endpoint_id, version, lease_token, next_due_at, track"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """An endpoint that is ours until the lease ends. `token` fences: whoever claims it after us
    has another one. `track` as databases.rules.track_text."""

    endpoint: int
    version: int
    token: int
    due_at: datetime
    track: str


def claim(most: int, now: datetime, lease: timedelta = LEASE) -> list[Claimed]:
    """At most so many of what is due at `now`, those first that have waited longest."""
    return _claimed(_DUE, {"now": stored(now), "until": stored(now + lease), "most": most})


def claim_these(endpoints: Iterable[int], now: datetime, lease: timedelta = LEASE) -> list[Claimed]:
    """Of these, due or not, those that are neither paused nor somebody else's at the moment."""
    values: dict[str, Any] = {f"e{n}": pk for n, pk in enumerate(endpoints)}
    if not values:
        return []
    wanted = _THESE.format(these=", ".join(f"%({name})s" for name in values))
    values |= {"now": stored(now), "until": stored(now + lease), "never": stored(NEVER)}
    return _claimed(wanted, values)


def _claimed(wanted: str, values: dict[str, Any]) -> list[Claimed]:
    """In one statement, so that no two pumps take the same endpoint."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # As an array: joined with it, the table would be read twice.
            locked = f"ARRAY({wanted} FOR UPDATE SKIP LOCKED)"
            cursor.execute(_CLAIM.format(where=f"WHERE endpoint_id = ANY({locked})"), values)
        else:
            # A writing transaction of SQLite is alone (IMMEDIATE), as SKIP LOCKED would make it.
            cursor.execute(_CLAIM.format(where=f"WHERE endpoint_id IN ({wanted})"), values)
        return [_read(row) for row in cursor.fetchall()]


def database_clock() -> datetime:
    """The one clock that all pumps share: PostgreSQL's, or this machine's with SQLite."""
    if connection.vendor != "postgresql":
        return datetime.now(UTC)  # noqa: TID251 - the pump is told no time: it is what tells it
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (found,) = cursor.fetchone()
    return found.astimezone(UTC)  # type: ignore[no-any-return]


def went_back(now: datetime) -> bool:
    """Has the clock been set back? Then nothing is due until it has caught up."""
    return EndpointState.objects.filter(last_slot_at__gt=now + timedelta(seconds=5)).exists()


def stored(instant: datetime) -> Any:
    """As the database keeps it, for a comparison in SQL."""
    return connection.ops.adapt_datetimefield_value(instant)


def _read(row: tuple[Any, ...]) -> Claimed:
    endpoint, version, token, due_at, track = row
    if isinstance(due_at, str):
        due_at = datetime.fromisoformat(due_at)
    if due_at.tzinfo is None:
        # SQLite keeps UTC and says so nowhere.
        due_at = due_at.replace(tzinfo=UTC)
    return Claimed(endpoint, version, token, due_at.astimezone(UTC), track)
