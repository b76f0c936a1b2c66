"""What do the probes say of connections as a whole, now or as it was known for a past day?"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from databases.models import Endpoint
from databases.models.seen_then import seen_then
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
_COLUMNS = (
    "interface__connection_id",
    "interval",
    "timeout",
    "zone__for_tests",
    "seen__state",
    "seen__last_at",
)


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
    found = seen_then(at=viewpoint.at, known_at=viewpoint.known_at, connections=connections)
    return {
        pk: _whole([(endpoint.state, endpoint.stand_in) for endpoint in endpoints])
        for pk, endpoints in found.items()
    }


def states_now(now: datetime, connections: Collection[int] | None = None) -> dict[int, Whole]:
    """What was seen too long ago proves nothing any more, even while no pump is at work to say so.
    One query."""
    rows = Endpoint.objects.filter(paused=False, interface__isnull=False)
    if connections is not None:
        rows = rows.filter(interface__connection__in=connections)
    found: dict[int, list[tuple[State, bool]]] = defaultdict(list)
    columns = rows.order_by().values_list(*_COLUMNS)
    for connection, interval, timeout, stand_in, state, last_at in columns:
        proven = _still(State(state), last_at, _stale(interval, timeout), now)
        found[connection].append((proven, stand_in))
    return {pk: _whole(endpoints) for pk, endpoints in found.items()}


def _still(state: State, last_at: datetime | None, stale: timedelta, now: datetime) -> State:
    """The state that is still proven. Its track need not be read for that: no evidence is newer
    than the last attempt, and whoever made that one has judged all that came before it."""
    proven = last_at is not None and now - last_at < stale
    return state if proven else State.UNKNOWN


@lru_cache
def _stale(interval: int, timeout: int) -> timedelta:
    return limits_of(interval, timeout).stale


def _whole(endpoints: Sequence[tuple[State, bool]]) -> Whole:
    seen = _together(frozenset(state for state, _stand_in in endpoints))
    return Whole(seen, len(endpoints), any(stand_in for _state, stand_in in endpoints))


@lru_cache
def _together(states: frozenset[State]) -> str:
    """As the annex of the progress list says it; there are few sets of states."""
    endpoints = [EndpointThen("", state) for state in states]
    return ConnectionThen(
        code="", database={}, counterpart={}, stage=None, acts={}, endpoints=endpoints
    ).seen.value
