"""Verification in the staff portal: the queue, one page per result, and the next one."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.tracking.admin_people import EVENTS, plan_file
from tests.tracking.imported import NOW, take_in
from tests.tracking.task_pages import REQUESTED, SUBMITTED, make_task, words
from tests.tracking.task_portal import client_of, take
from tracking.actions.steps import newest_entry
from tracking.models import Event, Task, User

pytestmark = pytest.mark.django_db

QUEUE = "/verification/"


def submitted(*days: int, own: str = "", **changes: Any) -> None:
    """T1 of QLD and, one after the other, T2, T3 … of KCB, submitted on these days of November;
    `own`: the code of the one that the leader submitted."""
    tasks, events = [], []
    for number, day in enumerate(days, start=1):
        code, lead = f"T{number}", "QLD" if number == 1 else "KCB"
        tasks.append(
            {"code": code, "plan": "02-KH", "title": {"vi": f"Việc {number}"}, "lead": lead}
        )
        then = {**SUBMITTED, "effective_at": f"2025-11-{day:02d}T08:00:00", **changes}
        then["actor"] = "leader" if code == own else "someone"
        events += [{"task": code, **event} for event in (*EVENTS, then)]
    take_in(plan_file(tasks=tasks, events=events), now=NOW)


def page_of(code: str) -> str:
    return f"{QUEUE}{Task.objects.get(code=code).pk}/"


def decide(client: Client, code: str, verdict: str, reason: str = "", **more: Any) -> Any:
    task = Task.objects.get(code=code)
    filled = {"seen": newest_entry(task), "verdict": verdict, "reason": reason, **more}
    return client.post(page_of(code), filled)


def rows(client: Client, name: str = "submissions") -> list[Any]:
    found: list[Any] = client.get(QUEUE).context[name]
    return found


def another(name: str, role: str = "leader") -> Client:
    user = User.objects.create_user(name)
    user.groups.add(Group.objects.get(name=role))
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def test_the_oldest_comes_first_with_its_age_and_standing() -> None:
    submitted(12, 5, 10)
    found = rows(client_of("leader"))
    assert [row.task.code for row in found] == ["T2", "T3", "T1"]
    today = timezone.localdate()
    assert [row.days for row in found] == [(today - row.since).days for row in found]
    assert all(0 < row.working_days < row.days for row in found)
    assert [row.standing for row in found] == ["in_time", "in_time", "overdue"]
    page = words(client_of("operator").get(QUEUE))
    assert "Not completed, overdue: 2 days late" in page
    assert f"{found[0].days} days" in page


def test_own_submissions_stand_there_with_the_reason_why_not() -> None:
    submitted(5, own="T1")
    client = client_of("leader")
    assert "You submitted it: another person must decide." in words(client.get(QUEUE))
    page = words(client.get(page_of("T1")))
    assert "Nobody accepts or returns what they submitted: another person must decide." in page
    assert 'name="verdict"' not in page
    refused = decide(client, "T1", "accepted")
    assert refused.status_code == 200
    assert not Event.objects.filter(kind="accepted").exists()


def test_requests_wait_in_a_table_of_their_own() -> None:
    make_task((REQUESTED,))
    client = client_of("leader")
    (row,) = rows(client, "requests")
    assert (row.asked_for.isoformat(), row.reason) == ("2025-12-01", "chờ số liệu")
    assert (row.by, row.own) == ("someone", False)
    pk = row.task.pk
    assert f"/tasks/{pk}/record/extension_granted/" in words(client.get(QUEUE))
    operator = client_of("operator")
    take(operator, row.task, "extension_requested", {"due_on": "2026-01-01", "reason": "x"})
    assert "You asked for it: another person must decide." in words(operator.get(QUEUE))


def test_accepting_goes_on_to_the_next() -> None:
    submitted(12, 5, 10)
    client = client_of("leader")
    response = decide(client, "T2", "accepted", "đạt")
    assert response["Location"] == page_of("T3")
    page = words(client.get(response["Location"]))
    assert "Accepted: T2." in page
    assert "Next: T3 Việc 3." in page
    event = Event.objects.latest("number")
    assert (event.kind, event.actor, event.payload) == ("accepted", "leader", {"note": "đạt"})
    assert Task.objects.standings(timezone.now())["T2"] == "completed_on_time"


def test_returning_needs_a_reason() -> None:
    submitted(5, 10)
    client = client_of("leader")
    refused = words(decide(client, "T1", "returned"))
    assert "Say what is missing or wrong" in refused
    assert not Event.objects.filter(kind="returned").exists()
    assert decide(client, "T1", "returned", "thiếu biên bản")["Location"] == page_of("T2")
    assert Event.objects.latest("number").payload == {"reason": "thiếu biên bản"}


def test_the_last_one_leads_back_to_the_queue() -> None:
    submitted(5)
    response = decide(client := client_of("leader"), "T1", "accepted")
    assert response["Location"] == QUEUE
    page = words(client.get(QUEUE))
    assert "Nothing behind it awaits your verification." in page
    assert "No result awaits verification." in page


def test_skipping_passes_over_what_one_may_not_decide() -> None:
    submitted(5, 10, 12, own="T2")
    leader = client_of("leader")
    page = words(leader.get(page_of("T1")))
    assert "1 of 3 in the queue" in page
    assert "Skip, next: T3" in page
    assert "Skip, next" not in words(leader.get(page_of("T3")))
    assert "Skip, next: T2" in words(another("boss").get(page_of("T1")))


def test_order_and_product_stand_side_by_side() -> None:
    said = {"note": "biên bản <b>nghiệm thu</b>", "product": "12/BC-QLD"}
    submitted(5, payload=said)
    task = Task.objects.get(code="T1")
    client = client_of("operator")
    take(client, task, "evidence_recorded", {})
    page = words(client_of("leader").get(page_of("T1")))
    assert "“chậm nhất ngày 10/11/2025”" in page
    assert "biên bản &lt;b&gt;nghiệm thu&lt;/b&gt;" in page
    assert "12/BC-QLD" in page
    assert "bản.pdf" in page
    decide(another("boss"), "T1", "returned", "thiếu chữ ký")
    take(client, task, "submitted", {"note": "trình lại"})
    page = words(another("chief").get(page_of("T1")))
    assert "thiếu chữ ký" in page
    assert "Earlier evidence" in page
    assert "No evidence was recorded since the last decision." in page


def test_who_comes_second_is_told_and_keeps_the_text() -> None:
    submitted(5, 10)
    first, second = client_of("leader"), another("boss")
    seen = newest_entry(Task.objects.get(code="T1"))
    decide(first, "T1", "accepted")
    response = decide(second, "T1", "returned", "thiếu biên bản", seen=seen)
    page = words(response)
    assert response.status_code == 200
    assert "“accepted” (leader) was recorded" in page
    assert "thiếu biên bản</textarea>" in page
    assert "No submission awaits verification any more." in page
    assert page_of("T2") in page
    assert Event.objects.filter(kind="returned").count() == 0


def test_a_second_click_decides_once_and_goes_on() -> None:
    submitted(5, 10)
    client = client_of("leader")
    seen = newest_entry(Task.objects.get(code="T1"))
    for _click in range(2):
        response = decide(client, "T1", "accepted", "đạt", seen=seen)
        assert response["Location"] == page_of("T2")
    assert Event.objects.filter(kind="accepted").count() == 1


def test_a_form_without_a_verdict_writes_nothing() -> None:
    submitted(5)
    client = client_of("leader")
    for verdict in ("", "cancelled", "submitted"):
        assert decide(client, "T1", verdict, "x").status_code == 200
    assert decide(client, "T1", "accepted", seen="").status_code == 200
    assert Event.objects.count() == 3


def test_what_awaits_nothing_leads_back_to_the_queue() -> None:
    make_task()
    client = client_of("leader")
    response = client.get(page_of("T1"), follow=True)
    assert "T1: no submission awaits verification." in words(response)
    assert client.get(f"{QUEUE}999/").status_code == 404


def test_only_those_who_decide_see_it() -> None:
    submitted(5)
    for role in ("reporter", "inspector", "clerk"):
        client = client_of(role)
        assert client.get(QUEUE).status_code == 403
        assert client.get(page_of("T1")).status_code == 403
        assert decide(client, "T1", "accepted").status_code == 403
    assert Event.objects.count() == 3


def test_a_long_queue_has_pages_and_costs_the_same() -> None:
    submitted(5)
    client = client_of("leader")

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    few = cost(QUEUE), cost(page_of("T1"))
    tasks = [
        {"code": f"N{n}", "plan": "02-KH", "title": {"vi": f"Việc {n}"}, "lead": "KCB"}
        for n in range(60)
    ]
    then = timezone.localtime() - timedelta(days=2)
    more = {**SUBMITTED, "effective_at": then.isoformat()}
    events = [{"task": row["code"], **event} for row in tasks for event in (*EVENTS, more)]
    take_in(plan_file(tasks=tasks, events=events), now=NOW)
    assert len(rows(client)) == 50
    assert "1 to 50 of 61" in words(client.get(QUEUE))
    assert len(client.get(f"{QUEUE}?page=2").context["submissions"]) == 11
    many = cost(QUEUE), cost(page_of("T1"))
    assert many[0] <= few[0]
    assert many[1] <= few[1]
    assert max(many) <= 28
