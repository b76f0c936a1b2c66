"""A batch into the database, and what to do when one row of it will not go in."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import DataError, IntegrityError

from databases.pump.finish import finish, skip
from databases.pump.judged import Ended
from databases.pump.signs import Count


def write(
    batch: Sequence[Ended], now: datetime, count: Count, said: Callable[[str], object]
) -> None:
    """All at once; one by one when the database refuses the batch, so that no row holds up the
    others for ever."""
    try:
        _count(count, batch, len(finish(batch, now)))
    except (DataError, IntegrityError):
        for ended in batch:
            _write_one(ended, now, count, said)


def _write_one(ended: Ended, now: datetime, count: Count, said: Callable[[str], object]) -> None:
    try:
        _count(count, [ended], len(finish([ended], now)))
    except (DataError, IntegrityError) as error:
        first = str(error).strip().splitlines()[0]
        said(f"{ended.configured.code}: what was seen cannot be stored, so it is missed: {first}")
        skip(ended)
        count.missed += 1


def _count(count: Count, batch: Sequence[Ended], written: int) -> None:
    count.finished += written
    count.fenced += len(batch) - written
