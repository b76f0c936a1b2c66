"""A batch into the database, and what to do when one row of it will not go in."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError

from databases.pump.finish import finish, skip
from databases.pump.judged import Ended
from databases.pump.signs import Count

_AWAY = (OperationalError, InterfaceError)  # no row's fault: the whole batch is tried again


def write(
    batch: Sequence[Ended], now: datetime, count: Count, said: Callable[[str], object]
) -> None:
    """All at once; in halves when something of it is refused, down to the row whose fault it is, so
    that this one holds up no other."""
    try:
        written = len(finish(batch, now))
    except _AWAY:
        raise
    except Exception as error:
        # By the database, or by the rules: a track that cannot be read, say.
        if len(batch) == 1:
            _give_up(batch[0], error, count, said)
            return
        middle = len(batch) // 2
        write(batch[:middle], now, count, said)
        write(batch[middle:], now, count, said)
        return
    count.finished += written
    count.fenced += len(batch) - written


def _give_up(ended: Ended, error: Exception, count: Count, said: Callable[[str], object]) -> None:
    code, words = ended.configured.code, _first_line(error)
    said(f"{code}: what was seen cannot be stored, so it is missed: {words}")
    try:
        skip(ended)
    except _AWAY:
        raise
    except Exception as refused:
        said(f"{code}: not even that is taken, so its lease must end: {_first_line(refused)}")
        return
    count.missed += 1


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
