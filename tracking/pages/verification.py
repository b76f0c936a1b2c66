"""What waits for a decision, the oldest first: results submitted and extensions asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from tracking.models import Department, Event, Task, TaskSituation, User
from tracking.models.bilingual import reader_language
from tracking.models.then import Then
from tracking.pages.task_page import yardstick
from tracking.renderers.cells import TaskWriter
from tracking.rules.events import Kind
from tracking.rules.instants import day_of
from tracking.rules.lines import TaskFacts, line_of
from tracking.rules.situation import Situation
from tracking.rules.standing import Flag, judge

Rows = QuerySet[TaskSituation]


@dataclass(frozen=True, slots=True)
class Waiting:
    """`days` and `working_days`: since `since`; `own`: the reader's own work, which another person
    must decide; `recorded_at`: where that was on another day than `since`; `unsupported`: neither a
    product nor evidence was handed in; `asked_for` and `reason`: of a request."""

    task: Task
    lead: Department
    standing: str
    status: str
    since: date
    days: int
    working_days: int
    by: str
    own: bool
    due_on: date | None
    recorded_at: datetime | None = None
    unsupported: bool = False
    asked_for: date | None = None
    reason: str = ""


def pending(at: datetime) -> Rows:
    """Tasks whose result awaits verification, that submitted first before the others."""
    return _open(at).filter(pending=True).order_by("submitted_at", "task__code")


def asked(at: datetime) -> Rows:
    """Tasks with an unanswered request, that due first before the others, undated ones last."""
    by_day = F("due_on").asc(nulls_last=True)
    return _open(at).filter(asked=True).order_by(by_day, "task__code")


def next_after(row: TaskSituation | None, reader: User, at: datetime) -> TaskSituation | None:
    """The next in the queue that this person may decide; from its beginning if `row` is None."""
    rows = pending(at).exclude(snapshot__submission__2=reader.get_username())
    if row is None:
        return rows.first()
    later = Q(submitted_at__gt=row.submitted_at)
    behind = Q(submitted_at=row.submitted_at, task__code__gt=row.task.code)
    return rows.filter(later | behind).first()


def next_asked(row: TaskSituation | None, reader: User, at: datetime) -> TaskSituation | None:
    """As next_after, of the requests."""
    rows = asked(at)
    if row is not None:
        behind = Q(due_on=row.due_on, task__code__gt=row.task.code)
        if row.due_on:
            behind |= Q(due_on__gt=row.due_on) | Q(due_on=None)
        rows = rows.filter(behind)
    name = reader.get_username()
    return next((other for other in rows if name not in other.situation().requesters), None)


def place_of(row: TaskSituation, at: datetime) -> tuple[int, int]:
    """(which it is in the queue, of how many); two queries."""
    rows = pending(at)
    before = Q(submitted_at__lt=row.submitted_at)
    beside = Q(submitted_at=row.submitted_at, task__code__lt=row.task.code)
    return rows.filter(before | beside).count() + 1, rows.count()


class Queue:
    """Judges the rows of a page for one reader; a fixed number of queries."""

    def __init__(self, reader: User, then: Then) -> None:
        self.reader = reader
        self.at = then.at
        self._yardstick = yardstick(then.at, then.registers)
        self.writer = TaskWriter(reader_language())

    def submissions(self, rows: Iterable[TaskSituation]) -> list[Waiting]:
        shown = [(row, row.situation()) for row in rows]
        numbers = [held.submission.number for _, held in shown if held.submission]
        recorded = _recorded(Event.objects.filter(number__in=numbers))
        return [self._submission(row, held, recorded) for row, held in shown]

    def requests(self, rows: Iterable[TaskSituation]) -> list[Waiting]:
        shown = list(rows)
        entries = Event.objects.filter(
            task__in=[row.task_id for row in shown],
            kind=Kind.EXTENSION_REQUESTED,
            effective_at__lte=self.at,
        )
        # The one that awaits an answer is the last.
        recorded = _recorded(entries.order_by("effective_at", "recorded_at", "number"))
        return [self._request(row, recorded) for row in shown]

    def _submission(
        self, row: TaskSituation, situation: Situation, recorded: Mapping[int, datetime | None]
    ) -> Waiting:
        made = situation.submission
        assert made is not None  # pending means submitted
        since = day_of(made.at)
        more = {"recorded_at": recorded.get(row.task_id)}
        return self._waiting(row, situation, since, made.actor, (made.actor,), **more)

    def _request(self, row: TaskSituation, recorded: Mapping[int, datetime | None]) -> Waiting:
        situation = row.situation()
        request = situation.request
        assert request is not None  # only those are asked for
        people = situation.requesters
        asked_for = request["due_on"] and date.fromisoformat(request["due_on"])
        more = {"asked_for": asked_for or None, "reason": request["reason"]}
        since, by = date.fromisoformat(request["on"]), people[-1] if people else ""
        more["recorded_at"] = recorded.get(row.task_id)
        return self._waiting(row, situation, since, by, people, **more)

    def _waiting(
        self,
        row: TaskSituation,
        situation: Situation,
        since: date,
        by: str,
        people: Iterable[str],
        **more: Any,
    ) -> Waiting:
        today = self._yardstick.day
        judgement = judge(situation, self._yardstick)
        facts = TaskFacts(row.task.code, "", row.task.names, situation)
        names: dict[str, dict[str, str]] = {block.on: {} for block in situation.blocks}
        line = line_of(facts, judgement, situation.lead, names, today)
        return Waiting(
            task=row.task,
            lead=row.lead,
            standing=str(judgement.standing),
            status=self.writer.status(line),
            since=since,
            days=(today - since).days,
            working_days=self._yardstick.calendar.working_days_after(since, today),
            by=by,
            own=self.reader.get_username() in people,
            due_on=row.due_on,
            unsupported=Flag.NO_INFORMATION in judgement.flags,
            **more,
        )


def _recorded(entries: QuerySet[Event]) -> dict[int, datetime | None]:
    """Task -> the moment of recording where it fell on another day, of its last entry."""
    rows = entries.only("task", "effective_at", "recorded_at")
    return {entry.task_id: entry.recorded_another_day for entry in rows}


def _open(at: datetime) -> Rows:
    rows = TaskSituation.objects.at(at).filter(cancelled=False, completed=False)
    return rows.select_related("task", "lead")
