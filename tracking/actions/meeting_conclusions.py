"""What the chair concludes. Where it is a task or a decision on one, the ledger judges it; both
are written, or neither."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tracking.actions.meetings import begun, needed_words, notice_of, still_open
from tracking.actions.steps import record_step
from tracking.actions.tasks import assign_task
from tracking.models import Conclusion, Department, Event, Meeting, MeetingItem, Task
from tracking.rules.deadline_orders import FixedDate, Period
from tracking.rules.events import Kind


@transaction.atomic
def conclude_noted(
    *, meeting: Meeting, item: MeetingItem | None, text: str, now: datetime, by: str
) -> Conclusion:
    """Words alone, about a department or the whole. The same once more, as a second click sends
    it, is the one that stands."""
    row, said = begun(still_open(meeting), now), needed_words(text)
    newest = row.conclusions.filter(item=item).order_by("-pk").first()
    if newest and (newest.kind, newest.text, newest.actor) == (Conclusion.Kind.NOTED, said, by):
        return newest
    return _concluded(row, item, Conclusion.Kind.NOTED, said, now, by)


@transaction.atomic
def conclude_task(
    *,
    item: MeetingItem,
    text: str,
    task: Task,
    assigned_at: datetime,
    now: datetime,
    by: str,
    deadline: FixedDate | Period | None = None,
    coordinating: Iterable[Department] = (),
) -> Conclusion:
    """A new task of the department of that item. Refused as assign_task; the same once more is the
    conclusion that stands."""
    meeting, said = begun(still_open(item.meeting), now), needed_words(text)
    same = meeting.conclusions.filter(
        item=item, kind=Conclusion.Kind.TASK, task__code=task.code, text=said, actor=by
    ).first()
    if same:
        return same
    task.document = notice_of(meeting)
    assign_task(
        task=task,
        assigned_at=assigned_at,
        now=now,
        by=by,
        deadline=deadline,
        coordinating=coordinating,
    )
    event = task.events.get(kind=Kind.ASSIGNED)
    return _concluded(meeting, item, Conclusion.Kind.TASK, said, now, by, event)


@transaction.atomic
def conclude_decision(
    *,
    item: MeetingItem,
    text: str,
    task: Task,
    kind: Kind,
    payload: Mapping[str, Any],
    effective_at: datetime,
    now: datetime,
    by: str,
    on_behalf_of: str = "",
    seen: int | None = None,
) -> Conclusion:
    """A step on a task, with the notice as its source. Refused as record_step."""
    meeting, said = begun(still_open(item.meeting), now), needed_words(text)
    event = record_step(
        task=task,
        kind=kind,
        effective_at=effective_at,
        now=now,
        by=by,
        payload={**payload, "document": notice_of(meeting).number},
        on_behalf_of=on_behalf_of,
        seen=seen,
    )
    known = meeting.conclusions.filter(event=event).first()
    return known or _concluded(meeting, item, Conclusion.Kind.DECISION, said, now, by, event)


def _concluded(
    meeting: Meeting,
    item: MeetingItem | None,
    kind: str,
    text: str,
    now: datetime,
    by: str,
    event: Event | None = None,
) -> Conclusion:
    return Conclusion.objects.create(
        meeting=meeting,
        item=item,
        kind=kind,
        text=text,
        task=event.task if event else None,
        event=event,
        recorded_at=event.recorded_at if event else now,
        actor=by,
    )
