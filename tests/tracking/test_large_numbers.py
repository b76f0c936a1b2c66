"""A ledger of many thousand entries: numbers in forms and addresses are for machines to read."""

import re
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import timezone, translation

from tests.tracking.task_pages import make_task
from tests.tracking.task_portal import client_of, step_of
from tracking.models import Event, Task, User

pytestmark = pytest.mark.django_db

FAR = 1_234_567
DOORS = {
    "portal": lambda task: step_of(task, "progress_reported"),
    "admin": lambda task: f"/admin/tracking/task/{task.pk}/record/progress_reported/",
}


def a_task_far_down_the_ledger() -> Task:
    task = make_task()
    now = timezone.now()
    Event.objects.create(
        number=FAR, task=task, kind="progress_reported", effective_at=now, recorded_at=now
    )
    return task


def field(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}"\s+value="([^"]*)"', page.content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("door", DOORS)
def test_a_form_that_was_opened_just_now_is_taken(door: str, language: str) -> None:
    task = a_task_far_down_the_ledger()
    client: Client = client_of("operator")
    client.post("/i18n/setlang/", {"language": language})
    address = DOORS[door](task)
    User.objects.filter(username="operator").update(is_staff=True)
    seen = field(client.get(address), "seen")
    assert seen == str(FAR)
    sent = client.post(address, {"percent": "40", "note": "xong", "seen": seen})
    assert sent.status_code == 302
    assert Event.objects.filter(number=FAR + 1, task=task).exists()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_key_in_a_template_is_never_grouped(language: str) -> None:
    with translation.override(language):
        assert Template("{{ key }}").render(Context({"key": FAR})) == str(FAR)
