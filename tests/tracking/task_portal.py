"""What a person does on a task's pages in the staff portal."""

import re
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.tracking.admin_people import signed_in
from tracking.actions.steps import newest_entry
from tracking.models import Department, Deputation, Task, User

A_PDF = b"%PDF-1.7"


def client_of(role: str, department: str = "") -> Client:
    """Of a new person in that role, perhaps of that department, reading English."""
    client = signed_in(role)
    office = Department.objects.filter(code=department).first()
    User.objects.filter(username=role).update(department=office, is_staff=False)
    return client


def page_of(task: Task, query: str = "") -> str:
    return reverse("tracking:task", args=[task.pk]) + query


def step_of(task: Task, kind: str) -> str:
    return reverse("tracking:take-step", args=[task.pk, kind])


def take(client: Client, task: Task, kind: str, data: dict[str, Any], **more: Any) -> Any:
    """Fill in the form of a step; `headers` are sent with it."""
    headers = more.pop("headers", None)
    filled = {"seen": newest_entry(task), **data, **more}
    if kind == "evidence_recorded":
        filled.setdefault("file", SimpleUploadedFile("bản.pdf", A_PDF))
    return client.post(step_of(task, kind), filled, headers=headers)


def buttons(client: Client, task: Task, query: str = "") -> set[str]:
    """The kinds of steps that the page of the task offers."""
    page = client.get(page_of(task, query)).content.decode()
    return set(re.findall(rf"/tasks/{task.pk}/record/(\w+)/", page))


def stands_in(client: Client, department: str, in_place_of: User) -> None:
    """The person of this client writes for that department from yesterday to tomorrow."""
    today = timezone.localdate()
    Deputation.objects.create(
        deputy=User.objects.get(pk=client.session["_auth_user_id"]),
        department=Department.objects.get(code=department),
        in_place_of=in_place_of,
        valid_from=today - timedelta(days=1),
        valid_to=today + timedelta(days=1),
    )
