"""Three departments and what they owe on 18 November 2025, and the people who write for them."""

from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from tests.tracking.imported import take_in
from tracking.actions.roles import set_up_roles
from tracking.models import Department, User
from tracking.rules.instants import instant_from

NOW = instant_from("2025-11-18T10:00:00")


def event(task: str, kind: str, day: str, **payload: Any) -> dict[str, Any]:
    at = f"2025-{day}T08:00:00+07:00"
    return {"task": task, "kind": kind, "effective_at": at, "payload": payload}


def owed(task: str, due: str | None) -> list[dict[str, Any]]:
    """Assigned on 1 October with that deadline."""
    due_on = f"2025-{due}" if due else None
    words = {"due_on": due_on, "wording": "thường xuyên"}
    return [event(task, "assigned", "10-01"), event(task, "deadline_set", "10-01", **words)]


# Task, lead, last day; the optional one is named below.
_TASKS = (
    ("Q1", "QLD", "11-10"),
    ("Q2", "QLD", "11-12"),
    ("Q3", "QLD", "11-05"),
    ("K1", "KCB", "11-25"),
    ("K2", "KCB", "11-20"),
    ("K3", "KCB", "10-06"),
    ("K4", "KCB", "12-30"),
    ("O1", "OLD", "11-14"),
    ("V1", "VPB", None),
)
_STORY = (
    event("Q1", "blocked", "10-20", on="BCA", reason="chờ văn bản"),
    event("Q1", "unblocked", "10-25", on="BCA"),
    event("Q1", "blocked", "11-01", on="BCA", reason="chờ kết nối"),
    event("Q1", "progress_reported", "11-15", percent=60, note="đang làm"),
    event("Q3", "submitted", "11-04", note="trình", product="báo cáo"),
    event("Q3", "accepted", "11-06"),
    event("K1", "blocked", "11-08", on="QLD", reason="chờ danh mục"),
    event("K2", "submitted", "11-14", note="trình", product="báo cáo"),
    event("K2", "returned", "11-15", reason="thiếu phụ lục"),
    event("K3", "extension_granted", "10-02", due_on="2025-10-13"),
    event("K3", "extension_granted", "10-03", due_on="2025-10-20"),
    event("K3", "extension_granted", "10-06", due_on="2025-11-28"),
    event("K3", "submitted", "11-12", note="trình", product="báo cáo"),
    event("K4", "extension_requested", "11-03", due_on="2026-01-15", reason="thiếu người"),
    event("K4", "extension_refused", "11-07", reason="không đủ căn cứ"),
)


def _department(code: str, order: int, vi: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "order": order, "name": {"vi": vi, "en": f"Office {code}"}, **more}


def take_in_work() -> None:
    take_in(
        {
            "format": "progress-plan/1",
            "departments": [
                _department("QLD", 1, "Cục Quản lý Dược"),
                _department("KCB", 2, "Cục Quản lý Khám, chữa bệnh"),
                _department("VPB", 3, "Văn phòng Bộ"),
                _department("OLD", 4, "Cục cũ", valid_to="2025-10-31", succeeded_by="KCB"),
            ],
            "partners": [
                {"code": "BCA", "name": {"vi": "Bộ Công an", "en": "Police"}, "kind": "ministry"}
            ],
            "plans": [{"code": "02-KH", "name": {"vi": "Kế hoạch 02", "en": "Plan 02"}}],
            "tasks": [
                {
                    "code": code,
                    "plan": "02-KH",
                    "title": {"vi": f"Việc {code}"},
                    "lead": lead,
                    "required": code != "Q2",
                }
                for code, lead, _due in _TASKS
            ],
            "events": [
                *(entry for code, _lead, due in _TASKS for entry in owed(code, due)),
                *_STORY,
            ],
        },
        now=NOW,
    )


def person(name: str, role: str, department: str = "") -> User:
    set_up_roles()
    row = Department.objects.filter(code=department).first()
    user = User.objects.create_user(name, password=None, is_staff=True, department=row)
    user.groups.add(Group.objects.get(name=role))
    return user


def reader(user: User) -> Client:
    """A browser of that person, reading English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client
