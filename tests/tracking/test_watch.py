"""Do operators hear of what stands still, once, by another way, and that it is over?"""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.tracking.task_pages import make_task
from tracking.actions.faults import faults
from tracking.actions.reports import make_due_reports
from tracking.actions.watch import look
from tracking.models import (
    Alarm,
    Delivery,
    DeliveryEntry,
    Pulse,
    ReportRun,
    ReportSchedule,
    Task,
)
from tracking.rules.instants import instant_from

pytestmark = pytest.mark.django_db

EIGHT = instant_from("2026-11-26T08:00:00")
MINUTE = timedelta(minutes=1)
LONG_AGO = EIGHT - timedelta(days=9)
TO = ["a@example.vn", "b@example.vn", "c@example.vn"]
_STATE, _KIND = Delivery.State, DeliveryEntry.Kind


@pytest.fixture(autouse=True)
def nothing_to_probe(settings: Any) -> None:
    settings.SIGNS_OF_LIFE = []


def schedule(**changes: Any) -> ReportSchedule:
    """Each day at eight, to three people."""
    make_task()
    return ReportSchedule.objects.create(
        **{
            "name": "Báo cáo sáng",
            "at": EIGHT.timetz().replace(tzinfo=None),
            "weekdays": list(range(7)),
            "starts_at": EIGHT - timedelta(hours=1),
            "addresses": "\n".join(TO),
            **changes,
        }
    )


def watched(at: datetime) -> list[str]:
    """What stands after a look, as it is stored."""
    found = look(now=at, awake_since=LONG_AGO)
    return [f"{alarm.kind} {alarm.subject} {alarm.reason}".strip() for alarm in found]


def become(state: str, *addresses: str, said: str = "", at: datetime = EIGHT) -> None:
    sent = {"sent_at": at} if state == _STATE.SENT else {}
    rows = Delivery.objects.filter(address__in=addresses)
    rows.update(state=state, answer=said, **sent)


def test_a_new_site_has_no_alarm() -> None:
    assert faults(EIGHT) == []
    assert watched(EIGHT) == []


def test_a_list_of_eight_that_is_not_made_is_an_alarm_after_half_past() -> None:
    schedule()
    assert watched(EIGHT + 29 * MINUTE) == []
    assert watched(EIGHT + 30 * MINUTE) == ["report_late Báo cáo sáng stands_still 0/0"]


def test_why_a_list_is_not_made_is_said() -> None:
    schedule(addresses="")
    (found,) = watched(EIGHT + 30 * MINUTE)
    assert "not_made 0/0 nobody who is to receive it has an e-mail address" in found
    assert not ReportRun.objects.exists()
    assert watched(EIGHT + 31 * MINUTE) == [found]


def test_a_list_that_went_to_everybody_is_no_alarm() -> None:
    schedule()
    make_due_reports(EIGHT)
    become(_STATE.SENT, *TO)
    assert watched(EIGHT + 30 * MINUTE) == []


@pytest.mark.parametrize(
    ("state", "said", "expected"),
    [
        (_STATE.QUEUED, "", "untried 2/3"),
        (_STATE.SENDING, "", "untried 2/3"),
        (_STATE.QUEUED, "451 later", "put_off 2/3 451 later"),
        (_STATE.FAILED, "550 unknown", "refused 2/3 550 unknown"),
        (_STATE.UNCERTAIN, "", "uncertain 2/3"),
    ],
)
def test_a_list_that_is_not_with_everybody_is_an_alarm_that_says_why(
    state: str, said: str, expected: str
) -> None:
    schedule()
    make_due_reports(EIGHT)
    become(_STATE.SENT, TO[0])
    become(state, *TO[1:], said=said)
    assert f"report_late Báo cáo sáng {expected}" in watched(EIGHT + 30 * MINUTE)


def test_an_alarm_is_over_when_the_list_is_out() -> None:
    schedule()
    watched(EIGHT + 30 * MINUTE)
    make_due_reports(EIGHT + 31 * MINUTE)
    become(_STATE.SENT, *TO, at=EIGHT + 31 * MINUTE)
    assert watched(EIGHT + 32 * MINUTE) == []
    alarm = Alarm.objects.get()
    assert (alarm.opened_at, alarm.ended_at) == (EIGHT + 30 * MINUTE, EIGHT + 32 * MINUTE)


def test_a_delivery_that_a_person_gave_up_keeps_no_alarm_open() -> None:
    schedule()
    make_due_reports(EIGHT)
    become(_STATE.SENT, *TO[:2])
    become(_STATE.FAILED, TO[2])
    assert len(watched(EIGHT + 30 * MINUTE)) == 1
    failed = Delivery.objects.get(state=_STATE.FAILED)
    DeliveryEntry.objects.create(delivery=failed, kind=_KIND.GIVEN_UP, at=EIGHT, by="operator")
    assert watched(EIGHT + 31 * MINUTE) == []


def test_an_old_list_is_judged_until_the_next_one_is_late_as_well() -> None:
    schedule()
    make_due_reports(EIGHT)
    become(_STATE.SENT, *TO[:2])
    become(_STATE.FAILED, TO[2])
    tomorrow = EIGHT + timedelta(days=1)
    assert len(watched(tomorrow + 29 * MINUTE)) == 1
    make_due_reports(tomorrow)
    become(_STATE.SENT, *TO)
    assert watched(tomorrow + 30 * MINUTE) == []


def test_a_schedule_that_is_not_active_is_not_missed() -> None:
    row = schedule()
    watched(EIGHT + 30 * MINUTE)
    ReportSchedule.objects.filter(pk=row.pk).update(active=False)
    assert watched(EIGHT + 31 * MINUTE) == []


def test_a_process_that_was_seen_is_missed_after_three_minutes_of_silence() -> None:
    Pulse.objects.beat("scheduler", EIGHT)
    assert watched(EIGHT + 3 * MINUTE) == []
    assert watched(EIGHT + 4 * MINUTE) == ["stopped scheduler - 0/0"]
    Pulse.objects.beat("scheduler", EIGHT + 5 * MINUTE)
    assert watched(EIGHT + 5 * MINUTE) == []


def test_a_watch_that_has_just_woken_lets_the_others_wake_as_well() -> None:
    Pulse.objects.beat("scheduler", EIGHT)
    late = EIGHT + timedelta(days=2)
    assert look(now=late, awake_since=late - MINUTE) == []
    assert len(look(now=late, awake_since=late - 3 * MINUTE)) == 1
    # And closes nothing that another one opened.
    assert len(look(now=late, awake_since=late - MINUTE)) == 1


def test_mail_that_nobody_tries_for_a_quarter_of_an_hour_is_an_alarm() -> None:
    schedule()
    make_due_reports(EIGHT)
    assert watched(EIGHT + 14 * MINUTE) == []
    assert watched(EIGHT + 15 * MINUTE) == ["unsent mail untried 3/3"]
    become(_STATE.SENT, *TO, at=EIGHT + 15 * MINUTE)
    assert watched(EIGHT + 16 * MINUTE) == []


def put_off(*addresses: str) -> None:
    become(_STATE.QUEUED, *addresses, said="451 later")
    rows = Delivery.objects.filter(address__in=addresses)
    rows.update(next_try_at=EIGHT + timedelta(hours=1))
    for row in rows:
        DeliveryEntry.objects.create(delivery=row, kind=_KIND.PUT_OFF, at=EIGHT, said="451 later")


def test_mail_that_is_put_off_again_and_again_is_an_alarm_unless_other_mail_leaves() -> None:
    schedule()
    make_due_reports(EIGHT)
    put_off(*TO)
    assert watched(EIGHT + 14 * MINUTE) == []
    assert watched(EIGHT + 15 * MINUTE) == ["unsent mail put_off 3/3 451 later"]
    become(_STATE.SENT, TO[0], at=EIGHT + 15 * MINUTE)
    assert watched(EIGHT + 16 * MINUTE) == []


def test_two_watches_open_one_alarm() -> None:
    Pulse.objects.beat("scheduler", EIGHT)
    for _watch in range(2):
        look(now=EIGHT + 4 * MINUTE, awake_since=LONG_AGO)
    assert Alarm.objects.count() == 1


def test_what_gives_no_sign_hides_nothing_else(settings: Any, caplog: Any) -> None:
    settings.SIGNS_OF_LIFE = ["tests.tracking.test_watch.breaks"]
    Pulse.objects.beat("scheduler", EIGHT)
    assert watched(EIGHT + 4 * MINUTE) == ["stopped scheduler - 0/0"]
    assert "gives no sign" in caplog.text


def breaks(now: datetime) -> None:
    raise RuntimeError(Task.__name__)


def test_many_schedules_cost_no_more_queries(django_assert_num_queries: Any) -> None:
    schedule()
    make_due_reports(EIGHT)
    with django_assert_num_queries(6):
        faults(EIGHT + 30 * MINUTE)
    for number in range(5):
        ReportSchedule.objects.create(
            name=f"{number}",
            at=EIGHT.timetz().replace(tzinfo=None),
            weekdays=[0, 1, 2, 3, 4],
            starts_at=LONG_AGO,
            addresses=TO[0],
        )
    make_due_reports(EIGHT)
    with django_assert_num_queries(6):
        faults(EIGHT + 30 * MINUTE)
