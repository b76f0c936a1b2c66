"""The register of tasks, the page of a task, and every step through the web client."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from tests.tracking.admin_people import EVENTS, plain_assets, plan_file, signed_in
from tests.tracking.imported import NOW, take_in
from tracking.actions.steps import newest_entry
from tracking.admin.task_steps import STEPS
from tracking.models import Department, Event, Evidence, Task, User
from tracking.rules.events import Kind

pytestmark = pytest.mark.django_db

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
WHY = {"reason": "có lý do"}
GRANT = {**WHY, "due_on": "01/12/2025", "reading": "by"}

# kind -> (what happened before, what the form is filled in with, what the entry then says)
DECISIONS: dict[str, tuple[Any, dict[str, Any], dict[str, Any]]] = {
    "deadline_set": (
        None,
        {"period_days": "5", "period_working": "on", "period_from": "12/11/2025", "reading": "by"},
        {"due_on": "2025-11-19"},
    ),
    "extension_granted": ((), GRANT, {"due_on": "2025-12-01", "reading": "by", **WHY}),
    "extension_refused": ((REQUESTED,), WHY, WHY),
    "accepted": ((SUBMITTED,), {"note": "đạt"}, {"note": "đạt"}),
    "returned": ((SUBMITTED,), WHY, WHY),
    "reopened": ((SUBMITTED, ACCEPTED), {**WHY, "cause": "regression"}, {"cause": "regression"}),
    "paused": ((), WHY, WHY),
    "resumed": ((PAUSED,), {}, {}),
    "reassigned": ((), {**WHY, "lead": "KCB"}, {"lead": "KCB", **WHY}),
    "requirement_changed": ((), {**WHY, "required": "no"}, {"required": False, **WHY}),
    "cancelled": ((), WHY, WHY),
}
REPORTS: dict[str, tuple[Any, dict[str, Any], dict[str, Any]]] = {
    "progress_reported": ((), {"percent": "40", "note": "xong"}, {"percent": 40, "note": "xong"}),
    "submitted": ((), {"note": "trình"}, {"note": "trình"}),
    "extension_requested": ((), {**WHY, "due_on": "01/12/2025"}, {"due_on": "2025-12-01"}),
    "blocked": ((), {**WHY, "on": "BCA"}, {"on": "BCA"}),
    "unblocked": ((BLOCKED,), {"on": "BCA"}, {"on": "BCA"}),
    "evidence_recorded": ((), {"expires_on": "01/12/2030"}, {"expires_on": "2030-12-01"}),
}
ALL = {**DECISIONS, **REPORTS}


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path: Path) -> Path:
    plain_assets(settings, tmp_path)
    settings.MEDIA_ROOT = str(tmp_path / "evidence")
    return tmp_path / "evidence"


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


def test_every_kind_but_the_assignment_has_a_step() -> None:
    assert STEPS.keys() == {str(kind) for kind in Kind} - {"assigned"} == ALL.keys()


@pytest.mark.parametrize("kind", ALL)
def test_the_right_role_records_it(kind: str) -> None:
    before, data, said = ALL[kind]
    task = make_task(before)
    client = client_of("leader") if kind in DECISIONS else client_of("reporter", "QLD")
    assert kind in buttons(client, task)
    response = take(client, task, kind, data)
    assert (response.status_code, response["Location"]) == (302, f"{HERE}{task.pk}/change/")
    event = Event.objects.latest("number")
    assert (event.kind, event.actor) == (kind, "leader" if kind in DECISIONS else "reporter")
    assert {key: event.payload.get(key) for key in said} == said
    behalf = event.on_behalf_of.code if event.on_behalf_of else None
    assert behalf == (None if kind in DECISIONS else "QLD")
    assert "success" in words(client.get(f"{HERE}{task.pk}/change/"))


@pytest.mark.parametrize("kind", ALL)
def test_the_wrong_roles_do_not(kind: str) -> None:
    before, data, _said = ALL[kind]
    task = make_task(before)
    wrong = client_of("reporter", "QLD" if kind in DECISIONS else "KCB")
    number = Event.objects.count()
    for client in (wrong, client_of("inspector")):
        assert kind not in buttons(client, task)
        assert client.get(f"{HERE}{task.pk}/record/{kind}/").status_code == 403
        assert take(client, task, kind, data).status_code == 403
    assert Event.objects.count() == number


@pytest.mark.parametrize("kind", ALL)
def test_the_form_says_what_it_does_and_what_not(kind: str) -> None:
    task = make_task(ALL[kind][0])
    response = client_of("operator").get(f"{HERE}{task.pk}/record/{kind}/")
    step = STEPS[kind]
    assert response.context["step"] is step
    assert str(step.does) in words(response)
    assert str(step.does_not) in words(response)


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind not in ("resumed", "accepted")])
def test_an_empty_form_writes_nothing(kind: str) -> None:
    task = make_task(ALL[kind][0])
    response = client_of("operator").post(f"{HERE}{task.pk}/record/{kind}/", {})
    assert response.context["form"].errors
    assert "Nothing was recorded" in words(response)
    assert not Event.objects.filter(actor="operator").exists()


def test_only_legal_steps_have_buttons() -> None:
    task = make_task()
    client = client_of("operator")
    assert buttons(client, task) == {
        "progress_reported", "evidence_recorded", "submitted", "extension_requested", "blocked",
        "extension_granted", "paused", "reassigned", "requirement_changed", "cancelled",
    }  # fmt: skip
    take(client, task, "cancelled", WHY)
    assert buttons(client, task) == set()
    response = client.get(f"{HERE}{task.pk}/record/paused/", follow=True)
    assert "Suspend: the task is cancelled: nothing can follow." in words(response)


def test_four_eyes() -> None:
    task = make_task()
    client = client_of("operator")
    take(client, task, "submitted", {"note": "trình"})
    assert "accepted" not in buttons(client, task)
    page = words(client.get(f"{HERE}{task.pk}/change/"))
    assert "Nobody accepts or returns what they submitted: another person must decide." in page
    response = take(client, task, "accepted", {})
    assert "Nobody accepts or returns what they submitted" in words(response)
    other = client_of("leader")
    assert "accepted" in buttons(other, task)
    response = take(other, task, "accepted", {"on_behalf_of": "QLD"})
    assert "Select a valid choice" in words(response)
    assert take(other, task, "accepted", {"on_behalf_of": "KCB"}).status_code == 302


def test_a_second_click_is_harmless() -> None:
    task = make_task()
    client = client_of("leader")
    seen = newest_entry(task)
    assert take(client, task, "extension_granted", GRANT, seen=seen).status_code == 302
    again = take(client, task, "extension_granted", GRANT, seen=seen)
    assert "“new deadline granted” (leader) was recorded" in words(again)
    assert task.events.filter(kind="extension_granted").count() == 1
    paused = take(client, task, "paused", WHY)
    assert paused.status_code == 302
    assert "The task is suspended: resume it first." in words(take(client, task, "paused", WHY))


def test_without_what_was_seen_nothing_is_written() -> None:
    task = make_task()
    response = take(client_of("leader"), task, "paused", WHY, seen="²")
    assert "Since this form was opened" in words(response)


def test_an_effective_time_in_the_past_and_ahead() -> None:
    task = make_task()
    client = client_of("leader")
    then = {"effective_at_0": "15/10/2025", "effective_at_1": "08:30"}
    take(client, task, "extension_granted", {**GRANT, **then})
    event = Event.objects.latest("number")
    assert timezone.localtime(event.effective_at).isoformat() == "2025-10-15T08:30:00+07:00"
    assert event.recorded_at > event.effective_at
    take(client, task, "cancelled", {**WHY, **then, "effective_at_0": "15/10/2099"})
    page = words(client.get(f"{HERE}{task.pk}/change/"))
    assert "announced ahead" in page
    assert f"recorded on {timezone.localtime(event.recorded_at):%d/%m/%Y %H:%M}" in page
    behind = {"effective_at_0": "01/01/2020", "effective_at_1": "08:00"}
    response = take(client, task, "paused", {**WHY, **behind})
    assert "The task is not assigned yet at that instant: assign it first." in words(response)


def test_a_day_off_is_warned_of_and_not_moved() -> None:
    task = make_task()
    client = client_of("leader")
    saturday = {**GRANT, "due_on": "15/11/2025"}
    response = take(client, task, "extension_granted", saturday)
    assert "Not a working day: Saturday 15/11/2025." in words(response)
    assert 'type="checkbox" name="keep_day_off"' in words(response)
    kept = take(client, task, "extension_granted", {**saturday, "keep_day_off": "on"})
    assert kept.status_code == 302
    assert Event.objects.latest("number").payload["due_on"] == "2025-11-15"


@pytest.mark.parametrize(
    ("kind", "data", "sentence"),
    [
        ("extension_granted", {**GRANT, "due_on": "31/02/2025"}, "Enter a valid date."),
        ("progress_reported", {"percent": "120", "note": "x"}, "less than or equal to 100"),
        ("paused", {**WHY, "effective_at_0": "01/07/2025"}, "Enter a valid time."),
        ("blocked", {**WHY, "on": "NASA"}, "Select a valid choice"),
        ("reassigned", {**WHY, "lead": "QLD"}, "Select a valid choice"),
        ("paused", {**WHY, "document": "9/X"}, "Select a valid choice"),
    ],
)
def test_bad_input_is_told_in_a_sentence(kind: str, data: Any, sentence: str) -> None:
    task = make_task()
    assert sentence in words(take(client_of("operator"), task, kind, data))
    assert not Event.objects.filter(actor="operator").exists()


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
    with CaptureQueriesContext(
        connection,
    ) as queries:
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
