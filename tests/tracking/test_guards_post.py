"""What left the portal, what was told and what was concluded stays as it was written."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from tracking.models import (
    Alarm,
    AlarmTelling,
    Conclusion,
    Delivery,
    DeliveryEntry,
    Letter,
    LetterEntry,
    Meeting,
    Message,
    MessageFile,
    Plan,
    Reminder,
    ReportRun,
    ReportSchedule,
    Task,
)
from tracking.models.department import Department

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def message(key: str = "report:1") -> Message:
    return Message.objects.create(
        key=key, kind="report", language="vi", sender="p@x", subject="S", text="T", html="H",
        written_at=NOW,
    )  # fmt: skip


def delivery(to: str = "a@x") -> Delivery:
    return Delivery.objects.create(
        message=message(), address=to, mail_id=f"<{to}>", next_try_at=NOW
    )


def task() -> Task:
    lead = Department.objects.create(code="QLD", name_vi="Cục Quản lý Dược", order=1)
    plan = Plan.objects.create(code="P", name_vi="Kế hoạch")
    return Task.objects.create(code="T1", plan=plan, name_vi="Việc", first_lead=lead)


def schedule() -> ReportSchedule:
    return ReportSchedule.objects.create(name="S", at="08:00", starts_at=NOW)


def alarm() -> Alarm:
    return Alarm.objects.create(kind="unsent", subject="mail", since=NOW, opened_at=NOW)


def letter() -> Letter:
    return Letter.objects.create(kind="advice", subject="S", content={}, drafted_at=NOW)


def meeting() -> Meeting:
    return Meeting.objects.create(title="M", held_at=NOW)


ROWS: dict[str, Callable[[], models.Model]] = {
    "message": message,
    "file of a message": lambda: MessageFile.objects.create(
        message=message(), name="f", content_type="x/y", content=b"1", sha256="0" * 64
    ),
    "entry of a delivery": lambda: DeliveryEntry.objects.create(
        delivery=delivery(), kind="sent", at=NOW
    ),
    "run of a report": lambda: ReportRun.objects.create(
        schedule=schedule(), slot_at=NOW, made_at=NOW
    ),
    "reminder": lambda: Reminder.objects.create(
        task=task(), deadline="2025-11-10", rung="due", person="kcb", at=NOW
    ),
    "telling of an alarm": lambda: AlarmTelling.objects.create(
        alarm=alarm(), way="mail", at=NOW, taken=True
    ),
    "entry of a letter": lambda: LetterEntry.objects.create(
        letter=letter(), state="drafted", at=NOW, by="x"
    ),
    "conclusion": lambda: Conclusion.objects.create(
        meeting=meeting(), kind="noted", text="X", recorded_at=NOW, actor="x"
    ),
}


@pytest.mark.parametrize("what", ROWS)
def test_what_was_written_is_neither_changed_nor_deleted(what: str) -> None:
    row = ROWS[what]()
    table = row._meta.db_table
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table} WHERE id = {row.pk}"):
        with (
            pytest.raises(IntegrityError, match="never changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("again", "constraint"),
    [
        (lambda: message(), "key"),
        (lambda: ReportRun.objects.create(schedule=_first(), slot_at=NOW, made_at=NOW), "slot"),
        (lambda: alarm(), "alarm"),
    ],
    ids=["message of an occasion", "run of a slot", "open alarm about a subject"],
)
def test_there_is_one_of_each(again: Callable[[], object], constraint: str) -> None:
    message()
    ReportRun.objects.create(schedule=schedule(), slot_at=NOW, made_at=NOW)
    alarm()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        again()


def test_a_delivery_is_not_sent_without_an_instant() -> None:
    sent = delivery()
    with pytest.raises(IntegrityError, match="sent_when"), transaction.atomic():
        Delivery.objects.filter(pk=sent.pk).update(state="sent")
    moment: datetime = NOW
    assert Delivery.objects.filter(pk=sent.pk).update(state="sent", sent_at=moment) == 1


def _first() -> ReportSchedule:
    return ReportSchedule.objects.get()
