"""Over any story of tasks and any run of the clock, whoever is to be told is told, once."""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.histories import (
    assigned,
    cancelled,
    in_force,
    instant,
    last_day,
    read_event,
    with_effect,
)
from tests.ledgers import plan_files
from tests.oracle import printed_under
from tests.task_lines import Judged, lateness, lead, pending_flag, working_days
from tests.tracking.from_plan_file import facts_of
from tests.tracking.imported import NOW, imported
from tests.tracking.reminder_people import HEAD, OPERATOR, REPORTER, people
from tracking.actions.reminders import make_due_digests
from tracking.models import Event, Message, Reminder, TaskSituation
from tracking.rules.instants import ZONE, day_of
from tracking.rules.progress_list import Scope
from tracking.rules.reminders import DEFAULT_LADDER, Audience, Climb, Rung, climbs
from tracking.rules.standing import Yardstick, judge

Json = dict[str, Any]
Run = tuple[datetime, str]

patient = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
pure = settings(max_examples=int(os.environ.get("EXAMPLES", "40")), deadline=None)
through_the_database = settings(
    max_examples=int(os.environ.get("EXAMPLES", "40")) // 5,
    deadline=None,
    suppress_health_check=patient,
)
EVERYBODY = frozenset(Audience)


def seen(plan_file: Json, moment: datetime) -> dict[str, Judged]:
    """The second reading of the rules, for the tasks in scope at an instant."""
    events = [read_event(row, place) for place, row in enumerate(plan_file["events"])]
    found = {}
    for row in plan_file["tasks"]:
        history = with_effect(
            [event for event in events if event.task == row["code"] and event.at <= moment]
        )
        if assigned(history) and not cancelled(history):
            found[row["code"]] = Judged(row, history, moment, plan_file)
    return found


def expected(task: Judged) -> str:
    """The highest rung on the way to the deadline, by brute force; "" for none."""
    order = in_force(task.history)
    until = last_day(order)
    if until is None or order is None or task.standing not in ("in_time", "overdue"):
        return ""
    if task.standing == "overdue":
        days = lateness(task)[0]
        return f"overdue_weeks:{next(n for n in range(1, 999) if days <= 7 * n)}"
    if pending_flag(task):
        return ""
    today, decided = task.cut_off.date(), order.at.date()
    if not working_days(task.file, today, until):
        return "due:0"
    whole, used = (working_days(task.file, decided, day) for day in (until, today))
    return next((f"share:{share}" for share in (90, 50) if used * 100 >= share * whole), "")


def climbed(plan_file: Json, moment: datetime) -> Iterator[tuple[Judged, Climb]]:
    scope = Scope(as_of=moment.date(), known_at=NOW)
    facts = facts_of(plan_file, scope)
    tasks = seen(plan_file, moment)
    for task in facts.tasks:
        if judged := tasks.get(task.code):
            measure = Yardstick.at_instant(moment, facts.calendar)
            order = in_force(judged.history)
            found = climbs(
                task.situation,
                judge(task.situation, measure),
                order.at.date() if order else None,
                DEFAULT_LADDER,
                measure,
            )
            yield from ((judged, climb) for climb in found)


@st.composite
def stories(draw: st.DrawFn) -> tuple[Json, datetime]:
    """A plan file and the end of a day during it or after it."""
    plan_file = draw(plan_files())
    first = min(instant(row["effective_at"]) for row in plan_file["events"]).astimezone(ZONE)
    day = first.date() + timedelta(days=draw(st.integers(0, 60)))
    return plan_file, datetime.combine(day, time.max, ZONE)


@pure
@given(stories())
def test_the_highest_rung_is_what_a_second_reading_says(story: tuple[Json, datetime]) -> None:
    plan_file, moment = story
    found = {
        judged.row["code"]: rung.name
        for judged, climb in climbed(plan_file, moment)
        if not climb.subject.startswith("submitted") and (rung := climb.to_tell(EVERYBODY, None))
    }
    tasks = seen(plan_file, moment)
    wanted = {code: expected(task) for code, task in tasks.items()}
    assert found == {code: name for code, name in wanted.items() if name}


@st.composite
def runs(draw: st.DrawFn) -> tuple[Json, list[Run]]:
    """A plan file, and instants in order at which the reminders are run: once, twice, or killed
    before they are written. The last run happens on a working day."""
    plan_file = draw(plan_files())
    first = min(instant(row["effective_at"]) for row in plan_file["events"]).astimezone(ZONE)
    days = sorted(draw(st.lists(st.integers(0, 70), min_size=1, max_size=5)))
    hours = st.sampled_from([time(6, 59), time(7, 30), time(8), time(16, 59), time(17), time(23)])
    how = st.sampled_from(["once", "twice", "killed"])
    found = [
        (datetime.combine(first.date() + timedelta(days=day), draw(hours), ZONE), draw(how))
        for day in days
    ]
    last = first.date() + timedelta(days=days[-1] + 1)
    while not working_days(plan_file, last - timedelta(days=1), last):
        last += timedelta(days=1)
    return plan_file, [*sorted(found), (datetime.combine(last, time(8), ZONE), "once")]


class Killed(Exception):
    pass


def run(moment: datetime, how: str) -> None:
    with suppress(Killed), transaction.atomic():
        make_due_digests(moment)
        if how == "killed":
            raise Killed
    if how == "twice":
        assert make_due_digests(moment) == []
        assert make_due_digests(moment + timedelta(minutes=1)) == []


@pytest.mark.django_db
@through_the_database
@given(runs())
def test_each_rung_is_told_once_and_the_highest_at_last(case: tuple[Json, list[Run]]) -> None:
    plan_file, moments = case
    place = plan_file["departments"][0]["code"]
    with imported(plan_file):
        people(place)
        before = (Event.objects.count(), list(TaskSituation.objects.values()))
        for moment, how in moments:
            run(moment, how)
        assert (Event.objects.count(), list(TaskSituation.objects.values())) == before
        told = list(Reminder.objects.select_related("task", "message").order_by("pk"))
        keys = list(Message.objects.values_list("key", "written_at"))
    assert_in_hours_and_once_a_day(keys, plan_file)
    assert_rising(told)
    for note in told:
        task = seen(plan_file, note.at)[note.task.code]
        assert task.standing in ("in_time", "overdue")
        assert last_day(in_force(task.history)) is not None
    assert_told_at_last(told, plan_file, moments[-1][0], place)


def assert_in_hours_and_once_a_day(keys: list[tuple[str, datetime]], plan_file: Json) -> None:
    assert len({key for key, _at in keys}) == len(keys)
    for key, written_at in keys:
        day = day_of(written_at)
        assert key.endswith(day.isoformat())
        assert working_days(plan_file, day - timedelta(days=1), day)
        assert time(7, 30) <= written_at.astimezone(ZONE).time() < time(17)


def assert_rising(told: list[Reminder]) -> None:
    highest: dict[tuple[str, str, str], Rung] = {}
    for note in told:
        climb, rung = (note.task.code, note.deadline, note.person), Rung.named(note.rung)
        assert rung.higher_than(highest.get(climb))
        highest[climb] = rung


def assert_told_at_last(
    told: list[Reminder], plan_file: Json, moment: datetime, place: str
) -> None:
    heard = {(n.task.code, n.person): n.rung for n in told if not n.deadline.startswith("sub")}
    for code, task in seen(plan_file, moment).items():
        rung = expected(task)
        ours = printed_under(plan_file, lead(task), moment.date()) == place
        if rung and ours:
            assert heard[code, REPORTER] == rung
            assert rung == "share:50" or heard[code, HEAD] == rung
        if rung.startswith("overdue_weeks") and rung != "overdue_weeks:1":
            assert heard[code, OPERATOR] == rung
