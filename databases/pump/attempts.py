"""An attempt from its claim to its end, on the clock of the database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from databases.probes.prober import Prober, Way
from databases.probes.reading import Reading
from databases.pump.claim import Claimed
from databases.pump.configuration import Configuration, Configured
from databases.pump.judged import Ended
from databases.rules.slots import Slot, due_slot


@dataclass(slots=True)
class Attempt:
    """What was claimed, and at which instant by the database's clock and by ours."""

    claimed: Claimed
    configured: Configured
    way: Way
    slot: Slot
    claimed_at: datetime
    read_at: float  # monotonic
    handed_in: datetime = field(init=False)

    def hand_in(self, prober: Prober, reading: float) -> None:
        """To be probed as soon as there is room; `reading` of the monotonic clock."""
        self.handed_in = self.claimed_at + timedelta(seconds=reading - self.read_at)
        prober.hand_in(self, self.configured.prepared, self.way, self.handed_in)

    def ended(self, reading: Reading) -> Ended:
        started = self.handed_in + timedelta(microseconds=reading.waited)
        ended = started + timedelta(microseconds=reading.total)
        return Ended(self.claimed, self.configured, self.slot, started, ended, reading)


def begin(
    claimed: Sequence[Claimed], configuration: Configuration, now: datetime, read_at: float
) -> list[Attempt]:
    """For each claim the slot that it runs; one whose endpoint is gone is dropped."""
    known = configuration.of([(row.endpoint, row.version) for row in claimed], now)
    attempts = []
    for row in claimed:
        configured = known.get(row.endpoint)
        if configured is None:
            continue
        # One that was asked for out of turn runs now, off the grid.
        slot = due_slot(configured.grid, row.due_at, now) or Slot(now, 0)
        way = configuration.way(configured.zone)
        attempts.append(Attempt(row, configured, way, slot, now, read_at))
    return attempts
