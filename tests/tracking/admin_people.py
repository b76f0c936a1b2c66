"""Who signs in to the admin, and the plan that they work on."""

from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from tracking.actions.roles import set_up_roles
from tracking.models import User

EVENTS: tuple[dict[str, Any], ...] = (
    {"kind": "assigned", "effective_at": "2025-06-20T08:00:00+07:00"},
    {
        "kind": "deadline_set",
        "effective_at": "2025-06-20T08:00:00+07:00",
        "payload": {"due_on": "2025-11-10", "wording": "chậm nhất ngày 10/11/2025"},
    },
)


def plan_file(**changes: Any) -> dict[str, Any]:
    """A `progress-plan/1` object: T1 of QLD is overdue on 18/11/2025, KCB has nothing to do."""
    return {
        "format": "progress-plan/1",
        "departments": [
            _department("QLD", 1, "Cục Quản lý Dược", "Drug Administration"),
            _department("KCB", 2, "Cục Quản lý Khám, chữa bệnh", "Medical Services"),
        ],
        "plans": [{"code": "02-KH", "name": {"vi": "Kế hoạch 02", "en": "Plan 02"}}],
        "tasks": [{"code": "T1", "plan": "02-KH", "title": {"vi": "Việc một"}, "lead": "QLD"}],
        "events": [{"task": "T1", **event} for event in EVENTS],
        **changes,
    }


def _department(code: str, order: int, vi: str, en: str) -> dict[str, Any]:
    return {"code": code, "order": order, "name": {"vi": vi, "en": en}}


def signed_in(role: str) -> Client:
    """A client of a new person in that role, reading English."""
    set_up_roles()
    user = User.objects.create_user(role, password=None, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client
