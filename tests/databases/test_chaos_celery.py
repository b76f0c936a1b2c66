"""Celery as the doorbell: rung twice, twenty times at once, forgotten, away."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from celery import Celery
from django.conf import LazySettings
from pytest_django import DjangoDbBlocker

from databases.jobs import pump
from databases.models import Check, EndpointState, PumpSign, Upkeep
from databases.models.pump_seen import pump_seen
from tests.databases.chaos import Portal, Process, portal_on, wait_until
from tests.databases.chaos_fleet import faults, make_fleet, states
from tests.databases.chaos_servers import OwnRedis
from tests.databases.chaos_target import Target, target
from tests.processes import on_postgresql, own_database

pytestmark = [
    pytest.mark.slow,
    # A server is started again while the target answers in its thread.
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]

WORKER = "worker --queues probes,celery --concurrency 2 --without-mingle --without-gossip"


@pytest.fixture
def broker() -> Iterator[OwnRedis]:
    with OwnRedis() as server:
        yield server


@pytest.fixture
def portal(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker, broker: OwnRedis
) -> Iterator[Portal]:
    with (
        own_database(tmp_path) as url,
        portal_on(url, tmp_path, django_db_blocker, REDIS_URL=broker.url) as found,
    ):
        yield found


@pytest.fixture
def answering() -> Iterator[Target]:
    with target(delay=0.05) as found:
        yield found


def test_a_pump_that_has_ended_makes_room_for_the_next_at_once(
    portal: Portal, answering: Target, settings: LazySettings
) -> None:
    settings.PUMPS_MOST, settings.PUMP_JOB_SECONDS = 1, 0.4
    make_fleet(1, answering.port, datetime.now(UTC))
    for times in (1, 2, 3):
        EndpointState.objects.update(next_due_at=datetime.now(UTC))
        pump()
        assert written() == times
    assert not pump_seen(datetime.now(UTC)).silent


def celery(portal: Portal, command: str) -> Process:
    return portal.start("-m", "celery", "-A", "config", *command.split(), "--loglevel", "INFO")


def written() -> int:
    return Check.objects.count()


def wait_for_more(checks: int) -> None:
    wanted = written() + checks
    wait_until(f"{checks} more checks are written", lambda: written() >= wanted)


def wait_for_rings(workers: list[Process]) -> None:
    """Beat rings, and the workers hear it."""

    def heard() -> int:
        return sum(worker.said.count("Task databases.jobs.pump") for worker in workers)

    before = heard()
    wait_until("the bell is heard twice more", lambda: heard() >= before + 2)


def test_a_worker_that_is_told_to_end_does_not_wait_for_its_pump(
    portal: Portal, broker: OwnRedis, answering: Target
) -> None:
    portal.more["CHAOS_JOB_SECONDS"] = "90"
    fleet = make_fleet(20, answering.port, datetime.now(UTC), intervals=(1,))
    worker = celery(portal, WORKER)

    def rung() -> bool:
        with Celery(broker=broker.url) as app:
            app.send_task("databases.jobs.pump", queue="probes", expires=4)
        return PumpSign.objects.exists()

    wait_until("a pump is at work", rung)
    wait_until("all are up", lambda: states() == {"up": len(fleet)})
    assert worker.end(seconds=45) == 0
    assert not EndpointState.objects.filter(lease_until__isnull=False).exists()
    assert faults(fleet) == []


@pytest.mark.skipif(
    not on_postgresql(), reason="workers of several machines do not share an SQLite file"
)
def test_two_beats_two_workers_and_a_broker_that_forgets_and_goes_away(
    portal: Portal, broker: OwnRedis, answering: Target
) -> None:
    fleet = make_fleet(60, answering.port, datetime.now(UTC), intervals=(1, 2))
    workers = [celery(portal, WORKER) for _ in range(2)]
    for name in "ab":
        celery(portal, f"beat --schedule {portal.folder / name}")
    stand_by = portal.pump("--no-chores")
    wait_for_rings(workers)
    wait_until("all are up", lambda: states() == {"up": len(fleet)})

    with Celery(broker=broker.url) as app:
        for _ in range(20):
            app.send_task("databases.jobs.pump", queue="probes", expires=4)
    wait_for_rings(workers)
    wait_for_more(len(fleet))

    with broker.client() as client:
        client.flushall()
    wait_for_rings(workers)

    broker.halt(signal.SIGTERM)
    wait_for_more(len(fleet))
    broker.start_again()
    wait_for_rings(workers)
    assert stand_by.end() == 0, "it was at work all the time"
    # The stand-by has ended, so this is the work of Celery.
    wait_for_more(2 * len(fleet))
    wait_until("the upkeep was done", lambda: Upkeep.objects.exclude(done_at=None).exists())

    portal.end_all()
    assert PumpSign.objects.filter(name__startswith="celery").exists()
    assert faults(fleet) == []
    assert states() == {"up": len(fleet)}
