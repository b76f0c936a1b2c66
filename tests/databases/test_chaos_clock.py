"""A clock that is set back or forward under a pump, and hours in which nobody worked."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from databases.models import Check, EndpointState
from databases.pump.configuration import grid_of
from databases.pump.run import Pump
from tests.databases.chaos import Portal, portal_on, pumped
from tests.databases.chaos_fleet import Fleet, faults, make_fleet, states
from tests.databases.chaos_target import Target, target
from tests.processes import own_database

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
INTERVAL = 60
MANY = 60


@dataclass
class Clock:
    """Stands still unless it is set."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def portal(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Portal]:
    with own_database(tmp_path) as url, portal_on(url, tmp_path, django_db_blocker) as found:
        yield found


@pytest.fixture
def answering() -> Iterator[Target]:
    with target() as found:
        yield found


@pytest.fixture
def fleet(portal: Portal, answering: Target) -> Fleet:
    return make_fleet(MANY, answering.port, NOW, intervals=(INTERVAL,))


def written(checks: int) -> Callable[[], bool]:
    return lambda: Check.objects.count() >= checks


def pumped_for(seconds: float, clock: Clock) -> list[str]:
    """Long enough for several claims that must find nothing."""
    end = time.monotonic() + seconds
    return pumped(lambda: time.monotonic() > end, clock=clock)


def asked(answering: Target) -> list[int]:
    """How often each was asked, without repetition."""
    return sorted(set(answering.asked.values()))


def test_a_pump_in_a_hurry_gives_back_what_it_was_about_to_take(fleet: Fleet) -> None:
    """It is told to end between asking for a claim and hearing of it."""
    turns = iter([False])
    Pump(name="here", said=print, clock=Clock(NOW + MINUTE)).run(
        until=lambda: next(turns, True), hurry=lambda: True
    )
    assert not EndpointState.objects.filter(lease_until__isnull=False).exists()
    assert not Check.objects.exists()


def test_a_clock_that_is_set_back_doubles_nothing_and_ends_nothing(
    fleet: Fleet, answering: Target
) -> None:
    clock = Clock(NOW + MINUTE)
    pumped(written(MANY), clock=clock)
    clock.now -= 10 * MINUTE
    said = pumped_for(1.2, clock)
    assert said == ["The clock was set back: nothing is probed until it has caught up."]
    assert asked(answering) == [1]
    # It has caught up, and a little more.
    clock.now += 11 * MINUTE
    assert pumped(written(2 * MANY), clock=clock) == []
    assert asked(answering) == [2]
    assert states() == {"up": MANY}
    assert faults(fleet) == []


def test_a_clock_that_is_set_forward_misses_slots_and_runs_the_newest(
    fleet: Fleet, answering: Target
) -> None:
    clock = Clock(NOW + MINUTE)
    pumped(written(MANY), clock=clock)
    clock.now += 60 * MINUTE
    assert pumped(written(2 * MANY), clock=clock) == []
    pumped_for(0.8, clock)
    assert asked(answering) == [2]
    assert set(EndpointState.objects.values_list("missed", flat=True)) == {59}
    assert faults(fleet) == []


def test_a_clock_that_jumps_while_probes_are_under_way_counts_each_slot_once(
    fleet: Fleet, answering: Target
) -> None:
    """The leases of the pump end under its own feet, and it claims again what it has."""
    clock = Clock(NOW + MINUTE)
    answering.hangs = True

    def jumped() -> bool:
        if answering.hangs and sum(answering.asked.values()) == MANY:
            clock.now += 60 * MINUTE
            answering.hangs = False
        return states() == {"up": MANY}

    pumped(jumped, clock=clock)
    assert set(Check.objects.values_list("result", flat=True)) == {"ok"}
    assert asked(answering) == [2]
    assert faults(fleet) == []


def test_after_two_hours_of_nobody_working_each_is_probed_once(
    fleet: Fleet, answering: Target
) -> None:
    clock = Clock(NOW + 120 * MINUTE)
    assert pumped(written(MANY), clock=clock) == []
    pumped_for(0.8, clock)
    assert asked(answering) == [1]
    for check in Check.objects.all():
        grid = grid_of(check.endpoint_id, INTERVAL)
        assert check.slot_at == grid.newest(clock.now)
        assert check.missed == grid.between(fleet.first[check.endpoint_id], check.slot_at) == 119
    assert faults(fleet) == []


def test_after_two_hours_of_nobody_working_the_next_starts_are_spread(
    fleet: Fleet, answering: Target
) -> None:
    clock = Clock(NOW + 120 * MINUTE)
    pumped(written(MANY), clock=clock)
    due = EndpointState.objects.values_list("next_due_at", flat=True)
    waits = [(at - clock.now).total_seconds() for at in due]
    assert all(0 < wait <= INTERVAL for wait in waits)
    tenths = Counter(int(wait / (INTERVAL / 10)) for wait in waits)
    assert max(tenths.values()) < 3 * MANY / 10
