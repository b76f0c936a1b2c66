"""What do the ledger and the registers say for (T, K)? Facts for the rules, in a fixed number of
queries whatever the size of the list."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db.models import TextField
from django.db.models.functions import Cast

from tracking.models.calendar import CalendarDay
from tracking.models.department import Department, Partner
from tracking.models.ledger import folded
from tracking.models.plan import Plan
from tracking.models.replies import Remark
from tracking.models.situation import TaskSituation
from tracking.models.task import Task
from tracking.rules.instants import day_of
from tracking.rules.lines import TaskFacts
from tracking.rules.progress_list import ListFacts, RemarkFacts, Scope
from tracking.rules.situation import Situation
from tracking.rules.snapshot import restore

_COLUMNS = (
    "pk",
    "code",
    "plan__code",
    "name_vi",
    "name_en",
    "product_vi",
    "product_en",
    "parent__code",
    "clause",
    "document__number",
    "document__name_vi",
    "document__name_en",
    "document__issued_on",
)


def list_facts(
    scope: Scope,
    *,
    annexes: Sequence[Mapping[str, Any]] = (),
    previous: Mapping[str, Any] | None = None,
) -> ListFacts:
    """Everything that a list for this scope is composed of."""
    return ListFacts(
        departments=Department.objects.all().facts(),
        partners={partner.code: partner.names for partner in Partner.objects.all()},
        plans={
            plan.code: {
                "name": plan.names,
                "issued_on": plan.issued_on.isoformat() if plan.issued_on else None,
            }
            for plan in Plan.objects.all()
        },
        calendar=CalendarDay.objects.all().calendar(),
        tasks=task_facts(scope.plans, at=scope.at, known_at=scope.known_at),
        annexes=annexes,
        previous=previous,
        remarks=remark_facts(at=scope.at, known_at=scope.known_at),
    )


def remark_facts(*, at: datetime, known_at: datetime) -> list[RemarkFacts]:
    """What departments answered to their marks by T, as known at K; one query."""
    rows = Remark.objects.visible(at=at, known_at=known_at)
    columns = rows.values_list("department__code", "recorded_at", "tasks", "text")
    return [
        RemarkFacts(department, day_of(recorded_at), tuple(tasks), text)
        for department, recorded_at, tasks, text in columns
    ]


def task_facts(
    plans: Sequence[str], *, at: datetime, known_at: datetime, from_ledger: bool = False
) -> Iterator[TaskFacts]:
    """Every task with an event visible at (T, K), cancelled ones included.

    Read from the projection; tasks with an entry recorded after K, and all of them with
    `from_ledger`, are folded from their events."""
    situations = _folded(plans, at, known_at, everything=from_ledger)
    if not from_ledger:
        situations.update(_projected(plans, at, known_at))
    coordinating = _coordinating(plans)
    columns = Task.objects.of_plans(plans).order_by().values_list(*_COLUMNS)
    for key, *values in columns.iterator(chunk_size=5000):
        situation = situations.pop(key, None)
        if situation and situation.assigned_at:
            yield _task_facts(values, situation, tuple(coordinating.get(key, ())))


def _projected(
    plans: Sequence[str], at: datetime, known_at: datetime
) -> Iterator[tuple[int, Situation]]:
    rows = TaskSituation.objects.at(at).filter(task__last_recorded_at__lte=known_at)
    if plans:
        rows = rows.filter(task__plan__code__in=plans)
    # Read as text: Django's reader of JSON costs three times as much as the query.
    texts = rows.values_list("task_id", Cast("snapshot", TextField()))
    for key, text in texts.iterator(chunk_size=5000):
        yield key, restore(orjson.loads(text))


def _folded(
    plans: Sequence[str], at: datetime, known_at: datetime, *, everything: bool
) -> dict[int, Situation]:
    tasks = Task.objects.of_plans(plans)
    if not everything:
        tasks = tasks.filter(last_recorded_at__gt=known_at)
    starts = {
        key: Situation(lead=lead, required=required)
        for key, lead, required in tasks.values_list("pk", "first_lead__code", "first_required")
    }
    return folded(starts, at=at, known_at=known_at)


def _coordinating(plans: Sequence[str]) -> dict[int, list[str]]:
    pairs = Task.coordinating.through.objects.values_list("task_id", "department__code")
    if plans:
        pairs = pairs.filter(task__plan__code__in=plans)
    found: dict[int, list[str]] = {}
    for task, code in pairs:
        found.setdefault(task, []).append(code)
    return found


def _task_facts(
    values: Sequence[Any], situation: Situation, coordinating: tuple[str, ...]
) -> TaskFacts:
    code, plan, title_vi, title_en, product_vi, product_en, parent, clause, *document = values
    return TaskFacts(
        code=code,
        plan=plan,
        title=_names(title_vi, title_en),
        situation=situation,
        product=_names(product_vi, product_en) if product_vi else None,
        parent=parent,
        document=_document(*document),
        clause=clause,
        coordinating=coordinating,
    )


def _document(number: str | None, vi: str, en: str, issued_on: Any) -> dict[str, Any] | None:
    if number is None:
        return None
    day = issued_on.isoformat() if issued_on else None
    return {"number": number, "title": _names(vi, en), "issued_on": day}


def _names(vi: str, en: str) -> dict[str, str]:
    return {"vi": vi, "en": en or vi}
