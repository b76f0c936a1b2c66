"""Much to look at takes no more queries than little."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.tracking.department_work import person, reader, take_in_work
from tests.tracking.meeting_rows import HELD, department, item_of, later, listed, planned
from tracking.actions.meeting_agenda import add_department, prepare
from tracking.actions.meeting_conclusions import conclude_decision, conclude_noted, conclude_task
from tracking.actions.meetings import close_meeting
from tracking.models import Meeting, Plan, Task
from tracking.rules.deadline_orders import FixedDate
from tracking.rules.events import Kind

pytestmark = pytest.mark.django_db


def held(n: int, at: datetime) -> Meeting:
    """A meeting of that instant that concluded something of each kind about QLD."""
    meeting = planned(at, title=f"Họp {n}")
    prepare(meeting=meeting, issued=listed())
    for code in ("QLD", "VPB"):
        add_department(meeting=meeting, department=department(code))
    item = item_of(meeting, "QLD")
    now = at + timedelta(minutes=5)
    conclude_noted(meeting=meeting, item=item, text=f"Ghi nhận {n}.", now=now, by="an")
    row = Task(
        code=f"KL-{n}", plan=Plan.objects.get(), name_vi=f"Việc {n}", first_lead=item.department
    )
    conclude_task(
        item=item,
        text=f"Giao việc {n}.",
        task=row,
        deadline=FixedDate(HELD.date()),
        assigned_at=now,
        now=now,
        by="an",
    )
    conclude_decision(
        item=item,
        text=f"Yêu cầu {n}.",
        task=Task.objects.get(code="Q1"),
        kind=Kind.REQUIREMENT_CHANGED,
        payload={"required": True, "reason": f"lần {n}"},
        effective_at=now,
        now=now,
        by="an",
    )
    return meeting


def test_much_to_show_takes_no_more_queries_than_little() -> None:
    take_in_work()
    client: Client = reader(person("chi", "operator"))
    looked = held(0, timezone.now() - timedelta(minutes=30))
    pages = [
        "/meetings/",
        f"/meetings/{looked.pk}/",
        f"/meetings/{looked.pk}/close/",
        f"/meetings/{looked.pk}/items/1/",
        f"/meetings/{looked.pk}/items/3/",
    ]

    def queries() -> dict[str, int]:
        found = {}
        for page in pages:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(page).status_code == 200
            found[page] = len(captured)
        return found

    close_meeting(meeting=held(1, HELD), now=later(), by="qld")
    queries()  # an issued list never changes, so what was read of it is kept
    few = queries()
    for n in range(2, 6):
        meeting = held(n, HELD + timedelta(hours=n - 1))
        if n % 2:
            close_meeting(meeting=meeting, now=later(300), by="qld")
    for n in range(3):
        item = item_of(looked, "QLD")
        conclude_noted(meeting=looked, item=item, text=f"Lại {n}.", now=timezone.now(), by="an")
    queries()  # and what was found before the last entry is found anew
    assert queries() == few
    assert max(few.values()) < 45
