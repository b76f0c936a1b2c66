"""What does the list say of one task? Its line, its flags and its days late, by brute force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tests.histories import (
    Event,
    History,
    breached,
    completed,
    counterparts,
    due_on,
    end_of,
    in_force,
    judging,
    last,
    last_day,
    moved,
    pending,
    standing,
    submission,
)

OPEN = ("in_time", "overdue", "no_deadline")
REPORTS = (
    "progress_reported",
    "submitted",
    "evidence_recorded",
    "extension_requested",
    "blocked",
    "unblocked",
)
DUE_SOON_DAYS = 7
STALE_WORKING_DAYS = 10

Json = dict[str, Any]


@dataclass(frozen=True)
class Judged:
    """One task of the file with its visible history at the cut-off."""

    row: Json
    history: History
    cut_off: datetime
    file: Json

    @property
    def standing(self) -> str:
        """The one standing of a task in scope."""
        return standing(self.history, self.cut_off) or ""


def lead(task: Judged) -> str:
    """The lead department after the reassignments."""
    change = last(task.history, "reassigned")
    return str(change.payload["lead"] if change else task.row["lead"])


def required(task: Judged) -> bool:
    """Whether the task is required after the changes of requirement."""
    change = last(task.history, "requirement_changed")
    return bool(change.payload["required"] if change else task.row.get("required", True))


def task_line(task: Judged) -> Json:
    """One task of the list, with what the contract fixes and `required`."""
    made = submission(task.history)
    calendar_days, working_days = lateness(task)
    return {
        "code": task.row["code"],
        "required": required(task),
        "standing": task.standing,
        "flags": flags(task),
        "original_due_on": iso(due_on(last(task.history, "deadline_set"))),
        "due_on": iso(due_on(in_force(task.history))),
        "late_calendar_days": calendar_days,
        "late_working_days": working_days,
        "extensions": len(moved(task.history, later=True)),
        "breaches": len(breached(task.history, task.cut_off)),
        "submitted_at": made.at.isoformat() if made else None,
        "waiting_for": waiting_for(task),
    }


def iso(day: date | None) -> str | None:
    """A date as text, or None."""
    return day.isoformat() if day else None


def waiting_for(task: Judged) -> list[str]:
    """The counterparts waited for; a completed task waits for nobody."""
    return [] if completed(task.history) else counterparts(task.history)


def lateness(task: Judged) -> tuple[int, int]:
    """(calendar days, working days) late; zeros unless overdue or completed late."""
    day = last_day(judging(task.history))
    if task.standing not in ("overdue", "completed_late") or day is None:
        return 0, 0
    made = submission(task.history)
    until = (made.at if made else task.cut_off).date()
    return (until - day).days, working_days(task.file, day, until)


def working_days(plan_file: Json, after: date, until: date) -> int:
    """The number of working days after the one day, up to and including the other."""
    rows = {row["day"]: bool(row["working"]) for row in plan_file.get("calendar", [])}
    days = [after + timedelta(days=n) for n in range(1, (until - after).days + 1)]
    return sum(rows.get(day.isoformat(), day.weekday() < 5) for day in days)


def pending_flag(task: Judged) -> str | None:
    """`pending`, `pending_late` or None, against the current deadline."""
    made, end = pending(task.history), end_of(in_force(task.history))
    if made is None:
        return None
    return "pending" if end is None or made.at < end else "pending_late"


def flags(task: Judged) -> list[str]:
    """The flags of a task by code point."""
    holds = {
        str(pending_flag(task)): pending(task.history) is not None,
        "due_soon": due_soon(task),
        "extended": bool(moved(task.history, later=True)),
        "reduced": bool(moved(task.history, later=False)),
        "extended_late": extended_late(task),
        "reopened": last(task.history, "reopened") is not None,
        "blocked": bool(waiting_for(task)),
        "stale": stale(task),
        "no_information": no_information(task),
    }
    return sorted(flag for flag, held in holds.items() if held)


def due_soon(task: Judged) -> bool:
    """In time, the end still ahead, and the last day in time at most seven days away."""
    day, end = last_day(in_force(task.history)), end_of(in_force(task.history))
    if task.standing != "in_time" or day is None or end is None or task.cut_off >= end:
        return False
    return (day - task.cut_off.date()).days <= DUE_SOON_DAYS


def extended_late(task: Judged) -> bool:
    """Whether an extension came at or after the end of a breached deadline."""
    late = breached(task.history, task.cut_off)
    return any(
        old in late and (end := end_of(old)) is not None and grant.at >= end
        for old, grant in moved(task.history, later=True)
    )


def stale(task: Judged) -> bool:
    """Open, nothing pending, and no report for more than ten working days."""
    if task.standing not in OPEN or pending(task.history):
        return False
    latest = last(task.history, *REPORTS) or last(task.history, "assigned")
    if latest is None:
        return False
    silence = working_days(task.file, latest.at.date(), task.cut_off.date())
    return silence > STALE_WORKING_DAYS


def no_information(task: Judged) -> bool:
    """A submission of this episode with neither product nor evidence."""
    made = submission(task.history)
    if made is None or "evidence" in made.payload or "product" in made.payload:
        return False
    reopened = last(task.history, "reopened")
    begun = task.history.index(reopened) if reopened else 0
    return last(task.history[begun:], "evidence_recorded") is None


def episode(history: History) -> History:
    """The events from the assignment or the last reopening to the acceptance."""
    start = last(history, "assigned", "reopened")
    current = history[history.index(start) :] if start else history
    stop: Event | None = last(current, "accepted")
    return current[: current.index(stop)] if stop else current
