"""What needs somebody's attention now?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count

from tracking.models.department import Department
from tracking.models.progress_list import ProgressList
from tracking.models.situation import TaskSituation
from tracking.models.task import Task
from tracking.rules.departments import printed_under
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
    """Eight queries whatever the number of tasks."""
    open_now = TaskSituation.objects.at(at).filter(cancelled=False, completed=False)
    rows = open_now.select_related("task", "lead")
    pending = rows.filter(pending=True).order_by("submitted_at", "task__code")
    asked = rows.filter(snapshot__has_key="request").order_by("due_on", "task__code")
    return Attention(
        submissions=[_submission(row) for row in pending[:SHOWN]],
        submissions_count=pending.count(),
        requests=[_request(row) for row in asked[:SHOWN]],
        requests_count=asked.count(),
        late=_late_departments(at),
    )


def latest_list() -> ProgressList | None:
    """The list issued last, without its content; with its number of document, if any."""
    rows = ProgressList.objects.select_related("registration").defer("content")
    return rows.order_by("-number").first()


def _submission(row: TaskSituation) -> Waiting:
    assert row.submitted_at is not None  # pending means submitted
    return Waiting(row.task, row.lead, day_of(row.submitted_at))


def _request(row: TaskSituation) -> Waiting:
    request = row.snapshot["request"]
    asked_for = date.fromisoformat(request["due_on"]) if request["due_on"] else None
    return Waiting(row.task, row.lead, date.fromisoformat(request["on"]), asked_for)


def _late_departments(at: datetime) -> list[LateDepartment]:
    """In protocol order, each overdue task under the department that would print it."""
    judged: Any = TaskSituation.objects.at(at).with_standing(at)
    overdue = judged.filter(standing=Standing.OVERDUE).order_by()
    counted = overdue.values_list("lead__code", "required").annotate(Count("pk"))
    facts = Department.objects.all().facts()
    required: Counter[str] = Counter()
    optional: Counter[str] = Counter()
    for lead, needed, number in counted:
        code = printed_under(lead, facts, day_of(at))
        (required if needed else optional)[code] += number
    return [
        LateDepartment(department, required[department.code], optional[department.code])
        for department in Department.objects.filter(code__in={*required, *optional})
    ]
