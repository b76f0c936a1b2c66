"""Which tasks does the list of the staff portal show? The questions of rules.chosen in SQL, over
the projection, alike on both databases."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Self

import orjson
from django.db.models import (
    BooleanField,
    Case,
    DateTimeField,
    F,
    Func,
    IntegerField,
    OrderBy,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import LessThan

from tracking.models.bytewise import Bytewise
from tracking.models.facts import task_facts
from tracking.models.pieces import worded
from tracking.models.situation import TaskSituation, TaskSituationQuerySet
from tracking.models.standing_sql import standing_case
from tracking.models.task import Task
from tracking.rules.calendar import DAY
from tracking.rules.chosen import BREACHED, CANCELLED, RANKS, Candidate, Part, Question
from tracking.rules.instants import start_of
from tracking.rules.lines import TaskFacts
from tracking.rules.snapshot import restore
from tracking.rules.standing import Flag, Yardstick, judge

_COLUMNS = (
    "task_id",
    "task__search",
    "task__code",
    "task__plan__code",
    "task__name_vi",
    "task__name_en",
)
_OPEN = Q(cancelled=False, completed=False, paused=False)
_IN_TIME = Q(end_at=None) | Q(submitted_at__lt=F("end_at"))


class WaitsFor(Func):
    """Whether one of the blocks in a snapshot is on one of these bodies."""

    output_field = BooleanField()
    _BLOCKS = {
        "postgresql": (
            "EXISTS (SELECT 1 FROM jsonb_array_elements({} -> 'blocks') AS block(row) "
            "WHERE block.row ->> 0 IN ({}))"
        ),
        "sqlite": (
            "EXISTS (SELECT 1 FROM json_each({}, '$.blocks') AS block "
            "WHERE json_extract(block.value, '$[0]') IN ({}))"
        ),
    }

    def __init__(self, codes: Iterable[str]) -> None:
        super().__init__(F("snapshot"), *(Value(code) for code in codes))

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        parts = [compiler.compile(part) for part in self.get_source_expressions()]
        (column, _none), *codes = parts
        marks = ", ".join(sql for sql, _params in codes)
        params = [value for _sql, values in codes for value in values]
        return self._BLOCKS[connection.vendor].format(column, marks), params


class TaskRows(TaskSituationQuerySet):
    """One row per task assigned by the instant that `at` names."""

    def chosen(self, asked: Question, measure: Yardstick) -> Self:
        rows = self.filter(_condition(asked, measure))
        if asked.standings:
            rows = rows.with_standing(measure.at).filter(standing__in=_stored(asked.standings))
        else:
            rows = rows.filter(cancelled=False)
        return rows

    def in_order(self, order: str, at: datetime) -> Self:
        name = order.removeprefix("-")
        levels = [_level(key, descending=order != name) for key in _ORDERS[name](at)]
        if name == "standing":
            levels.append(_level(F("due_on")))
        return self.order_by(*levels, _level(Bytewise("task__code")))

    def candidates(self, measure: Yardstick) -> Iterator[Candidate]:
        """Read and judged, in the order of the rows; two queries up to a batch. Only keys are
        sorted."""
        return judged(list(self.values_list("task_id", flat=True)), measure)


def rows_at(at: datetime) -> TaskRows:
    return TaskRows(TaskSituation).at(at)


def known_then(at: datetime, known_at: datetime, measure: Yardstick) -> Iterator[Candidate]:
    """Every task as it was known at K. Those with nothing recorded since come from the projection,
    the others are folded; all are read."""
    named = Task.objects.order_by().values_list("code", "pk", "search")
    known = {code: (key, search) for code, key, search in named}
    for task in task_facts((), at=at, known_at=known_at):
        key, search = known[task.code]
        yield _candidate(key, search, task, measure)


_BATCH = 2000


def judged(tasks: Sequence[int], measure: Yardstick) -> Iterator[Candidate]:
    """The tasks with these keys, in this order; a query for each batch."""
    for start in range(0, len(tasks), _BATCH):
        batch = tasks[start : start + _BATCH]
        found = {candidate.key: candidate for candidate in _read(batch, measure)}
        # An entry that was written since the keys were found may have moved an assignment.
        yield from (found[key] for key in batch if key in found)


def _read(tasks: Sequence[int], measure: Yardstick) -> Iterator[Candidate]:
    # Read as text: Django's reader of JSON costs three times as much as the query.
    columns = (*_COLUMNS, Cast("snapshot", TextField()))
    rows = rows_at(measure.at).filter(task_id__in=tasks).order_by()
    for key, search, code, plan, vi, en, text in rows.values_list(*columns):
        situation = restore(orjson.loads(text))
        task = TaskFacts(code, plan, {"vi": vi, "en": en or vi}, situation)
        yield _candidate(key, search, task, measure)


def _candidate(key: int, search: str, task: TaskFacts, measure: Yardstick) -> Candidate:
    situation = task.situation
    return Candidate(key, search, task, judge(situation, measure) if situation.in_scope else None)


def _condition(asked: Question, measure: Yardstick) -> Q:
    found = Q()
    if asked.plans:
        found &= Q(task__plan__code__in=asked.plans)
    if asked.bodies:
        found &= _PARTS[asked.part](asked.bodies)
    if asked.due_from:
        found &= Q(due_on__gte=asked.due_from)
    if asked.due_to:
        found &= Q(due_on__lte=asked.due_to)
    if asked.required is not None:
        found &= Q(required=asked.required)
    if asked.words:
        found &= worded(asked.words)
    for flag in sorted(asked.flags):
        found &= Q(cancelled=False) & _FLAGS[flag](measure)
    return found


def _stored(standings: Iterable[str]) -> list[str]:
    """The standing of a cancelled task is empty in SQL."""
    return ["" if standing == CANCELLED else standing for standing in standings]


def _coordinating(codes: tuple[str, ...]) -> Q:
    pairs = Task.coordinating.through.objects.filter(department__code__in=codes)
    return Q(task_id__in=pairs.values("task_id"))


def _waited_for(codes: tuple[str, ...]) -> Q:
    return Q(completed=False, blocked=True) & Q(WaitsFor(codes))


_PARTS: Mapping[Part, Callable[[tuple[str, ...]], Q]] = {
    Part.LEAD: lambda codes: Q(lead__code__in=codes),
    Part.COORDINATING: _coordinating,
    Part.WAITED_FOR: _waited_for,
}


def _overdue(at: datetime) -> Q:
    return _OPEN & Q(end_at__lte=at) & ~Q(pending=True, submitted_at__lt=F("end_at"))


def _due_soon(measure: Yardstick) -> Q:
    """The last day in time is at most so many days away: its end, a day later."""
    last = start_of(measure.day + (measure.due_soon_days + 1) * DAY)
    return _OPEN & Q(end_at__gt=measure.at, end_at__lte=last)


def _stale(measure: Yardstick) -> Q:
    """Instants in a snapshot begin with their day in Hà Nội, so their texts compare as days do."""
    silent_since = first_day_heard(measure)
    heard = Bytewise(Coalesce(KT("snapshot__reported_at"), KT("snapshot__assigned_at")))
    return _OPEN & Q(pending=False) & Q(LessThan(heard, Value(silent_since)))


def first_day_heard(measure: Yardstick) -> str:
    """The first day on which a report would still count as recent."""
    day = measure.day - timedelta(days=measure.stale_working_days)
    heard_within = measure.calendar.working_days_after
    while heard_within(day - DAY, measure.day) <= measure.stale_working_days:
        day -= DAY
    return day.isoformat()


_FLAGS: Mapping[str, Callable[[Yardstick], Q]] = {
    Flag.PENDING: lambda measure: Q(pending=True) & _IN_TIME,
    Flag.PENDING_LATE: lambda measure: Q(pending=True) & ~_IN_TIME,
    Flag.DUE_SOON: _due_soon,
    Flag.EXTENDED: lambda measure: Q(extensions__gt=0),
    Flag.REDUCED: lambda measure: Q(snapshot__has_key="reduced"),
    Flag.EXTENDED_LATE: lambda measure: Q(snapshot__has_key="extended_late_days"),
    Flag.REOPENED: lambda measure: Q(snapshot__has_key="reopened"),
    Flag.BLOCKED: lambda measure: Q(completed=False, blocked=True),
    Flag.STALE: _stale,
    Flag.NO_INFORMATION: lambda measure: (
        Q(submitted_at__isnull=False) & ~Q(snapshot__has_key="evidence")
    ),
    BREACHED: lambda measure: Q(snapshot__has_key="breaches") | _overdue(measure.at),
}


def _level(key: Any, *, descending: bool = False) -> OrderBy:
    return OrderBy(key, descending=descending, nulls_last=True)


def _rank(at: datetime) -> Case:
    """The branches of the standing, each giving its rank instead of its name."""
    case = standing_case(at)

    def ranked(name: Any) -> Value:
        return Value(RANKS[name.value or CANCELLED])

    whens = [When(branch.condition, then=ranked(branch.result)) for branch in case.cases]
    return Case(*whens, default=ranked(case.default), output_field=IntegerField())


def _late(at: datetime) -> Case:
    """How long after the end of the deadline; NULL unless late."""
    until = Coalesce(F("submitted_at"), Value(at, output_field=DateTimeField()))
    late = Q(completed=True, cancelled=False, submitted_at__gte=F("judged_end_at"))
    return Case(
        When(late, then=F("submitted_at") - F("judged_end_at")),
        When(_overdue(at), then=until - F("end_at")),
        default=None,
    )


def _number(name: str) -> Coalesce:
    return Coalesce(Cast(KT(f"snapshot__{name}"), IntegerField()), 0)


def _breaches(at: datetime) -> Any:
    passed = _overdue(at) & ~Q(snapshot__has_key="deadline_breached")
    return _number("breaches") + Case(When(passed, then=1), default=0)


# What each order sorts by; see rules.chosen.ORDERS.
_ORDERS: Mapping[str, Callable[[datetime], Sequence[Any]]] = {
    "standing": lambda at: [_rank(at)],
    "code": lambda at: [Bytewise("task__code")],
    "title": lambda at: [Bytewise("task__sort")],
    "lead": lambda at: [Bytewise("lead__sort")],
    "protocol": lambda at: [F("lead__order"), Bytewise("lead__code")],
    "plan": lambda at: [Bytewise("task__plan__code")],
    "original_due_on": lambda at: [Bytewise(KT("snapshot__original__0"))],
    "due_on": lambda at: [F("due_on")],
    "late": lambda at: [_late(at)],
    "extensions": lambda at: [F("extensions")],
    "breaches": lambda at: [_breaches(at)],
    "submitted_at": lambda at: [F("submitted_at")],
    "reported_on": lambda at: [Bytewise(KT("snapshot__reported_at"))],
}
