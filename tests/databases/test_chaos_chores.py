"""Upkeep by several processes at once, and what is left of a pump that died."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from databases.actions.sweep import expire_stale
from databases.actions.upkeep import CHORES
from databases.models import Outage, Upkeep
from databases.models.pump_seen import pump_seen
from tests.databases.chaos import Portal, portal_on, wait_until
from tests.databases.chaos_fleet import faults, make_fleet, states
from tests.databases.chaos_target import target
from tests.processes import PATIENCE, ROOT, environment, own_database

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
APART = timedelta(seconds=2)


@pytest.fixture
def portal(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Portal]:
    with own_database(tmp_path) as url, portal_on(url, tmp_path, django_db_blocker) as found:
        yield found


@pytest.fixture
def keepers(portal: Portal) -> Iterator[list[subprocess.Popen[str]]]:
    """Two processes that do the upkeep when they are told an instant."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.databases.chaos_chores"],
            cwd=ROOT,
            env=environment(portal.url, portal.folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for _ in range(2)
    ]
    yield started
    for process in started:
        process.communicate(timeout=PATIENCE)


def done_at_once(keepers: list[subprocess.Popen[str]], now: datetime) -> list[str]:
    """What they did between them, told an instant together; no two clocks are quite the same."""
    for number, process in enumerate(keepers):
        assert process.stdin
        process.stdin.write(f"{(now - number * APART).isoformat()}\n")
        process.stdin.flush()
    return sorted(" ".join(p.stdout.readline() for p in keepers if p.stdout).split())


def rename(table: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {name}")


def test_two_processes_do_each_chore_once_and_one_that_fails_stops_no_other(
    keepers: list[subprocess.Popen[str]],
) -> None:
    due = sorted(chore.name for chore in CHORES)
    assert done_at_once(keepers, NOW) == due
    assert set(Upkeep.objects.values_list("done_at", flat=True)) <= {NOW, NOW - APART}
    rename("databases_contradiction", "gone")
    assert done_at_once(keepers, NOW + HOUR) == [name for name in due if name != "contradictions"]
    rename("gone", "databases_contradiction")
    for hours in range(2, 10):
        assert done_at_once(keepers, NOW + hours * HOUR) == due


def test_what_a_dead_pump_saw_becomes_unknown_and_its_outages_stay_open(portal: Portal) -> None:
    with target() as answering:
        answering.status = 500
        now = datetime.now(UTC)
        fleet = make_fleet(20, answering.port, now, intervals=(1,))
        dead = portal.pump("--no-chores")
        wait_until("all are down", lambda: states() == {"down": len(fleet)})
        dead.kill()
        assert not pump_seen(datetime.now(UTC)).silent
        assert expire_stale(now=datetime.now(UTC)) == 0
        later = datetime.now(UTC) + HOUR
        assert pump_seen(later).silent
        assert expire_stale(now=later) == len(fleet)
        assert states() == {"unknown": len(fleet)}
        assert Outage.objects.filter(ended_at=None).count() == len(fleet)
        assert faults(fleet) == []
