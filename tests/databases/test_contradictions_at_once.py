"""Several processes keep the register at once: each contradiction is opened and closed once."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import PATIENCE, manage, own_database, started

SHELL = ("shell", "-v", "0", "-c")
# Four connections are declared connected, and nothing probes them.
SET_UP = """
from databases.actions.seed import seed_databases
from tests.tracking.imported import NOW
from tracking.actions.seed import seed
seed(now=NOW, illustrative=False)
seed_databases()
"""
KEEP = """
from databases.actions.contradictions import reconcile_contradictions
from tests.databases.watched import START
changes = reconcile_contradictions(now=START)
print([len(changes.opened), len(changes.closed)])
"""
TOLD = """
from databases.models import ContradictionEntry
from databases.rules.stage import Stage
from tests.databases.watched import START, declare
print([[e.contradiction.connection.code, e.event] for e in ContradictionEntry.objects.all()])
"""
WITHDRAW = """
for code in ("KN-01-DC", "KN-02-DC", "KN-03-DC"):
    declare(code, Stage.UPGRADING, START)
"""


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with own_database(tmp_path) as address:
        done = manage(address, tmp_path, *SHELL, SET_UP)
        assert done.returncode == 0, done.stderr.decode()
        yield address


def kept_at_once(url: str, folder: Path, count: int) -> list[list[int]]:
    """How many each of them opened and closed."""
    running = [started(url, folder, *SHELL, KEEP) for _ in range(count)]
    ended = [process.communicate(timeout=PATIENCE) for process in running]
    assert [process.returncode for process in running] == [0] * count, ended
    return sorted(json.loads(out) for out, _ in ended)


def told(url: str, folder: Path, script: str = TOLD) -> list[list[str]]:
    done = manage(url, folder, *SHELL, script)
    assert done.returncode == 0, done.stderr.decode()
    found: list[list[str]] = json.loads(done.stdout.decode().replace("'", '"'))
    return sorted(found)


def test_of_those_who_keep_it_at_once_one_writes_each_change(url: str, tmp_path: Path) -> None:
    assert kept_at_once(url, tmp_path, 3) == [[0, 0], [0, 0], [4, 0]]
    four = [[f"KN-0{number}-DC", "opened"] for number in (1, 2, 3, 4)]
    assert told(url, tmp_path, TOLD + WITHDRAW) == four
    assert kept_at_once(url, tmp_path, 2) == [[0, 0], [0, 3]]
    three = [[f"KN-0{number}-DC", "closed"] for number in (1, 2, 3)]
    assert told(url, tmp_path) == sorted([*four, *three])
