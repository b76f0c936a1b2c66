"""Do all pages say of departments and tasks what a list of that day says, on generated ledgers?"""

import os
from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings

from tests.ledgers import lists
from tests.tracking.from_plan_file import scope_of
from tests.tracking.imported import NOW, imported
from tracking.actions.progress_lists import draft
from tracking.models import Department, Task, User
from tracking.models.then import Then
from tracking.pages.deadlines import DeadlineMonth, appointments
from tracking.pages.department import DepartmentPage
from tracking.pages.department_list import department_rows
from tracking.pages.overview import Overview
from tracking.pages.task_list import TaskList
from tracking.pages.task_page import TaskPage
from tracking.rules.instants import day_of
from tracking.rules.progress_list import Policy, Scope
from tracking.rules.viewpoint import Viewpoint

pytestmark = pytest.mark.django_db

generated = settings(
    max_examples=int(os.environ.get("EXAMPLES", "6")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
Json = dict[str, Any]
Case = tuple[Json, Json]


def listed(view: Viewpoint) -> dict[str, Json]:
    """The departments of the list of that day, by code."""
    content = draft(Scope(as_of=view.as_of, known_at=view.known_at))
    return {row["code"]: row for row in content["departments"]}


def view_of(question: Json) -> Viewpoint:
    scope = scope_of(question)
    return Viewpoint(scope.at, min(scope.known_at, NOW), NOW, chosen=True)


@generated
@given(lists())
def test_every_page_marks_and_counts_departments_as_the_list_does(case: Case) -> None:
    plan_file, question = case
    view = view_of(question)
    with imported(plan_file):
        expected = listed(view)
        overview = Overview(view, "en")
        marked = {code for code, row in expected.items() if row["marked"]}
        assert set(overview.marked_codes) == marked
        assert overview.departments_count == len(expected)
        assert {m.department.code: m.worst for m in overview.marked} == {
            code: told_worst(expected[code]["worst_late_calendar_days"]) for code in marked
        }
        rows = {row.department.code: row.card for row in department_rows(Then.of(view))}
        assert {code: card.counts for code, card in rows.items()} == {
            code: row["counts"] for code, row in expected.items()
        }
        assert {code for code, card in rows.items() if card.marked} == marked
        for department in Department.objects.all():
            page = DepartmentPage(department, User(), view)
            row = expected.get(department.code, {"reasons": [], "tasks": []})
            assert sorted(task.task.code for task, _said in page.reasons) == row["reasons"]
            assert bool(page.mark) == bool(row["reasons"])
            assert {task.task.code: str(task.judgement.standing) for task in page.tasks} == {
                task["code"]: task["standing"] for task in row["tasks"]
            }


def told_worst(days: int) -> str:
    return f"at worst {days} {'day' if days == 1 else 'days'} late"


@generated
@given(lists())
def test_every_page_judges_tasks_as_the_list_does(case: Case) -> None:
    plan_file, question = case
    view = view_of(question)
    with imported(plan_file):
        expected = {
            task["code"]: (task["standing"], code)
            for code, row in listed(view).items()
            for task in row["tasks"]
        }
        pages = {task.code: TaskPage(task, User(), view) for task in Task.objects.all()}
        found = {code: page.standing for code, page in pages.items() if page.standing != "out"}
        assert found == {code: standing for code, (standing, _lead) in expected.items()}
        everything = TaskList(QueryDict(""), view).rows
        assert {row.code: row.standing for row in everything} == found
        # An ended department that is asked for by name shows what it left to others, too.
        for code in {lead for _standing, lead in expected.values()}:
            asked = QueryDict(mutable=True)
            asked["lead"] = code
            rows = {row.code for row in TaskList(asked, view).rows}
            assert rows == {task for task, (_s, lead) in expected.items() if lead == code}
        assert in_calendar(view) == {
            code: expected[code] for code, page in pages.items() if dated(page)
        }


def dated(page: TaskPage) -> bool:
    return page.situation.in_scope and page.situation.deadline is not None


def in_calendar(view: Viewpoint) -> dict[str, tuple[str, str]]:
    """What the months of all deadlines show of each task: at most four tasks are drawn."""
    days = {
        page.deadline.last_day.replace(day=1)
        for task in Task.objects.all()
        if (page := TaskPage(task, User(), view).situation).deadline
    }
    dues = [
        due
        for first in days
        for day in DeadlineMonth(Then.of(view), view, first).days
        for due in day.dues
    ]
    return {due.code: (due.standing, due.lead.code) for due in dues}


@generated
@given(lists())
def test_a_calendar_that_people_subscribe_to_says_what_a_list_of_today_says(case: Case) -> None:
    plan_file, _question = case
    with imported(plan_file):
        moments = {NOW, NOW + timedelta(hours=1)}
        for now in sorted(moments):
            view = Viewpoint(now, now, now)
            expected = listed_now(now)
            for department in Department.objects.all():
                row = expected.get(department.code, {"reasons": [], "tasks": []})
                feed = {a.code: a.standing for a in appointments(department, view.now, "vi")}
                assert feed == {
                    task["code"]: task["standing"]
                    for task in row["tasks"]
                    if task["due_on"] and not task["standing"].startswith("completed")
                }


def listed_now(now: Any) -> dict[str, Json]:
    content = draft(Scope(as_of=day_of(now), known_at=now, policy=Policy.OVERDUE))
    return {row["code"]: row for row in content["departments"]}
