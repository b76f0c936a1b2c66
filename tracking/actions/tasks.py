"""Assigning a task: its row, its assignment and its deadline, together or not at all."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tracking.actions.calendar import keep_version
from tracking.actions.ledger import record
from tracking.actions.refusals import Refused
from tracking.actions.steps import record_step
from tracking.models import CalendarDay, Department, Event, Task
from tracking.models.pen import take_the_pen
from tracking.rules.deadline_orders import FixedDate, Period
from tracking.rules.events import Kind


def assign_task(
    *,
    task: Task,
    assigned_at: datetime,
    now: datetime,
    by: str,
    deadline: FixedDate | Period | None = None,
    coordinating: Iterable[Department] = (),
) -> Task:
    """Save the new row and record that it is assigned and until when.

    Refused when the code is taken or a step is wrong; then nothing is written."""
    if Task.objects.filter(code=task.code).exists():
        raise Refused([_taken(task)])
    try:
        with transaction.atomic():
            take_the_pen()
            task.save(force_insert=True)
            task.coordinating.set(coordinating)
            for kind, payload in _steps(task, deadline, now, by).items():
                record(
                    task=task,
                    kind=kind,
                    effective_at=assigned_at,
                    recorded_at=now,
                    by=by,
                    payload=payload,
                )
    except IntegrityError as error:
        raise Refused([_taken(task)]) from error
    return task


@transaction.atomic
def set_deadline(
    *,
    task: Task,
    deadline: FixedDate | Period,
    effective_at: datetime,
    now: datetime,
    by: str,
    on_behalf_of: str = "",
    seen: int | None = None,
) -> Event:
    """Record the original deadline of a task that has none yet; Refused as record_step."""
    return record_step(
        task=task,
        kind=Kind.DEADLINE_SET,
        effective_at=effective_at,
        now=now,
        by=by,
        payload=_content(deadline, now, by),
        on_behalf_of=on_behalf_of,
        seen=seen,
    )


def _content(deadline: FixedDate | Period, now: datetime, by: str) -> dict[str, Any]:
    """What an entry says of a deadline; the calendar that made a period a date is kept."""
    if isinstance(deadline, Period):
        keep_version(now=now, by=by)
    return dict(deadline.payload(CalendarDay.objects.all().calendar()))


def _steps(
    task: Task, deadline: FixedDate | Period | None, now: datetime, by: str
) -> dict[Kind, dict[str, Any]]:
    source = {"document": task.document.number} if task.document else {}
    steps: dict[Kind, dict[str, Any]] = {Kind.ASSIGNED: source}
    if deadline:
        steps[Kind.DEADLINE_SET] = _content(deadline, now, by) | source
    return steps


def _taken(task: Task) -> str:
    return _("%(code)s is the code of another task: give this one another code") % {
        "code": task.code
    }
