"""A report made by two at once, or killed at any line and made again: at most one list for a time,
and one message (rules.md P10)."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.processes import killed, manage, own_database, started

ONE = """
from tests.tracking.report_rows import schedule, take_in_plan
take_in_plan()
schedule("one", formats=["json"], addresses="a@example.org\\nb@example.org")
"""
TWO = f"""{ONE}
schedule("two", policy="incomplete")
"""
_MAKE = """
from tracking.actions.reports import make_due_reports
from tracking.rules.instants import instant_from
make_due_reports(instant_from("2025-11-19T08:00:00"))
"""
MAKE = ("shell", "-v", "0", "-c", _MAKE)
TABLES = ("progresslist", "message", "delivery", "messagefile", "reportrun")
NOTHING = [0, 0, 0, 0, 0]
# The list, its message with a file to two recipients; the time of the day before is passed over.
MADE = [1, 1, 2, 1, 2]
BOTH_MADE = [2, 2, 3, 1, 4]
KILLS = 3  # places anywhere; another choice every run would make failures hard to find
CHOICE = random.Random(20251118)


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with own_database(tmp_path) as address:
        yield address


def prepare(url: str, folder: Path, script: str) -> None:
    assert manage(url, folder, "shell", "-v", "0", "-c", script).returncode == 0
    assert counted(url) == NOTHING


def counted(url: str) -> list[int]:
    counts = [f"SELECT count(*) FROM tracking_{table}" for table in TABLES]
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            return [file.execute(count).fetchone()[0] for count in counts]
    with psycopg.connect(url) as server:
        return [server.execute(count.encode()).fetchone()[0] for count in counts]  # type: ignore[index]


def test_two_schedulers_at_once_make_one_list_and_one_message(url: str, tmp_path: Path) -> None:
    prepare(url, tmp_path, TWO)
    running = [started(url, tmp_path, *MAKE) for _ in range(2)]
    for process in running:
        _out, err = process.communicate()
        assert process.returncode == 0, err.decode()
        assert b"ERROR" not in err
    assert counted(url) == BOTH_MADE


def test_killed_at_any_line_and_run_again_nothing_is_made_twice(url: str, tmp_path: Path) -> None:
    with own_database(tmp_path) as whole:
        prepare(whole, tmp_path, ONE)
        _status, lines = killed(whole, tmp_path, 0, *MAKE)
        assert counted(whole) == MADE
    assert lines > 200
    prepare(url, tmp_path, ONE)
    # The last lines are where the transaction ends: after the very last one all is written.
    for line in (*sorted(CHOICE.sample(range(lines // 8, lines - 5), KILLS)), lines - 5):
        assert killed(url, tmp_path, line, *MAKE)[0] == -9
        assert counted(url) == NOTHING
    assert killed(url, tmp_path, lines, *MAKE)[0] == -9
    assert counted(url) == MADE
    assert killed(url, tmp_path, 0, *MAKE)[0] == 0
    assert counted(url) == MADE
