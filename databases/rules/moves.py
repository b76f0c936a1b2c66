"""How does a track change from one state to another, and what is forgotten on the way?"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from databases.rules.track import Blame, Outcome, Result, State, Step, Track, Transition

_NOTHING_SEEN: dict[str, Any] = {
    "failures": 0,
    "successes": 0,
    "warnings": 0,
    "first_failed_at": None,
    "first_ok_at": None,
    "first_warned_at": None,
    "failed_depth": None,
    "held": "",
}
# While an outage is open its beginning and the depth that failed are remembered, come what may.
_OUTAGE_KEPT = _NOTHING_SEEN.keys() - {"first_failed_at", "failed_depth"}
_OUTAGE_SEEN = {name: _NOTHING_SEEN[name] for name in _OUTAGE_KEPT}


def move(
    track: Track, to: State, at: datetime, outcome: Outcome, *, by_parent: bool = False
) -> Step:
    """To a state that began `at`; one that is confirmed starts counting anew."""
    changes: dict[str, Any] = {}
    if to in {State.UP, State.DEGRADED, State.DOWN}:
        changes = {"confirmed": to, "confirmed_since": at}
        changes |= _OUTAGE_SEEN if to is State.DOWN else _NOTHING_SEEN
    moved = replace(track, state=to, since=at, **changes)
    blame = outcome.blame if outcome.result is Result.FAIL else None
    step = Transition(at, outcome.at, track.state, to, outcome.reason, blame, by_parent)
    return moved, [step]


def clear(track: Track, outcome: Outcome) -> Step:
    """A suspicion that came to nothing leaves no hole in the state before it."""
    if track.state is not State.SUSPECT or track.confirmed is None:
        return track, []
    at = track.first_failed_at or outcome.at
    gone: dict[str, Any] = {"failures": 0, "first_failed_at": None, "failed_depth": None}
    since = track.confirmed_since or at
    back = replace(track, state=track.confirmed, since=since, held="", **gone)
    return back, [Transition(at, outcome.at, track.state, back.state, "false_alarm")]


def relapse(track: Track, now: datetime, reason: str, blame: Blame | None = None) -> Step:
    """It was never up: down since before the successes that came to nothing."""
    at = track.first_ok_at or now
    back = replace(track, state=State.DOWN, since=track.confirmed_since or at, **_OUTAGE_SEEN)
    return back, [Transition(at, now, track.state, State.DOWN, reason, blame)]


def forget(track: Track, at: datetime, now: datetime, reason: str) -> Step:
    """To unknown, which only an open outage outlives."""
    down = track.confirmed is State.DOWN
    confirmed: dict[str, Any] = {} if down else {"confirmed": None, "confirmed_since": None}
    kept = confirmed | (_OUTAGE_SEEN if down else _NOTHING_SEEN)
    gone = replace(track, state=State.UNKNOWN, since=at, run=0, run_since=None, **kept)
    return gone, [Transition(at, now, track.state, State.UNKNOWN, reason)]


def not_before(track: Track, at: datetime) -> datetime:
    """`at`, but never earlier than what is already told."""
    return max(at, track.since, track.last_at or at)
