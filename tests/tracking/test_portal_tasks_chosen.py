"""The list of tasks chosen in SQL and chosen in Python are one list, on generated ledgers."""

import os
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.ledgers import lists
from tests.tracking.from_plan_file import scope_of
from tests.tracking.imported import NOW, imported
from tracking.models import CalendarDay, Department
from tracking.models.facts import task_facts
from tracking.models.task_rows import known_then, rows_at
from tracking.rules.chosen import BREACHED, CANCELLED, ORDERS, Candidate, Part, Question, chosen
from tracking.rules.instants import instant_from
from tracking.rules.standing import Flag, Standing, Yardstick, judge
from tracking.rules.vietnamese import folded

pytestmark = pytest.mark.django_db

generated = settings(
    max_examples=int(os.environ.get("EXAMPLES", "15")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
Json = dict[str, Any]

STANDINGS = [*map(str, Standing), CANCELLED]
FLAGS = [*map(str, Flag), BREACHED]
WORDS = ("t1", "nhiem", "vu t2", "task", "t", "khong co")


def subsets(options: list[str], most: int) -> st.SearchStrategy[frozenset[str]]:
    few = st.frozensets(st.sampled_from(options), min_size=1, max_size=most)
    return st.one_of(st.just(frozenset[str]()), st.just(frozenset[str]()), few)


@st.composite
def questions(draw: st.DrawFn, plan_file: Json) -> Question:
    offices = [row["code"] for row in plan_file["departments"]]
    partners = [row["code"] for row in plan_file["partners"]]
    plans = [row["code"] for row in plan_file["plans"]]
    part = draw(st.sampled_from(Part))
    bodies = [*offices, *partners] if part is Part.WAITED_FOR else offices
    dues = [e["payload"]["due_on"] for e in plan_file["events"] if _due(e)] or ["2025-11-01"]
    around = st.sampled_from(dues).map(date.fromisoformat)
    some_day = st.one_of(st.none(), st.none(), around, around.map(lambda d: d + timedelta(1)))
    return Question(
        plans=tuple(draw(subsets(plans, 2))),
        bodies=tuple(draw(subsets(bodies, 2))),
        part=part,
        standings=draw(subsets(STANDINGS, 4)),
        flags=draw(subsets(FLAGS, 1)),
        due_from=draw(some_day),
        due_to=draw(some_day),
        required=draw(st.sampled_from((None, None, True, False))),
        words=draw(st.sampled_from(((), (), *((folded(word),) for word in WORDS)))),
    )


def _due(event: Json) -> Any:
    return (event.get("payload") or {}).get("due_on")


ALL_ORDERS = [*ORDERS, *(f"-{name}" for name in ORDERS)]


@generated
@given(lists(), st.data())
def test_for_what_is_known_now_sql_chooses_the_same_tasks_in_the_same_order(
    case: tuple[Json, Json], data: st.DataObject
) -> None:
    plan_file, question = case
    scope = replace(scope_of(question), known_at=NOW, plans=())
    with imported(plan_file):
        measure = Yardstick.at_instant(scope.at, CalendarDay.objects.all().calendar())
        departments = Department.objects.all().facts()
        everything = list(known_then(scope.at, NOW, measure))
        for asked in [Question(), *(data.draw(questions(plan_file)) for _ in range(4))]:
            order = data.draw(st.sampled_from(ALL_ORDERS))
            python = chosen(everything, asked, order, scope.at, departments)
            rows = rows_at(scope.at).chosen(asked, measure).in_order(order, scope.at)
            in_sql = list(rows.candidates(measure))
            assert [c.task.code for c in in_sql] == [c.task.code for c in python]
            assert [_said(c) for c in in_sql] == [_said(c) for c in python]
            assert rows.count() == len(python)


def _said(candidate: Candidate) -> Any:
    """Everything a row is made of; whom a task coordinates is asked for, not shown."""
    return candidate.key, candidate.search, candidate.judgement, candidate.task.situation


@generated
@given(lists())
def test_every_flag_and_standing_taken_alone_finds_what_the_rules_say(
    case: tuple[Json, Json],
) -> None:
    plan_file, question = case
    scope = replace(scope_of(question), known_at=NOW, plans=())
    with imported(plan_file):
        measure = Yardstick.at_instant(scope.at, CalendarDay.objects.all().calendar())
        everything = list(known_then(scope.at, NOW, measure))
        for flag in FLAGS:
            rows = rows_at(scope.at).chosen(Question(flags=frozenset({flag})), measure)
            found = {row.task_id for row in rows}
            assert found == {c.key for c in everything if flag in c.flags}, flag
        for standing in STANDINGS:
            rows = rows_at(scope.at).chosen(Question(standings=frozenset({standing})), measure)
            found = {row.task_id for row in rows}
            assert found == {c.key for c in everything if standing == c.standing}, standing


@generated
@given(lists())
def test_what_was_known_then_is_what_the_ledger_held_then(case: tuple[Json, Json]) -> None:
    plan_file, question = case
    known_at = instant_from(question["known_at"])
    scope = scope_of(question)
    with imported(plan_file):
        measure = Yardstick.at_instant(scope.at, CalendarDay.objects.all().calendar())
        found = {c.task.code: c.judgement for c in known_then(scope.at, known_at, measure)}
        facts = task_facts((), at=scope.at, known_at=known_at, from_ledger=True)
        held = {task.code: task.situation for task in facts}
        judged = {c: judge(s, measure) if s.in_scope else None for c, s in held.items()}
        assert found == judged
