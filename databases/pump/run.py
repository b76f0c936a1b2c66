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

from django.db import Error as DatabaseFault, connection

from databases.models.pump_seen import ALIVE
from databases.probes.loop import Loop
from databases.probes.prober import Prober
from databases.pump.attempts import Attempt, begin
from databases.pump.claim import Claimed, claim, database_clock, went_back
from databases.pump.configuration import Configuration
from databases.pump.finish import release
from databases.pump.judged import Ended
from databases.pump.signs import Count, give_sign
from databases.pump.writing import write

SHARD = 1_000  # endpoints a claim
BATCH = 1_000  # results a transaction: fewer commits wait for the disk
FLUSH = 1.0  # seconds after which fewer are written too
IDLE = 0.5  # seconds between two looks at a queue that was empty
AGAIN = 1.0  # seconds after which a database that did not answer is asked again
SIGN = 5.0  # seconds between two signs of life
PATIENCE = 5.0  # seconds that attempts under way are given when the pump ends


@dataclass(slots=True)
class Pump:
    """`said` gets a sentence for the log when something is wrong; `name` tells pumps apart."""

    name: str = "pump"
    said: Callable[[str], object] = lambda sentence: None
    clock: Callable[[], datetime] = database_clock
    prober: Prober = field(default_factory=lambda: Prober(Loop()))
    configuration: Configuration = field(default_factory=Configuration)
    count: Count = field(default_factory=Count)
    _under_way: set[Claimed] = field(default_factory=set)
    _ended: list[Ended] = field(default_factory=list)
    _writing: list[Ended] = field(default_factory=list)
    _claiming: Future[list[Attempt]] | None = None
    _finishing: Future[None] | None = None
    _signing: Future[None] | None = None
    _claim_at: float = 0.0
    _retry_at: float = 0.0
    _written_at: float = 0.0
    _sign_at: float = 0.0
    _set_back: bool = False

    def run(
        self,
        *,
        until: Callable[[], bool],
        patience: float = PATIENCE,
        hurry: Callable[[], bool] = lambda: False,
    ) -> None:
        """Claim until told to end, then wait so many seconds, or until there is a hurry, for what
        is under way, write what has ended and give the rest back."""
        with ThreadPoolExecutor(1, thread_name_prefix="pump") as database:
            try:
                while not until():
                    self._turn(database, claiming=True)
                # Whoever rings next finds room for another, and nobody calls this one silent yet.
                database.submit(self._guarded_sign, 0, ALIVE / 2)
                end = monotonic() + patience
                while self._busy and monotonic() < end and not hurry():
                    self._turn(database, claiming=False)
                database.submit(self._give_back).result()
            finally:
                self.prober.loop.close()
                database.submit(lambda: connection.close()).result()

    @property
    def _busy(self) -> bool:
        under_way = self._under_way or self.prober.done or self._ended
        return bool(under_way) or bool(self._claiming or self._finishing)

    def _turn(self, database: ThreadPoolExecutor, *, claiming: bool) -> None:
        now = monotonic()
        self._take_claimed(now)
        if claiming and self._may_claim(now):
            self._claiming = database.submit(self._guarded_claim)
        if len(self.prober.loop):
            self.prober.loop.turn(0.02)
        else:
            Event().wait(0.02)
        for attempt, reading in self.prober.taken():
            self._under_way.discard(attempt.claimed)
            self._ended.append(attempt.ended(reading))
        self._take_finished(now)
        if self._may_write(now, claiming=claiming):
            self._writing, self._ended = self._ended[:BATCH], self._ended[BATCH:]
            self._finishing = database.submit(self._guarded_write, self._writing)
        if claiming and now >= self._sign_at and (self._signing is None or self._signing.done()):
            self._sign_at = now + SIGN
            lag = int(self.prober.loop.lag * 1000)
            self._signing = database.submit(self._guarded_sign, lag)

    def _may_claim(self, now: float) -> bool:
        """Not while so many wait to be started that another claim would only make them late."""
        room = self.prober.loop.waiting < SHARD and len(self._ended) < 4 * BATCH
        return self._claiming is None and now >= self._claim_at and room

    def _may_write(self, now: float, *, claiming: bool) -> bool:
        if self._finishing is not None or not self._ended or now < self._retry_at:
            return False
        if len(self._ended) >= BATCH or not self._under_way or not claiming:
            return True
        return now - self._written_at >= FLUSH

    def _take_claimed(self, now: float) -> None:
        if self._claiming is None or not self._claiming.done():
            return
        claiming, self._claiming = self._claiming, None
        try:
            attempts = claiming.result()
        except DatabaseFault as error:
            self._claim_at = now + AGAIN
            self._away(error)
            return
        self._claim_at = now if len(attempts) == SHARD else now + IDLE
        for attempt in attempts:
            self._under_way.add(attempt.claimed)
            attempt.hand_in(self.prober, monotonic())
        self.count.claimed += len(attempts)
        self.count.missed += sum(attempt.slot.missed for attempt in attempts)

    def _take_finished(self, now: float) -> None:
        if self._finishing is None or not self._finishing.done():
            return
        finishing, self._finishing = self._finishing, None
        written, self._writing = self._writing, []
        self._written_at = now
        try:
            finishing.result()
        except DatabaseFault as error:
            # Nothing is lost: what was seen is written again, what was due stays due.
            self._ended = written + self._ended
            self._retry_at = now + AGAIN
            self._away(error)

    def _away(self, error: Exception) -> None:
        words = str(error).strip().splitlines() or [type(error).__name__]
        self.said(f"The database does not answer, again in {AGAIN:.0f} s: {words[0]}")

    # In the database's thread.

    def _guarded_claim(self) -> list[Attempt]:
        try:
            now, read_at = self.clock(), monotonic()
            claimed = claim(SHARD, now)
            self._look_back(now, idle=not claimed)
            return begin(claimed, self.configuration, now, read_at)
        except DatabaseFault:
            connection.close()
            raise

    def _look_back(self, now: datetime, *, idle: bool) -> None:
        """Said once, and not at every claim until the clock has caught up."""
        if not idle:
            return
        before, self._set_back = self._set_back, went_back(now)
        if self._set_back and not before:
            self.said("The clock was set back: nothing is probed until it has caught up.")

    def _guarded_write(self, batch: list[Ended]) -> None:
        try:
            write(batch, self.clock(), self.count, self.said)
        except DatabaseFault:
            connection.close()
            raise

    def _guarded_sign(self, lag: int, ago: timedelta = timedelta()) -> None:
        try:
            give_sign(self.name, self.count, lag, self.clock() - ago)
        except DatabaseFault:
            # A sign is not worth a word: claims and writes will say it.
            connection.close()

    def _give_back(self) -> None:
        try:
            release(self._under_way)
            release(ended.claimed for ended in self._writing + self._ended)
            if self._claiming is not None:
                # It ran in this thread just before, and nobody has taken what it claimed.
                release(attempt.claimed for attempt in self._claiming.result())
        except DatabaseFault:
            # Their leases end by themselves.
            connection.close()
