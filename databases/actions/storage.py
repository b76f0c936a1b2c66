"""Room for what the probes see: partitions ahead, and an end to what is kept long enough."""

import logging
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from databases.models import Check, DayRollup, HourRollup, WorstDay
from tracking.rules.instants import day_of

_log = logging.getLogger(__name__)

AHEAD = 7  # days
_AT_ONCE = 5_000  # rows deleted in one statement
_TABLE = "databases_check"


def keep_storage(*, now: datetime) -> None:
    """Partitions for today and a week ahead, old ones dropped; on SQLite old rows deleted."""
    if connection.vendor == "postgresql":
        keep_partitions(now.astimezone(UTC).date())
    else:
        _delete_checks(now - timedelta(days=settings.CHECKS_KEPT_DAYS))
    HourRollup.objects.filter(hour__lt=now - timedelta(days=settings.HOURS_KEPT_DAYS)).delete()
    last_day = day_of(now) - timedelta(days=settings.DAYS_KEPT_DAYS)
    DayRollup.objects.filter(day__lt=last_day).delete()
    WorstDay.objects.filter(day__lt=last_day).delete()


@transaction.atomic
def keep_partitions(today: date) -> None:
    """Days are those of UTC. What lies in the partition for everything else is said."""
    # Better an hour later than a queue of pumps behind a long reader.
    _execute("SET LOCAL lock_timeout = '5s'")
    standing = partitions()
    wanted = [today + timedelta(days=n) for n in range(-1, AHEAD + 1)]
    missing = [day for day in wanted if day not in standing]
    if missing:
        # A writer in between would find that the partition for everything else no longer takes it.
        _execute(f"LOCK TABLE {_TABLE} IN SHARE ROW EXCLUSIVE MODE")
    for day in missing:
        _create(day)
    oldest = today - timedelta(days=settings.CHECKS_KEPT_DAYS)
    for day in sorted(day for day in standing if day < oldest):
        _execute(f"ALTER TABLE {_TABLE} DETACH PARTITION {_name(day)}")
        _execute(f"DROP TABLE {_name(day)}")
    if astray := _astray():
        _log.error("%d checks lie in no partition of a day: is the clock right?", astray)


def partitions() -> set[date]:
    """The days that have a partition."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = %s::regclass",
            [_TABLE],
        )
        names = [str(name) for (name,) in cursor.fetchall()]
    days = (name.removeprefix(f"{_TABLE}_") for name in names if not name.endswith("_default"))
    return {date(int(day[:4]), int(day[4:6]), int(day[6:])) for day in days}


def _name(day: date) -> str:
    return f"{_TABLE}_{day:%Y%m%d}"


def _create(day: date) -> None:
    """Rows of that day that came before their partition are moved into it."""
    start, end = f"{day} 00:00+00", f"{day + timedelta(days=1)} 00:00+00"
    held = f"slot_at >= '{start}' AND slot_at < '{end}'"
    _execute(f"CREATE TABLE {_name(day)} (LIKE {_TABLE} INCLUDING ALL)")
    _execute(
        f"WITH moved AS (DELETE FROM {_TABLE}_default WHERE {held} RETURNING *) "
        f"INSERT INTO {_name(day)} SELECT * FROM moved"
    )
    _execute(
        f"ALTER TABLE {_TABLE} ATTACH PARTITION {_name(day)} "
        f"FOR VALUES FROM ('{start}') TO ('{end}')"
    )


def _astray() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {_TABLE}_default")
        return int(cursor.fetchone()[0])


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _delete_checks(before: datetime) -> None:
    """In steps, so that no other writer waits for long."""
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {Check._meta.db_table} WHERE rowid IN (SELECT rowid FROM "
                f"{Check._meta.db_table} WHERE slot_at < %s LIMIT {_AT_ONCE})",
                [connection.ops.adapt_datetimefield_value(before)],
            )
            deleted = cursor.rowcount
        if deleted < _AT_ONCE:
            return
