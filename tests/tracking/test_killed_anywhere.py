"""Killed at any line, an import or an issue leaves everything or nothing (rules.md P10)."""

import json
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.processes import copied, killed, manage, own_database
from tests.tracking.test_progress_lists import event, plan_file

THEN = ("--as-of", "2025-11-18", "--known-at", "2025-11-18T17:00")
KILLS = 7  # places for each command; another choice every run would make failures hard to find
CHOICE = random.Random(20251118)

# What there is, and once more after each of these commands.
STATES = """
from django.core.management import call_command
from tracking.actions.projection import differences
from tracking.models import *
def state():
    return [Task.objects.count(), Event.objects.count(), ProgressList.objects.count(),
            CalendarVersion.objects.count(), len(differences())]
found = [state()]
for command in {commands}:
    call_command(*command, stdout=open("/dev/null", "w"))
    found.append(state())
print(found)
"""


def states(url: str, folder: Path, *commands: tuple[str, ...]) -> list[list[int]]:
    """In one process of its own, which must not complain."""
    done = manage(url, folder, "shell", "-v", "0", "-c", STATES.format(commands=commands))
    assert done.returncode == 0, done.stderr.decode()
    found: list[list[int]] = json.loads(done.stdout)
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    late = event("T1", "submitted", "2025-11-15"), event("T1", "accepted", "2025-11-16")
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan_file(6, late), ensure_ascii=False), encoding="utf-8")
    return path


def tried(folder: Path, url: str, command: tuple[str, ...]) -> None:
    """Kill the command at many lines; each time everything or nothing, and again completes it."""

    def once(line: int) -> None:
        with copied(url, folder) as own:
            status, _ = killed(own, folder, line, *command)
            after, again, verified = states(own, folder, command, ("verify_list", "--all"))
            assert after in (before, whole)
            assert status == -9 or after == whole
            assert again == verified == whole

    (before,) = states(url, folder)
    with copied(url, folder) as own:
        _, lines = killed(own, folder, 0, *command)
        (whole,) = states(own, folder)
    assert lines > 200
    # The last lines are where the transaction ends: they are tried one by one.
    ends = range(lines - 3, lines + 1)
    places = [*sorted(CHOICE.sample(range(1, lines - 4), KILLS - len(ends))), *ends]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(once, places))


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with own_database(tmp_path) as address:
        yield address


def test_an_import_is_whole_or_absent(url: str, tmp_path: Path, file: Path) -> None:
    tried(tmp_path, url, ("import_plan", str(file)))


def test_an_issue_is_whole_or_absent(url: str, tmp_path: Path, file: Path) -> None:
    assert manage(url, tmp_path, "import_plan", str(file)).returncode == 0
    tried(tmp_path, url, ("issue_list", *THEN))
