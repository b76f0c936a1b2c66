"""What needs somebody's attention: decisions waited for, deadlines ahead, departments late?"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from tracking.models.department import Department
from tracking.models.progress_list import ProgressList
from tracking.models.remembered import remembered
from tracking.models.replies import WaitAnswer
from tracking.models.situation import TaskSituation
from tracking.models.tally import Tally, lateness, tallies, total
from tracking.models.task import Task
from tracking.models.then import Then, is_overdue, late_stretches
from tracking.models.waiting import ASKED, PENDING, ahead, is_ahead, is_asked, is_pending
from tracking.rules.instants import day_of
from tracking.rules.standing import Standing

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task that waits for a decision; `asked_for` is the last day that a request asks for."""

    task: Task
    lead: Department
    since: date
    asked_for: date | None = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """A task whose last day in time is today or lies ahead."""

    task: Task
    lead: Department
    last_day: date


@dataclass(frozen=True, slots=True)
class Late:
    """An overdue task, one reason for the mark of its department if it is required."""

    task: Task
    lead: Department
    last_day: date
    days: int


@dataclass(frozen=True, slots=True)
class Disputed:
    """A wait that the body waited for disputes."""

    task: Task
    on: str
    text: str
    answered_on: date


@dataclass(frozen=True, slots=True)
class Queue:
    """The first of them, and how many there are in all."""

    rows: Sequence[Any]
    count: int


@dataclass(frozen=True, slots=True)
class LateDepartment:
    """Marked when at least one of its overdue tasks is required, as in a list issued now."""

    department: Department
    required: int
    optional: int

    @property
    def marked(self) -> bool:
        return self.required > 0


@dataclass(frozen=True, slots=True)
class Attention:
    """The sequences of tasks hold the first ten; the counts are of all."""

    submissions: Sequence[Waiting]
    submissions_count: int
    requests: Sequence[Waiting]
    requests_count: int
    late: Sequence[LateDepartment]


def attention(at: datetime) -> Attention:
    """Of now; eight queries whatever the number of tasks."""
    then = Then(at)
    tallied = tallies(then)
    whole = total(tallied)
    pending, asked = submissions(then, whole.pending), requests(then, whole.asked)
    return Attention(
        submissions=pending.rows,
        submissions_count=pending.count,
        requests=asked.rows,
        requests_count=asked.count,
        late=_late_departments(then, tallied),
    )


def latest_list() -> ProgressList | None:
    """The list issued last, without its content; with its number of document, if any."""
    rows = ProgressList.objects.select_related("registration").defer("content")
    return rows.order_by("-number").first()


def submissions(then: Then, count: int) -> Queue:
    """Those that await verification, the oldest first; `count` of them, as tallied."""
    folded = [row for row in then.folded if is_pending(row)]
    return _queue(then, PENDING, folded, "submitted_at", _submission, count)


def requests(then: Then, count: int) -> Queue:
    """Requests for an extension that nobody has answered, the nearest deadline first."""
    folded = [row for row in then.folded if is_asked(row)]
    return _queue(then, ASKED, folded, "due_on", _request, count)


def falling_due(then: Then, count: int) -> Queue:
    """Open tasks that nothing is submitted for and that are due within two weeks, the nearest
    first."""
    folded = [row for row in then.folded if is_ahead(row, then)]
    return _queue(then, ahead(then), folded, "end_at", _ahead, count)


def reasons(then: Then, leads: Iterable[str], most: int) -> list[Late]:
    """The overdue required tasks of these leads, the latest first, so many of each; two queries."""
    wanted = frozenset(leads)
    keys = remembered(then, ("reasons", wanted, most), lambda: _latest(then, wanted, most))
    # No row has the key 0: as many queries for none.
    first: Any = _rows(then, keys or [0]).defer("snapshot")
    folded = [
        row for row in then.folded if is_overdue(row) and row.required and row.lead.code in wanted
    ]
    found = sorted((*first, *folded), key=lambda row: (row.end_at, row.task.code))
    return [Late(row.task, row.lead, _last_day(row), lateness(row, then.at)) for row in found]


def _latest(then: Then, leads: Collection[str], most: int) -> list[int]:
    judged: Any = late_stretches(then.rows).filter(
        end_at__lte=then.at, required=True, lead__code__in=leads
    )
    order = (F("end_at"), F("task__code"))
    place = Window(RowNumber(), partition_by=F("lead"), order_by=order)
    return list(judged.annotate(place=place).filter(place__lte=most).values_list("pk", flat=True))


def _rows(then: Then, keys: Iterable[int]) -> Any:
    return then.rows.filter(pk__in=keys).select_related("task", "lead")


def disputed(then: Then) -> list[Disputed]:
    """Waits that still stand and whose last answer disputes them; two queries."""
    known = then.known_at or then.at
    answers = WaitAnswer.objects.visible(at=then.at, known_at=known).select_related("event")
    last = {answer.event_id: answer for answer in answers}
    against = [a for a in last.values() if a.answer == WaitAnswer.Answer.DISPUTED]
    tasks = {answer.event.task_id for answer in against}
    rows = then.rows.filter(task__in=tasks).select_related("task") if tasks else ()
    standing = {row.task_id: row for row in (*rows, *then.folded) if row.task_id in tasks}
    return [
        Disputed(row.task, answer.event.payload["on"], answer.text, day_of(answer.recorded_at))
        for answer in against
        if (row := standing.get(answer.event.task_id)) and _still_waits(row, answer)
    ]


def _still_waits(row: TaskSituation, answer: WaitAnswer) -> bool:
    situation, event = row.situation(), answer.event
    if situation.completed:
        return False
    return any(
        block.on == event.payload["on"] and block.since == event.effective_at
        for block in situation.blocks
    )


def _queue(
    then: Then,
    wanted: Q,
    folded: Sequence[TaskSituation],
    column: str,
    say: Callable[[Any], Any],
    count: int,
) -> Queue:
    """The first by that column, then by code; what has no value comes last. No query when there
    are none."""
    keys = remembered(then, column, lambda: _first(then, wanted, column)) if count else []
    rows = _rows(then, keys) if keys else ()

    def place(row: TaskSituation) -> Any:
        value = getattr(row, column)
        return (False, value, row.task.code) if value else (True, 0, row.task.code)

    shown = sorted((*rows, *folded), key=place)[:SHOWN]
    return Queue([say(row) for row in shown], count)


def _first(then: Then, wanted: Q, column: str) -> list[int]:
    order = (F(column).asc(nulls_last=True), "task__code")
    return list(then.rows.filter(wanted).order_by(*order).values_list("pk", flat=True)[:SHOWN])


def _submission(row: TaskSituation) -> Waiting:
    assert row.submitted_at is not None  # pending means submitted
    return Waiting(row.task, row.lead, day_of(row.submitted_at))


def _request(row: TaskSituation) -> Waiting:
    request = row.snapshot["request"]
    asked_for = date.fromisoformat(request["due_on"]) if request["due_on"] else None
    return Waiting(row.task, row.lead, date.fromisoformat(request["on"]), asked_for)


def _ahead(row: TaskSituation) -> Ahead:
    return Ahead(row.task, row.lead, _last_day(row))


def _last_day(row: TaskSituation) -> date:
    assert row.end_at is not None  # of tasks with a deadline only
    return day_of(row.end_at) - timedelta(days=1)


def _late_departments(then: Then, tallied: Mapping[str, Tally]) -> list[LateDepartment]:
    """In protocol order, each overdue task under the department that would print it."""
    return [
        LateDepartment(department, tally.reasons, tally.standings[Standing.OVERDUE] - tally.reasons)
        for code, department in then.departments.items()
        if (tally := tallied.get(code)) and tally.overdue
    ]
