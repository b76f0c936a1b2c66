"""Who runs the stand-ins? One process and one loop, which follows the switches."""

import asyncio
import contextlib
import errno
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from databases.partners.listening import Close, Place
from databases.partners.roster import ROSTER, StandIn
from databases.partners.switches import stopped

TICK = 0.25  # seconds between two looks at the switches
AGAIN = 2.0  # seconds after which one that could not listen is tried again


class Became(StrEnum):
    STARTED = "started"
    STOPPED = "stopped"
    REFUSED = "refused"  # its port is in use


@dataclass(slots=True)
class StandIns:
    """`told` hears which of them have become what, each change once."""

    place: Place
    told: Callable[[Became, Sequence[StandIn]], object]
    _open: dict[str, Close] = field(default_factory=dict)
    _refused: set[str] = field(default_factory=set)
    _try_at: float = 0.0

    async def run(self, until: asyncio.Event) -> None:
        """Listen, stop and listen again, until told to end."""
        try:
            while not until.is_set():
                await self._follow(asyncio.get_running_loop().time())
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(until.wait(), TICK)
        finally:
            for close in self._open.values():
                close()

    async def _follow(self, now: float) -> None:
        off = stopped(self.place.folder)
        self._tell(Became.STOPPED, [self._stop(code) for code in off & self._open.keys()])
        self._refused -= off
        wanted = [s for code, s in ROSTER.items() if code not in off | self._open.keys()]
        if now < self._try_at:
            wanted = [stand_in for stand_in in wanted if stand_in.code not in self._refused]
        started = [stand_in for stand_in in wanted if await self._started(stand_in)]
        self._tell(Became.STARTED, started)
        failed = [stand_in for stand_in in wanted if stand_in not in started]
        self._tell(Became.REFUSED, [s for s in failed if s.code not in self._refused])
        self._refused = self._refused.difference(s.code for s in started).union(
            s.code for s in failed
        )
        if failed:
            self._try_at = now + AGAIN

    def _stop(self, code: str) -> StandIn:
        self._open.pop(code)()
        return ROSTER[code]

    async def _started(self, stand_in: StandIn) -> bool:
        try:
            self._open[stand_in.code] = await self.place.open(stand_in)
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            return False
        return True

    def _tell(self, became: Became, who: Sequence[StandIn]) -> None:
        if who:
            self.told(became, who)
