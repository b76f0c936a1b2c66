"""How does what was seen get into the database? Once, all of a batch or nothing, and only from whom
still holds the lease."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet

from databases.models import Check, EndpointState, Transition
from databases.pump.claim import Claimed, stored
from databases.pump.consequences import Change, follow_outages, pull_forward
from databases.pump.judged import Around, Ended, Judged, judged
from databases.pump.tracks import transition_row
from databases.rules.track import Result
from databases.rules.track_text import to_text

# Name, type in PostgreSQL, value.
_STATE = (
    ("next_due_at", "timestamptz", lambda j: j.next_due_at),
    ("missed", "bigint", lambda j: j.ended.slot.missed),
    ("state", "text", lambda j: j.track.state.value),
    ("since", "timestamptz", lambda j: j.track.since),
    ("track", "text", lambda j: to_text(j.track)),
    ("last_slot_at", "timestamptz", lambda j: j.ended.slot.at),
    ("last_at", "timestamptz", lambda j: j.ended.started_at),
    ("last_ok_at", "timestamptz", lambda j: _answered_at(j)),
    ("last_result", "text", lambda j: j.outcome.result.value),
    ("last_reason", "text", lambda j: j.outcome.reason),
    ("last_total", "integer", lambda j: j.ended.reading.total),
    ("last_age", "integer", lambda j: j.ended.reading.age),
)
# These grow, or keep what they were.
_SET = {
    "missed": "s.missed + f.missed",
    "last_ok_at": "COALESCE(f.last_ok_at, s.last_ok_at)",
    "last_age": "COALESCE(f.last_age, s.last_age)",
}
_CHECK = (
    "endpoint_id slot_at started_at version missed result reason blame depth names connect tls "
    "first_byte total status days_left age"
).split()


def finish(batch: Sequence[Ended], now: datetime) -> list[Judged]:
    """Write a batch in one transaction; those that were still ours. Nothing else is lost of the
    others than that somebody else has probed the slot, or will."""
    around = Around(now)
    with transaction.atomic():
        rows = sorted((judged(ended, around) for ended in batch), key=lambda row: row.endpoint)
        held = _apply(rows)
        rows = [row for row in rows if _lease(row) in held]
        _add_checks(rows)
        changed = [row for row in rows if row.transitions]
        if changed:
            Transition.objects.bulk_create(
                transition_row(row.endpoint, step, now)
                for row in changed
                for step in row.transitions
            )
            follow_outages([Change(row.endpoint, row.transitions, row) for row in changed])
            pull_forward(changed, now)
    return rows


def release(batch: Iterable[Claimed]) -> None:
    """Give back what was claimed and not probed; it stays due."""
    for claimed in batch:
        _held(claimed).update(lease_until=None)


def skip(ended: Ended) -> None:
    """Of an attempt that the database will not take: its slot counts as missed, the next one is
    probed as if nothing had been."""
    grid, slot = ended.configured.grid, ended.slot
    due = grid.after(ended.ended_at)
    missed = F("missed") + slot.missed + grid.between(slot.at, due)
    _held(ended.claimed).update(lease_until=None, missed=missed, next_due_at=due)


def _held(claimed: Claimed) -> QuerySet[EndpointState]:
    return EndpointState.objects.filter(
        pk=claimed.endpoint, lease_token=claimed.token, lease_until__isnull=False
    )


def _answered_at(row: Judged) -> datetime | None:
    answered = row.outcome.result in {Result.OK, Result.WARN}
    return row.ended.started_at if answered else None


def _lease(row: Judged) -> tuple[int, int]:
    """One endpoint may be in a batch twice: under a lease that has ended, and under the next."""
    return row.endpoint, row.ended.claimed.token


def _apply(rows: Sequence[Judged]) -> set[tuple[int, int]]:
    """Update the states under their tokens; the leases that were still ours."""
    if connection.vendor == "postgresql":
        return _apply_at_once(rows)
    return {_lease(row) for row in rows if _apply_one(row)}


def _apply_at_once(rows: Sequence[Judged]) -> set[tuple[int, int]]:
    columns = [("endpoint_id", "bigint"), ("token", "bigint")]
    columns += [(name, kind) for name, kind, _ in _STATE]
    arrays = ", ".join(f"%b::{kind}[]" for _, kind in columns)
    sets = ", ".join(f"{name} = {_SET.get(name, f'f.{name}')}" for name, _, _ in _STATE)
    names = ", ".join(name for name, _ in columns)
    values: list[Any] = [
        [row.endpoint for row in rows],
        [row.ended.claimed.token for row in rows],
        *([value(row) for row in rows] for _, _, value in _STATE),
    ]
    from psycopg import Cursor  # twenty megabytes that SQLite does without

    # Not Django's cursor: in binary nothing is quoted, which costs more than all the rest.
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.execute(
            f"UPDATE databases_endpointstate s SET lease_until = NULL, {sets} "
            f"FROM unnest({arrays}) AS f({names}) "
            "WHERE s.endpoint_id = f.endpoint_id AND s.lease_token = f.token "
            # An expression: knowing that almost no row has a lease, the planner would hold every
            # row against every result.
            "AND COALESCE(s.lease_until, '-infinity') > '-infinity' "
            "RETURNING f.endpoint_id, f.token",
            values,
        )
        return set(cursor.fetchall())


def _apply_one(row: Judged) -> bool:
    named = {name: value(row) for name, _, value in _STATE}
    sets = ", ".join(
        f"{name} = {_SET[name].replace('s.', '').replace('f.' + name, '%s')}"
        if name in _SET
        else f"{name} = %s"
        for name in named
    )
    values = [stored(v) if isinstance(v, datetime) else v for v in named.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE databases_endpointstate SET lease_until = NULL, {sets} "
            "WHERE endpoint_id = %s AND lease_token = %s AND lease_until IS NOT NULL",
            [*values, row.endpoint, row.ended.claimed.token],
        )
        return bool(cursor.rowcount)


def _add_checks(rows: Sequence[Judged]) -> None:
    values = [_check(row) for row in rows]
    if connection.vendor != "postgresql":
        named = (dict(zip(_CHECK, value, strict=True)) for value in values)
        Check.objects.bulk_create([Check(**check) for check in named])
        return
    with connection.wrap_database_errors, connection.cursor() as cursor:
        copy = f"COPY databases_check ({', '.join(_CHECK)}) FROM STDIN"
        with cursor.cursor.copy(copy) as stream:
            for value in values:
                stream.write_row(value)


def _check(row: Judged) -> tuple[Any, ...]:
    ended, outcome, reading = row.ended, row.outcome, row.ended.reading
    return (
        row.endpoint,
        ended.slot.at,
        ended.started_at,
        ended.claimed.version,
        ended.slot.missed,
        outcome.result.value,
        outcome.reason,
        outcome.blame.value if outcome.blame else "",
        int(reading.depth),
        reading.names,
        reading.connect,
        reading.tls,
        reading.first_byte,
        reading.total,
        reading.status,
        reading.days_left,
        reading.age,
    )
