"""Does the first page say what a list of that day would say?"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from tracking.actions.progress_lists import draft, issue
from tracking.actions.seed import seed
from tracking.models.course import month_ends, overdue_at, planned_and_done
from tracking.models.tally import tallies, total
from tracking.models.then import Then
from tracking.pages.overview import Overview
from tracking.rules.instants import cut_off, day_of, instant_from
from tracking.rules.progress_list import Scope
from tracking.rules.viewpoint import Viewpoint

NOW = instant_from("2026-11-26T09:30:00")
DAY = timedelta(days=1)
MEETING = date(2025, 11, 18)
# (the day judged, the day known; None: now)
VIEWS = [
    (date(2025, 8, 15), None),
    (MEETING, None),
    (MEETING, MEETING),
    (MEETING, date(2025, 10, 20)),
    (date(2025, 12, 31), date(2025, 12, 15)),
    (date(2026, 11, 26), None),
    (date(2026, 11, 24), date(2026, 11, 20)),
    (date(2026, 12, 20), None),
]


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The illustrative data with two lists, once for all tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        with translation.override("en"):
            seed(now=NOW, illustrative=True)
            for day, known_at in (
                (MEETING - 7 * DAY, cut_off(MEETING - 7 * DAY)),
                (NOW.date() - 10 * DAY, cut_off(NOW.date() - 10 * DAY)),
            ):
                issue(Scope(as_of=day, known_at=known_at), now=NOW, by="operator")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def seeded(built: None, db: None) -> None:
    pass


def viewpoint(day: date, known: date | None) -> Viewpoint:
    return Viewpoint(cut_off(day), cut_off(known) if known else NOW, NOW, chosen=True)


def listed(view: Viewpoint) -> dict[str, Any]:
    return draft(Scope(as_of=view.as_of, known_at=view.known_at))


def then_of(view: Viewpoint) -> Then:
    return Then.of(view)


@pytest.mark.parametrize(("day", "known"), VIEWS)
def test_departments_are_counted_and_marked_as_in_the_list(
    seeded: None, day: date, known: date | None
) -> None:
    view = viewpoint(day, known)
    content = listed(view)
    tallied = tallies(then_of(view))
    expected = {d["code"]: d for d in content["departments"] if d["tasks"]}
    assert set(tallied) == set(expected)
    for code, department in expected.items():
        tally = tallied[code]
        assert {k: v for k, v in tally.standings.items() if v} == {
            k: v for k, v in department["counts"].items() if v
        }
        assert tally.reasons == len(department["reasons"])
        assert tally.worst == department["worst_late_calendar_days"]
    whole, totals = total(tallied), content["totals"]
    assert whole.in_scope == totals["in_scope"]
    assert (whole.due, whole.completed_of_due, whole.on_time_of_due) == (
        totals["due"],
        totals["completed_of_due"],
        totals["on_time_of_due"],
    )


@pytest.mark.parametrize(("day", "known"), VIEWS)
def test_the_page_names_the_marked_in_the_order_of_the_list_with_their_reasons(
    seeded: None, day: date, known: date | None
) -> None:
    view = viewpoint(day, known)
    content, page = listed(view), Overview(view, "en")
    marked = [d for d in content["departments"] if d["marked"]]
    assert [row.department.code for row in page.marked] == [d["code"] for d in marked]
    assert page.departments_count == content["totals"]["departments"]
    for row, department in zip(page.marked, marked, strict=True):
        shown = {late.task.code: late.days for late in row.reasons}
        assert row.more + len(shown) == len(department["reasons"])
        days = {task["code"]: task["late_calendar_days"] for task in department["tasks"]}
        assert shown.items() <= {code: days[code] for code in department["reasons"]}.items()
        assert (row.again != "") == (department["times_running"] > 1)


@pytest.mark.parametrize(("day", "known"), VIEWS)
def test_changes_are_those_of_the_list(seeded: None, day: date, known: date | None) -> None:
    view = viewpoint(day, known)
    moves, found = listed(view)["movements"], Overview(view, "en").changes
    assert (found.since or {}).get("number") == (moves["since"] or {}).get("number")
    assert [c.code for c in found.fresh] == [m["code"] for m in moves["marked"]]
    assert [c.code for c in found.gone] == [m["code"] for m in moves["unmarked"]]
    assert [c.code for c in found.still] == [m["code"] for m in moves["still_marked"]]
    for change, move in zip(found.gone, moves["unmarked"], strict=True):
        assert len(change.why.split("; ")) == len(move["because"])
        assert all(answer["task"] in change.why for answer in move["because"])


def test_some_of_these_days_have_every_kind_of_change(seeded: None) -> None:
    found = [Overview(viewpoint(*view), "en").changes for view in VIEWS]
    assert any(changes.since is None for changes in found)
    assert all(any(getattr(changes, kind) for changes in found) for kind in ("fresh", "gone"))


@pytest.mark.parametrize(("day", "known"), VIEWS)
def test_what_waits_is_what_the_list_flags(seeded: None, day: date, known: date | None) -> None:
    view = viewpoint(day, known)
    tasks = {t["code"]: t for d in listed(view)["departments"] for t in d["tasks"]}
    page = Overview(view, "en")
    pending = {c for c, t in tasks.items() if {"pending", "pending_late"} & set(t["flags"])}
    open_ones = {c: t for c, t in tasks.items() if not t["standing"].startswith("completed")}
    asked = {c for c, t in open_ones.items() if t["extension_request"]}
    assert page.submissions.count == len(pending)
    assert {row.task.code for row, _days in page.submissions.rows} <= pending
    assert page.requests.count == len(asked)
    assert {row.task.code for row, _days in page.requests.rows} <= asked
    ahead = {
        code
        for code, task in tasks.items()
        if task["standing"] == "in_time"
        and code not in pending
        and last_day(task) <= day + 14 * DAY
    }
    assert page.falling_due.count == len(ahead)
    assert {row.task.code for row, _days in page.falling_due.rows} <= ahead


def last_day(task: dict[str, Any]) -> date:
    due_on = date.fromisoformat(task["due_on"])
    return due_on - DAY if task["reading"] == "before" else due_on


@pytest.mark.parametrize(("day", "known"), VIEWS)
def test_the_months_are_those_of_lists_at_their_ends(
    seeded: None, day: date, known: date | None
) -> None:
    view = viewpoint(day, known)
    then = then_of(view)
    ends = month_ends(then, 5)
    assert [day_of(end) for end in ends[:-1]] == sorted({day_of(end) for end in ends[:-1]})
    assert ends[-1] == view.at
    for end, counted in zip(ends, overdue_at(then, ends), strict=True):
        content = draft(Scope(as_of=day_of(end), known_at=view.known_at))
        expected = {d["code"]: d["counts"]["overdue"] for d in content["departments"]}
        assert {c: n for c, n in counted.items() if n} == {c: n for c, n in expected.items() if n}


@pytest.mark.parametrize(("day", "known"), VIEWS)
def test_planned_and_completed_add_up_to_the_dated_tasks(
    seeded: None, day: date, known: date | None
) -> None:
    view = viewpoint(day, known)
    tasks = [t for d in listed(view)["departments"] for t in d["tasks"] if t["due_on"]]
    planned, done = planned_and_done(then_of(view))
    assert planned.total() == len(tasks)
    completed = [t for t in tasks if t["standing"].startswith("completed")]
    assert sorted(done.elements()) == sorted(
        datetime.fromisoformat(t["submitted_at"]).date() for t in completed
    )
