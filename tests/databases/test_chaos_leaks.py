"""Thousands of probes that run into their time-outs leave nothing behind in the process."""

import gc
import os
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from databases.models import Check
from tests.databases.chaos import Portal, faster, portal_on, pumped, wait_until
from tests.databases.chaos_fleet import faults, make_fleet
from tests.databases.chaos_target import Target, target
from tests.processes import own_database

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
MANY = 300
ROUNDS = 8
FASTER = 20  # than the real clock, so that all are due again as soon as they have ended
GROWTH_MOST = 4_000_000  # bytes


@pytest.fixture
def portal(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Portal]:
    with own_database(tmp_path) as url, portal_on(url, tmp_path, django_db_blocker) as found:
        yield found


@pytest.fixture
def hanging() -> Iterator[Target]:
    with target() as found:
        found.hangs = True
        yield found


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def resident() -> int:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.slow
def test_thousands_of_probes_that_time_out_leave_no_descriptor_and_no_memory(
    portal: Portal, hanging: Target
) -> None:
    fleet = make_fleet(MANY, hanging.port, NOW, intervals=(5,), timeout=100)
    before = descriptors()
    sizes: dict[int, int] = {}
    most = 0
    look_at = 0.0

    def probed() -> bool:
        nonlocal most, look_at
        if time.monotonic() < look_at:
            return False
        look_at = time.monotonic() + 0.1
        most = max(most, descriptors())
        rounds = Check.objects.count() // MANY
        if rounds not in sizes:
            sizes[rounds] = resident()
        return rounds >= ROUNDS

    pumped(probed, clock=faster(NOW, FASTER))
    # Both ends of each connection are ours.
    assert most < before + 2 * MANY + 40
    wait_until("all of them are closed", lambda: not hanging.busy and descriptors() < before + 5)
    early = min(size for rounds, size in sizes.items() if rounds >= 3)
    assert sizes[max(sizes)] - early < GROWTH_MOST
    results = Counter(Check.objects.values_list("result", flat=True))
    # On a machine that is busy with other things some time-outs are our own lateness.
    assert set(results) <= {"fail", "blind"}
    assert results["fail"] > 3 * MANY
    assert faults(fleet) == []
