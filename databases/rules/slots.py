"""When is an endpoint due? Slots on a grid of its own, whatever the pump does."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """What a claim runs: once, for `at`; `missed` slots of the grid went by before it."""

    at: datetime
    missed: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The instants phase + n · interval since 1970 in UTC, which know neither days nor zones."""

    interval: timedelta
    phase: timedelta

    @classmethod
    def of(cls, key: str, interval: timedelta) -> "Grid":
        """The grid of the endpoint with that id."""
        return cls(interval, phase_of(key, interval))

    def newest(self, now: datetime) -> datetime:
        """The last slot at or before `now`."""
        origin = _EPOCH + self.phase
        return origin + (now - origin) // self.interval * self.interval

    def after(self, instant: datetime) -> datetime:
        """The first slot after it; where a new or resumed endpoint begins."""
        return self.newest(instant) + self.interval

    def between(self, start: datetime, end: datetime) -> int:
        """How many slots lie in [start, end)."""
        first = self.after(start - timedelta(microseconds=1))
        return max(0, -((first - end) // self.interval))


def phase_of(key: str, interval: timedelta) -> timedelta:
    """Where in the interval the endpoint's slots lie: whole milliseconds, the same on every machine
    and after every restart, spread evenly. ValueError for an interval under one second."""
    if interval < timedelta(seconds=1):
        raise ValueError("an interval is at least one second")
    digest = int.from_bytes(sha256(key.encode()).digest()[:8], "big")
    return digest % (interval // _MILLISECOND) * _MILLISECOND


def due_slot(grid: Grid, due_at: datetime, now: datetime) -> Slot | None:
    """What to run at `now`, if anything: the newest slot, never those before it, for what was
    the case at 14:00 cannot be seen at 16:00."""
    if due_at > now:
        return None
    at = max(due_at, grid.newest(now))
    return Slot(at, grid.between(due_at, at) if at > due_at else 0)


def next_due(
    grid: Grid, slot: datetime, finished_at: datetime, retry: timedelta | None = None
) -> datetime:
    """When the endpoint is due after the slot was run: on the grid, or earlier for a retry. May lie
    before `finished_at` when the probe outlasted its interval; `due_slot` then counts the loss."""
    following = grid.after(slot)
    return following if retry is None else min(following, finished_at + retry)
