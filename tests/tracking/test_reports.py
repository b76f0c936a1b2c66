"""What is made when the time of a report has come, was missed, or comes twice."""

import logging
from datetime import time
from typing import Any

import pytest

from tests.tracking.report_rows import at, schedule, take_in_plan
from tracking.actions.progress_lists import issue
from tracking.actions.reports import due_reports, make_due_reports, obstacle
from tracking.models import Delivery, Meeting, Message, Plan, ProgressList, ReportRun
from tracking.rules.progress_list import Policy, Scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plan() -> None:
    take_in_plan()


def slots() -> list[tuple[str, bool]]:
    """(day and time, whether a list was made) of every run, in order."""
    runs = ReportRun.objects.order_by("slot_at")
    return [(str(run).split(" ", 3)[-1], run.progress_list is not None) for run in runs]


def test_a_report_is_made_at_its_time_and_once() -> None:
    schedule()
    assert make_due_reports(at("18 07:59")) == []
    (run,) = make_due_reports(at("18 08:00"))
    assert make_due_reports(at("18 08:01")) == []
    message = Message.objects.get()
    assert message.key == run.occasion == f"report:{run.schedule_id}:2025-11-18T08:00"
    assert message.progress_list == run.progress_list == ProgressList.objects.get()
    assert "Drug Administration" not in message.subject
    assert "Cục Quản lý Dược" in message.text
    delivery = Delivery.objects.get()
    assert (delivery.address, delivery.state) == ("thu.truong@example.org", "queued")


def test_the_list_is_of_the_day_and_knows_what_is_known_when_it_is_made() -> None:
    one = schedule(policy="incomplete", language="en")
    one.plans.set(Plan.objects.filter(code="02-KH"))
    make_due_reports(at("18 08:07"))
    issued = ProgressList.objects.get()
    assert (issued.as_of, issued.known_at) == (at("18 08:00").date(), at("18 08:07"))
    assert (issued.series, issued.issued_by) == ("incomplete|02-KH", "schedule: Báo cáo sáng")
    assert "Drug Administration" in Message.objects.get().text


def test_a_missed_time_is_made_up_for_once_and_says_what_it_passed_over() -> None:
    schedule()
    assert len(make_due_reports(at("20 09:30"))) == 1
    assert slots() == [
        ("18/11/2025 08:00", False),
        ("19/11/2025 08:00", False),
        ("20/11/2025 08:00", True),
    ]
    assert Message.objects.count() == 1
    assert ProgressList.objects.get().as_of == at("20 08:00").date()
    assert due_reports(at("21 07:59")) == []
    assert len(make_due_reports(at("21 08:00"))) == 1


def test_nothing_is_due_before_a_schedule_begins_nor_while_it_is_stopped() -> None:
    schedule("later", starts_at=at("19 08:00"))
    schedule("stopped", active=False)
    assert due_reports(at("18 12:00")) == []
    assert [str(slot) for slot in due_reports(at("19 08:00"))] == ["later 19/11/2025 08:00"]


def test_schedules_of_one_series_share_the_list_of_the_day() -> None:
    schedule("morning")
    schedule("noon", at=time(12))
    schedule("other", policy="incomplete")
    make_due_reports(at("18 08:00"))
    make_due_reports(at("18 12:00"))
    assert Message.objects.count() == 3
    assert sorted(ProgressList.objects.values_list("series", flat=True)) == [
        "incomplete",
        "overdue",
    ]


def test_a_list_that_somebody_issued_that_day_is_the_one_that_is_sent() -> None:
    known_at = at("18 07:00")
    by_hand, _new = issue(
        Scope(known_at.date(), known_at, Policy.OVERDUE), now=known_at, by="operator"
    )
    schedule()
    (run,) = make_due_reports(at("18 08:00"))
    assert run.progress_list == by_hand


def test_what_is_refused_or_breaks_stops_no_other_and_stays_due(
    caplog: pytest.LogCaptureFixture,
) -> None:
    schedule("1 refused", addresses="")
    schedule("2 broken", formats=["papyrus"])
    schedule("3 sound")
    with caplog.at_level(logging.ERROR):
        made = make_due_reports(at("18 08:00"))
    assert [run.schedule.name for run in made] == ["3 sound"]
    assert "1 refused 18/11/2025 08:00 is refused: nobody who is to receive it" in caplog.text
    assert "2 broken 18/11/2025 08:00 failed" in caplog.text
    late = due_reports(at("18 08:30"))
    assert {slot.schedule.name: slot.slot_at for slot in late} == {
        "1 refused": at("18 08:00"),
        "2 broken": at("18 08:00"),
    }
    assert ReportRun.objects.count() == Message.objects.count() == 1


def test_why_a_report_is_not_out_can_be_asked_without_making_it() -> None:
    schedule("1 refused", addresses="")
    schedule("2 broken", formats=["papyrus"])
    schedule("3 only late")
    now = at("18 08:30")
    said = {slot.schedule.name: obstacle(slot, now) for slot in due_reports(now)}
    assert said["1 refused"].startswith("nobody who is to receive it has an e-mail address")
    assert "papyrus" in said["2 broken"]
    assert said["3 only late"] == ""
    assert not ProgressList.objects.exists()
    assert not Message.objects.exists()
    assert len(due_reports(now)) == 3


def test_a_report_before_a_meeting_follows_the_meeting_and_forgets_a_cancelled_one() -> None:
    schedule(rhythm="before_meeting", days_before=1)
    meeting = Meeting.objects.create(title="Giao ban", held_at=at("20 14:00"))
    assert due_reports(at("18 08:00")) == []
    assert len(due_reports(at("19 08:00"))) == 1
    Meeting.objects.filter(pk=meeting.pk).update(held_at=at("27 14:00"))
    assert due_reports(at("19 08:00")) == []
    assert [slot.slot_at for slot in due_reports(at("26 08:00"))] == [at("26 08:00")]
    Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.State.CANCELLED)
    assert due_reports(at("26 08:00")) == []


def test_what_is_due_costs_the_same_however_many_schedules_there_are(
    django_assert_num_queries: Any,
) -> None:
    for number in range(5):
        schedule(f"{number}", rhythm="before_meeting" if number else "weekdays")
    with django_assert_num_queries(3):
        due_reports(at("18 08:00"))
