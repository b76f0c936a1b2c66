"""Reminders run by two at once, or killed at any line and run again: each person has one message,
and with it the notes of what it told (rules.md P10)."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.processes import copied, killed, manage, own_database, started

PREPARE = """
from tests.tracking.imported import take_in
from tests.tracking.reminder_people import people
from tests.tracking.test_progress_lists import plan_file
take_in(plan_file(3))
people()
"""
_MAKE = """
from tests.tracking.reminder_people import at
from tracking.actions.reminders import make_due_digests
make_due_digests(at("11-18"))
"""
MAKE = ("shell", "-v", "0", "-c", _MAKE)
TABLES = ("message", "delivery", "reminder")
# To the reporter, the head and the operator, of three tasks each.
EVERYTHING = [3, 3, 9]
WHOLE_MESSAGES = [[number, number, 3 * number] for number in range(4)]
KILLS = 3  # places anywhere; another choice every run would make failures hard to find
CHOICE = random.Random(20251118)


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with own_database(tmp_path) as address:
        done = manage(address, tmp_path, "shell", "-v", "0", "-c", PREPARE)
        assert done.returncode == 0, done.stderr.decode()
        yield address


def counted(url: str) -> list[int]:
    counts = [f"SELECT count(*) FROM tracking_{table}" for table in TABLES]
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            return [file.execute(count).fetchone()[0] for count in counts]
    with psycopg.connect(url) as server:
        return [server.execute(count.encode()).fetchone()[0] for count in counts]  # type: ignore[index]


def test_two_schedulers_at_once_write_one_message_a_person(url: str, tmp_path: Path) -> None:
    running = [started(url, tmp_path, *MAKE) for _ in range(2)]
    for process in running:
        _out, err = process.communicate()
        assert process.returncode == 0, err.decode()
        assert b"ERROR" not in err
    assert counted(url) == EVERYTHING


def test_killed_at_any_line_and_run_again_nobody_is_left_out_or_told_twice(
    url: str, tmp_path: Path
) -> None:
    with copied(url, tmp_path) as whole:
        _status, lines = killed(whole, tmp_path, 0, *MAKE)
        assert counted(whole) == EVERYTHING
    assert lines > 200
    for line in sorted(CHOICE.sample(range(lines // 3, lines - 2), KILLS)):
        assert killed(url, tmp_path, line, *MAKE)[0] == -9
        assert counted(url) in WHOLE_MESSAGES
    assert manage(url, tmp_path, *MAKE).returncode == 0
    assert counted(url) == EVERYTHING
