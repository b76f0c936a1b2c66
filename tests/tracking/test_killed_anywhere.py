"""Killed at any line, an import or an issue leaves everything or nothing (rules.md P10)."""

import json
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.processes import PATIENCE, ROOT, environment, manage, own_database
from tests.tracking.test_progress_lists import event, plan_file

THEN = ("--as-of", "2025-11-18", "--known-at", "2025-11-18T17:00")
KILLS = 7  # places for each command; another choice every run would make failures hard to find
CHOICE = random.Random(20251118)

STATE = """
from tracking.actions.projection import differences
from tracking.models import *
print([Task.objects.count(), Event.objects.count(), ProgressList.objects.count(),
       CalendarVersion.objects.count(), len(differences())])
"""


def killing(url: str, folder: Path, line: int, *command: str) -> tuple[int, int]:
    """(exit status, lines run); the status is -9 when the process was killed."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.killing", str(line), *command],
        cwd=ROOT,
        env=environment(url, folder, DJANGO_SETTINGS_MODULE="config.settings"),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode in {0, -9}, done.stderr.decode()
    return done.returncode, int(done.stdout or 0)


def state(url: str, folder: Path) -> list[int]:
    done = manage(url, folder, "shell", "-v", "0", "-c", STATE)
    found: list[int] = json.loads(done.stdout)
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    late = event("T1", "submitted", "2025-11-15"), event("T1", "accepted", "2025-11-16")
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan_file(6, late), ensure_ascii=False), encoding="utf-8")
    return path


def tried(folder: Path, prepared: list[tuple[str, ...]], command: tuple[str, ...]) -> None:
    """Kill the command at many lines; each time everything or nothing, and again completes it."""

    def once(number: int, line: int) -> None:
        own = folder / str(number)
        own.mkdir()
        with own_database(own) as url:
            for step in prepared:
                assert manage(url, own, *step).returncode == 0
            status, _ = killing(url, own, line, *command)
            after = state(url, own)
            assert after in (before, whole)
            assert status == -9 or after == whole
            assert manage(url, own, *command).returncode == 0
            assert state(url, own) == whole
            if command[0] == "issue_list":
                assert manage(url, own, "verify_list", "--all").returncode == 0

    own = folder / "whole"
    own.mkdir()
    with own_database(own) as url:
        for step in prepared:
            assert manage(url, own, *step).returncode == 0
        before = state(url, own)
        _, lines = killing(url, own, 0, *command)
        whole = state(url, own)
    assert lines > 200
    # The last lines are where the transaction ends: they are tried one by one.
    places = sorted(CHOICE.sample(range(1, lines - 4), KILLS - 4)) + list(
        range(lines - 3, lines + 1)
    )
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(once, range(len(places)), places))


def test_an_import_is_whole_or_absent(tmp_path: Path, file: Path) -> None:
    tried(tmp_path, [], ("import_plan", str(file)))


def test_an_issue_is_whole_or_absent(tmp_path: Path, file: Path) -> None:
    tried(tmp_path, [("import_plan", str(file))], ("issue_list", *THEN))
