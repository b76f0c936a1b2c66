"""Watches in processes of their own: at once, beside each other, and to their end."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.databases.running_stand_ins import happens
from tests.forked import Forked
from tests.processes import environment, manage, own_database, started
from tests.tracking.ways_to_tell import webhook

SILENT = "INSERT INTO tracking_pulse (name, at) VALUES ('scheduler', '2026-01-01 00:00:00')"
SIGNS = "SELECT name FROM tracking_pulse ORDER BY name"
ALARMS = "SELECT count(*) FROM tracking_alarm UNION ALL SELECT count(*) FROM tracking_alarmtelling"

pytestmark = pytest.mark.slow


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with own_database(tmp_path) as found:
        yield found


def asked(url: str, statement: str) -> list[Any]:
    """The first column of the answer of the database itself."""
    path = url.removeprefix("sqlite:///")
    database: Any = psycopg.connect(url) if path == url else sqlite3.connect(path, timeout=20)
    with closing(database):
        found = database.execute(statement)
        rows = [row[0] for row in found.fetchall()] if found.description else []
        database.commit()
        return rows


def test_watches_at_once_open_one_alarm_and_tell_it_once(url: str, tmp_path: Path) -> None:
    asked(url, SILENT)
    with webhook() as hook:
        told_by = environment(url, tmp_path, ALARM_WEBHOOK=hook.address)
        several = [Forked(["manage.py", "watch", "--once"], told_by) for _ in range(3)]
        for process in several:
            told, faults = process.communicate()
            assert (process.returncode, faults) == (0, b"")
            assert told.count(b"\n") == 1
        assert len(hook.told) == 1
    assert asked(url, ALARMS) == [1, 1]


def test_the_watch_gives_its_own_sign_and_ends_when_it_is_told(url: str, tmp_path: Path) -> None:
    process = started(url, tmp_path, "watch")
    try:
        happens(lambda: asked(url, SIGNS) == ["watch"])
    finally:
        os.kill(process.pid, signal.SIGTERM)
        _, faults = process.communicate()
    assert (process.returncode, faults) == (0, b"")
    assert asked(url, ALARMS) == [0, 0]
    assert manage(url, tmp_path, "watch", "--retire").returncode == 0
    assert asked(url, SIGNS) == []
