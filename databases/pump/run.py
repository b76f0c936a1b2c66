"""The pump itself: claim, probe, finish, again and again.

One process, two threads: the probes wait in the loop of the first, the database is written in the
second, so that neither a slow commit delays a probe nor a slow probe a commit.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from time import monotonic

from django.db import DatabaseError, InterfaceError, connection

from databases.probes.loop import Loop
from databases.probes.prober import Prober, Way
from databases.probes.reading import Reading
from databases.pump.claim import Claimed, claim, database_clock, went_back
from databases.pump.configuration import Configuration, Configured
from databases.pump.finish import finish, release
from databases.pump.judged import Ended
from databases.rules.slots import Slot, due_slot

SHARD = 500  # endpoints a claim
BATCH = 500  # results a transaction
FLUSH = 1.0  # seconds after which fewer are written too
IDLE = 0.5  # seconds between two looks at a queue that was empty
AGAIN = 1.0  # seconds after which a database that did not answer is asked again


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was claimed, and at which instant by the database's clock and by ours."""

    claimed: Claimed
    configured: Configured
    way: Way
    slot: Slot
    claimed_at: datetime
    read_at: float

    def instant(self, reading: float) -> datetime:
        """Of the database's clock, when ours (monotonic) showed that."""
        return self.claimed_at + timedelta(seconds=reading - self.read_at)

    def ended(self, reading: Reading, handed_in: datetime) -> Ended:
        started = handed_in + timedelta(microseconds=reading.waited)
        ended = started + timedelta(microseconds=reading.total)
        return Ended(self.claimed, self.configured, self.slot, started, ended, reading)


@dataclass(slots=True)
class Count:
    """Of everything since the start; `fenced`: results that came after the lease was another's."""

    claimed: int = 0
    finished: int = 0
    fenced: int = 0
    missed: int = 0


@dataclass(slots=True)
class Pump:
    """`said` gets a sentence for the log when something is wrong; `told` the counts when they
    change."""

    said: Callable[[str], object] = lambda sentence: None
    told: Callable[[Count], object] = lambda count: None
    clock: Callable[[], datetime] = database_clock
    prober: Prober = field(default_factory=lambda: Prober(Loop()))
    configuration: Configuration = field(default_factory=Configuration)
    count: Count = field(default_factory=Count)
    _claiming: Future[list[Attempt]] | None = None
    _finishing: Future[None] | None = None
    _look_at: float = 0.0
    _write_at: float = 0.0
    _ended: list[Ended] = field(default_factory=list)

    def run(self, *, until: Callable[[], bool]) -> None:
        """Claim until told to end, then finish what is under way."""
        with ThreadPoolExecutor(1, thread_name_prefix="pump") as database:
            try:
                while not until():
                    self._turn(database, claiming=True)
                while self._busy:
                    self._turn(database, claiming=False)
            finally:
                database.submit(connection.close).result()

    @property
    def _busy(self) -> bool:
        under_way = len(self.prober.loop) or self.prober.done or self._ended
        return bool(under_way) or bool(self._claiming or self._finishing)

    def _turn(self, database: ThreadPoolExecutor, *, claiming: bool) -> None:
        now = monotonic()
        self._take_claimed(now)
        if claiming and self._may_claim(now):
            self._claiming = database.submit(self._claim)
        if len(self.prober.loop):
            self.prober.loop.turn(0.02)
        else:
            Event().wait(0.02)
        for (attempt, handed_in), reading in self.prober.taken():
            self._ended.append(attempt.ended(reading, handed_in))
        self._take_finished()
        if self._may_write(now, claiming=claiming):
            batch, self._ended = self._ended[:BATCH], self._ended[BATCH:]
            self._finishing = database.submit(self._finish, batch)

    def _may_claim(self, now: float) -> bool:
        """Not while so many wait to be started that another claim would only make them late."""
        room = self.prober.loop.waiting < SHARD and len(self._ended) < 4 * BATCH
        return self._claiming is None and now >= self._look_at and room

    def _may_write(self, now: float, *, claiming: bool) -> bool:
        if self._finishing is not None or not self._ended or now < self._write_at:
            return False
        due = len(self._ended) >= BATCH or not len(self.prober.loop) or not claiming
        return due or now - self._write_at >= FLUSH

    def _take_claimed(self, now: float) -> None:
        if self._claiming is None or not self._claiming.done():
            return
        claiming, self._claiming = self._claiming, None
        try:
            attempts = claiming.result()
        except (DatabaseError, InterfaceError) as error:
            self._database_away(error)
            return
        self._look_at = now if len(attempts) == SHARD else now + IDLE
        for attempt in attempts:
            handed_in = attempt.instant(monotonic())
            self.count.missed += attempt.slot.missed
            prepared = attempt.configured.prepared
            self.prober.hand_in((attempt, handed_in), prepared, attempt.way, handed_in)
        if attempts:
            self.count.claimed += len(attempts)
            self.told(self.count)

    def _take_finished(self) -> None:
        if self._finishing is None or not self._finishing.done():
            return
        finishing, self._finishing = self._finishing, None
        try:
            finishing.result()
        except (DatabaseError, InterfaceError) as error:
            self._database_away(error)
        self.told(self.count)

    def _database_away(self, error: Exception) -> None:
        """Nothing is lost: what was seen is written again, what was due stays due."""
        words = str(error).strip().splitlines() or [type(error).__name__]
        self.said(f"The database does not answer, again in {AGAIN:.0f} s: {words[0]}")
        self._look_at = self._write_at = monotonic() + AGAIN

    def _claim(self) -> list[Attempt]:
        """In the database's thread."""
        try:
            now, read_at = self.clock(), monotonic()
            claimed = claim(SHARD, now)
            if not claimed and went_back(now):
                self.said("The clock was set back: nothing is probed until it has caught up.")
            wanted = [(row.endpoint, row.version) for row in claimed]
            known = self.configuration.of(wanted, now)
            return [
                self._attempt(row, known[row.endpoint], now, read_at)
                for row in claimed
                if row.endpoint in known
            ]
        except (DatabaseError, InterfaceError):
            connection.close()
            raise

    def _attempt(
        self, row: Claimed, configured: Configured, now: datetime, read_at: float
    ) -> Attempt:
        slot = due_slot(configured.grid, row.due_at, now) or Slot(row.due_at, 0)
        way = self.configuration.way(configured.zone, now)
        return Attempt(row, configured, way, slot, now, read_at)

    def _finish(self, batch: list[Ended]) -> None:
        """In the database's thread."""
        try:
            written = finish(batch, self.clock())
        except (DatabaseError, InterfaceError):
            connection.close()
            self._ended = batch + self._ended
            raise
        self.count.finished += len(written)
        self.count.fenced += len(batch) - len(written)

    def give_back(self) -> None:
        """Release what was claimed and cannot be probed any more."""
        release(self._ended)
