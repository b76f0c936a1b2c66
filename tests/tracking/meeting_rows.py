"""A meeting of 18 November 2025 about the work of three departments."""

from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from tests.page_faults import parsed
from tests.tracking.department_work import NOW, take_in_work
from tracking.actions.meeting_agenda import add_department, prepare
from tracking.actions.meeting_conclusions import conclude_noted
from tracking.actions.meetings import plan_meeting
from tracking.actions.progress_lists import issue
from tracking.actions.replies import give_remark
from tracking.models import Department, Meeting, MeetingItem, ProgressList
from tracking.rules.instants import instant_from
from tracking.rules.progress_list import Scope

# When the meeting is held; what is known at ten is in its list.
HELD = instant_from("2025-11-18T14:00:00")
TITLE = "Họp rà soát tiến độ"


def planned(held_at: datetime = HELD, title: str = TITLE) -> Meeting:
    return plan_meeting(
        title=title, held_at=held_at, place="Phòng họp 1", chair="Thứ trưởng Bộ Y tế"
    )


def listed(day: str = "2025-11-18", known_at: datetime | None = None) -> ProgressList:
    """The list of that day, known at ten of it unless said otherwise."""
    known_at = known_at or instant_from(f"{day}T10:00:00")
    scope = Scope(as_of=date.fromisoformat(day), known_at=known_at)
    return issue(scope, now=known_at, by="x")[0]


def prepared(held_at: datetime = HELD) -> Meeting:
    """QLD and KCB are marked and speak."""
    meeting = planned(held_at)
    prepare(meeting=meeting, issued=listed())
    return Meeting.objects.get(pk=meeting.pk)


def items(meeting: Meeting) -> list[MeetingItem]:
    return list(meeting.items.select_related("department", "meeting").order_by("place"))


def item_of(meeting: Meeting, code: str) -> MeetingItem:
    return meeting.items.select_related("department", "meeting").get(department__code=code)


def codes(meeting: Meeting) -> list[str]:
    return [item.department.code for item in items(meeting)]


def department(code: str) -> Department:
    return Department.objects.get(code=code)


def begun() -> Meeting:
    """It began an hour ago and looks at a list of 18 November 2025, in which QLD has replied."""
    take_in_work()
    give_remark(department=department("QLD"), tasks=["Q1"], text="đang chờ", now=NOW, by="binh")
    found = planned(timezone.now() - timedelta(hours=1))
    prepare(meeting=found, issued=listed(known_at=NOW + timedelta(minutes=1)))
    return Meeting.objects.get(pk=found.pk)


def at(name: str, meeting: Meeting, *more: object) -> str:
    """The address of one of its pages."""
    return reverse(f"tracking:meeting{name}", args=[meeting.pk, *more])


def words(response: Any) -> str:
    return " ".join(parsed(response.content).xpath("//main")[0].text_content().split())


def notes(meeting: Meeting, code: str = "QLD", **changes: Any) -> dict[str, Any]:
    """The form under the notes of a department, as it is sent."""
    return {"item": item_of(meeting, code).pk, "seen": "", "notes": "", **changes}


def later(minutes: int = 1) -> datetime:
    return HELD + timedelta(minutes=minutes)


def numbered(meeting: Meeting) -> list[int]:
    return [item.place for item in items(meeting)]


Said = dict[str, Any]


def fill_meetings(now: datetime) -> None:
    """A row of each register."""
    meeting = planned(now - timedelta(minutes=1), title="Họp rà soát")
    item = add_department(meeting=meeting, department=department("QLD"), why="phối hợp")
    conclude_noted(meeting=meeting, item=item, text="Ghi nhận.", now=now, by="operator")
