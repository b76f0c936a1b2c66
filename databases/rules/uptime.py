"""How long was an endpoint in which state, and is that enough evidence for a percentage?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from databases.rules.track import State, Transition

INSUFFICIENT = {"vi": "chưa đủ căn cứ", "en": "insufficient evidence"}
ENOUGH = 9_500  # hundredths of a percent of the time must be known
_WHOLE = 10_000
_NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Interval:
    """A state from `start` until before `end`."""

    state: State
    start: datetime
    end: datetime
    reason: str = ""

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Window:
    """An announced maintenance, from `start` until before `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Uptime:
    """Where the time went; the parts add up to `total`."""

    up: timedelta = _NONE
    degraded: timedelta = _NONE
    down: timedelta = _NONE
    excused: timedelta = _NONE  # down during an announced maintenance
    undecided: timedelta = _NONE  # suspect or recovering, and never confirmed
    unknown: timedelta = _NONE
    paused: timedelta = _NONE

    @property
    def known(self) -> timedelta:
        return self.up + self.degraded + self.down + self.excused

    @property
    def total(self) -> timedelta:
        return self.known + self.undecided + self.unknown + self.paused

    @property
    def seconds(self) -> dict[str, float]:
        """Part -> how long."""
        return {part: getattr(self, part).total_seconds() for part in PARTS}

    @property
    def coverage(self) -> int:
        """How much of the time is known, in hundredths of a percent, never rounded up."""
        return self.known * _WHOLE // self.total if self.total else 0

    @property
    def share(self) -> int | None:
        """Up or degraded among what is known and not excused, in hundredths of a percent, never
        rounded up; None when the evidence is insufficient."""
        judged = self.up + self.degraded + self.down
        if self.coverage < ENOUGH or not judged:
            return None
        return (self.up + self.degraded) * _WHOLE // judged


def intervals(
    transitions: Iterable[Transition],
    start: datetime,
    end: datetime,
    *,
    known_at: datetime | None = None,
) -> list[Interval]:
    """The states that tile [start, end), from all transitions in the order they were recorded, or
    from those known by `known_at`. Before the first one nothing is known."""
    if end <= start:
        return []
    course = [Interval(State.UNKNOWN, start, end, "never")]
    for step in transitions:
        if known_at is not None and step.known_at > known_at:
            continue
        while course and course[-1].start >= step.at:
            course.pop()
        at = max(step.at, start)
        if course:
            course[-1] = replace(course[-1], end=min(at, end))
        if at < end:
            course.append(Interval(step.after, at, end, step.reason))
    return _joined(course)


# Of the time, in the order in which they are kept.
PARTS: tuple[str, ...] = Uptime.__slots__


def uptime(course: Iterable[Interval], maintenance: Sequence[Window] = ()) -> Uptime:
    """Where the time of these intervals went. Windows of maintenance may overlap."""
    spent = dict.fromkeys(PARTS, _NONE)
    for interval in course:
        excused = _NONE
        if interval.state is State.DOWN:
            excused = _covered(interval, maintenance)
        spent["excused"] += excused
        spent[_kind(interval)] += interval.length - excused
    return Uptime(**spent)


def _joined(course: Iterable[Interval]) -> list[Interval]:
    joined: list[Interval] = []
    for interval in course:
        last = joined[-1] if joined else None
        if last and _same(last, interval):
            joined[-1] = replace(last, end=interval.end)
        elif interval.end > interval.start:
            joined.append(interval)
    return joined


def _same(one: Interval, other: Interval) -> bool:
    reasons_matter = one.state is State.UNKNOWN
    return one.state is other.state and (one.reason == other.reason or not reasons_matter)


def _kind(interval: Interval) -> str:
    if interval.state in {State.SUSPECT, State.RECOVERING}:
        return "undecided"
    if interval.state is State.UNKNOWN and interval.reason == "paused":
        return "paused"
    return interval.state.value


def _covered(interval: Interval, windows: Sequence[Window]) -> timedelta:
    covered, reached = _NONE, interval.start
    for window in sorted(windows, key=lambda window: window.start):
        start, end = max(window.start, reached), min(window.end, interval.end)
        if end > start:
            covered, reached = covered + (end - start), end
    return covered
