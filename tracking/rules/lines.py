"""What does the list say about one task?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracking.rules.departments import Name
from tracking.rules.instants import day_of, instant_text
from tracking.rules.situation import Situation
from tracking.rules.standing import Judgement
from tracking.rules.waits import open_waits


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What a task is, beside what the ledger says of it."""

    code: str
    plan: str
    title: Name
    situation: Situation
    product: Name | None = None
    parent: str | None = None
    document: Mapping[str, Any] | None = None  # {"number", "title", "issued_on"}
    clause: str = ""
    coordinating: tuple[str, ...] = ()


def line_of(
    task: TaskFacts,
    judgement: Judgement,
    printed_under: str,
    names: Mapping[str, Name],
    as_of: date,
) -> dict[str, Any]:
    """One element of `tasks` in the list; see the contract for the keys."""
    situation = task.situation
    made, deadline = situation.submission, situation.deadline
    waiting = _waiting(situation, names, as_of)
    return {
        "code": task.code,
        "plan": task.plan,
        "title": task.title,
        "required": situation.required,
        "product": task.product,
        "parent": task.parent,
        "document": task.document,
        "clause": task.clause,
        "lead": situation.lead,
        "taken_over_from": None
        if situation.lead == printed_under
        else {"code": situation.lead, "name": names[situation.lead]},
        "coordinating": [{"code": c, "name": names[c]} for c in sorted(task.coordinating)],
        "standing": str(judgement.standing),
        "flags": list(judgement.flags),
        "original_due_on": situation.original.due_on.isoformat() if situation.original else None,
        "due_on": deadline.due_on.isoformat() if deadline else None,
        "reading": str(deadline.reading) if deadline else "by",
        "wording": (deadline.wording if deadline else "") or situation.wording,
        "late_calendar_days": judgement.late_calendar_days,
        "late_working_days": judgement.late_working_days,
        "extensions": situation.extensions,
        "breaches": judgement.breaches,
        "extended_late_days": list(situation.extended_late_days),
        "submitted_at": instant_text(made.at) if made else None,
        "waiting_for": [row["code"] for row in waiting],
        "waiting": waiting,
        "report": situation.report,
        "extension_request": situation.request,
    }


def _waiting(situation: Situation, names: Mapping[str, Name], as_of: date) -> list[dict[str, Any]]:
    """Whom the task waits for, since when, and calendar days in all, lifted blocks included."""
    return [
        {
            "code": wait.on,
            "name": names[wait.on],
            "since": day_of(wait.since).isoformat(),
            "days": wait.days,
            "reason": wait.reason,
        }
        for wait in open_waits(situation, as_of)
    ]
