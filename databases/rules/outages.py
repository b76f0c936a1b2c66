"""What became of an outage, and whose fault does it look like? A course that only grows."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from databases.rules.blame import Verdict
from databases.rules.track import Blame, State, Transition

ACKNOWLEDGED_AT_MOST = timedelta(hours=72)


class Event(StrEnum):
    CONFIRMED = "confirmed"
    ANSWERING = "answering"
    RELAPSED = "relapsed"
    OUT_OF_SIGHT = "out_of_sight"  # blind, stale or paused: open, but not seen
    SEEN_AGAIN = "seen_again"
    RECOVERED = "recovered"
    CLOSE_ASKED = "close_asked"  # by one person; closing takes another
    CLOSED_BY_HAND = "closed_by_hand"
    ACKNOWLEDGED = "acknowledged"
    NOTED = "noted"
    JUDGED = "judged"  # another verdict, beside the earlier ones


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the course: what became so `at`, written down at `known_at`."""

    at: datetime
    known_at: datetime
    event: Event
    note: str = ""
    by: str = ""  # empty: the machine
    until: datetime | None = None  # of an acknowledgement
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    started_at: datetime
    course: tuple[Entry, ...]
    ended_at: datetime | None = None
    by_parent: bool = False
    in_maintenance: bool = False  # began in an announced one

    @property
    def open(self) -> bool:
        return self.ended_at is None

    @property
    def verdict(self) -> Verdict | None:
        """The last one; those before stay in the course."""
        return next((entry.verdict for entry in reversed(self.course) if entry.verdict), None)

    @property
    def blame(self) -> Blame | None:
        return self.verdict.blame if self.verdict else None

    @property
    def relapses(self) -> int:
        return sum(entry.event is Event.RELAPSED for entry in self.course)

    def length(self, now: datetime) -> timedelta:
        return (self.ended_at or now) - self.started_at

    def acknowledged(self, now: datetime) -> bool:
        """Has somebody taken it on, and not longer ago than they said?"""
        untils = [entry.until for entry in self.course if entry.until]
        return self.open and bool(untils) and now < untils[-1]


def follow(
    outage: Outage | None, step: Transition, verdict: Verdict | None = None
) -> Outage | None:
    """The outage after a transition of its endpoint: opened by a confirmation with the verdict on
    its first attempts, closed by a confirmed recovery. None: there is none."""
    if outage is None or not outage.open:
        return _opened(step, verdict) if step.after is State.DOWN else outage
    if step.after in {State.UP, State.DEGRADED}:
        return replace(_grown(outage, step, Event.RECOVERED), ended_at=step.at)
    if step.after is State.DOWN:
        relapsed = step.before is State.RECOVERING
        return _grown(outage, step, Event.RELAPSED if relapsed else Event.SEEN_AGAIN)
    if step.after is State.RECOVERING:
        return _grown(outage, step, Event.ANSWERING)
    if step.reason == "closed_by_hand":
        return outage
    return _grown(outage, step, Event.OUT_OF_SIGHT)


def acknowledge(outage: Outage, at: datetime, *, by: str, until: datetime, note: str) -> Outage:
    """ValueError when closed, without a word, or for longer than 72 hours."""
    if not note.strip():
        raise ValueError("say what is being done")
    if not at < until <= at + ACKNOWLEDGED_AT_MOST:
        raise ValueError("an acknowledgement lasts at most 72 hours")
    _must_be_open(outage)
    return _written(outage, Entry(at, at, Event.ACKNOWLEDGED, note, by, until))


def add_note(outage: Outage, at: datetime, *, by: str, note: str) -> Outage:
    """Open or closed. ValueError without a word."""
    if not note.strip():
        raise ValueError("a note says something")
    return _written(outage, Entry(at, at, Event.NOTED, note, by))


def judge_again(outage: Outage, at: datetime, *, by: str, verdict: Verdict) -> Outage:
    """A person or later evidence disagrees; open or closed."""
    return _written(outage, Entry(at, at, Event.JUDGED, by=by, verdict=verdict))


def ask_to_close(outage: Outage, at: datetime, *, by: str, note: str) -> Outage:
    """What the first of two persons does. ValueError when closed or without a reason."""
    if not by or not note.strip():
        raise ValueError("say who asks, and why it is closed without a recovery")
    _must_be_open(outage)
    return _written(outage, Entry(at, at, Event.CLOSE_ASKED, note, by))


def close_by_hand(outage: Outage, at: datetime, *, by: str, agreed_by: str, note: str) -> Outage:
    """For an endpoint that can no longer recover by itself; `state.release` goes with it.
    ValueError when closed, without a reason, or without a second person."""
    if not note.strip():
        raise ValueError("say why it is closed without a recovery")
    if not by or not agreed_by or by == agreed_by:
        raise ValueError("closing without a recovery takes two persons")
    _must_be_open(outage)
    entry = Entry(at, at, Event.CLOSED_BY_HAND, note, f"{by}, {agreed_by}")
    return replace(_written(outage, entry), ended_at=max(at, outage.started_at))


def _opened(step: Transition, verdict: Verdict | None) -> Outage:
    entry = Entry(step.at, step.known_at, Event.CONFIRMED, step.reason, verdict=verdict)
    by_parent, in_maintenance = step.by_parent, step.maintenance
    return Outage(step.at, (entry,), by_parent=by_parent, in_maintenance=in_maintenance)


def _grown(outage: Outage, step: Transition, event: Event) -> Outage:
    return _written(outage, Entry(step.at, step.known_at, event, step.reason))


def _written(outage: Outage, entry: Entry) -> Outage:
    return replace(outage, course=(*outage.course, entry))


def _must_be_open(outage: Outage) -> None:
    if not outage.open:
        raise ValueError("the outage is closed")
