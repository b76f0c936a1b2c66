"""What do the probes say of connections as a whole, now or as it was known for a past day?"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from databases.models.alike import Alike, alike_now
from databases.models.seen_then import alike_then
from databases.pump.configuration import limits_of
from databases.rules.contradictions_annex import ConnectionThen, EndpointThen, Seen
from databases.rules.track import State
from tracking.rules.viewpoint import Viewpoint

UNPROBED = "unprobed"
# The worst first.
SEEN_NAMES: Mapping[str, Any] = {
    Seen.DOWN.value: _("down"),
    Seen.UNKNOWN.value: _("unknown"),
    Seen.DEGRADED.value: _("degraded"),
    Seen.UP.value: _("up"),
    UNPROBED: _("nothing probes it"),
}


@dataclass(frozen=True, slots=True)
class Whole:
    """A connection as its endpoints together show it; `seen` is a key of SEEN_NAMES."""

    seen: str = UNPROBED
    endpoints: int = 0
    stand_in: bool = False


NOTHING = Whole()


def looks_at_now(viewpoint: Viewpoint) -> bool:
    """Also where today was asked for: what is not over is seen as it is."""
    return viewpoint.at >= viewpoint.now and not viewpoint.as_reported


def states_from(
    viewpoint: Viewpoint, connections: Collection[int] | None = None
) -> dict[int, Whole]:
    """As seen from there: connection → what its probes say, of these or of all that are probed; one
    query."""
    if looks_at_now(viewpoint):
        return states_now(viewpoint.now, connections)
    alike = alike_then(at=viewpoint.at, known_at=viewpoint.known_at, connections=connections)
    return _wholes((row.connection, row.count, row.stand_in, {row.state}) for row in alike)


def states_now(now: datetime, connections: Collection[int] | None = None) -> dict[int, Whole]:
    """As of_alike says it; one query."""
    return of_alike(alike_now(now, connections), now)


def of_alike(alike: Iterable[Alike], now: datetime) -> dict[int, Whole]:
    """What was seen too long ago proves nothing any more, even while no pump is at work to say so;
    what is paused is not asked."""
    return _wholes(
        (row.connection, row.count, row.stand_in, _proven(row, now))
        for row in alike
        if not row.paused
    )


def _proven(row: Alike, now: datetime) -> set[State]:
    """The states that are still proven. Their tracks need not be read for that: no evidence is
    newer than the last attempt, and whoever made that one has judged all that came before it."""
    oldest = now - _stale(row.interval, row.timeout)
    if row.first_at is None or row.last_at is None or row.last_at <= oldest:
        return {State.UNKNOWN}
    every = row.attempted == row.count and row.first_at > oldest
    return {row.state} if every else {row.state, State.UNKNOWN}


@lru_cache
def _stale(interval: int, timeout: int) -> timedelta:
    return limits_of(interval, timeout).stale


def _wholes(alike: Iterable[tuple[int, int, bool, Collection[State]]]) -> dict[int, Whole]:
    """From endpoints alike: connection, how many, on a stand-in, in which states."""
    states: dict[int, set[State]] = defaultdict(set)
    counts: Counter[int] = Counter()
    stand_ins = set()
    for connection, count, stand_in, found in alike:
        states[connection].update(found)
        counts[connection] += count
        if stand_in:
            stand_ins.add(connection)
    return {
        pk: Whole(_together(frozenset(found)), counts[pk], pk in stand_ins)
        for pk, found in states.items()
    }


@lru_cache
def _together(states: frozenset[State]) -> str:
    """As the annex of the progress list says it; there are few sets of states."""
    endpoints = [EndpointThen("", state) for state in states]
    return ConnectionThen(
        code="", database={}, counterpart={}, stage=None, acts={}, endpoints=endpoints
    ).seen.value
