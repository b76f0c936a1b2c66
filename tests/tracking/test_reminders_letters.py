"""Operators hear of the letters whose answer is overdue."""

import pytest

from tests.tracking.imported import take_in
from tests.tracking.reminder_people import OPERATOR, at, letter, people
from tests.tracking.test_progress_lists import event, plan_file
from tracking.actions.reminders import make_due_digests
from tracking.models import Message, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd() -> dict[str, User]:
    take_in(plan_file())
    return people()


def test_a_letter_whose_answer_is_overdue_is_told_to_operators_once_a_week_by_itself(
    crowd: dict[str, User],
) -> None:
    rows = [event(task, "paused", "2025-10-02", reason="x") for task in ("T1", "T2")]
    take_in({"format": "progress-plan/1", "events": rows})
    letter("11-12")
    letter("11-12", state="answered")
    assert make_due_digests(at("11-12")) == []
    (message,) = make_due_digests(at("11-13"))
    assert [d.address for d in message.deliveries.all()] == ["operator@example.org"]
    assert message.subject == "Reminder: 1 letter unanswered"
    assert make_due_digests(at("11-14")) == []
    assert len(make_due_digests(at("11-18"))) == 1  # Monday's run was missed
    assert make_due_digests(at("11-19")) == []


def test_letters_stand_in_every_message_that_an_operator_gets_anyway(
    crowd: dict[str, User],
) -> None:
    letter("11-12")
    make_due_digests(at("11-17"))
    make_due_digests(at("11-18"))
    texts = Message.objects.filter(deliveries__person=crowd[OPERATOR]).order_by("pk")
    assert [message.subject for message in texts] == [
        "Reminder: 1 letter unanswered",
        "Reminder: 2 tasks overdue, 1 letter unanswered",
    ]
