"""Properties P1 to P9 and P11 of the rules, on generated ledgers, through the database."""

import os
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from tests.ledgers import lists, plan_files
from tests.oracle import progress_list as oracle
from tests.tracking.agreement import differences as disagreements
from tests.tracking.from_plan_file import facts_of, scope_of
from tests.tracking.imported import NOW, imported
from tracking.actions.ledger import record
from tracking.actions.progress_lists import draft, scope_of as with_settings
from tracking.actions.projection import differences, rebuild
from tracking.actions.refusals import Refused
from tracking.models import Department, Succession, Task, TaskSituation
from tracking.models.facts import list_facts
from tracking.rules.events import Kind
from tracking.rules.instants import MICROSECOND, cut_off, day_of, instant_from, start_of
from tracking.rules.progress_list import Policy, Scope, compose, is_reason
from tracking.rules.situation import Situation
from tracking.rules.standing import Standing, judge, standing_of

pytestmark = pytest.mark.django_db

generated = settings(
    max_examples=int(os.environ.get("EXAMPLES", "40")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
Json = dict[str, Any]


def the_list(scope: Scope) -> Json:
    return draft(scope)


def situations() -> dict[str, Situation]:
    """What each task's last event left behind."""
    rows = TaskSituation.objects.select_related("task").order_by("valid_from")
    return {row.task.code: row.situation() for row in rows}


def sql_standings(at: Any) -> dict[str, str]:
    return Task.objects.all().standings(at)


@generated
@given(lists())
def test_the_list_is_what_a_second_reading_of_the_rules_says(case: tuple[Json, Json]) -> None:
    plan_file, question = case
    with imported(plan_file):
        found = the_list(scope_of(question))
    assert not list(disagreements(oracle(plan_file, **question), found))


@generated
@given(plan_files())
def test_p1_overdue_begins_at_the_end_of_the_deadline_to_the_microsecond(plan_file: Json) -> None:
    with imported(plan_file):
        for code, situation in situations().items():
            end = situation.deadline.end if situation.deadline else None
            if end is None or not situation.open or situation.submitted_in_time:
                continue
            assert standing_of(situation, end) is Standing.OVERDUE
            assert standing_of(situation, end - MICROSECOND) is Standing.IN_TIME
            begun = TaskSituation.objects.filter(task__code=code).latest("valid_from").valid_from
            if begun <= end:
                assert sql_standings(end)[code] == "overdue"
            if begun <= end - MICROSECOND:
                assert sql_standings(end - MICROSECOND)[code] == "in_time"


@generated
@given(plan_files(), st.integers(0, 400), st.integers(0, 400))
def test_p2_without_new_events_overdue_never_ends(plan_file: Json, first: int, more: int) -> None:
    with imported(plan_file):
        last = TaskSituation.objects.order_by("valid_from").last()
        assume(last is not None)
        assert last is not None
        earlier = last.valid_from + timedelta(days=first)
        before, after = sql_standings(earlier), sql_standings(earlier + timedelta(days=more))
        late = {code for code, standing in before.items() if standing == "overdue"}
        assert late <= {code for code, standing in after.items() if standing == "overdue"}


@generated
@given(lists())
def test_p3_events_outside_the_two_instants_change_nothing(case: tuple[Json, Json]) -> None:
    plan_file, question = case
    scope = scope_of(question)
    with imported(plan_file):
        whole = the_list(scope)
        known = list_facts(with_settings(scope))
    # The same registers with a ledger that never held what lies outside (T, K).
    seen = plan_file | {"events": [e for e in plan_file["events"] if _inside(e, scope)]}
    alone = compose(scope, replace(known, tasks=facts_of(seen, scope).tasks))
    for key in ("code", "counts", "reasons"):
        assert [d[key] for d in whole["departments"]] == [d[key] for d in alone["departments"]]
    assert whole["totals"] == alone["totals"]


def _inside(event: Json, scope: Scope) -> bool:
    effective = instant_from(event["effective_at"])
    recorded = instant_from(event.get("recorded_at") or event["effective_at"])
    return effective <= scope.at and recorded <= scope.known_at


CHANGES = ("extend", "cancel", "rename", "merge")


@generated
@given(lists(), st.sampled_from(CHANGES), st.integers(0, 30), st.data())
def test_p4_what_is_decided_later_changes_no_earlier_list(
    case: tuple[Json, Json], change: str, days: int, data: st.DataObject
) -> None:
    plan_file, question = case
    scope = replace(scope_of(question), known_at=NOW)
    after = start_of(scope.as_of + timedelta(days=1 + days))
    with imported(plan_file):
        before = the_list(scope)
        _change(change, after, data)
        assert the_list(scope) == before


def _change(change: str, at: Any, data: st.DataObject) -> None:
    tasks = list(Task.objects.order_by("code"))
    departments = list(Department.objects.filter(valid_to=None).order_by("code"))
    if change in {"rename", "merge"}:
        assume(departments)
        old = data.draw(st.sampled_from(departments))
        day = day_of(at)
        assume(old.valid_from is None or old.valid_from < day)
        new = Department.objects.create(code="MỚI", name_vi="Cục mới", order=1, valid_from=day)
        for department in departments if change == "merge" else [old]:
            if department.valid_from is None or department.valid_from < day:
                department.valid_to = day - timedelta(days=1)
                department.save()
                Succession.objects.create(department=department, successor=new)
        return
    assume(tasks)
    task = data.draw(st.sampled_from(tasks))
    kind = Kind.CANCELLED if change == "cancel" else Kind.EXTENSION_GRANTED
    payload = {} if change == "cancel" else {"due_on": "2027-12-01"}
    try:
        record(task=task, kind=kind, effective_at=at, recorded_at=NOW, by="nhic", payload=payload)
    except Refused:
        assume(False)


@generated
@given(lists())
def test_p5_the_standings_partition_the_scope_and_the_totals_add_up(
    case: tuple[Json, Json],
) -> None:
    plan_file, question = case
    with imported(plan_file):
        found = the_list(scope_of(question))
    tasks = [t for d in found["departments"] for t in d["tasks"]]
    totals = found["totals"]
    assert len({t["code"] for t in tasks}) == len(tasks) == totals["in_scope"]
    for standing in Standing:
        count = sum(t["standing"] == standing for t in tasks)
        assert count == totals["standings"][standing]
        assert count == sum(d["counts"][standing] for d in found["departments"])
    on_time, completed, due = (totals[k] for k in ("on_time_of_due", "completed_of_due", "due"))
    assert 0 <= on_time <= completed <= due <= len(tasks)


@generated
@given(lists())
def test_p6_a_department_is_marked_exactly_when_it_has_reasons(case: tuple[Json, Json]) -> None:
    plan_file, question = case
    scope = scope_of(question)
    with imported(plan_file):
        found = the_list(scope)
        facts = list_facts(with_settings(scope))
        reasons = {
            t.code
            for t in facts.tasks
            if t.situation.in_scope
            and is_reason(
                t.situation, judge(t.situation, scope.yardstick(facts.calendar)), scope.policy
            )
        }
    assert {code for d in found["departments"] for code in d["reasons"]} == reasons
    for department in found["departments"]:
        assert department["marked"] == bool(department["reasons"])
        own = {t["code"]: t for t in department["tasks"]}
        assert all(own[code]["required"] for code in department["reasons"])
        if scope.policy is Policy.OVERDUE:
            late = {c for c, t in own.items() if t["required"] and t["standing"] == "overdue"}
            assert set(department["reasons"]) == late


@generated
@given(lists())
def test_p7_the_sql_form_agrees_with_the_python_form(case: tuple[Json, Json]) -> None:
    plan_file, question = case
    scope = replace(scope_of(question), known_at=NOW, plans=())
    with imported(plan_file):
        for at in {scope.at, *_instants_of_change()}:
            judged = {
                row.task.code: standing_of(row.situation(), at) if not row.cancelled else ""
                for row in TaskSituation.objects.at(at).select_related("task")
            }
            assert sql_standings(at) == judged
        tasks = [t for d in the_list(scope)["departments"] for t in d["tasks"]]
        in_sql = {code: s for code, s in sql_standings(scope.at).items() if s}
        assert in_sql == {t["code"]: t["standing"] for t in tasks}


def _instants_of_change() -> set[Any]:
    rows = TaskSituation.objects.values_list("valid_from", "end_at")
    ends = {end for _, end in rows if end}
    return {start for start, _ in rows} | ends | {end - MICROSECOND for end in ends}


@generated
@given(lists(), st.randoms(use_true_random=False))
def test_p8_the_hash_knows_neither_the_servers_zone_nor_the_order_of_rows(
    case: tuple[Json, Json], random: Any
) -> None:
    plan_file, question = case
    scope, hashes = scope_of(question), set()
    shuffled = dict(plan_file)
    for section in ("departments", "partners", "plans", "tasks", "calendar"):
        rows = list(plan_file.get(section, []))
        random.shuffle(rows)
        shuffled[section] = rows
    zone = os.environ.get("TZ")
    try:
        for name in ("UTC", "Asia/Ho_Chi_Minh", "Pacific/Kiritimati"):
            os.environ["TZ"] = name
            time.tzset()
            with imported(plan_file if name == "UTC" else shuffled):
                hashes.add(the_list(scope)["sha256"])
    finally:
        os.environ.pop("TZ", None) if zone is None else os.environ.update(TZ=zone)
        time.tzset()
    assert len(hashes) == 1


@generated
@given(lists(), st.integers(0, 120))
def test_p9_breaches_only_grow(case: tuple[Json, Json], days: int) -> None:
    plan_file, question = case
    scope = scope_of(question)
    later = replace(scope, as_of=scope.as_of + timedelta(days=days))
    with imported(plan_file):
        before, after = _breaches(scope), _breaches(later)
    assert all(after[code] >= count for code, count in before.items() if code in after)


def _breaches(scope: Scope) -> dict[str, int]:
    return {t["code"]: t["breaches"] for d in the_list(scope)["departments"] for t in d["tasks"]}


@generated
@given(plan_files())
def test_p11_the_projection_rebuilt_is_the_projection(plan_file: Json) -> None:
    with imported(plan_file):
        assert differences() == []
        before = _projection()
        TaskSituation.objects.all().delete()
        Task.objects.update(last_recorded_at=None)
        if plan_file["events"]:
            assert differences()
        rebuild()
        assert _projection() == before


def _projection() -> list[dict[str, Any]]:
    rows = TaskSituation.objects.order_by("task__code", "valid_from")
    tasks = Task.objects.order_by("code")
    return [r.values() for r in rows] + [{"code": t.code, "at": t.last_recorded_at} for t in tasks]


def test_the_cut_off_is_the_last_microsecond_of_the_day_in_ha_noi() -> None:
    day = day_of(NOW)
    assert cut_off(day) + MICROSECOND == start_of(day + timedelta(days=1))
    assert cut_off(day).isoformat() == f"{day}T23:59:59.999999+07:00"
