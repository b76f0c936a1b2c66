"""The deadlines of a month: where they lie, what is said of them, from when one looks."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.tracking.admin_people import EVENTS, plan_file
from tests.tracking.imported import take_in
from tests.tracking.task_pages import client_of, make_task
from tracking.models import CalendarDay, Task

HERE = "/calendar/"
ASSIGNED = EVENTS[0]
THEN = {"as_of": "2025-11-18", "known_at": "2025-11-18T17:00:00+07:00"}

pytestmark = pytest.mark.django_db


def deadline(due_on: str, reading: str = "by", wording: str = "") -> dict[str, Any]:
    payload = {"due_on": due_on, "reading": reading, "wording": wording}
    return {"kind": "deadline_set", "effective_at": ASSIGNED["effective_at"], "payload": payload}


def make(rows: dict[str, Any], **leads: str) -> None:
    """Code -> its deadline."""
    tasks = [
        {"code": code, "plan": "02-KH", "title": {"vi": f"Việc {code}", "en": f"Work {code}"}}
        | {"lead": leads.get(code, "QLD")}
        for code in rows
    ]
    events = [{"task": code, **event} for code, set_ in rows.items() for event in (ASSIGNED, set_)]
    take_in(plan_file(tasks=tasks, events=events))


def show(client: Client, month: str = "2025-11", **query: Any) -> str:
    answer = client.get(HERE, {"month": month, **query})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def cells(page: str) -> dict[str, str]:
    """Day -> what its cell says; the days of the months around are among them."""
    table = page[page.index('<table class="month"') : page.index("</table>")]
    found = re.findall(r'<td class="[^"]*">(.*?)</td>', table)
    return {re.findall(r'datetime="([^"]+)"', cell)[0]: cell for cell in found}


def test_a_deadline_lies_on_its_last_day_in_time_and_keeps_its_words() -> None:
    make(
        {
            "A": deadline("2025-11-10", "by", "chậm nhất ngày 10/11/2025"),
            "B": deadline("2025-11-10", "before", "trước ngày 10/11/2025"),
            "C": deadline("2025-12-01", "before", "trước ngày 01/12/2025"),
            "D": deadline("2025-11-01", "before", "trước ngày 01/11/2025"),
        }
    )
    page = show(client_of("leader"))
    days = cells(page)
    assert "Work A" in days["2025-11-10"]
    assert "Work B" in days["2025-11-09"]
    assert "Work C" in days["2025-11-30"]
    assert "Work D" not in page
    assert "before 10/11/2025" in page
    assert '<q class="point" lang="vi">trước ngày 10/11/2025</q>' in page


def test_the_month_begins_on_mondays_and_is_made_of_whole_weeks() -> None:
    make_task()
    page = show(client_of("leader"), "2026-02")
    days = list(cells(page))
    assert days[0] == "2026-01-26"
    assert days[-1] == "2026-03-01"
    assert len(days) == 35
    assert re.findall(r'<th scope="col">(\w+)</th>', page)[:2] == ["Monday", "Tuesday"]


def test_overdue_tasks_stay_on_their_day_with_the_word() -> None:
    make_task()
    client = client_of("leader")
    assert "Within deadline" in cells(show(client, as_of="2025-11-10"))["2025-11-10"]
    assert "Overdue" in cells(show(client, as_of="2025-11-11"))["2025-11-10"]


def test_the_month_shown_is_that_of_the_day_looked_from() -> None:
    make_task()
    answer = client_of("leader").get(HERE, {"as_of": "2025-11-11"})
    page = " ".join(answer.content.decode().split())
    assert "Deadlines in 11/2025" in page
    assert "day shown" in cells(page)["2025-11-11"]


def test_what_was_not_known_then_is_not_shown() -> None:
    make_task()
    later = {
        "kind": "extension_granted",
        "effective_at": "2025-11-05T08:00:00+07:00",
        "recorded_at": "2025-11-20T08:00:00+07:00",
        "payload": {"due_on": "2025-11-27", "reason": "chờ"},
    }
    take_in(plan_file(departments=[], plans=[], tasks=[], events=[{"task": "T1", **later}]))
    client = client_of("leader")
    assert "T1" in cells(show(client, as_of="2025-11-18"))["2025-11-27"]
    then = cells(show(client, **THEN))
    assert "T1" in then["2025-11-10"]
    assert "T1" not in then["2025-11-27"]


def test_the_days_of_the_working_calendar_are_named() -> None:
    make_task()
    CalendarDay.objects.create(day="2025-11-20", working=False, kind="holiday", reason="Ngày lễ")
    CalendarDay.objects.create(day="2025-11-22", working=True, kind="swapped_working")
    days = cells(page := show(client_of("leader")))
    assert "public holiday" in days["2025-11-20"]
    assert "swapped: worked" in days["2025-11-22"]
    assert "Ngày lễ" in page


def test_a_day_with_many_tasks_leads_to_all_of_them() -> None:
    make({f"T{n:02}": deadline("2025-11-10") for n in range(6)})
    client = client_of("leader")
    cell = cells(show(client))["2025-11-10"]
    assert len(re.findall(r"<li>", cell)) == 4
    assert "2 more" in cell
    assert '/tasks/?due_from=2025-11-10&amp;due_to=2025-11-10"' in cell
    make({"T9": deadline("2025-11-11", "before")})
    cell = cells(show(client, department="QLD"))["2025-11-10"]
    assert "3 more" in cell
    address = re.findall(r'href="(/tasks/[?][^"]+)"', cell)[0].replace("&amp;", "&")
    assert address == "/tasks/?due_from=2025-11-10&due_to=2025-11-11&lead=QLD"
    found = client.get(address).content.decode()
    assert all(code in found for code in ("T00", "T05", "T9"))


def test_one_department_and_one_plan_can_be_chosen() -> None:
    make({"A": deadline("2025-11-10"), "B": deadline("2025-11-10")}, B="KCB")
    client = client_of("leader")
    page = show(client, department="KCB")
    assert "Work B" in page
    assert "Work A" not in page
    assert "month=2025-12&amp;department=KCB" in page
    assert "Work B" in show(client, plan="02-KH")
    assert show(client, plan="none").count("Select a valid choice") == 1
    assert "not a month" in show(client, "2025-13")


@pytest.mark.parametrize("query", [{}, THEN])
def test_the_number_of_queries_does_not_grow(
    query: dict[str, str], django_assert_max_num_queries: Any
) -> None:
    make({"A": deadline("2025-11-10")})
    client = client_of("leader")
    show(client, **query)
    with django_assert_max_num_queries(16) as asked:
        show(client, **query)
    few = len(asked)
    rows = {f"T{n:02}": deadline(f"2025-11-{n + 1:02}") for n in range(25)}
    make(rows, **dict.fromkeys(list(rows)[:9], "KCB"))
    show(client, **query)
    with django_assert_max_num_queries(few):
        show(client, **query)
    assert Task.objects.count() == 26


def test_a_reporter_is_offered_the_address_of_their_own_department() -> None:
    make_task()
    page = show(client_of("reporter", "QLD"))
    address = re.findall(r'value="http://127.0.0.1:8000(/calendar/[^"]+\.ics\?lang=en)"', page)
    assert len(address) == 1
    assert Client().get(address[0]).status_code == 200
    assert "Whoever has this address reads these deadlines" in page
    assert ".ics" not in show(client_of("leader"))


def test_the_calendar_is_not_open_to_the_clerk() -> None:
    make_task()
    assert client_of("clerk").get(HERE).status_code == 403
