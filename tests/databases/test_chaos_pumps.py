"""Pumps that are killed, stopped and ended while they work: nothing is lost, nothing is doubled."""

import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import connection
from django.db.models import Sum
from pytest_django import DjangoDbBlocker

from databases.models import Check, EndpointState, Outage, PumpSign, Upkeep
from databases.pump.claim import claim
from tests.databases.chaos import (
    PATIENCE,
    Portal,
    Process,
    portal_on,
    pumped,
    somebody_writes,
    wait_until,
)
from tests.databases.chaos_fleet import faults, make_fleet, states
from tests.databases.chaos_settings import PUMP_LEASE_SECONDS as LEASE
from tests.databases.chaos_target import Target, target
from tests.processes import on_postgresql, own_database

pytestmark = pytest.mark.slow

_log = logging.getLogger(__name__)

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
HANDS = 4
SEED = 20_261_120
ROUNDS = 2  # in each of which one pump is stopped and the other two are killed


@pytest.fixture
def portal(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Portal]:
    with own_database(tmp_path) as url, portal_on(url, tmp_path, django_db_blocker) as found:
        yield found


@pytest.fixture
def answering() -> Iterator[Target]:
    with target(delay=0.2) as found:
        yield found


def written() -> int:
    return Check.objects.count()


def wait_for_more(checks: int) -> None:
    """A moment that depends on work done, not on how busy the machine is."""
    wanted = written() + checks
    wait_until(f"{checks} more checks are written", lambda: written() >= wanted)


def held() -> dict[int, int]:
    """Endpoints that are under way, and the tokens of their leases."""
    rows = EndpointState.objects.filter(lease_until__isnull=False)
    return dict(rows.values_list("pk", "lease_token"))


def fenced() -> int:
    """Results that were refused because they came too late."""
    return PumpSign.objects.aggregate(n=Sum("fenced"))["n"] or 0


def all_are(state: str, many: int) -> None:
    wait_until(f"all {many} are {state}", lambda: states() == {state: many})


def end(pumps: list[Process]) -> None:
    assert [pump.end() for pump in pumps] == [0] * len(pumps)
    assert held() == {}


def wait_at_work(pump: Process) -> None:
    signs = PumpSign.objects.filter(name__startswith=f"pump {pump.popen.pid} ")
    wait_until("the pump gives a sign of life", signs.exists)


def test_claims_at_the_same_moment_never_share_an_endpoint(portal: Portal) -> None:
    fleet = make_fleet(600, 1, NOW)
    together = threading.Barrier(HANDS)

    def claims(hand: int) -> list[int]:
        together.wait(PATIENCE)
        found: list[int] = []
        while rows := claim(5, NOW + timedelta(minutes=2)):
            found += [row.endpoint for row in rows]
        connection.close()
        return found

    with ThreadPoolExecutor(HANDS) as hands:
        shares = list(hands.map(claims, range(HANDS)))
    claimed = [endpoint for share in shares for endpoint in share]
    assert sorted(claimed) == sorted(fleet.first)


def put_to_sleep(pump: Process) -> dict[int, int]:
    """While it only waits for answers; what it holds then. One that sleeps in the middle of a
    transaction keeps its rows, on SQLite the whole database, until it wakes up."""
    while True:
        wait_until("something is under way", held)
        pump.stop()
        if (asleep := held()) and not somebody_writes():
            return asleep
        pump.go_on()


def freeze(pump: Process) -> None:
    """At any moment; under SQLite, where it might keep everybody waiting, at a quiet one."""
    if on_postgresql():
        pump.stop()
    else:
        put_to_sleep(pump)


def test_killed_and_stopped_pumps_lose_no_slot_and_tell_nothing_twice(
    portal: Portal, answering: Target
) -> None:
    answering.delay = 0.5
    fleet = make_fleet(180, answering.port, datetime.now(UTC), intervals=(1, 2))
    random = Random(SEED)
    pumps = [portal.pump(), portal.pump("--no-chores"), portal.pump("--no-chores")]
    stored = Upkeep.objects.filter(name="storage", done_at__isnull=False)
    wait_until("the day has its partition", stored.exists)
    for _ in range(ROUNDS):
        for pump in pumps:
            wait_at_work(pump)
        wait_for_more(random.randrange(20, 120))
        sleeper, *victims = random.sample(range(len(pumps)), len(pumps))
        freeze(pumps[sleeper])
        lease_over = time.monotonic() + LEASE + 1
        for victim in victims:
            wait_for_more(random.randrange(20, 120))
            pumps[victim].kill()
            pumps[victim] = portal.pump("--no-chores")
        wait_for_more(random.randrange(20, 120))
        time.sleep(max(0.0, lease_over - time.monotonic()))
        pumps[sleeper].go_on()
    all_are("up", len(fleet))
    answering.stop()
    all_are("down", len(fleet))
    assert Outage.objects.filter(ended_at=None).count() == len(fleet)
    answering.start()
    all_are("up", len(fleet))
    end(pumps)
    assert faults(fleet) == []
    assert not Outage.objects.filter(ended_at=None).exists()
    missed = EndpointState.objects.aggregate(n=Sum("missed"))["n"]
    _log.info("%d checks, %d missed, %d results fenced", written(), missed, fenced())


def test_a_pump_that_slept_longer_than_its_lease_writes_nothing(
    portal: Portal, answering: Target
) -> None:
    answering.delay = 1.0
    fleet = make_fleet(40, answering.port, datetime.now(UTC), intervals=(2,))
    sleeper = portal.pump("--no-chores")
    asleep = put_to_sleep(sleeper)
    answering.delay = 0.0
    other = portal.pump("--no-chores")

    def taken_over() -> bool:
        seen = EndpointState.objects.filter(pk__in=asleep, last_slot_at__isnull=False)
        tokens = dict(seen.values_list("pk", "lease_token"))
        return all(tokens.get(pk, token) > token for pk, token in asleep.items())

    wait_until("the other one has taken them over", taken_over)
    sleeper.go_on()
    wait_until("what the sleeper saw was refused", lambda: fenced() > 0)
    all_are("up", len(fleet))
    end([sleeper, other])
    assert faults(fleet) == []


def test_pumps_that_nobody_disturbs_ask_once_a_slot(portal: Portal, answering: Target) -> None:
    pumps = [portal.pump(), portal.pump(), portal.pump()]
    for pump in pumps:
        wait_at_work(pump)
    fleet = make_fleet(120, answering.port, datetime.now(UTC), intervals=(1, 2))
    wait_until("each was asked a few times", lambda: written() > 2 * len(fleet))
    end(pumps)
    assert faults(fleet) == []
    assert sum(answering.asked.values()) == written()
    signs = PumpSign.objects.filter(finished__gt=0)
    assert signs.count() > 1, "the work was shared"
    for pump in pumps:
        assert "locked" not in pump.said
        assert "WARNING" not in pump.said
        assert "ERROR" not in pump.said


def test_a_pump_that_is_told_to_end_gives_back_what_hangs(
    portal: Portal, answering: Target
) -> None:
    answering.hangs = True
    fleet = make_fleet(5, answering.port, datetime.now(UTC), intervals=(86_400,), timeout=60_000)
    EndpointState.objects.update(next_due_at=datetime.now(UTC))
    pump = portal.pump("--no-chores")
    wait_until("all of them hang", lambda: sum(answering.asked.values()) == len(fleet))
    told_at = time.monotonic()
    assert pump.end(seconds=30) == 0
    assert time.monotonic() - told_at > 4, "what is under way is given some patience"
    assert held() == {}
    answering.hangs = False
    pumped(lambda: states() == {"up": len(fleet)}, seconds=30)
    assert written() == len(fleet)
