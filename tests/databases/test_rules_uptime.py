"""How long was an endpoint in which state: the states tile time, and gaps are never green."""

import os
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from databases.rules.state import Limits, State, Transition
from databases.rules.uptime import Interval, Uptime, Window, intervals, uptime
from tests.databases.attempts import (
    BORN,
    HAPPENINGS,
    LIMITS_OF,
    MINUTE,
    Happening,
    Story,
    minute,
    played,
    seen,
)

generated = settings(max_examples=int(os.environ.get("EXAMPLES", "150")), deadline=None)
NONE = timedelta(0)


def course(story: Story, until: float, since: float = 0) -> list[Interval]:
    return intervals(story.told, minute(since), minute(until))


def spent(story: Story, until: float, since: float = 0) -> Uptime:
    return uptime(course(story, until, since))


def in_words(found: list[Interval]) -> list[str]:
    return [f"{i.state} {(i.start - BORN) / MINUTE:g}-{(i.end - BORN) / MINUTE:g}" for i in found]


COURSES = {
    "nothing seen is unknown, not green": ("", ["unknown 0-10"]),
    "up begins with the first success": (". . ok", ["unknown 0-3", "up 3-10"]),
    "a false alarm is up throughout": ("ok fail fail ok", ["unknown 0-1", "up 1-10"]),
    "an outage begins with its first failure": (
        "ok fail fail fail",
        ["unknown 0-1", "up 1-2", "down 2-10"],
    ),
    "a relapse is down throughout": (
        "fail fail fail ok fail",
        ["unknown 0-1", "down 1-10"],
    ),
    "a recovery begins with its first success": (
        "fail fail fail ok ok",
        ["unknown 0-1", "down 1-4", "up 4-10"],
    ),
    "an undecided suspicion is said to be one": (
        "ok fail",
        ["unknown 0-1", "up 1-2", "suspect 2-10"],
    ),
    "we were blind": (
        "ok blind blind blind ok",
        ["unknown 0-1", "up 1-2", "unknown 2-5", "up 5-10"],
    ),
}


@pytest.mark.parametrize(("words", "told"), COURSES.values(), ids=COURSES.keys())
def test_course(words: str, told: list[str]) -> None:
    assert in_words(course(seen(words), 10)) == told


def test_a_window_starts_in_the_middle_of_a_state() -> None:
    story = seen("ok fail fail fail")
    assert in_words(course(story, 9, since=6)) == ["down 6-9"]
    assert course(story, 6, since=6) == []


def test_what_was_confirmed_after_the_window_reaches_back_into_it() -> None:
    story = seen("ok fail fail fail")
    assert in_words(course(story, 3, since=1)) == ["up 1-2", "down 2-3"]


def test_as_known_then_and_as_corrected_since() -> None:
    story = seen("ok fail fail fail")
    then = intervals(story.told, minute(1), minute(3), known_at=minute(3))
    assert in_words(then) == ["up 1-2", "suspect 2-3"]


def test_the_share_is_counted_over_what_was_known() -> None:
    found = spent(seen("ok " * 90 + "fail fail fail " + "ok " * 7), 101, since=1)
    assert (found.up, found.down) == (97 * MINUTE, 3 * MINUTE)
    assert (found.coverage, found.share) == (10_000, 9_700)


def test_degraded_is_available_but_told_apart() -> None:
    found = spent(seen("ok warn warn warn"), 11, since=1)
    assert (found.up, found.degraded, found.share) == (MINUTE, 9 * MINUTE, 10_000)


@pytest.mark.parametrize(("unknown", "share"), [(5, 10_000), (6, None)])
def test_under_95_percent_known_there_is_insufficient_evidence(
    unknown: int, share: int | None
) -> None:
    found = Uptime(up=(100 - unknown) * MINUTE, unknown=unknown * MINUTE)
    assert (found.coverage, found.share) == ((100 - unknown) * 100, share)


def test_no_figure_is_rounded_up() -> None:
    found = Uptime(up=timedelta(days=365), down=timedelta(seconds=1))
    assert found.share == 9_999
    assert Uptime(up=timedelta(days=365), unknown=timedelta(seconds=1)).coverage == 9_999


def test_no_time_has_no_share() -> None:
    assert (Uptime().coverage, Uptime().share) == (0, None)
    assert Uptime(excused=MINUTE).share is None


def test_undecided_time_proves_nothing_either_way() -> None:
    found = spent(seen("ok fail"), 11, since=1)
    assert (found.up, found.undecided, found.share) == (MINUTE, 9 * MINUTE, None)


def test_an_announced_maintenance_excuses_being_down_and_nothing_else() -> None:
    story = seen("ok fail fail fail")
    windows = [Window(minute(0), minute(4)), Window(minute(3), minute(5))]
    found = uptime(course(story, 12, since=1), windows)
    assert (found.up, found.excused, found.down) == (MINUTE, 3 * MINUTE, 7 * MINUTE)
    assert found.coverage == 10_000


def test_downtime_counts_again_from_the_end_of_the_window() -> None:
    story = seen("fail fail fail")
    found = uptime(course(story, 10, since=1), [Window(minute(0), minute(6))])
    assert (found.excused, found.down) == (5 * MINUTE, 4 * MINUTE)


def test_paused_time_is_shown_apart_and_is_no_evidence() -> None:
    happenings = [Happening(MINUTE, what) for what in ("ok", "pause", "ok", "resume", "ok")]
    found = spent(played(happenings, Limits(), sweep=False), 6)
    assert (found.up, found.paused, found.unknown) == (2 * MINUTE, 2 * MINUTE, 2 * MINUTE)


def assert_tiled(found: list[Interval], start: datetime, end: datetime) -> None:
    assert found[0].start == start
    assert found[-1].end == end
    assert all(interval.length > NONE for interval in found)
    assert all(one.end == other.start for one, other in pairwise(found))


@generated
@given(HAPPENINGS, LIMITS_OF, st.integers(0, 40), st.integers(1, 40))
def test_the_states_tile_time_and_the_parts_add_up(
    happenings: list[Happening], limits: Limits, since: int, length: int
) -> None:
    story = played(happenings, limits, sweep=False)
    found = course(story, since + length, since)
    assert_tiled(found, minute(since), minute(since + length))
    windows = [Window(minute(3), minute(9)), Window(minute(5), minute(20))]
    parts = uptime(found, windows)
    assert parts.total == length * MINUTE
    assert min(getattr(parts, name) for name in Uptime.__slots__) >= NONE
    assert 0 <= parts.coverage <= 10_000


@generated
@given(HAPPENINGS, LIMITS_OF)
def test_no_up_without_a_fresh_success(happenings: list[Happening], limits: Limits) -> None:
    story = played(happenings, limits, sweep=False)
    answered, now = [], BORN
    for happening in happenings:
        now += happening.after
        answered += [now] if happening.what in {"ok", "edit"} else []
    for interval in intervals(story.told, BORN, story.now + MINUTE):
        if interval.state is State.UP:
            assert interval.start in answered


@generated
@given(HAPPENINGS, LIMITS_OF)
def test_looking_for_stale_evidence_more_often_changes_no_figure(
    happenings: list[Happening], limits: Limits
) -> None:
    def figures(sweep: bool) -> Uptime:
        story = played(happenings, limits, sweep=sweep)
        return uptime(intervals(story.told, BORN, story.now + MINUTE))

    assert figures(sweep=True) == figures(sweep=False)


@generated
@given(HAPPENINGS, LIMITS_OF, st.integers(0, 40))
def test_a_window_is_the_sum_of_its_parts(
    happenings: list[Happening], limits: Limits, cut: int
) -> None:
    told: list[Transition] = played(happenings, limits, sweep=False).told
    parts = [intervals(told, BORN, minute(cut)), intervals(told, minute(cut), minute(41))]
    whole = uptime(intervals(told, BORN, minute(41)))
    for name in Uptime.__slots__:
        summed = sum((getattr(uptime(part), name) for part in parts), start=NONE)
        assert summed == getattr(whole, name)
