"""The page of a task in the portal: its standing and why, its ledgers, seen from any (T, K)."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from tests.tracking.task_pages import (
    ACCEPTED,
    BLOCKED,
    REQUESTED,
    SUBMITTED,
    make_task,
    words,
)
from tests.tracking.task_portal import buttons, client_of, page_of, step_of, take
from tests.tracking.test_admin_task_steps import GRANT, WHY
from tracking.models import Department, Event, Task, User, WaitAnswer
from tracking.pages.task_panels import TaskPanel
from tracking.rules.viewpoint import Viewpoint

pytestmark = pytest.mark.django_db

GRANTED = {
    "kind": "extension_granted",
    "effective_at": "2025-11-13T08:00:00",
    "actor": "boss",
    "payload": {"due_on": "2025-12-01", "reason": "chờ"},
}
REFUSED = {
    "kind": "extension_refused",
    "effective_at": "2025-07-03T08:00:00",
    "actor": "boss",
    "payload": {"reason": "không đủ căn cứ"},
}
REDUCED = {
    "kind": "extension_granted",
    "effective_at": "2025-11-20T08:00:00",
    "payload": {"due_on": "2025-11-25", "reading": "before", "reason": "cần sớm"},
}
ENDED = {"kind": "unblocked", "effective_at": "2025-07-12T08:00:00", "payload": {"on": "BCA"}}
BY_ANOTHER = {**BLOCKED, "payload": {"on": "KCB", "reason": "chờ danh mục"}}


def shown(client: Client, task: Task, query: str = "") -> str:
    response = client.get(page_of(task, query))
    assert response.status_code == 200
    return words(response)


def test_it_says_how_the_task_stands_and_why() -> None:
    page = shown(client_of("inspector"), make_task((GRANTED,)))
    assert "Not completed, overdue" in page
    assert "01/12/2025 is the last day in time; nothing awaits verification." in page
    assert "Extended when already 3 days late" in page
    assert "so it marks its lead department" in page
    assert '<strong class="mark"><u>Drug Administration</u></strong>' in page


def test_a_task_in_time_marks_nobody() -> None:
    page = shown(client_of("inspector"), make_task((SUBMITTED, ACCEPTED)))
    assert "Completed on time" in page
    assert '<strong class="mark">' not in page


def test_the_deadline_ledger_has_every_decision_and_request() -> None:
    task = make_task((REQUESTED, REFUSED, GRANTED, REDUCED))
    client = client_of("reporter", "QLD")
    take(client, task, "extension_requested", {**WHY, "due_on": "2026-02-02"})
    lines = client.get(page_of(task)).context["page"].deadline_ledger
    assert [(str(line.what), line.count, line.late_days, line.open) for line in lines] == [
        ("original deadline", None, None, False),
        ("extension requested", None, None, False),
        ("extension refused", None, None, False),
        ("extension", 1, 3, False),
        ("reduction", 1, None, False),
        ("extension requested", None, None, True),
    ]
    page = shown(client, task)
    assert "extended when already 3 days late" in page
    assert "last day in time 24/11/2025" in page
    assert "“chậm nhất ngày 10/11/2025”" in page
    assert "không đủ căn cứ" in page
    assert page.count("not answered yet") == 1


def test_the_waiting_ledger_tells_both_sides() -> None:
    task = make_task((BLOCKED, ENDED, BY_ANOTHER))
    wait = task.events.filter(kind="blocked").latest("number")
    answered = {"event": wait, "actor": "kcb.reporter", "recorded_at": timezone.now()}
    WaitAnswer.objects.create(answer="confirmed", **answered)
    WaitAnswer.objects.create(answer="disputed", text="đã gửi rồi", **answered)
    page = shown(client_of("inspector"), task)
    assert "from 02/07/2025 to 12/07/2025, 10 days" in page
    assert "since 02/07/2025" in page
    assert "disputed by the other side" in page
    assert "confirmed by the other side" not in page
    assert "đã gửi rồi" in page


def test_only_the_other_side_is_asked_to_answer_a_wait() -> None:
    task = make_task((BY_ANOTHER,))
    asked = f"/waits/{task.events.get(kind='blocked').number}/answer/"
    own = client_of("reporter", "QLD")
    assert asked not in shown(own, task)
    User.objects.filter(username="reporter").update(department=None)
    other = User.objects.create_user("kcb", department=Department.objects.get(code="KCB"))
    other.groups.add(Group.objects.get(name="reporter"))
    client = Client(headers={"accept-language": "en"})
    client.force_login(other)
    assert asked in shown(client, task)
    assert asked not in shown(client, task, "?as_of=2025-11-18")
    assert asked not in shown(client_of("leader"), task)
    operator = client_of("operator")
    assert asked in shown(operator, task)
    take(operator, task, "unblocked", {"on": "KCB"})
    assert asked not in shown(client, task)


def test_it_is_shown_as_it_was_then() -> None:
    task = make_task((GRANTED,))
    client = client_of("leader")
    take(client, task, "extension_granted", GRANT | {"due_on": "2099-12-01"})
    page = shown(client, task, "?as_of=2025-11-12")
    assert "Standing then" in page
    assert "Not completed, overdue: 2 days late" in page
    assert "New deadline granted" not in page
    assert buttons(client, task, "?as_of=2025-11-12") == set()
    assert buttons(client, task) != set()
    assert "Not completed, within deadline" in shown(client, task)


def test_it_is_shown_as_it_was_known_then() -> None:
    task = make_task((SUBMITTED,))
    client = client_of("leader")
    before = timezone.localtime() - timedelta(minutes=1)
    backdated = {"effective_at_0": "2025-07-03", "effective_at_1": "08:00"}
    assert take(client, task, "accepted", backdated).status_code == 302
    assert "Completed on time" in shown(client, task, "?as_of=2025-11-18")
    known = f"{before:%d/%m/%Y %H:%M}"
    page = shown(client, task, f"?as_of=2025-11-18&known_at={known}")
    assert "Completed on time" not in page
    assert "awaits verification" in page


def test_what_is_announced_ahead_is_told_so() -> None:
    task = make_task()
    client = client_of("leader")
    take(
        client,
        task,
        "cancelled",
        {**WHY, "effective_at_0": "2099-10-15", "effective_at_1": "08:00"},
    )
    assert "announced ahead" in shown(client, task)
    assert "Cancelled" not in shown(client, task, "?as_of=2025-11-18")
    assert "Cancelled by a decision" in shown(client, task, "?as_of=2099-10-15")


def test_relatives_show_how_they_stand_then() -> None:
    rows = [
        {"code": "T1", "plan": "02-KH", "title": {"vi": "Việc một"}, "lead": "QLD"},
        {"code": "T1.1", "plan": "02-KH", "title": {"vi": "Phần"}, "lead": "KCB", "parent": "T1"},
    ]
    task = make_task(tasks=rows)
    part = Task.objects.get(code="T1.1")
    client = client_of("operator")
    assert "Not assigned yet" in shown(client, task)
    take(client, part, "cancelled", WHY)
    assert "T1 Việc một" in shown(client, part)
    assert "Not completed, overdue" in shown(client, part)
    assert "Not completed, within deadline" in shown(client, part, "?as_of=2025-10-01")


def known_elsewhere(task: Task, viewpoint: Viewpoint, reader: User) -> TaskPanel | None:
    if reader.username != "leader":
        return None
    return TaskPanel(f"{task.code} as of {viewpoint.as_of}", "tracking/task/_relative_list.html")


def test_panels_come_from_whom_the_settings_name(settings: Settings) -> None:
    settings.TASK_PANELS = [f"{__name__}.known_elsewhere"]
    task = make_task()
    assert "T1 as of 2025-11-18" in shown(client_of("leader"), task, "?as_of=2025-11-18")
    assert "T1 as of" not in shown(client_of("inspector"), task)


def test_who_may_see_it() -> None:
    task = make_task()
    for role, status in (("reporter", 200), ("inspector", 200), ("clerk", 403)):
        assert client_of(role).get(page_of(task)).status_code == status
    assert Client().get(page_of(task)).status_code == 302
    assert client_of("leader").get("/tasks/999999/").status_code == 404


def test_a_long_history_costs_no_more_queries() -> None:
    client = client_of("operator")
    short = make_task((BLOCKED, REQUESTED))

    def cost(task: Task, query: str = "") -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page_of(task, query)).status_code == 200
        return len(queries)

    first, then = cost(short), cost(short, "?as_of=2099-01-01&known_at=2098-01-01")
    for number in range(12):
        take(client, short, "progress_reported", {"note": f"lần {number}"})
        take(client, short, "evidence_recorded", {})
    assert Event.objects.filter(task=short).count() > 25
    assert cost(short) <= first
    assert cost(short, "?as_of=2099-01-01&known_at=2098-01-01") <= then
    assert first <= 28


def test_a_step_costs_the_same_whatever_the_history() -> None:
    task = make_task()
    client = client_of("reporter", "QLD")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(step_of(task, "progress_reported")).status_code == 200
        return len(queries)

    first = cost()
    for number in range(8):
        take(client, task, "progress_reported", {"note": f"lần {number}"})
    assert cost() <= first <= 20
