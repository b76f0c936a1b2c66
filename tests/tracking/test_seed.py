"""The facts of the meeting, and what is illustrative."""

from datetime import date, timedelta
from typing import Any

import pytest

from databases.actions.seed import seed_databases
from tests.tracking.imported import NOW
from tracking.actions.progress_lists import draft, issue
from tracking.actions.projection import differences
from tracking.actions.seed import seed
from tracking.actions.verification import verify
from tracking.models import CalendarDay, Department, Event, Task, TaskSituation
from tracking.rules.instants import day_of, instant_from
from tracking.rules.progress_list import Scope

pytestmark = pytest.mark.django_db
MEETING = date(2025, 11, 18)
LATELY = instant_from("2026-11-26T09:00:00")
DAY = timedelta(days=1)
TEN = {"K2ĐT", "KCB", "PB", "BTXH", "BMTE", "YDCT", "VPB", "TTYQG", "ATTP", "QLD"}


def the_list(day: date) -> dict[str, Any]:
    return draft(Scope(as_of=day, known_at=instant_from(day.isoformat())))


def marked(day: date) -> set[str]:
    return {d["code"] for d in the_list(day)["departments"] if d["marked"]}


def test_on_the_facts_alone_nobody_is_marked() -> None:
    seed(now=NOW, illustrative=False)
    assert set(Department.objects.values_list("code", flat=True)) >= TEN
    assert Task.objects.count() >= 10
    for days in (0, 20, 43):
        assert marked(MEETING + timedelta(days=days)) == set()


def test_with_illustrative_tasks_some_are_marked_and_some_are_not() -> None:
    seed(now=NOW, illustrative=True)
    content = the_list(MEETING)
    found = marked(MEETING)
    assert 0 < len(found) < len(content["departments"])
    flags = {f for d in content["departments"] for t in d["tasks"] for f in t["flags"]}
    assert {"extended_late", "pending", "pending_late", "reopened", "blocked", "reduced"} <= flags
    assert all(content["totals"]["standings"].values())
    assert marked(day_of(NOW))
    assert differences() == []


def test_every_illustrative_task_says_so_in_both_languages() -> None:
    seed(now=NOW, illustrative=True)
    invented = Task.objects.filter(code__startswith="MH")
    assert invented.count() > 50
    for task in invented:
        assert "minh họa" in task.name_vi
        assert "illustrative" in task.name_en


def test_seeding_again_another_day_adds_nothing_and_keeps_corrections() -> None:
    seed(now=NOW, illustrative=True)
    seed_databases()
    Department.objects.filter(code="QLD").update(name_en="Corrected")
    tasks, events = Task.objects.count(), Event.objects.count()
    changes = seed(now=NOW + timedelta(days=3), illustrative=True)
    assert changes.nothing
    assert seed_databases() == 0
    assert (Task.objects.count(), Event.objects.count()) == (tasks, events)
    assert Department.objects.get(code="QLD").name_en == "Corrected"


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2025-04-26", True),
        ("2025-05-02", False),
        ("2026-01-02", False),
        ("2026-01-10", True),
        ("2026-08-31", False),
        ("2026-08-22", True),
        ("2026-11-23", True),  # a swap was proposed, no decision was found
        ("2026-11-24", False),
        ("2027-05-03", False),
    ],
)
def test_the_calendar_knows_the_swapped_days_that_libraries_get_wrong(
    day: str, working: bool
) -> None:
    seed(now=NOW, illustrative=False)
    assert CalendarDay.objects.all().calendar().is_working(date.fromisoformat(day)) is working


def test_before_seven_in_the_morning_a_server_in_utc_is_not_in_yesterday() -> None:
    assert day_of(instant_from("2025-11-17T23:30:00+00:00")) == MEETING


def test_on_the_facts_alone_nobody_is_marked_on_any_day_until_the_end_of_2025() -> None:
    seed(now=NOW, illustrative=False)
    last = date(2025, 12, 31)
    days = [MEETING + timedelta(days=n) for n in range((last - MEETING).days + 1)]
    assert days[-1] == last
    assert {day for day in days if marked(day)} == set()


def test_a_fresh_database_has_no_row_in_its_calendar_until_it_is_seeded() -> None:
    assert not CalendarDay.objects.exists()
    seed(now=NOW, illustrative=False)
    assert CalendarDay.objects.exists()


def test_everything_that_the_flag_adds_is_labelled_in_both_languages() -> None:
    seed(now=NOW, illustrative=False)
    facts = set(Task.objects.values_list("code", flat=True))
    assert not Task.objects.filter(name_vi__contains="minh họa").exists()
    seed(now=NOW, illustrative=True)
    added = Task.objects.exclude(code__in=facts)
    assert added.count() > 50
    for title_vi, title_en in added.values_list("name_vi", "name_en"):
        assert "minh họa" in title_vi.lower()
        assert "illustrative" in title_en.lower()


def test_seeding_twice_with_and_without_the_flag_adds_nothing() -> None:
    for illustrative in (False, True):
        seed(now=NOW, illustrative=illustrative)
        seed_databases()
        events = list(Event.objects.order_by("number").values_list("number", flat=True))
        before = the_list(MEETING)["sha256"]
        assert seed(now=NOW, illustrative=illustrative).nothing
        assert seed_databases() == 0
        assert list(Event.objects.order_by("number").values_list("number", flat=True)) == events
        assert the_list(MEETING)["sha256"] == before


def test_a_correction_of_the_calendar_outlives_the_next_seeding() -> None:
    seed(now=NOW, illustrative=False)
    CalendarDay.objects.filter(day="2026-11-24").update(working=True)
    seed(now=NOW, illustrative=False)
    assert CalendarDay.objects.get(day="2026-11-24").working


def test_on_the_day_of_the_meeting_the_same_five_are_marked_whatever_is_added_around_today() -> (
    None
):
    seed(now=LATELY, illustrative=True)
    assert marked(MEETING) == {"KCB", "YDCT", "ATTP", "PB", "BTXH"}
    listed = {t["code"] for d in the_list(MEETING)["departments"] for t in d["tasks"]}
    assert not any(code.startswith("MHN") for code in listed)
    assert Task.objects.filter(code__startswith="MHN").count() > 40


def test_what_would_lie_behind_an_issued_list_is_known_from_now_on() -> None:
    seed(now=LATELY - DAY, illustrative=False)
    issued, _new = issue(Scope(as_of=MEETING, known_at=LATELY - DAY), now=LATELY - DAY, by="x")
    seed(now=LATELY, illustrative=True)
    added = Event.objects.filter(task__code__startswith="MH")
    assert added.count() > 400
    assert not added.filter(recorded_at__lte=issued.known_at).exists()
    assert verify(issued) == []
    later = draft(Scope(as_of=MEETING, known_at=LATELY))
    assert sum(d["marked"] for d in later["departments"]) == 5


def test_the_year_before_today_is_left_out_where_it_would_reach_into_the_facts() -> None:
    seed(now=instant_from("2026-05-04T09:00:00"), illustrative=True)
    codes = set(Task.objects.values_list("code", flat=True))
    assert "MHN-01" in codes
    assert "MHN-36" not in codes


def test_some_of_every_kind_of_work_waits_around_today() -> None:
    seed(now=LATELY, illustrative=True)
    now = TaskSituation.objects.at(LATELY)
    assert now.filter(pending=True).count() >= 4
    assert sum(row.situation().request is not None for row in now) >= 2
    assert Task.objects.exclude(parent=None).filter(code__startswith="MHN").count() == 3
    returned = Event.objects.filter(kind="returned", task__first_lead__code="KCB")
    assert returned.filter(task__code="MHN-33").exists()
    waits = {b.on for row in now.filter(blocked=True) for b in row.situation().blocks}
    assert {"KCB", "QLD", "BCA"} <= waits
