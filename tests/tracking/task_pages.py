"""One task in the database, and what a person does on its pages."""

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.tracking.admin_people import EVENTS, plan_file, signed_in
from tests.tracking.imported import NOW, take_in
from tracking.actions.steps import newest_entry
from tracking.models import Department, Task, User

HERE = "/admin/tracking/task/"
PARTNERS = [{"code": "BCA", "name": {"vi": "Bộ Công an"}, "kind": "ministry"}]
SUBMITTED = {"kind": "submitted", "effective_at": "2025-07-02T08:00:00", "actor": "someone"}
ACCEPTED = {"kind": "accepted", "effective_at": "2025-07-03T08:00:00", "actor": "verifier"}
PAUSED = {"kind": "paused", "effective_at": "2025-07-02T08:00:00"}
REQUESTED = {
    "kind": "extension_requested",
    "effective_at": "2025-07-02T08:00:00",
    "actor": "someone",
    "payload": {"due_on": "2025-12-01", "reason": "chờ số liệu"},
}
BLOCKED = {
    "kind": "blocked",
    "effective_at": "2025-07-02T08:00:00",
    "payload": {"on": "BCA", "reason": "chờ kết nối"},
}


def make_task(before: Any = (), **changes: Any) -> Task:
    """T1 of QLD, due on 10/11/2025, after what happened before; None: without a deadline."""
    rows = EVENTS[:1] if before is None else (*EVENTS, *before)
    events = [{"task": "T1", **row} for row in rows]
    take_in(plan_file(partners=PARTNERS, events=events, **changes), now=NOW)
    return Task.objects.get(code="T1")


def client_of(role: str, department: str = "") -> Client:
    client = signed_in(role)
    office = Department.objects.filter(code=department).first()
    User.objects.filter(username=role).update(department=office)
    return client


def take(client: Client, task: Task, kind: str, data: dict[str, Any], **more: Any) -> Any:
    """Fill in the form behind a button."""
    filled = {"seen": newest_entry(task), **data, **more}
    if kind == "evidence_recorded":
        filled.setdefault("file", SimpleUploadedFile("bản.pdf", b"%PDF-1.7"))
    return client.post(f"{HERE}{task.pk}/record/{kind}/", filled)


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def buttons(client: Client, task: Task) -> set[str]:
    page = words(client.get(f"{HERE}{task.pk}/change/"))
    return set(re.findall(rf"{HERE}{task.pk}/record/(\w+)/", page))
