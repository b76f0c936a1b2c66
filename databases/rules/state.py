"""In which state is an endpoint, given what its probes saw? A pure function of the past."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from databases.rules.moves import clear, forget, move, not_before, relapse
from databases.rules.track import (
    Blame,
    Depth,
    Limits,
    Outcome,
    Result,
    State,
    Step,
    Surroundings,
    Track,
    Transition,
)

__all__ = [
    "Blame",
    "Depth",
    "Limits",
    "Outcome",
    "Result",
    "State",
    "Step",
    "Surroundings",
    "Track",
    "Transition",
    "advance",
    "created",
    "edit",
    "expire",
    "pause",
    "release",
    "resume",
    "unsettled",
]

_WINDOW = 21
_NOT_COUNTED = frozenset({Result.BLIND, Result.CONFIG})


def created(at: datetime, version: int = 1) -> Track:
    """A new endpoint is unknown, never green."""
    return Track(State.UNKNOWN, at, version=version)


def advance(
    track: Track, outcome: Outcome, limits: Limits, around: Surroundings | None = None
) -> Step:
    """The track after an attempt, and what changed. An attempt not newer than the last, of an
    older configuration or of a paused endpoint changes nothing."""
    if _too_late(track, outcome):
        return track, []
    track, edited = edit(track, outcome.version, outcome.at, limits)
    track, expired = expire(track, outcome.at, limits)
    not_counted = _not_counted(track, outcome)
    if not_counted:
        return replace(track, last_at=outcome.at, frozen=not_counted), [*edited, *expired]
    track = _seen(track, outcome, limits)
    around = around or Surroundings()
    if outcome.result is Result.FAIL:
        track, moved = _failed(track, outcome, limits, around)
    else:
        track, moved = _answered(track, outcome, limits)
    marked = [replace(step, maintenance=around.maintenance) for step in moved]
    return track, [*edited, *expired, *marked]


def expire(track: Track, now: datetime, limits: Limits) -> Step:
    """Unknown once nothing was seen for `stale`, dated back to when the next attempt was due. An
    open outage stays open."""
    if track.state is State.UNKNOWN or track.evidence_at is None:
        return track, []
    if now - track.evidence_at < limits.stale:
        return track, []
    at = track.evidence_at + limits.interval
    return forget(track, at, now, track.frozen or "stale")


def pause(track: Track, at: datetime, limits: Limits) -> Step:
    """Unknown by decision; what comes in until `resume` is ignored."""
    if track.paused:
        return track, []
    track, expired = expire(track, at, limits)
    at = not_before(track, at)
    track, moved = forget(track, at, at, "paused")
    return replace(track, paused=True), [*expired, *moved]


def resume(track: Track, at: datetime) -> Step:
    """Probed again, and unknown until an attempt says something."""
    if not track.paused:
        return track, []
    at = not_before(track, at)
    track, moved = forget(track, at, at, "resumed")
    return replace(track, paused=False), moved


def edit(track: Track, version: int, at: datetime, limits: Limits) -> Step:
    """Another configuration: what was seen of the old one proves nothing, but its outage stays."""
    if version <= track.version:
        return track, []
    track, moved = expire(track, at, limits)
    at = not_before(track, at)
    nothing: dict[str, Any] = {"recent": 1, "flapping": False, "frozen": "", "run": 0}
    track = replace(track, version=version, run_since=None, **nothing)
    if track.state is State.RECOVERING:
        track, moved = relapse(track, at, "edited")
    elif track.state not in {State.DOWN, State.UNKNOWN}:
        track, moved = forget(track, at, at, "edited")
    return track, moved


def release(track: Track, at: datetime, limits: Limits) -> Step:
    """The outage was closed by hand: unknown, with nothing left to recover from."""
    if track.confirmed is not State.DOWN:
        return track, []
    track, expired = expire(track, at, limits)
    at = not_before(track, at)
    track, moved = forget(replace(track, confirmed=None), at, at, "closed_by_hand")
    return track, [*expired, *moved]


def unsettled(track: Track) -> bool:
    """Is a retry wanted before the next slot?"""
    return track.state in {State.SUSPECT, State.RECOVERING}


def _too_late(track: Track, outcome: Outcome) -> bool:
    seen_later = track.last_at is not None and outcome.at <= track.last_at
    return seen_later or track.paused or outcome.at < track.since or outcome.version < track.version


def _not_counted(track: Track, outcome: Outcome) -> str:
    if outcome.result in _NOT_COUNTED:
        return outcome.result.value
    if outcome.result is Result.FAIL or track.failed_depth is None:
        return ""
    return "shallow" if outcome.depth < track.failed_depth else ""


def _seen(track: Track, outcome: Outcome, limits: Limits) -> Track:
    answered = outcome.result is not Result.FAIL
    recent = (track.recent << 1 | answered) & ((1 << _WINDOW) - 1)
    recent |= 1 << min(track.recent.bit_length(), _WINDOW)
    pairs = recent.bit_length() - 2
    changes = ((recent ^ recent >> 1) & ((1 << pairs) - 1)).bit_count()
    enough = limits.settled_at + 1 if track.flapping else limits.flapping_from
    seen: dict[str, Any] = {"last_at": outcome.at, "evidence_at": outcome.at, "frozen": ""}
    if outcome.result is Result.OK:
        seen |= {"run": track.run + 1, "run_since": track.run_since or outcome.at}
    else:
        seen |= {"run": 0, "run_since": None}
    return replace(track, recent=recent, flapping=changes >= enough, **seen)


def _failed(track: Track, outcome: Outcome, limits: Limits, around: Surroundings) -> Step:
    depth = max(outcome.depth, track.failed_depth or outcome.depth)
    track = replace(track, failed_depth=depth)
    if track.confirmed is State.DOWN:
        return _still_down(track, outcome)
    first = track.first_failed_at or outcome.at
    count = min(track.failures + 1, limits.failures)
    none_ok: dict[str, Any] = {"successes": 0, "first_ok_at": None}
    track = replace(track, failures=count, first_failed_at=first, **none_ok)
    if count == limits.failures:
        held = _held(first, outcome.at, limits, around)
        if not held:
            by_parent = around.parent is State.DOWN
            return move(track, State.DOWN, first, outcome, by_parent=by_parent)
        track = replace(track, held=held)
    if track.state is State.SUSPECT:
        return track, []
    return move(track, State.SUSPECT, first, outcome)


def _held(first: datetime, now: datetime, limits: Limits, around: Surroundings) -> str:
    """Why the outage that began at `first` cannot be confirmed yet, or nothing."""
    round_at = around.sentinels_at
    if around.has_sentinels and (round_at is None or round_at <= first):
        return "sentinels"
    if now - first >= limits.hold:
        return ""
    if around.parent is State.SUSPECT:
        return "parent"
    return "crowd" if around.crowd else ""


def _still_down(track: Track, outcome: Outcome) -> Step:
    if track.state is State.DOWN:
        return track, []
    if track.state is State.RECOVERING:
        return relapse(track, outcome.at, outcome.reason, outcome.blame)
    return move(track, State.DOWN, outcome.at, outcome)


def _answered(track: Track, outcome: Outcome, limits: Limits) -> Step:
    warned = outcome.result is Result.WARN
    if track.confirmed is State.DOWN:
        return _recovers(track, outcome, limits)
    if track.confirmed is None:
        return move(track, State.DEGRADED if warned else State.UP, outcome.at, outcome)
    track, cleared = clear(track, outcome)
    if warned:
        track, moved = _warned(track, outcome, limits)
    else:
        track, moved = _succeeded(track, outcome, limits)
    return track, [*cleared, *moved]


def _recovers(track: Track, outcome: Outcome, limits: Limits) -> Step:
    first = track.first_ok_at or outcome.at
    count = track.successes + 1
    warnings = track.warnings + (outcome.result is Result.WARN)
    track = replace(track, successes=count, first_ok_at=first, warnings=warnings)
    if count >= limits.successes:
        return move(track, State.DEGRADED if warnings else State.UP, first, outcome)
    if track.state is State.RECOVERING:
        return track, []
    return move(track, State.RECOVERING, first, outcome)


def _warned(track: Track, outcome: Outcome, limits: Limits) -> Step:
    track = replace(track, successes=0, first_ok_at=None)
    if track.state is State.DEGRADED:
        return track, []
    first = track.first_warned_at or outcome.at
    track = replace(track, warnings=track.warnings + 1, first_warned_at=first)
    if track.warnings < limits.warnings:
        return track, []
    return move(track, State.DEGRADED, first, outcome)


def _succeeded(track: Track, outcome: Outcome, limits: Limits) -> Step:
    if track.state is State.UP and not track.warnings:
        return track, []
    if track.state is State.UP:
        return replace(track, warnings=0, first_warned_at=None), []
    first = track.first_ok_at or outcome.at
    track = replace(track, successes=track.successes + 1, first_ok_at=first)
    if track.successes < limits.successes:
        return track, []
    return move(track, State.UP, first, outcome)
