"""When is an endpoint due: the same slots whatever the pump does, each run once or counted."""

import os
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from databases.rules.slots import Grid, Slot, due_slot, next_due, phase_of
from tests.databases.attempts import BORN, MINUTE

generated = settings(max_examples=int(os.environ.get("EXAMPLES", "150")), deadline=None)
SECOND = timedelta(seconds=1)
GRID = Grid(MINUTE, 20 * SECOND)


def at(seconds: float) -> datetime:
    return BORN + seconds * SECOND


def test_the_phase_is_that_of_the_id_on_every_machine_and_for_ever() -> None:
    assert phase_of("endpoint-1", MINUTE) == timedelta(milliseconds=5_268)
    assert phase_of("endpoint-2", MINUTE) == timedelta(milliseconds=15_320)


def test_phases_are_spread_evenly() -> None:
    seconds = Counter(phase_of(f"endpoint-{n}", MINUTE) // SECOND for n in range(6000))
    assert set(seconds) == set(range(60))
    assert max(seconds.values()) < 150


def test_an_interval_under_a_second_is_refused() -> None:
    with pytest.raises(ValueError, match="one second"):
        phase_of("endpoint-1", timedelta(milliseconds=10))


def test_the_first_slot_of_a_new_endpoint_comes_within_one_interval() -> None:
    for n in range(100):
        grid = Grid.of(f"endpoint-{n}", MINUTE)
        assert at(0) < grid.after(at(0)) <= at(60)


def test_nothing_runs_before_it_is_due() -> None:
    assert due_slot(GRID, at(20), at(19.999)) is None
    assert due_slot(GRID, at(20), at(20)) == Slot(at(20), 0)


def test_after_two_hours_of_silence_the_newest_slot_runs_once_and_the_others_are_counted() -> None:
    slot = due_slot(GRID, at(20), at(7225))
    assert slot == Slot(at(7220), 120)
    assert next_due(GRID, at(7220), at(7226)) == at(7280)


def test_a_retry_runs_off_the_grid_and_moves_no_slot() -> None:
    due = next_due(GRID, at(20), at(22), retry=30 * SECOND)
    assert due == at(52)
    assert due_slot(GRID, due, at(53)) == Slot(at(52), 0)
    assert next_due(GRID, at(52), at(53)) == at(80)


def test_a_retry_comes_no_later_than_the_next_slot() -> None:
    assert next_due(GRID, at(20), at(60), retry=30 * SECOND) == at(80)


def test_a_retry_overtaken_by_slots_is_not_a_missed_slot() -> None:
    assert due_slot(GRID, at(52), at(200)) == Slot(at(200), 2)
    assert due_slot(GRID, at(52), at(80)) == Slot(at(80), 0)


def test_a_probe_slower_than_its_interval_loses_slots_and_says_so() -> None:
    due = next_due(GRID, at(20), at(175))
    assert due == at(80)
    assert due_slot(GRID, due, at(175)) == Slot(at(140), 1)


def test_slots_lie_the_same_before_1970_and_in_every_zone() -> None:
    assert Grid(MINUTE, 20 * SECOND).newest(datetime(1960, 1, 1, 0, 1, tzinfo=UTC)) == datetime(
        1960, 1, 1, 0, 0, 20, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [(20, 80, 1), (20, 80.001, 2), (20.001, 80, 0), (20, 20, 0), (80, 20, 0), (0, 7200, 120)],
)
def test_slots_between(start: float, end: float, count: int) -> None:
    assert GRID.between(at(start), at(end)) == count


@generated
@given(
    st.integers(1, 600),
    st.integers(0, 10**6),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 400), st.booleans(), st.booleans())),
)
def test_every_slot_is_run_once_or_counted_as_missed(
    interval: int, key: int, pumpings: list[tuple[int, int, bool, bool]]
) -> None:
    """A pump wakes, claims, and finishes, or is killed before; some results want a retry."""
    grid = Grid.of(str(key), interval * SECOND)
    first = due = grid.after(BORN)
    ran: list[datetime] = []
    missed, now = 0, BORN
    for wait, took, killed, retry in pumpings:
        now += wait * SECOND
        slot = due_slot(grid, due, now)
        if slot is None:
            continue
        missed, due = missed + slot.missed, slot.at
        assert slot.at <= now < grid.after(slot.at)
        if not killed:
            now += took * SECOND
            ran.append(slot.at)
            due = next_due(grid, slot.at, now, 30 * SECOND if retry else None)
    on_grid = [slot for slot in ran if grid.newest(slot) == slot]
    assert len(set(ran)) == len(ran)
    assert len(on_grid) + missed == grid.between(first, due)


@generated
@given(st.integers(1, 5000), st.integers(0, 10**6), st.datetimes(timezones=st.just(UTC)))
def test_a_slot_holds_until_the_next_one(interval: int, key: int, now: datetime) -> None:
    if not 1 < now.year < 9999:
        return
    grid = Grid.of(str(key), interval * SECOND)
    newest = grid.newest(now)
    assert newest <= now < grid.after(now) == newest + grid.interval
    assert grid.newest(newest) == newest
