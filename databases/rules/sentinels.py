"""Can we see a zone at all? Its sentinels, endpoints of other owners, answer that question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

FEWEST = 3
_STALE = 3  # intervals after which a sentinel says nothing


@dataclass(frozen=True, slots=True)
class Sentinel:
    """`answered`: in its last attempt; `last_ok_at`: when it last did."""

    owner: str
    interval: timedelta
    last_at: datetime | None = None
    answered: bool = False
    last_ok_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """`sees` None: too few sentinels, or none that was asked lately, to tell. `since`: the latest
    instant after which two thirds of them have answered."""

    sees: bool | None = None
    since: datetime | None = None
    answering: int = 0
    total: int = 0


def sight(sentinels: Sequence[Sentinel], now: datetime) -> Sight:
    """From at least three sentinels of at least two owners; two thirds must answer."""
    total = len(sentinels)
    if total < FEWEST or len({sentinel.owner for sentinel in sentinels}) < 2:
        return Sight(total=total)
    needed = -(-2 * total // 3)
    fresh = [s for s in sentinels if s.last_at and now - s.last_at <= _STALE * s.interval]
    answering = sum(sentinel.answered for sentinel in fresh)
    answers = sorted((s.last_ok_at for s in sentinels if s.last_ok_at), reverse=True)
    since = answers[needed - 1] if len(answers) >= needed else None
    if len(fresh) < needed:
        return Sight(None, since, answering, total)
    return Sight(answering >= needed, since, answering, total)
