"""A department's deadlines in people's own calendars, without a login and by a key that ends."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from tests.tracking.admin_people import EVENTS, plan_file
from tests.tracking.imported import take_in
from tests.tracking.task_pages import ACCEPTED, SUBMITTED, client_of, make_task
from tracking.models import Department, Task, User
from tracking.pages.deadlines import appointments
from tracking.pages.feed_keys import feed_key
from tracking.renderers.ical import calendar_file
from tracking.rules.instants import instant_from

NOW = instant_from("2025-11-12T09:00:00+07:00")

pytestmark = pytest.mark.django_db


def address(role: str = "reporter", department: str = "QLD") -> str:
    user = User.objects.get(username=role)
    key = feed_key(user, Department.objects.get(code=department))
    return reverse("tracking:deadline-feed", args=[key])


def read(address: str, **query: str) -> Any:
    """By a calendar program: no cookies."""
    return Client().get(address, query)


def events(answer: Any) -> list[Any]:
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def deadline(due_on: str, reading: str, wording: str) -> dict[str, Any]:
    payload = {"due_on": due_on, "reading": reading, "wording": wording}
    return {"kind": "deadline_set", "effective_at": EVENTS[0]["effective_at"], "payload": payload}


def test_a_task_lies_on_its_last_day_in_time() -> None:
    take_in(
        plan_file(
            tasks=[
                {"code": c, "plan": "02-KH", "title": {"vi": f"Việc {c}"}, "lead": "QLD"}
                for c in ("A", "B")
            ],
            events=[
                {"task": "A", **EVENTS[0]},
                {"task": "A", **deadline("2025-11-10", "by", "chậm nhất ngày 10/11/2025")},
                {"task": "B", **EVENTS[0]},
                {"task": "B", **deadline("2025-11-10", "before", "trước ngày 10/11/2025")},
            ],
        )
    )
    client_of("reporter")
    before, by = events(read(address(), lang="vi"))
    assert by["SUMMARY"] == "A Việc A"
    assert by.decoded("DTSTART") == date(2025, 11, 10)
    assert by.decoded("DTEND") == date(2025, 11, 11)
    assert before.decoded("DTSTART") == date(2025, 11, 9)
    assert "Hạn trước ngày 10/11/2025" in before["DESCRIPTION"]
    assert "“trước ngày 10/11/2025”" in before["DESCRIPTION"]
    assert "Chưa hoàn thành, quá hạn" in by["DESCRIPTION"]
    task = Task.objects.get(code="A")
    assert by["URL"] == f"http://127.0.0.1:8000/tasks/{task.pk}/"


def test_the_answer_is_a_private_calendar_in_the_language_asked_for() -> None:
    make_task()
    client_of("reporter")
    answer = read(address(), lang="en")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in answer["Cache-Control"]
    assert "Not completed, overdue" in events(answer)[0]["DESCRIPTION"]
    assert b"Drug Administration" in answer.content
    assert "Cục Quản lý Dược".encode() in read(address()).content
    assert "Cục Quản lý Dược".encode() in read(address(), lang="xx").content


def test_lines_are_folded_and_written_as_the_standard_says() -> None:
    make_task(tasks=[{"code": "T1", "plan": "02-KH", "title": {"vi": "Việc " * 60}, "lead": "QLD"}])
    client_of("reporter")
    content = read(address()).content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_the_same_data_gives_the_same_bytes_whatever_the_clock_says() -> None:
    make_task()
    department = Department.objects.get(code="QLD")

    def made(at: datetime) -> bytes:
        rows = appointments(department, at, "en")
        return calendar_file(rows, name="QLD", host="portal", language="en")

    assert made(NOW) == made(NOW + timedelta(days=30))
    in_time = NOW - timedelta(days=5)
    assert made(in_time) != made(NOW), "the standing is another"
    stamp = events_of(made(NOW))[0].decoded("LAST-MODIFIED")
    assert stamp == instant_from("2025-11-11T00:00:00+07:00"), "overdue since the deadline ended"


def events_of(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_a_moved_deadline_is_another_appointment_and_the_key_of_the_old_one_is_gone() -> None:
    make_task()
    client_of("reporter")
    first = events(read(address()))[0]["UID"]
    assert first == events(read(address()))[0]["UID"]
    granted = {
        "kind": "extension_granted",
        "effective_at": "2025-11-11T08:00:00+07:00",
        "payload": {"due_on": "2025-12-01", "reason": "chờ"},
    }
    take_in(plan_file(departments=[], plans=[], tasks=[], events=[{"task": "T1", **granted}]))
    moved = events(read(address()))
    assert [event.decoded("DTSTART") for event in moved] == [date(2025, 12, 1)]
    assert moved[0]["UID"] != first


def test_completed_and_cancelled_tasks_and_those_without_a_date_are_left_out() -> None:
    make_task(before=(SUBMITTED, ACCEPTED))
    client_of("reporter")
    assert events(read(address())) == []


def test_another_departments_tasks_are_not_in_the_feed() -> None:
    make_task()
    client_of("reporter")
    assert events(read(address(department="KCB"))) == []


def test_a_key_ends_with_the_password_the_account_and_the_role() -> None:
    make_task()
    client_of("reporter")
    user = User.objects.get(username="reporter")
    old = address()
    assert read(old).status_code == 200
    user.set_password("another")
    user.save()
    assert read(old).status_code == 404
    new = address()
    assert read(new).status_code == 200
    user.groups.clear()
    assert read(new).status_code == 404
    client_of("leader")
    held = address("leader")
    assert read(held).status_code == 200
    User.objects.filter(username="leader").update(is_active=False)
    assert read(held).status_code == 404


def test_a_key_opens_nothing_but_its_own_department() -> None:
    make_task()
    client_of("reporter")
    user, _, rest = address().rpartition("/")[2].partition(".")
    department, _, signature = rest.partition(".")
    others = [row.pk for row in Department.objects.exclude(pk=department)]
    wrong = [
        *(f"{user}.{pk}.{signature}" for pk in others),
        f"{user}.{department}.",
        f"{user}.{department}",
        f"{int(user) + 1}.{department}.{signature}",
        f"{user}.{department}.{signature[:-5]}x.ics",
        "",
        "x",
        "..",
        "1.2.3:4",
        "²." + department + ".x",
        "9" * 40 + ".1.x",
    ]
    for key in wrong:
        key = key.removesuffix(".ics")
        assert Client().get(f"/calendar/{key}.ics").status_code in (302, 404), key


def test_programs_that_ask_again_are_told_that_nothing_changed() -> None:
    make_task()
    client_of("reporter")
    answer = read(address())
    again = Client().get(address(), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
