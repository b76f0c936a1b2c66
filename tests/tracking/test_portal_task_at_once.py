"""The same form sent twice at once, and two people at once, in processes of their own."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import manage, own_database
from tests.tracking.test_at_once import at_once, written
from tests.tracking.test_progress_lists import plan_file

RECORD = """
import sys
from django.core.files.base import ContentFile
from django.utils import timezone
from tracking.actions.evidence import record_evidence
from tracking.actions.refusals import Refused
from tracking.actions.steps import record_step
from tracking.models import Task
from tracking.rules.events import Kind
task, now = Task.objects.get(code="T1"), timezone.now()
shared = dict(task=task, effective_at=now, now=now, by="{by}", seen={seen}, on_behalf_of="")
try:
    if "{kind}" == "evidence_recorded":
        kept = record_evidence(file=ContentFile(b"%PDF-1.7", name="a.pdf"), **shared)
        print(kept.event_id, kept.pk)
    else:
        payload = {{"note": "x", "product": "12/BC"}}
        print(record_step(kind=Kind("{kind}"), payload=payload, **shared).number)
except Refused as refused:
    print(refused, file=sys.stderr)
    sys.exit(1)
"""
COUNT = """
from tracking.models import Event, Evidence
print([Event.objects.filter(kind="{kind}").count(), Evidence.objects.count()])
"""


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with own_database(tmp_path) as address:
        file = written(tmp_path, "plan.json", plan_file(1))
        assert manage(address, tmp_path, "import_plan", file).returncode == 0
        yield address


def shell(script: str) -> tuple[str, ...]:
    return ("shell", "-v", "0", "-c", script)


def newest(url: str, folder: Path) -> int:
    script = "from tracking.models import Event; print(Event.objects.latest('number').number)"
    return int(manage(url, folder, *shell(script)).stdout)


def counted(url: str, folder: Path, kind: str) -> list[int]:
    found: list[int] = json.loads(manage(url, folder, *shell(COUNT.format(kind=kind))).stdout)
    return found


@pytest.mark.parametrize("kind", ["submitted", "evidence_recorded"])
def test_clicks_at_once_are_all_told_of_the_one_entry(url: str, tmp_path: Path, kind: str) -> None:
    script = RECORD.format(kind=kind, by="an", seen=newest(url, tmp_path))
    results = at_once(url, tmp_path, *[shell(script)] * 3)
    assert [status for status, _, _ in results] == [0] * 3, results
    assert len({out for _, out, _ in results}) == 1
    assert counted(url, tmp_path, kind) == [1, int(kind == "evidence_recorded")]
    kept = [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]
    assert len(kept) == int(kind == "evidence_recorded")


def test_of_two_people_at_once_the_second_is_told(url: str, tmp_path: Path) -> None:
    seen = newest(url, tmp_path)
    scripts = [RECORD.format(kind="submitted", by=by, seen=seen) for by in ("an", "bình")]
    results = at_once(url, tmp_path, *map(shell, scripts))
    assert sorted(status for status, _, _ in results) == [0, 1], results
    (refused,) = [err for status, _, err in results if status]
    assert "Traceback" not in refused
    assert "“" in refused
    assert counted(url, tmp_path, "submitted") == [1, 0]
