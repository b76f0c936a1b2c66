"""What a digest says, in HTML and in plain text alike, in the person's language."""

from datetime import date
from typing import Any

import pytest

from tests.tracking.imported import take_in
from tests.tracking.mail_reading import Page
from tests.tracking.reminder_people import HEAD, LEADER, OPERATOR, REPORTER, at, letter, people
from tests.tracking.test_progress_lists import event, plan_file
from tracking.actions.reminders import make_due_digests
from tracking.emails.room import MOST_BYTES
from tracking.models import Message, Reminder, Task, User

pytestmark = pytest.mark.django_db

# T1 is overdue, T2 due soon, T3 in the middle, T4 submitted: on Wednesday 12 November.
NOW = at("11-12")


def written(**changes: Any) -> dict[str, Any]:
    file = plan_file(1)
    titles = {"T2": "Việc hai <b>&", "T3": "Việc ba", "T4": "Việc bốn"}
    rows = [{**file["tasks"][0], "code": c, "title": {"vi": t}} for c, t in titles.items()]
    rows[2]["lead"] = "KCB"
    dues = {"T2": "2025-11-18", "T3": "2025-12-12", "T4": "2025-12-31"}
    begun = [
        line
        for code, due in dues.items()
        for line in (
            event(code, "assigned", "2025-10-01"),
            event(code, "deadline_set", "2025-10-01", due_on=due),
        )
    ]
    blocked = event("T1", "blocked", "2025-11-03", on="BCA", reason="chờ T9 bí mật")
    submitted = event("T4", "submitted", "2025-11-05")
    events = [*file["events"], *begun, blocked, submitted]
    return {**file, "tasks": [*file["tasks"], *rows], "events": events, **changes}


@pytest.fixture
def crowd() -> dict[str, User]:
    take_in(written())
    return people()


def message_for(name: str) -> Message:
    make_due_digests(NOW)
    return Message.objects.get(deliveries__person__username=name)


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def test_what_is_overdue_comes_first_each_task_with_what_its_reader_needs(
    crowd: dict[str, User],
) -> None:
    message = message_for(REPORTER)
    assert message.subject == "Reminder: 1 task overdue, 1 task due soon, 1 task under way"
    key = Task.objects.get(code="T1").pk
    assert lines(message.text)[2:17] == [
        "OVERDUE: 1",
        "**__Cục Quản lý Dược__**",
        "**__OVERDUE__**: 1 task",
        "- T1. T1",
        "Last day in time: 10/11/2025",
        "Not completed, overdue: 2 days late (2 working days)",
        "Waiting for Bộ Công an since 03/11/2025 (9 days)",
        f"http://127.0.0.1:8000/tasks/{key}/",
        "DUE SOON: 1",
        "**__Cục Quản lý Dược__**",
        "**__OVERDUE__**: 1 task",
        "- T2. Việc hai <b>&",
        "Last day in time: 18/11/2025",
        "Not completed, within deadline: due soon",
        "88% of the working time is used",
    ]


def test_the_html_says_the_same_as_the_text(crowd: dict[str, User]) -> None:
    letter("11-10")
    for name in (REPORTER, HEAD, OPERATOR, LEADER):
        if not Message.objects.filter(deliveries__person__username=name).exists():
            make_due_digests(NOW)
        message = Message.objects.get(deliveries__person__username=name)
        page = Page(message.html)
        words = " ".join(page.blocks)
        links = [values["href"] or "" for tag, values in page.elements if tag == "a"]
        for line in lines(message.text):
            plain = line.replace("**__", "").replace("__**", "").removeprefix("- ")
            if plain == "--":
                continue
            place = plain.partition("http")
            if place[1]:
                assert place[1] + place[2] in [link.rstrip("/") for link in links] + links
            else:
                assert plain.casefold() in words.casefold()


def test_a_marked_department_is_bold_underlined_and_says_the_word(crowd: dict[str, User]) -> None:
    page = Page(message_for(REPORTER).html)
    assert set(page.marked) == {"Cục Quản lý Dược", "OVERDUE"}
    # An optional task marks nobody, late as it is.
    Page(message_for(LEADER).html)
    assert Page(message_for(LEADER).html).marked == []


def test_verifiers_read_since_when_a_result_waits(crowd: dict[str, User]) -> None:
    message = message_for(LEADER)
    assert message.subject == "Reminder: 1 task awaiting verification"
    assert "Submitted on 05/11/2025, 5 working days ago" in message.text


def test_what_people_wrote_freely_stays_in_the_portal(crowd: dict[str, User]) -> None:
    """The reason of a wait may name a task that must not leave."""
    message = message_for(REPORTER)
    assert "bí mật" not in message.text + message.html


def test_vietnamese_readers_get_vietnamese(crowd: dict[str, User]) -> None:
    User.objects.update(language="vi")
    message = message_for(REPORTER)
    assert message.language == "vi"
    assert "Chưa hoàn thành, quá hạn: chậm 2 ngày (2 ngày làm việc)" in message.text
    assert "**__QUÁ HẠN__**: 1 nhiệm vụ" in message.text
    assert '<html lang="vi"' in message.html


def test_a_classified_task_and_its_parts_are_counted_and_never_named(
    crowd: dict[str, User],
) -> None:
    Task.objects.filter(code="T1").update(classified=True)
    Task.objects.filter(code="T2").update(parent=Task.objects.get(code="T1"))
    letter("11-10", subject="Về T1").tasks.add(Task.objects.get(code="T2"))
    message = message_for(REPORTER)
    assert message.subject == "Reminder: 1 task under way, 2 tasks shown in the portal only"
    assert "2 tasks are shown in the portal only: they never leave by mail." in message.text
    for name in (REPORTER, HEAD):
        text = Message.objects.get(deliveries__person__username=name)
        assert not {"T1", "T2", "Việc hai"} & set(text.text.replace(".", " ").split())
        assert "T2" not in text.html
    # They were told: tomorrow it is not said again.
    assert Reminder.objects.filter(person=REPORTER).count() == 3


def test_a_letter_about_a_classified_task_is_counted_and_not_named(
    crowd: dict[str, User],
) -> None:
    Task.objects.filter(code="T1").update(classified=True)
    letter("11-10", subject="Mật").tasks.add(Task.objects.get(code="T1"))
    letter("11-07", subject="Thường", number="12/BYT-TTYQG")
    message = message_for(OPERATOR)
    assert "Mật" not in message.text + message.html
    assert "No. 12/BYT-TTYQG: Thường" in message.text
    assert "Answer asked for by 07/11/2025, 5 days ago" in message.text
    assert "1 letter is shown in the portal only" in message.text


def test_hostile_titles_are_words_and_nothing_else(crowd: dict[str, User]) -> None:
    title = "<script>x</script>\r\nBcc: a@b.vn\u2028\x1b[2J"
    Task.objects.filter(code="T1").update(name_vi=title)
    message = message_for(REPORTER)
    assert "<script>" not in message.html
    assert "\x1b" not in message.text
    assert "- T1. <script>x</script> Bcc: a@b.vn" in message.text
    assert "\n" not in message.subject


def test_a_message_of_thousands_of_tasks_fits_a_mailbox_and_counts_the_rest() -> None:
    take_in(plan_file(400))
    Task.objects.update(name_vi="Rà soát, hoàn thiện cơ sở dữ liệu chuyên ngành y tế " * 5)
    people()
    message = message_for(REPORTER)
    assert message.subject == "Reminder: 400 tasks overdue"
    assert len(message.html.encode()) < MOST_BYTES
    named = message.text.count("- T")
    assert 0 < named < 400
    assert f"And {400 - named} more tasks, in the portal." in message.text
    assert Reminder.objects.filter(person=REPORTER).count() == 400


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2025, 11, 14), "Today is the last working day in time"),
        (date(2025, 11, 13), "1 working day left"),
    ],
)
def test_the_days_that_are_left_are_working_days(
    crowd: dict[str, User], day: date, said: str
) -> None:
    due = event("T2", "extension_granted", "2025-11-12", due_on="2025-11-16", reason="x")
    take_in({"format": "progress-plan/1", "events": [due]})
    (message,) = (
        m
        for m in make_due_digests(at(f"{day:%m-%d}"))
        if m.deliveries.filter(person=crowd[REPORTER]).exists()
    )
    assert said in message.text
