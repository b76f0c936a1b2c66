"""In which state is an endpoint: what holds for every generated history."""

import os
from datetime import timedelta

from hypothesis import given, settings

from databases.rules.state import Limits, State, advance, created
from tests.databases.attempts import BORN, HAPPENINGS, LIMITS_OF, Happening, outcome, played

generated = settings(max_examples=int(os.environ.get("EXAMPLES", "150")), deadline=None)


@generated
@given(HAPPENINGS, LIMITS_OF)
def test_what_is_shown_as_up_was_seen_to_answer_lately(
    happenings: list[Happening], limits: Limits
) -> None:
    for n in range(1, len(happenings) + 1):
        story = played(happenings[:n], limits, sweep=False)
        if story.state is State.UP:
            last = story.track.evidence_at
            assert last is not None
            assert story.now - last < limits.stale
            assert story.track.first_failed_at is None


@generated
@given(HAPPENINGS, LIMITS_OF)
def test_blind_attempts_count_for_nothing(happenings: list[Happening], limits: Limits) -> None:
    track = played(happenings, limits, sweep=False).track
    at = (track.last_at or BORN) + timedelta(hours=9)
    for word in ("blind", "config"):
        blind, told = advance(track, outcome(word, at, version=track.version), limits)
        assert all(step.after is State.UNKNOWN for step in told)
        assert blind.evidence_at == track.evidence_at
        assert blind.failures <= track.failures
        assert blind.successes <= track.successes
        assert blind.recent == track.recent


@generated
@given(HAPPENINGS, LIMITS_OF)
def test_each_transition_starts_where_the_one_before_ended(
    happenings: list[Happening], limits: Limits
) -> None:
    story = played(happenings, limits, sweep=False)
    state, known_at = created(BORN).state, BORN
    for step in story.told:
        assert step.before is state
        assert BORN <= step.at <= step.known_at
        assert step.known_at >= known_at
        state, known_at = step.after, step.known_at
    assert story.track.state is state


@generated
@given(HAPPENINGS, LIMITS_OF)
def test_down_takes_as_many_failures_as_the_limit_says(
    happenings: list[Happening], limits: Limits
) -> None:
    failed = 0
    track = created(BORN)
    now = BORN
    for happening in happenings:
        now += happening.after
        found = outcome("fail" if happening.what == "fail" else "ok", now)
        late = track.last_at is not None and now <= track.last_at
        track, told = advance(track, found, limits)
        if late:
            continue
        gap = any(step.reason == "stale" for step in told)
        failed = (0 if gap else failed) + 1 if happening.what == "fail" else 0
        if any(step.before is State.SUSPECT and step.after is State.DOWN for step in told):
            assert failed == limits.failures
