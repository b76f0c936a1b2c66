"""In which state is an endpoint: every edge as a sentence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from databases.rules.state import (
    Depth,
    Limits,
    State,
    Surroundings,
    advance,
    edit,
    expire,
    pause,
    release,
    resume,
    unsettled,
)
from databases.rules.track import Blame
from tests.databases.attempts import (
    BORN,
    LIMITS,
    MINUTE,
    minute,
    outcome,
    seen,
)

COURSES = {
    "a new endpoint is unknown, never green": ("", []),
    "one success makes it up from that moment, not before": (". ok", ["up 2"]),
    "one warning makes it degraded": ("warn", ["degraded 1"]),
    "one failure is a suspicion": ("ok fail", ["up 1", "suspect 2"]),
    "three failures are an outage since the first of them": (
        "ok fail fail fail",
        ["up 1", "suspect 2", "down 2"],
    ),
    "an endpoint that never answered can be down": ("fail fail fail", ["suspect 1", "down 1"]),
    "a false alarm leaves no hole": ("ok fail fail ok", ["up 1", "suspect 2", "up 2"]),
    "a suspicion without anything before it ends where it answers": (
        "fail ok",
        ["suspect 1", "up 2"],
    ),
    "one success after an outage is not yet a recovery": (
        "fail fail fail ok",
        ["suspect 1", "down 1", "recovering 4"],
    ),
    "two are, since the first of them": (
        "fail fail fail ok ok",
        ["suspect 1", "down 1", "recovering 4", "up 4"],
    ),
    "a relapse was never up": (
        "fail fail fail ok fail",
        ["suspect 1", "down 1", "recovering 4", "down 4"],
    ),
    "recovering with a warning is degraded": (
        "fail fail fail warn ok",
        ["suspect 1", "down 1", "recovering 4", "degraded 4"],
    ),
    "three warnings are a degradation since the first of them": (
        "ok warn warn warn",
        ["up 1", "degraded 2"],
    ),
    "two warnings are forgotten with the next success": ("ok warn warn ok warn warn", ["up 1"]),
    "failures between warnings do not wipe them out": (
        "ok warn fail warn fail warn",
        ["up 1", "suspect 3", "up 3", "suspect 5", "up 5", "degraded 2"],
    ),
    "two successes end a degradation": ("warn ok ok", ["degraded 1", "up 2"]),
    "a suspicion in a degradation falls back to it": (
        "warn fail ok",
        ["degraded 1", "suspect 2", "degraded 2"],
    ),
    "blind attempts are not failures": ("ok blind fail blind fail blind", ["up 1", "suspect 3"]),
    "nor do they wipe failures out": (
        "ok fail blind fail config fail",
        ["up 1", "suspect 2", "down 2"],
    ),
    "nor successes": (
        "fail fail fail ok blind ok",
        ["suspect 1", "down 1", "recovering 4", "up 4"],
    ),
    "blind for three intervals is unknown since the first was due": (
        "ok blind blind blind",
        ["up 1", "unknown 2"],
    ),
    "silence for three intervals is unknown too": ("ok . . blind", ["up 1", "unknown 2"]),
    "what comes after a silence starts anew": (
        "ok fail fail . . fail fail",
        ["up 1", "suspect 2", "unknown 4", "suspect 6"],
    ),
    "an outage outlives the silence": (
        "fail fail fail . . fail",
        ["suspect 1", "down 1", "unknown 4", "down 6"],
    ),
    "and so does the way to recover from it": (
        "fail fail fail . . ok ok",
        ["suspect 1", "down 1", "unknown 4", "recovering 6", "up 6"],
    ),
}


@pytest.mark.parametrize(("words", "told"), COURSES.values(), ids=COURSES.keys())
def test_course(words: str, told: list[str]) -> None:
    assert seen(words).states == told


def test_an_endpoint_that_never_answered_is_unknown_whatever_we_could_not_see() -> None:
    story = seen("blind config blind config")
    assert (story.state, story.told, story.track.frozen) == (State.UNKNOWN, [], "config")


def test_the_reason_of_unknown_says_why_nothing_was_seen() -> None:
    assert [step.reason for step in seen("ok config blind blind").told[1:]] == ["blind"]
    stale = expire(seen("ok").track, minute(4), LIMITS)[1]
    assert [(s.reason, s.at, s.known_at) for s in stale] == [("stale", minute(2), minute(4))]


def test_evidence_is_stale_exactly_after_three_intervals_and_the_grace() -> None:
    track = seen("ok").track
    assert expire(track, minute(4) - timedelta(microseconds=1), LIMITS) == (track, [])
    slow = replace(LIMITS, grace=timedelta(seconds=20))
    assert expire(track, minute(4), slow) == (track, [])
    assert expire(track, minute(4.5), slow)[0].state is State.UNKNOWN


def test_a_confirmation_carries_the_reason_and_the_blame_of_the_attempt() -> None:
    down = seen("fail fail fail").told[-1]
    assert (down.reason, down.blame, down.known_at) == ("fail seen", Blame.THEIRS, minute(3))


def test_limits_of_one_need_no_confirmation() -> None:
    story = seen("ok fail ok warn ok", Limits(failures=1, successes=1, warnings=1))
    assert story.states == ["up 1", "down 2", "up 3", "degraded 4", "up 5"]


def test_limits_that_confirm_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Limits(failures=0)
    with pytest.raises(ValueError, match="longer than nothing"):
        Limits(interval=timedelta(0))


def test_a_shallow_success_cannot_end_a_deep_outage() -> None:
    story = seen("fail fail fail ok@connect ok@tls ok@request")
    assert story.state is not State.UP
    assert story.track.confirmed is State.DOWN
    assert story.track.frozen == "shallow"
    assert story.see("ok ok").state is State.UP


def test_the_deepest_failure_of_an_outage_must_be_passed() -> None:
    story = seen("fail@connect fail fail@connect")
    assert story.track.failed_depth is Depth.CONTENT
    assert story.see("ok@request ok@request").state is State.DOWN


def test_a_shallow_outage_ends_at_its_own_depth() -> None:
    assert seen("fail@connect fail@connect fail@connect ok@connect ok@tls").state is State.UP


def test_shallow_successes_alone_leave_the_outage_out_of_sight_not_over() -> None:
    story = seen("fail fail fail ok@tls ok@tls ok@tls")
    assert (story.state, story.track.confirmed) == (State.UNKNOWN, State.DOWN)
    assert story.told[-1].reason == "shallow"


def test_a_shallow_success_does_not_even_lift_a_suspicion() -> None:
    story = seen("ok fail ok@connect fail ok@connect fail")
    assert story.states == ["up 1", "suspect 2", "down 2"]


def test_only_a_sentinel_round_newer_than_the_first_failure_confirms() -> None:
    old = Surroundings(has_sentinels=True, sentinels_at=minute(2))
    story = seen("ok").see("fail fail fail fail fail", old)
    assert (story.state, story.track.held) == (State.SUSPECT, "sentinels")
    story.see("fail", replace(old, sentinels_at=minute(2.1)))
    assert story.states[-1] == "down 2"
    assert story.track.held == ""


def test_without_any_sentinel_round_nothing_is_held_against_the_other_side() -> None:
    story = seen("ok").see("fail " * 9, Surroundings(has_sentinels=True))
    assert story.state is State.SUSPECT


def test_a_crowd_of_failures_delays_a_confirmation_but_never_suppresses_it() -> None:
    crowd = Surroundings(crowd=True)
    story = seen("ok").see("fail fail fail", crowd)
    assert (story.state, story.track.held) == (State.SUSPECT, "crowd")
    assert story.see("fail", crowd).states[-1] == "down 2"


def test_a_suspect_parent_is_waited_for_and_a_dead_one_explains() -> None:
    story = seen("ok").see("fail fail fail", Surroundings(parent=State.SUSPECT))
    assert (story.state, story.track.held) == (State.SUSPECT, "parent")
    story.see("fail", Surroundings(parent=State.DOWN))
    assert story.state is State.DOWN
    assert story.told[-1].by_parent


@pytest.mark.parametrize("parent", [None, State.UNKNOWN, State.UP, State.DEGRADED])
def test_a_parent_that_is_not_down_excuses_nothing(parent: State | None) -> None:
    story = seen("ok").see("fail fail fail", Surroundings(parent=parent))
    assert story.state is State.DOWN
    assert not story.told[-1].by_parent


def test_maintenance_hides_nothing_neither_the_outage_nor_the_recovery() -> None:
    story = seen("ok").see("fail fail fail ok ok", Surroundings(maintenance=True))
    assert story.states == ["up 1", "suspect 2", "down 2", "recovering 5", "up 5"]
    assert [step.maintenance for step in story.told] == [False, True, True, True, True]


def test_pausing_is_unknown_and_what_comes_in_meanwhile_is_ignored() -> None:
    story = seen("ok ok").does(lambda track: pause(track, minute(2.5), LIMITS))
    assert story.told[-1].reason == "paused"
    assert story.see("ok fail fail fail").state is State.UNKNOWN
    story.does(lambda track: resume(track, minute(6.5)))
    assert story.states == ["up 1", "unknown 2.5", "unknown 6.5"]
    assert story.see("fail").state is State.SUSPECT


def test_pausing_twice_is_pausing_once() -> None:
    paused = pause(seen("ok").track, minute(2), LIMITS)[0]
    assert pause(paused, minute(3), LIMITS) == (paused, [])
    assert resume(seen("ok").track, minute(2))[1] == []


def test_an_outage_outlives_a_pause() -> None:
    story = seen("fail fail fail").does(lambda track: pause(track, minute(4), LIMITS))
    story.does(lambda track: resume(track, minute(60)))
    story.now = minute(60)
    assert story.see("ok").state is State.RECOVERING
    assert story.see("ok").state is State.UP


def test_an_edit_makes_what_was_seen_of_the_old_configuration_worthless() -> None:
    story = seen("ok fail fail").does(lambda track: edit(track, 2, minute(3.5), LIMITS))
    assert (story.state, story.track.failures) == (State.UNKNOWN, 0)
    assert story.see("fail", version=2).state is State.SUSPECT


def test_an_edit_during_an_outage_keeps_it_open() -> None:
    story = seen("fail fail fail ok").does(lambda track: edit(track, 2, minute(4.5), LIMITS))
    assert (story.state, story.track.first_failed_at) == (State.DOWN, minute(1))
    assert story.see("ok", version=2).state is State.RECOVERING
    assert story.see("ok", version=2).state is State.UP


def test_successes_of_the_old_configuration_are_no_evidence_for_the_new_one() -> None:
    for words in ("ok ok", "fail fail fail ok"):
        story = seen(words).does(lambda track: edit(track, 2, minute(5), LIMITS))
        assert (story.track.run, story.track.run_since) == (0, None)


def test_an_attempt_of_an_older_configuration_changes_nothing() -> None:
    track = edit(seen("ok").track, 2, minute(1.5), LIMITS)[0]
    assert advance(track, outcome("ok", minute(2)), LIMITS) == (track, [])


def test_an_attempt_of_a_newer_configuration_is_the_edit() -> None:
    story = seen("ok ok").see("ok", version=2)
    assert story.states == ["up 1", "unknown 3", "up 3"]
    assert story.track.version == 2


def test_attempts_that_come_in_late_or_twice_change_nothing() -> None:
    track = seen("ok ok fail").track
    for at in (minute(3), minute(2.5), BORN - MINUTE):
        assert advance(track, outcome("ok", at), LIMITS) == (track, [])


def test_closing_by_hand_forgets_the_outage_and_does_not_make_it_green() -> None:
    story = seen("fail fail fail").does(lambda track: release(track, minute(4), LIMITS))
    assert (story.state, story.track.confirmed) == (State.UNKNOWN, None)
    assert story.see("ok@connect").state is State.UP
    assert release(story.track, minute(9), LIMITS) == (story.track, [])


def test_it_flaps_from_six_changes_among_21_attempts_until_three_are_left() -> None:
    assert not seen("ok fail ok fail ok fail").track.flapping
    story = seen("ok fail ok fail ok fail ok")
    assert story.track.flapping
    calm = [story.see("ok").track.flapping for _ in range(19)]
    assert calm.index(False) == 16
    assert not any(calm[16:])


def test_counters_stay_small_however_long_it_fails() -> None:
    track = seen("ok").track
    around = Surroundings(has_sentinels=True)
    for n in range(2, 3000):
        track = advance(track, outcome("fail", minute(n)), LIMITS, around)[0]
    assert max(track.failures, track.successes, track.warnings) <= LIMITS.failures
    assert track.recent < 2**22


def test_a_retry_is_wanted_while_something_is_undecided() -> None:
    assert unsettled(seen("fail").track)
    assert unsettled(seen("fail fail fail ok").track)
    assert not unsettled(seen("ok").track)
    assert not unsettled(seen("fail fail fail").track)
