"""Who runs the probes that are handed in, and hands back what they read?"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from databases.probes.attempt import attempt, place_of
from databases.probes.egress import Reach
from databases.probes.fields import BadSpec, Fields
from databases.probes.kinds import KINDS, Kind
from databases.probes.line import Line
from databases.probes.loop import Loop
from databases.probes.names import Names
from databases.probes.reading import Misconfigured, Reading
from databases.probes.surroundings import Given
from databases.rules.track import Depth, Result

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An endpoint, ready to be probed again and again. `timeout` in seconds."""

    kind: Kind
    spec: Any = field(repr=False)
    timeout: float


@dataclass(frozen=True, slots=True)
class Way:
    """How the endpoints of a zone are reached."""

    reach: Reach
    names: Names


@dataclass(frozen=True, slots=True)
class Unprepared:
    """An endpoint that cannot be probed as it is configured."""

    reason: str


def prepare(
    kind: str, spec: dict[str, Any], given: Given, *, timeout: float
) -> Prepared | Unprepared:
    """What the specification asks for; never an exception."""
    try:
        return Prepared(KINDS[kind], read_spec(kind, spec, given), timeout)
    except Misconfigured as wrong:
        return Unprepared(wrong.reason)
    except BadSpec:
        return Unprepared("bad_specification")
    except Exception as error:
        # Also a kind that does not exist, and a specification that is none at all.
        _log.error("A specification of the kind %s cannot be read: %s", kind, place_of(error))
        return Unprepared("bad_specification")


def read_spec(kind: str, spec: dict[str, Any], given: Given) -> Any:
    """BadSpec says every fault; KeyError for a kind that does not exist."""
    fields = Fields(spec)
    found = KINDS[kind].read(fields, given)
    fields.end()
    return found


@dataclass(slots=True)
class Prober:
    """Keys come back with their readings, in the order in which the attempts end."""

    loop: Loop = field(default_factory=Loop)
    done: list[tuple[Any, Reading]] = field(default_factory=list)

    def hand_in(self, key: Any, endpoint: Prepared | Unprepared, way: Way, now: datetime) -> None:
        """Probe it as soon as there is room; `now` is what ages are held against."""
        if isinstance(endpoint, Unprepared):
            reason = endpoint.reason
            self.done.append((key, Reading(Result.CONFIG, reason, depth=Depth.NAME)))
            return
        line = Line(self.loop, way.reach, way.names, now=now, timeout=endpoint.timeout)
        # Holds the reading, not the line: a circle would wait for the collector of garbage.
        finished = partial(self._ended, key, line.reading)
        self.loop.add(line, attempt(line, endpoint.kind.probe, endpoint.spec), finished)

    def _ended(self, key: Any, reading: Reading) -> None:
        self.done.append((key, reading))

    def taken(self) -> list[tuple[Any, Reading]]:
        """What has ended since the last time."""
        ended, self.done = self.done, []
        return ended

    def run_all(self, told: Callable[[int], object] = lambda ended: None) -> None:
        """Until nothing is under way."""
        while len(self.loop):
            self.loop.turn()
            told(len(self.done))
