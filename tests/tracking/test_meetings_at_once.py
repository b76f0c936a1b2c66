"""Several people conclude, note and close at once, in processes of their own."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import manage, own_database
from tests.tracking.test_at_once import at_once, written
from tests.tracking.test_progress_lists import plan_file

BEGIN = """
from datetime import timedelta
from django.utils import timezone
from tracking.actions.meeting_agenda import add_department
from tracking.actions.meetings import plan_meeting
from tracking.actions.plan_import import import_plan
from tracking.models import Event, Task
from tracking.plan_files import json_file
import_plan(json_file.read(open("{file}", "rb").read()), now=timezone.now(), by="test")
meeting = plan_meeting(title="Họp", held_at=timezone.now() - timedelta(minutes=1))
add_department(meeting=meeting, department=Task.objects.get(code="T1").first_lead)
print(Event.objects.latest("number").number)
"""
WRITE = """
import sys
from django.utils import timezone
from tracking.actions.meeting_conclusions import conclude_decision, conclude_noted
from tracking.actions.meeting_notes import save_notes
from tracking.actions.meetings import close_meeting
from tracking.actions.refusals import Refused
from tracking.models import Event, MeetingItem, Task
from tracking.rules.events import Kind
item, now = MeetingItem.objects.select_related("meeting").get(), timezone.now()
try:
    {write}
except Refused as refused:
    print(refused, file=sys.stderr)
    sys.exit(1)
"""
GRANT = """conclude_decision(item=item, text="Gia hạn.", task=Task.objects.get(code="T1"),
        kind=Kind.EXTENSION_GRANTED, payload={{"due_on": "2026-12-31", "reason": "Gia hạn."}},
        effective_at=now, now=now, by="an", seen={seen})"""
NOTE = 'save_notes(meeting=item.meeting, item=item.pk, seen="", text="{text}")'
CLOSE = "close_meeting(meeting=item.meeting, now=now, by='an')"
NOTED = 'conclude_noted(meeting=item.meeting, item=item, text="Muộn.", now=now, by="an")'
STATE = """
from tracking.models import *
import json
print(json.dumps([Event.objects.filter(kind="extension_granted").count(),
    Conclusion.objects.filter(kind="decision").count(), Document.objects.count(),
    MeetingItem.objects.get().notes, Meeting.objects.get().state,
    Conclusion.objects.filter(kind="noted").count()]))
"""


def shell(script: str) -> tuple[str, ...]:
    return ("shell", "-v", "0", "-c", script)


def writing(write: str) -> tuple[str, ...]:
    return shell(WRITE.format(write=write))


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with own_database(tmp_path) as address:
        yield address


def test_whatever_comes_at_once_is_written_once_and_whole(url: str, tmp_path: Path) -> None:
    begin = shell(BEGIN.format(file=written(tmp_path, "plan.json", plan_file(1))))
    grant = writing(GRANT.format(seen=int(manage(url, tmp_path, *begin).stdout)))
    clicks = at_once(url, tmp_path, grant, grant, *[writing(NOTE.format(text=t)) for t in "ab"])
    assert [status for status, _, _ in clicks[:2]] == [0, 0], clicks
    assert sorted(status for status, _, _ in clicks[2:]) == [0, 1], clicks
    (told,) = [err for status, _, err in clicks[2:] if status]
    assert "Traceback" not in told
    last = at_once(url, tmp_path, writing(CLOSE), writing(NOTED))
    assert last[0][0] == 0, last
    granted, concluded, documents, notes, state, noted = json.loads(
        manage(url, tmp_path, *shell(STATE)).stdout
    )
    assert (granted, concluded, documents, state) == (1, 1, 1, "closed")
    assert notes in ("a", "b")
    # It came before the end or was refused behind it.
    assert (last[1][0], noted) in {(0, 1), (1, 0)}
