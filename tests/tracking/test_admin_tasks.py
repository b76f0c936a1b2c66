"""The register of tasks, the page of a task, assigning one, and the ledger."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.tracking.admin_people import EVENTS, plan_file
from tests.tracking.imported import NOW, take_in
from tests.tracking.task_pages import (
    BLOCKED,
    HERE,
    SUBMITTED,
    buttons,
    client_of,
    make_task,
    take,
    words,
)
from tracking.models import Department, Event, Evidence, Task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings: Settings) -> Path:
    return Path(settings.MEDIA_ROOT)


def test_the_page_tells_the_deadlines_and_the_waiting() -> None:
    granted = {
        "kind": "extension_granted",
        "effective_at": "2025-11-13T08:00:00",
        "actor": "boss",
        "payload": {"due_on": "2025-12-01", "reason": "chờ"},
    }
    page = words(client_of("inspector").get(f"{HERE}{make_task((BLOCKED, granted)).pk}/change/"))
    assert "Not completed, overdue" in page
    assert "extended when already 3 days late" in page
    assert "Waiting for Bộ Công an since 02/07/2025" in page
    assert "01/12/2025 is the last day in time; nothing awaits verification." in page


def test_evidence_is_served_to_those_who_may_see_it() -> None:
    task = make_task()
    client = client_of("reporter", "QLD")
    take(client, task, "evidence_recorded", {})
    kept = Evidence.objects.get()
    address = f"/admin/tracking/evidence/{kept.pk}/download/"
    page = words(client.get(f"{HERE}{task.pk}/change/"))
    assert address in page
    assert kept.sha256 in page
    response = client.get(address)
    assert b"".join(response.streaming_content) == b"%PDF-1.7"  # type: ignore[attr-defined]
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/pdf"
    assert client_of("clerk").get(address).status_code == 403
    assert Client().get(address).status_code == 302
    Path(kept.file.path).unlink()
    assert client.get(address).status_code == 404


def test_evidence_that_is_refused() -> None:
    task = make_task()
    client = client_of("reporter", "QLD")
    for content, sentence in ((b"", "The file is empty"), (b"MZ\0", "by its content")):
        file = SimpleUploadedFile("a.pdf", content)
        assert sentence in words(take(client, task, "evidence_recorded", {}, file=file))
    assert Evidence.objects.count() == 0


def test_titles_and_notes_are_escaped() -> None:
    bad = "<script>alert(1)</script>"
    title = {"vi": bad, "en": bad}
    tasks = [{"code": "T1", "plan": "02-KH", "title": title, "lead": "QLD", "clause": bad}]
    reported = {
        "kind": "progress_reported",
        "effective_at": "2025-07-02T08:00:00",
        "payload": {"note": bad, bad: bad},
    }
    blocked = {**BLOCKED, "payload": {"on": "BCA", "reason": bad}}
    task = make_task((reported, blocked), tasks=tasks)
    client = client_of("operator")
    number = Event.objects.get(kind="progress_reported").number
    for address in (
        HERE,
        f"{HERE}{task.pk}/change/",
        f"{HERE}{task.pk}/record/unblocked/",
        "/admin/tracking/event/",
        f"/admin/tracking/event/{number}/change/",
    ):
        page = words(client.get(address))
        assert bad not in page
        assert "<script>alert" not in page


ASSIGNMENT = {
    "code": "N1",
    "name_vi": "Việc mới",
    "plan": "1",
    "first_required": "on",
    "reading": "by",
}


def assignment(**changes: Any) -> dict[str, Any]:
    task = make_task()
    return {**ASSIGNMENT, "plan": task.plan_id, "first_lead": task.first_lead_id, **changes}


def test_assigning_a_task() -> None:
    office = Department.objects.filter(code="KCB")
    data = assignment(due_on="10/12/2025", wording="chậm nhất 10/12/2025", parent="T1")
    data["coordinating"] = [office.get().pk]
    response = client_of("operator").post(f"{HERE}add/", data)
    task = Task.objects.get(code="N1")
    assert response["Location"] == f"{HERE}{task.pk}/change/"
    assert [event.kind for event in task.events.all()] == ["assigned", "deadline_set"]
    assert (task.parent.code if task.parent else "", task.coordinating.count()) == ("T1", 1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "T1"}, "Task with this Code already exists"),
        ({"parent": "T9"}, "No task has this code"),
        ({"due_on": "15/11/2025"}, "Not a working day: Saturday 15/11/2025"),
        ({"due_on": "14/11/2025", "period_days": "3"}, "Give a date or a period, not both."),
        ({"period_days": "3"}, "A period needs its number of days and its first day."),
        ({"period_days": "99999999"}, "less than or equal to"),
    ],
)
def test_an_assignment_that_is_refused(changes: dict[str, Any], sentence: str) -> None:
    data = assignment(**changes)
    assert sentence in words(client_of("operator").post(f"{HERE}add/", data))
    assert Task.objects.count() == 1


def test_a_task_announced_ahead_is_named_above_the_register() -> None:
    data = assignment(assigned_at_0="01/12/2099", assigned_at_1="08:00")
    client = client_of("operator")
    page = words(client.post(f"{HERE}add/", data, follow=True))
    assert "Not assigned yet" in page
    task = Task.objects.get(code="N1")
    assert buttons(client, task) == set()
    page = words(client.get(HERE))
    assert f'Announced ahead, not assigned yet and so not in the table: <a href="{HERE}' in page


def test_only_operators_assign() -> None:
    data = assignment()
    for role in ("leader", "reporter", "inspector"):
        assert client_of(role).post(f"{HERE}add/", data).status_code == 403


def test_the_register_filters_and_searches_without_accents() -> None:
    title = {"vi": "Đấu thầu thuốc", "en": "Tenders"}
    tasks = [
        {"code": "T1", "plan": "02-KH", "title": title, "lead": "QLD"},
        {"code": "T2", "plan": "02-KH", "title": title, "lead": "KCB", "required": False},
    ]
    second = {"task": "T2", **EVENTS[0]}
    events = [second, *({"task": "T1", **row} for row in EVENTS)]
    take_in(plan_file(tasks=tasks, events=events), now=NOW)
    client = client_of("inspector")

    def shown(query: str) -> list[str]:
        response = client.get(f"{HERE}?{query}")
        return [task.code for task in response.context["cl"].result_list]

    assert shown("q=dau thau") == shown("") == ["T1", "T2"]
    assert shown("standing=overdue") == shown("lead=QLD") == shown("due=past") == ["T1"]
    assert shown("standing=no_deadline") == shown("required=0") == shown("due=none") == ["T2"]
    assert shown("plan=02-KH&standing=cancelled") == shown("due=week") == []
    assert "Not completed, overdue: " in words(client.get(HERE))


@pytest.mark.parametrize("address", [HERE, "/admin/tracking/event/", "/admin/tracking/evidence/"])
def test_lists_cost_the_same_whatever_their_length(address: str) -> None:
    tasks, events = [], []
    for number in range(30):
        code = f"T{number}"
        tasks.append({"code": code, "plan": "02-KH", "title": {"vi": code}, "lead": "QLD"})
        events += [{"task": code, **row} for row in EVENTS]
    take_in(plan_file(tasks=tasks, events=events), now=NOW)
    client = client_of("inspector")
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len(queries) <= 10


def test_a_long_history_costs_no_more_queries() -> None:
    reports = [
        {**SUBMITTED, "kind": "progress_reported", "effective_at": f"2025-07-{day:02d}T08:00"}
        for day in range(1, 31)
    ]
    task = make_task(reports)
    client = client_of("operator")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"{HERE}{task.pk}/change/").status_code == 200
    assert len(queries) <= 25


def test_the_ledger_is_read_only() -> None:
    number = make_task().events.latest("number").number
    client = client_of("operator")
    page = f"/admin/tracking/event/{number}/"
    assert "chậm nhất ngày 10/11/2025" in words(client.get(f"{page}change/"))
    assert client.get("/admin/tracking/event/add/").status_code == 403
    assert client.post(f"{page}change/", {"kind": "cancelled"}).status_code == 403
    assert client.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    hierarchy = client.get("/admin/tracking/event/?effective_at__year=2025&q=viec")
    assert hierarchy.context["cl"].result_count == 2


def test_a_task_that_is_not_there() -> None:
    client = client_of("operator")
    task = make_task()
    for address in ("999/change/", "x/change/", f"{task.pk}/record/assigned/"):
        assert client.get(f"{HERE}{address}").status_code == 404
    assert client.get(f"{HERE}{task.pk}/delete/").status_code == 403
    assert client_of("clerk").get(f"{HERE}{task.pk}/change/").status_code == 403
