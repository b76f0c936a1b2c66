"""Drafting a letter: what it says is frozen, and the letter enters the register."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from tracking.actions.letter_content import content_of, said_of
from tracking.actions.letter_said import Asked
from tracking.models import (
    Department,
    Letter,
    LetterEntry,
    Meeting,
    Partner,
    ProgressList,
    Task,
)
from tracking.models.pen import take_the_pen

_SECOND_CLICK = timedelta(minutes=1)


@transaction.atomic
def draft_letter(
    *,
    kind: str,
    now: datetime,
    by: str,
    progress_list: ProgressList | None = None,
    department: Department | None = None,
    partner: Partner | None = None,
    tasks: Sequence[Task] = (),
    meeting: Meeting | None = None,
    answer_due_on: date | None = None,
) -> Letter:
    """A letter in the words of its template, about what was chosen; without `tasks`, about those
    overdue, or waiting. Sent twice, as a second click does, it is the draft that is there. Refused
    when there is nothing to write about."""
    take_the_pen()
    chosen = (progress_list, department, partner, tasks, meeting, answer_due_on)
    asked = _asked(kind, now, *chosen)
    said = said_of(asked)
    content = content_of(asked, said)
    drafts = Letter.objects.filter(state=Letter.State.DRAFTED, drafted_by=by, kind=asked.kind)
    newest = drafts.order_by("-pk").first()
    if newest and newest.content == content and now - newest.drafted_at < _SECOND_CLICK:
        return newest
    letter = Letter.objects.create(
        kind=asked.kind,
        subject=content["subject"],
        content=content,
        progress_list=asked.progress_list,
        department=department,
        partner=partner,
        meeting=meeting,
        drafted_at=now,
        drafted_by=by,
        answer_due_on=answer_due_on,
        state=Letter.State.DRAFTED,
    )
    letter.tasks.set(Task.objects.filter(code__in=said.codes))
    LetterEntry.objects.create(letter=letter, state=Letter.State.DRAFTED, at=now, by=by)
    return letter


def preview_letter(
    now: datetime,
    *,
    kind: str,
    progress_list: ProgressList | None = None,
    department: Department | None = None,
    partner: Partner | None = None,
    tasks: Sequence[Task] = (),
    meeting: Meeting | None = None,
    answer_due_on: date | None = None,
) -> dict[str, Any]:
    """What the letter would say; nothing is stored."""
    chosen = (progress_list, department, partner, tasks, meeting, answer_due_on)
    asked = _asked(kind, now, *chosen)
    return content_of(asked, said_of(asked))


def _asked(
    kind: str,
    now: datetime,
    progress_list: ProgressList | None,
    department: Department | None,
    partner: Partner | None,
    tasks: Sequence[Task],
    meeting: Meeting | None,
    answer_due_on: date | None,
) -> Asked:
    """A letter about a meeting is about the list that it looks at."""
    return Asked(
        kind=str(kind),
        now=now,
        progress_list=progress_list or (meeting.progress_list if meeting else None),
        department=department,
        partner=partner,
        tasks=tasks,
        meeting=meeting,
        answer_due_on=answer_due_on,
    )
