"""One message a person and day, of what each is to be told of, and nothing twice."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.tracking.imported import take_in
from tests.tracking.reminder_people import HEAD, LEADER, OPERATOR, REPORTER, at, people, person
from tests.tracking.test_progress_lists import event, plan_file
from tracking.actions.reminders import due_digests, make_due_digests, write_digest
from tracking.models import (
    CalendarDay,
    Delivery,
    Department,
    Deputation,
    Message,
    Reminder,
    ReminderStep,
    Succession,
    Task,
    TaskSituation,
    User,
)

pytestmark = pytest.mark.django_db

DEPUTY = "deputy"


@pytest.fixture
def crowd() -> dict[str, User]:
    """T1 and T2 of QLD, decided on 1 October and due on Monday 10 November."""
    take_in(plan_file())
    return people()


def told(now: datetime) -> dict[str, str]:
    """Who is told what now: "T1 due:0 T2 due:0"."""
    keys = [message.pk for message in make_due_digests(now)]
    found: dict[str, str] = {}
    for note in Reminder.objects.filter(message__in=keys).order_by("person", "task", "rung"):
        said = f"{note.task.code} {note.rung}"
        found[note.person] = f"{found[note.person]} {said}" if note.person in found else said
    return found


def record(task: str, kind: str, when: str, **payload: Any) -> None:
    """At 08:00 of that day of 2025."""
    take_in({"format": "progress-plan/1", "events": [event(task, kind, f"2025-{when}", **payload)]})


def test_on_the_last_day_the_reporter_and_the_head_hear_of_both_tasks_in_one_message(
    crowd: dict[str, User],
) -> None:
    both = "T1 due:0 T2 due:0"
    assert told(at("11-10")) == {REPORTER: both, HEAD: both}
    assert [d.address for d in Delivery.objects.order_by("address")] == [
        "head@example.org",
        "reporter@example.org",
    ]
    assert Message.objects.get(deliveries__person=crowd[REPORTER]).key == (
        f"digest:{crowd[REPORTER].pk}:2025-11-10"
    )


def test_nothing_is_told_twice_and_with_nothing_to_say_there_is_no_message(
    crowd: dict[str, User],
) -> None:
    make_due_digests(at("11-10"))
    assert due_digests(at("11-10T08:01:00")) == []
    assert set(told(at("11-11"))) == {REPORTER, HEAD}  # overdue
    assert told(at("11-12")) == {}
    assert told(at("11-17")) == {}
    assert set(told(at("11-18"))) == {REPORTER, HEAD, OPERATOR}  # the second week


@pytest.mark.parametrize(
    ("now", "number"),
    [
        ("11-10T07:29:59", 0),
        ("11-10T07:30:00", 2),
        ("11-10T16:59:59", 2),
        ("11-10T17:00:00", 0),
        ("11-10T00:30:00+00:00", 2),  # 07:30 in Hà Nội
        ("11-09T23:59:00+00:00", 0),  # 06:59
        ("11-10T08:00:00+00:00", 2),
        ("11-16T08:00:00", 0),  # a Sunday
    ],
)
def test_people_are_reminded_in_the_hours_of_ha_noi_on_working_days(
    crowd: dict[str, User], now: str, number: int
) -> None:
    assert len(make_due_digests(at(now))) == number


def test_a_holiday_is_no_day_to_remind_and_the_day_after_catches_up(
    crowd: dict[str, User],
) -> None:
    CalendarDay.objects.create(day=date(2025, 11, 11), working=False)
    assert told(at("11-11")) == {}
    assert told(at("11-12"))[REPORTER] == "T1 overdue_weeks:1 T2 overdue_weeks:1"


def test_days_without_a_run_lose_nothing_and_only_the_highest_rung_is_told(
    crowd: dict[str, User],
) -> None:
    """The reminders of others go out "if it was due yesterday": one missed run, and never."""
    assert told(at("11-26"))[REPORTER] == "T1 overdue_weeks:3 T2 overdue_weeks:3"
    assert Reminder.objects.filter(person=REPORTER).count() == 2
    assert told(at("11-27")) == {}


def test_a_moved_deadline_begins_anew(crowd: dict[str, User]) -> None:
    make_due_digests(at("11-11"))
    record("T1", "extension_granted", "11-12", due_on="2025-11-24", reason="x")
    assert told(at("11-13")) == {}
    assert told(at("11-19")) == {
        REPORTER: "T1 share:50 T2 overdue_weeks:2",
        HEAD: "T2 overdue_weeks:2",
        OPERATOR: "T2 overdue_weeks:2",
    }
    assert told(at("11-24"))[REPORTER] == "T1 due:0"


def test_a_result_that_waits_reminds_those_who_may_decide_but_not_who_submitted_it(
    crowd: dict[str, User],
) -> None:
    rows = [event("T1", "submitted", "2025-11-03") | {"actor": OPERATOR}]
    rows += [event("T2", "submitted", "2025-11-03") | {"actor": REPORTER}]
    take_in({"format": "progress-plan/1", "events": rows})
    assert told(at("11-05")) == {}
    assert told(at("11-07")) == {
        OPERATOR: "T2 unverified_days:3",
        LEADER: "T1 unverified_days:3 T2 unverified_days:3",
    }
    record("T2", "returned", "11-12", reason="x")
    assert told(at("11-13")) == {
        REPORTER: "T2 overdue_weeks:1",
        HEAD: "T2 overdue_weeks:1",
        LEADER: "T1 unverified_days:8",
    }


def test_what_is_finished_paused_cancelled_or_undated_is_never_heard_of(
    crowd: dict[str, User],
) -> None:
    rows = [event("T1", "submitted", "2025-11-09"), event("T1", "accepted", "2025-11-20")]
    take_in({"format": "progress-plan/1", "events": rows})
    record("T2", "paused", "11-09", reason="x")
    undated = plan_file(3)["tasks"][2] | {"code": "T3"}
    take_in(
        {
            "format": "progress-plan/1",
            "tasks": [undated],
            "events": [
                event("T3", "assigned", "2025-10-01"),
                event("T3", "deadline_set", "2025-10-01", due_on=None, wording="thường xuyên"),
            ],
        }
    )
    assert told(at("11-28")) == {}
    record("T2", "resumed", "11-29")
    assert told(at("12-01"))[REPORTER] == "T2 overdue_weeks:3"
    record("T2", "cancelled", "12-02", reason="x")
    assert told(at("12-15")) == {}


def test_reminding_touches_no_task_and_no_clock_of_it(crowd: dict[str, User]) -> None:
    """A reminder whose own save resets the clock of inactivity silences itself."""
    before = list(Task.objects.order_by("pk").values()), list(TaskSituation.objects.values())
    make_due_digests(at("11-26"))
    after = list(Task.objects.order_by("pk").values()), list(TaskSituation.objects.values())
    assert after == before


def test_the_people_of_the_successor_hear_of_the_tasks_of_a_department_that_ended(
    crowd: dict[str, User],
) -> None:
    ended, heir = Department.objects.get(code="QLD"), Department.objects.get(code="KCB")
    Department.objects.filter(pk=ended.pk).update(valid_to=date(2025, 11, 1))
    Succession.objects.create(department=ended, successor=heir)
    person("heir", "reporter", "KCB")
    assert set(told(at("11-10"))) == {"heir"}


def test_a_deputy_is_reminded_while_the_deputation_is_in_force(crowd: dict[str, User]) -> None:
    Deputation.objects.create(
        deputy=person(DEPUTY, "reporter", "KCB"),
        department=Department.objects.get(code="QLD"),
        in_place_of=crowd[REPORTER],
        valid_from=date(2025, 11, 10),
        valid_to=date(2025, 11, 10),
    )
    assert set(told(at("11-10"))) == {REPORTER, HEAD, DEPUTY}
    assert set(told(at("11-11"))) == {REPORTER, HEAD}


def test_nobody_is_written_to_who_is_inactive_or_has_no_address(crowd: dict[str, User]) -> None:
    User.objects.filter(username=HEAD).update(is_active=False)
    User.objects.filter(username=REPORTER).update(email="")
    assert told(at("11-10")) == {}
    person("second", "reporter", "QLD")
    assert set(told(at("11-10"))) == {"second"}


def test_somebody_who_is_reporter_head_and_operator_hears_of_each_task_once(
    crowd: dict[str, User],
) -> None:
    everything = person("everything", "operator", "QLD", head=True)
    everything.groups.add(*crowd[REPORTER].groups.all())
    assert told(at("11-18"))["everything"] == "T1 overdue_weeks:2 T2 overdue_weeks:2"
    record("T1", "submitted", "11-18")
    assert told(at("11-21"))["everything"] == "T1 unverified_days:3"


def test_somebody_who_came_later_hears_of_the_present_rung_only(crowd: dict[str, User]) -> None:
    make_due_digests(at("11-18"))
    person("newcomer", "reporter", "QLD")
    assert told(at("11-19")) == {"newcomer": "T1 overdue_weeks:2 T2 overdue_weeks:2"}


def test_rows_of_the_ladder_replace_the_default_one(crowd: dict[str, User]) -> None:
    ReminderStep.objects.create(measure="overdue_weeks", amount=1, to=["nhic"])
    assert told(at("11-10")) == {}
    assert told(at("11-11")) == {OPERATOR: "T1 overdue_weeks:1 T2 overdue_weeks:1"}


def test_a_message_that_cannot_be_written_keeps_nobody_else_waiting(
    crowd: dict[str, User], caplog: pytest.LogCaptureFixture
) -> None:
    User.objects.filter(username=HEAD).update(language="xx")
    assert set(told(at("11-10"))) == {REPORTER}
    assert "could not be written" in caplog.text
    User.objects.filter(username=HEAD).update(language="vi")
    assert set(told(at("11-10T09:00:00"))) == {HEAD}


def test_a_plan_that_was_made_before_another_run_writes_nothing(crowd: dict[str, User]) -> None:
    stale = {digest.person.username: digest for digest in due_digests(at("11-10"))}[HEAD]
    make_due_digests(at("11-11"))
    assert write_digest(stale, now=at("11-11T08:01:00")) is None
    assert Message.objects.filter(deliveries__person=crowd[HEAD]).count() == 1


def test_a_run_costs_the_same_number_of_queries_whatever_there_is_to_say() -> None:
    def cost(tasks: int) -> int:
        take_in(plan_file(tasks))
        with CaptureQueriesContext(connection) as queries:
            assert len(due_digests(at("11-18"))) == 3
        return len(queries)

    take_in(plan_file(1))
    people()
    assert cost(2) == cost(30) <= 20


def test_a_run_with_nothing_to_say_judges_no_task_until_something_changes(
    crowd: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:

    def judged(now: datetime) -> bool:
        with CaptureQueriesContext(connection) as queries:
            due_digests(now)
        return any("snapshot" in query["sql"] for query in queries)

    make_due_digests(at("11-11"))
    assert judged(at("11-12"))
    assert not judged(at("11-12T08:01:00"))
    assert judged(at("11-13"))
    newcomer = person("newcomer", "reporter", "KCB")
    assert judged(at("11-13T08:01:00"))
    assert not judged(at("11-13T08:02:00"))
    newcomer.department = Department.objects.get(code="QLD")
    newcomer.save()
    assert set(told(at("11-13T08:03:00"))) == {"newcomer"}
    record("T1", "extension_granted", "11-13", due_on="2025-11-13", reason="x")
    assert set(told(at("11-13T08:04:00"))) == {REPORTER, HEAD}
