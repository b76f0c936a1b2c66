"""The words of the state machine: what an attempt says, what is remembered, what changes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum


class State(StrEnum):
    UNKNOWN = "unknown"
    UP = "up"
    DEGRADED = "degraded"
    SUSPECT = "suspect"  # failing, not yet confirmed
    DOWN = "down"
    RECOVERING = "recovering"  # succeeding after an outage, not yet confirmed


class Result(StrEnum):
    OK = "ok"
    WARN = "warn"  # answers, but beyond a threshold
    FAIL = "fail"
    BLIND = "blind"  # we could not see; never counted against the other side
    CONFIG = "config"  # our own guard or configuration refused


class Blame(StrEnum):
    OURS = "ours"
    THEIRS = "theirs"
    NETWORK = "network"
    CONTRACT = "contract"


class Depth(IntEnum):
    NAME = 0
    CONNECT = 1
    TLS = 2
    REQUEST = 3
    CONTENT = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """One attempt. `depth`: where it failed, or how deep a success reached."""

    at: datetime
    result: Result
    reason: str = ""
    blame: Blame | None = None
    depth: Depth = Depth.CONTENT
    version: int = 1  # of the configuration that was probed


@dataclass(frozen=True, slots=True)
class Limits:
    """When is something confirmed, and when is evidence too old?"""

    failures: int = 3
    successes: int = 2
    warnings: int = 3
    retry: timedelta = timedelta(seconds=30)
    interval: timedelta = timedelta(seconds=60)
    stale_intervals: int = 3
    grace: timedelta = timedelta(0)  # for the time-out and the way into the database
    # A crowd or a suspect parent delays a confirmation at most so long after the first failure.
    hold: timedelta = timedelta(minutes=3)
    # How often the last 21 attempts changed between answering and failing.
    flapping_from: int = 6
    settled_at: int = 3

    def __post_init__(self) -> None:
        if min(self.failures, self.successes, self.warnings, self.stale_intervals) < 1:
            raise ValueError("failures, successes, warnings and stale_intervals are at least 1")
        if min(self.retry, self.interval) <= timedelta(0):
            raise ValueError("retry and interval are longer than nothing")

    @property
    def stale(self) -> timedelta:
        """The age at which evidence proves nothing any more."""
        return self.stale_intervals * self.interval + self.grace


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else was known when the outcome came in."""

    has_sentinels: bool = False
    sentinels_at: datetime | None = None  # start of the newest round that our sentinels passed
    crowd: bool = False  # endpoints of many owners began to fail together
    parent: State | None = None
    maintenance: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """A state that began at `at`, in place of whatever was held from then on; known since
    `known_at`. `at` is the earlier one when a confirmation is dated back to its first attempt."""

    at: datetime
    known_at: datetime
    before: State
    after: State
    reason: str = ""
    blame: Blame | None = None
    by_parent: bool = False
    maintenance: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """All that is remembered of an endpoint between two attempts."""

    state: State
    since: datetime
    confirmed: State | None = None  # up, degraded or down; only down outlives unknown
    confirmed_since: datetime | None = None
    failures: int = 0
    successes: int = 0
    warnings: int = 0
    first_failed_at: datetime | None = None  # kept while the outage is open
    first_ok_at: datetime | None = None
    first_warned_at: datetime | None = None
    failed_depth: Depth | None = None  # a recovery must reach it
    last_at: datetime | None = None
    evidence_at: datetime | None = None  # the last attempt that said something of the other side
    frozen: str = ""  # why the last attempt did not count: blind, config, shallow
    held: str = ""  # why an outage is not confirmed yet: sentinels, crowd, parent
    paused: bool = False
    flapping: bool = False
    recent: int = 1  # the last 21 attempts, a bit each, newest last, behind a leading one
    version: int = 1
    run: int = 0  # successes without a warning, a failure or a gap between them
    run_since: datetime | None = None


Step = tuple[Track, list[Transition]]
