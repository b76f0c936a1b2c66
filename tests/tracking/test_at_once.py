"""Several people do the same thing at once: one list, one import, one decision."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import PATIENCE, manage, own_database, started
from tests.tracking.test_progress_lists import event, plan_file

THEN = ("--as-of", "2025-11-18", "--known-at", "2025-11-18T17:00")
COUNT = """
from tracking.models import *
print([Task.objects.count(), Event.objects.count(), ProgressList.objects.count()])
"""
DECIDE = """
import sys
from django.utils import timezone
from tracking.actions.ledger import record
from tracking.actions.refusals import Refused
from tracking.models import Task
from tracking.rules.events import Kind
now = timezone.now()
try:
    record(task=Task.objects.get(code="T1"), kind=Kind("{kind}"), effective_at=now,
           recorded_at=now, by="an", payload={{"reason": "x"}})
except Refused as refused:
    print(refused, file=sys.stderr)
    sys.exit(1)
"""


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with own_database(tmp_path) as address:
        yield address


def written(tmp_path: Path, name: str, content: dict[str, object]) -> str:
    path = tmp_path / name
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return str(path)


def at_once(url: str, folder: Path, *commands: tuple[str, ...]) -> list[tuple[int, str, str]]:
    running = [started(url, folder, *command) for command in commands]
    ended = [process.communicate(timeout=PATIENCE) for process in running]
    return [
        (process.returncode, out.decode(), err.decode())
        for process, (out, err) in zip(running, ended, strict=True)
    ]


def counted(url: str, folder: Path) -> list[int]:
    found: list[int] = json.loads(manage(url, folder, "shell", "-v", "0", "-c", COUNT).stdout)
    return found


def test_operators_who_issue_at_once_get_one_list(url: str, tmp_path: Path) -> None:
    file = written(tmp_path, "plan.json", plan_file(4))
    assert manage(url, tmp_path, "import_plan", file).returncode == 0
    results = at_once(url, tmp_path, *[("issue_list", *THEN)] * 4)
    assert [status for status, _, _ in results] == [0] * 4, results
    hashes = {re.findall("[0-9a-f]{64}", out)[0] for _, out, _ in results}
    assert len(hashes) == 1
    assert counted(url, tmp_path)[2] == 1


def test_an_import_taken_in_by_two_at_once_is_written_once(url: str, tmp_path: Path) -> None:
    file = written(tmp_path, "plan.json", plan_file(6))
    results = at_once(url, tmp_path, *[("import_plan", file)] * 2)
    assert [status for status, _, _ in results] == [0, 0], results
    assert counted(url, tmp_path) == [6, 12, 0]


def test_a_list_issued_while_entries_arrive_still_verifies(url: str, tmp_path: Path) -> None:
    first = written(tmp_path, "first.json", plan_file(4))
    assert manage(url, tmp_path, "import_plan", first).returncode == 0
    more = [event(f"T{n}", "progress_reported", "2025-11-17", percent=n) for n in range(1, 5)]
    second = written(tmp_path, "second.json", {"format": "progress-plan/1", "events": more})
    both = at_once(url, tmp_path, ("import_plan", second), ("issue_list", *THEN))
    assert both[1][0] == 0, both
    # The entries came before the list or were refused behind it; never in between.
    assert both[0][0] in {0, 1}
    assert ("T1" in both[0][2]) == (both[0][0] == 1)
    assert manage(url, tmp_path, "verify_list", "--all").returncode == 0


def test_of_two_decisions_that_exclude_each_other_one_is_refused(url: str, tmp_path: Path) -> None:
    submitted = event("T1", "submitted", "2025-11-05")
    file = written(tmp_path, "plan.json", plan_file(1, (submitted,)))
    assert manage(url, tmp_path, "import_plan", file).returncode == 0
    scripts = [DECIDE.format(kind=kind) for kind in ("accepted", "returned")]
    results = at_once(url, tmp_path, *[("shell", "-v", "0", "-c", script) for script in scripts])
    assert sorted(status for status, _, _ in results) == [0, 1], results
    (refused,) = [err for status, _, err in results if status]
    assert "T1" in refused
    assert "Traceback" not in refused
