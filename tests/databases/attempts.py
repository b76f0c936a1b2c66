"""Short ways to say what probes saw, by hand and generated."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from hypothesis import strategies as st

from databases.rules.state import (
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
    advance,
    created,
    expire,
    pause,
    release,
    resume,
)

BORN = datetime(2025, 11, 18, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LIMITS = Limits()


def minute(n: float) -> datetime:
    return BORN + n * MINUTE


def outcome(word: str, at: datetime, **changes: object) -> Outcome:
    """`ok`, `fail`, … or with a depth: `fail@connect`."""
    result, _, depth = word.partition("@")
    known = Depth[depth.upper()] if depth else Depth.CONTENT
    blame = Blame.THEIRS if result == "fail" else None
    found = Outcome(at, Result(result), f"{result} seen", blame, known)
    return replace_fields(found, changes)


def replace_fields(found: Outcome, changes: dict[str, object]) -> Outcome:
    values = {name: getattr(found, name) for name in Outcome.__slots__} | changes
    return Outcome(**values)


@dataclass
class Story:
    """An endpoint, what happened to it and what was told of it; a word a minute."""

    limits: Limits = LIMITS
    track: Track = field(default_factory=lambda: created(BORN))
    told: list[Transition] = field(default_factory=list)
    now: datetime = BORN

    def see(self, words: str, around: Surroundings | None = None, **changes: object) -> "Story":
        for word in words.split():
            self.now += MINUTE
            if word != ".":  # nothing came in
                found = outcome(word, self.now, **changes)
                self.does(partial(advance, outcome=found, limits=self.limits, around=around))
        return self

    def does(self, act: Callable[[Track], Step]) -> "Story":
        self.track, told = act(self.track)
        self.told += told
        return self

    @property
    def state(self) -> State:
        return self.track.state

    @property
    def states(self) -> list[str]:
        """The state after each transition, with the minute in which it began."""
        return [f"{step.after} {(step.at - BORN) / MINUTE:g}" for step in self.told]


def seen(words: str, limits: Limits = LIMITS) -> Story:
    return Story(limits).see(words)


@dataclass(frozen=True)
class Happening:
    """Something that happens to an endpoint `after` the one before."""

    after: timedelta
    what: str
    depth: Depth = Depth.CONTENT
    around: Surroundings = Surroundings()
    version: int = 1


def played(happenings: Iterable[Happening], limits: Limits, *, sweep: bool) -> Story:
    """All of it, with or without somebody looking for stale evidence in between."""
    story = Story(limits)
    for happening in happenings:
        story.now += happening.after
        if sweep:
            story.does(partial(expire, now=story.now, limits=limits))
        story.does(partial(_act, happening=happening, now=story.now, limits=limits))
    story.does(partial(expire, now=story.now, limits=limits))
    return story


def _act(track: Track, happening: Happening, now: datetime, limits: Limits) -> Step:
    acts = {"pause": pause, "release": release}
    if happening.what in acts:
        return acts[happening.what](track, now, limits)
    if happening.what == "resume":
        return resume(track, now)
    version = track.version + 1 if happening.what == "edit" else track.version
    word = "ok" if happening.what == "edit" else happening.what
    found = Outcome(now, Result(word), word, None, happening.depth, version)
    return advance(track, found, limits, happening.around)


LIMITS_OF = st.builds(
    Limits,
    failures=st.integers(1, 4),
    successes=st.integers(1, 3),
    warnings=st.integers(1, 3),
    stale_intervals=st.integers(1, 4),
)
WHAT = st.sampled_from(
    "ok ok ok ok warn warn fail fail fail fail blind config edit pause resume release".split()
)
HAPPENINGS = st.lists(
    st.builds(
        Happening,
        after=st.sampled_from([0, 1, 30, 60, 60, 60, 61, 200, 600]).map(
            lambda seconds: timedelta(seconds=seconds)
        ),
        what=WHAT,
        depth=st.sampled_from([Depth.CONNECT, Depth.CONTENT, Depth.CONTENT]),
        around=st.builds(
            Surroundings,
            has_sentinels=st.booleans(),
            sentinels_at=st.none() | st.integers(0, 60).map(minute),
            crowd=st.booleans(),
            parent=st.sampled_from([None, State.UP, State.SUSPECT, State.DOWN]),
        ),
    ),
    max_size=60,
)
