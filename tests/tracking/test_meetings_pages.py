"""The pages of a meeting: what they show, and whom they let write."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.page_faults import faults, parsed
from tests.tracking.department_work import NOW, person, reader
from tests.tracking.meeting_rows import (
    HELD,
    at,
    begun,
    item_of,
    listed,
    notes,
    planned,
    words,
)
from tracking.actions.ledger import record
from tracking.actions.meeting_agenda import prepare
from tracking.actions.meeting_conclusions import conclude_decision, conclude_noted
from tracking.actions.meetings import cancel_meeting, close_meeting
from tracking.models import Meeting, Task
from tracking.rules.events import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting() -> Meeting:
    return begun()


@pytest.fixture
def operator(meeting: Meeting) -> Client:
    return reader(person("chi", "operator"))


# What is shown


def test_the_agenda_says_who_speaks_and_why(operator: Client, meeting: Meeting) -> None:
    response = operator.get(at("", meeting))
    page = parsed(response.content)
    assert [row.text_content() for row in page.xpath("//table//strong/u")] == [
        "Office QLD",
        "Office KCB",
    ]
    told = words(response)
    assert "OVERDUE: 1 task, at worst 8 days late (6 working days)" in told
    assert "18/11/2025, on Q1: “đang chờ”" in told
    assert "as of 18/11/2025" in told
    assert page.xpath(f"//a[@href='/letters/draft/invitation/?meeting={meeting.pk}']")
    assert faults(page, "en") == []


def test_the_page_of_a_department_is_all_that_is_looked_at(
    operator: Client, meeting: Meeting
) -> None:
    response = operator.get(at("-item", meeting, 1))
    told = words(response)
    for said in (
        "1 of 2",
        "OVERDUE: 1 task, at worst 8 days late (6 working days)",
        "Q1 Việc Q1",
        "Deadline: 10/11/2025",
        "Waiting for Police since 01/11/2025 (22 days): chờ kết nối",
        "18/11/2025, on Q1: “đang chờ”",
        "Pending with others",
        "Others wait for it",
        "Since List 01 Nothing was recorded of its tasks.",
    ):
        assert said in told, told
    assert faults(parsed(response.content), "en") == []


def test_what_happened_since_the_list_is_told(operator: Client, meeting: Meeting) -> None:
    at_once = HELD + timedelta(hours=1)
    record(
        task=Task.objects.get(code="Q1"),
        kind=Kind.EXTENSION_GRANTED,
        effective_at=at_once,
        recorded_at=at_once,
        by="an",
        payload={"due_on": "2099-12-31", "reason": "chờ kết nối"},
    )
    told = words(operator.get(at("-item", meeting, 1)))
    assert "18/11/2025 15:00 Q1 New deadline granted Date 31/12/2099" in told
    assert "Now: ● Not completed, within deadline · Deadline: 31/12/2099" in told
    assert "None of its tasks is a reason any more" in told


def test_earlier_conclusions_say_whether_they_were_fulfilled(
    operator: Client, meeting: Meeting
) -> None:
    before = planned(HELD, title="Họp lần trước")
    prepare(meeting=before, issued=listed())
    qld = item_of(before, "QLD")
    conclude_noted(meeting=before, item=qld, text="Rút kinh nghiệm.", now=HELD, by="an")
    conclude_decision(
        item=qld,
        text="Gia hạn lần cuối.",
        task=Task.objects.get(code="Q1"),
        kind=Kind.EXTENSION_GRANTED,
        payload={"due_on": "2025-11-20", "reason": "lần cuối"},
        effective_at=HELD,
        now=HELD,
        by="an",
    )
    told = words(operator.get(at("-item", meeting, 1)))
    assert "Concluded about it before Gia hạn lần cuối." in told
    assert "Q1 · Deadline: 20/11/2025 (originally 10/11/2025) · ! Not completed, overdue" in told
    assert "Rút kinh nghiệm. Họp lần trước, 18/11/2025" in told
    assert "Concluded about it before" not in words(operator.get(at("-item", meeting, 2)))


def test_a_department_added_by_hand_has_a_page(operator: Client, meeting: Meeting) -> None:
    operator.post(at("-add", meeting), {"department": "VPB", "why": "phối hợp"})
    response = operator.get(at("-item", meeting, 3))
    assert "Added by hand; none of its tasks marks it." in words(response)
    assert not parsed(response.content).xpath("//h1/strong")


def test_a_closed_meeting_goes_on_to_look_from_the_end_of_its_day(operator: Client) -> None:
    old = planned(HELD)
    prepare(meeting=old, issued=listed("2025-11-17"))
    close_meeting(meeting=old, now=HELD, by="qld")
    told = words(operator.get(at("-item", old, 1)))
    assert "At the end of that day: ! Not completed, overdue: 8 days late" in told
    assert "Save the notes" not in told


def test_dates_are_those_of_the_reader_in_both_languages(operator: Client) -> None:
    planned(HELD)
    for language in ("vi", "en"):
        page = operator.get("/meetings/", headers={"accept-language": language})
        assert "18/11/2025 14:00" in words(page)
        assert not faults(parsed(page.content), language)


def test_meetings_ahead_come_before_those_held(operator: Client) -> None:
    close_meeting(meeting=planned(HELD, title="Đã họp"), now=HELD, by="qld")
    cancel_meeting(meeting=planned(title="Đã hủy"), reason="x", now=NOW, by="an")
    planned(timezone.now() + timedelta(days=9), title="Sắp họp")
    page = parsed(operator.get("/meetings/").content)
    ahead, over = (
        [cell.text_content() for cell in table.xpath(".//td/a")] for table in page.xpath("//table")
    )
    assert ahead == ["Họp rà soát tiến độ", "Sắp họp"]
    assert set(over) == {"Đã hủy", "Đã họp"}
    assert "to be closed" in page.xpath("//table")[0].text_content()


# Who writes


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector"])
def test_others_read_and_write_nothing(meeting: Meeting, role: str) -> None:
    client = reader(person("an", role, "QLD"))
    item = client.get(at("-item", meeting, 1))
    assert not parsed(item.content).xpath("//main//form")
    assert parsed(item.content).xpath("//a[contains(., '→')]/@href") == [at("-item", meeting, 2)]
    assert client.post(at("-item", meeting, 1), notes(meeting, notes="x")).status_code == 403
    for name in ("-edit", "-prepare", "-add", "-agenda", "-close", "-cancel", "-notice"):
        assert client.post(at(name, meeting), {}).status_code == 403, name
    assert client.post(at("-noted", meeting, 1), {"text": "x"}).status_code == 403
    assert item_of(meeting, "QLD").notes == ""
    assert Meeting.objects.get().open


def test_a_clerk_sees_no_meeting(meeting: Meeting) -> None:
    client = reader(person("an", "clerk"))
    assert client.get("/meetings/").status_code == 403
    assert client.get(at("", meeting)).status_code == 403
