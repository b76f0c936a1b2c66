"""Letters about a meeting: who is asked to come and to speak, and what was concluded."""

from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from tracking.actions.letter_said import Asked, Said, dated_text, needed, of_list
from tracking.actions.refusals import Refused
from tracking.models import Conclusion, Meeting, MeetingItem
from tracking.models.letter_facts import Line, lines_now
from tracking.renderers import letter_blocks as blocks, letter_words as say
from tracking.rules.instants import day_of, in_zone


def said_of_invitation(asked: Asked) -> Said:
    """When, where, and which departments speak in which order about which tasks."""
    meeting: Meeting = needed(asked.meeting, _("the meeting"))
    if meeting.state == Meeting.State.CANCELLED:
        raise Refused([_("the meeting is cancelled: choose another")])
    items = list(meeting.items.select_related("department").order_by("place"))
    if not items:
        raise Refused([_("the agenda is empty: put the departments that speak on it first")])
    speakers = [(item.department.name_vi, item.reasons) for item in items]
    codes = list(dict.fromkeys(code for item in items for code in item.reasons))
    values = _common(meeting, items) | {"held_at": held_at_text(meeting.held_at)}
    told = {
        "invited": blocks.invited_block(name for name, _codes in speakers),
        "agenda": blocks.agenda_block(speakers),
    }
    return Said(values, told, codes)


def said_of_conclusions(asked: Asked) -> Said:
    """What was concluded, in general first, then department by department."""
    meeting: Meeting = needed(asked.meeting, _("the meeting"))
    related = ("item__department", "task")
    found = list(meeting.conclusions.select_related(*related).order_by("recorded_at", "pk"))
    if not found:
        raise Refused([_("nothing was concluded yet: record the conclusions first")])
    tasks = {row.task.pk: row.task for row in found if row.task}
    # What was concluded today may be in force from tomorrow; it is told as it stands now.
    lines = {line["code"]: line for line in lines_now(list(tasks.values()), day_of(asked.now))}
    found.sort(key=_place)  # stable: within a department in the order of recording
    groups = [
        (name, [_concluded(row, lines) for row in rows]) for name, rows in groupby(found, _body)
    ]
    items = list(meeting.items.select_related("department").order_by("place"))
    values = _common(meeting, items) | {
        "held_on": dated_text(day_of(meeting.held_at)),
        "conclusion_count": blocks.two_digits(len(found)),
    }
    codes = [task.code for task in tasks.values()]
    return Said(values, {"conclusions": blocks.conclusion_block(groups)}, codes)


def held_at_text(instant: datetime) -> str:
    """ "08 giờ 30, thứ Năm, ngày 03 tháng 12 năm 2026", as official documents write it."""
    at = in_zone(instant)
    text = say.HELD_AT if at.minute else say.HELD_AT_FULL_HOUR
    return text.format(
        hour=f"{at:%H}",
        minute=f"{at:%M}",
        weekday=say.WEEKDAYS[at.weekday()],
        day=f"{at:%d}",
        month=say.month_text(at.month),
        year=at.year,
    )


def _common(meeting: Meeting, items: list[MeetingItem]) -> dict[str, str]:
    issued = meeting.progress_list
    return {
        "meeting": meeting.title,
        "place": meeting.place,
        "chair": meeting.chair,
        "departments": "; ".join(item.department.name_vi for item in items),
        "as_of": dated_text(issued.as_of if issued else None),
        **of_list(issued),
    }


def _place(row: Conclusion) -> int:
    return row.item.place if row.item else -1


def _body(row: Conclusion) -> str:
    return row.item.department.name_vi if row.item else ""


def _concluded(row: Conclusion, lines: dict[str, Line]) -> str:
    text = row.text.rstrip(" .;")
    line: dict[str, Any] | None = lines.get(row.task.code) if row.task else None
    if row.task is None:
        return text
    if row.kind == Conclusion.Kind.TASK and line:
        lead, due = line["under"]["vi"], blocks.due_text(line)
        return say.NEW_TASK.format(text=text, code=row.task.code, lead=lead, due=due)
    return say.DECIDED.format(text=text, code=row.task.code)
