"""What should the progress list of a plan file say? A second, slow reading of the rules.

`progress_list` and `faults` know nothing of the portal: they read a `progress-plan/1` dict and
answer by brute force, so that the portal's own rules can be tested against them.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from tests.histories import (
    HANOI,
    assigned,
    cancelled,
    due_on,
    end_of,
    in_force,
    instant,
    judging,
    read_event,
    with_effect,
)
from tests.plan_faults import faults
from tests.task_lines import OPEN, Judged, lead, pending_flag, required, task_line

__all__ = ["faults", "progress_list"]

STANDINGS = (
    "completed_on_time",
    "completed_late",
    "in_time",
    "overdue",
    "no_deadline",
    "paused",
)

Json = dict[str, Any]


def progress_list(
    plan_file: Json, *, as_of: str, known_at: str, policy: str, plans: list[str] | None
) -> Json:
    """The keys of `progress-list/1` that the contract fixes; `plans` None means every plan."""
    day = date.fromisoformat(as_of)
    tasks = in_scope(plan_file, day, instant(known_at), plans)
    lines = [(printed_under(plan_file, lead(task), day), task) for task in tasks]
    codes = {code for code, _ in lines} | {
        row["code"] for row in plan_file.get("departments", []) if active(row, day)
    }
    rows = [row for row in plan_file.get("departments", []) if row["code"] in codes]
    rows.sort(key=lambda row: (row.get("order", 0), row["code"]))
    return {
        "as_of": as_of,
        "known_at": instant(known_at).isoformat(),
        "policy": policy,
        "departments": [
            department(row["code"], [task for code, task in lines if code == row["code"]], policy)
            for row in rows
        ],
        "totals": totals(tasks),
    }


def in_scope(
    plan_file: Json, day: date, known_at: datetime, plans: list[str] | None
) -> list[Judged]:
    """The tasks of these plans that are assigned and not cancelled, as visible at (T, K)."""
    cut_off = datetime.combine(day, time.max, tzinfo=HANOI)
    events = [read_event(row, place) for place, row in enumerate(plan_file.get("events", []))]
    visible = [event for event in events if event.at <= cut_off and event.recorded <= known_at]
    found = []
    for row in plan_file.get("tasks", []):
        history = with_effect([event for event in visible if event.task == row["code"]])
        wanted = plans is None or row.get("plan") in plans
        if wanted and assigned(history) and not cancelled(history):
            found.append(Judged(row, history, cut_off, plan_file))
    return found


def active(row: Json, day: date) -> bool:
    """Whether the department is active on that day, both ends included."""
    start, end = row.get("valid_from"), row.get("valid_to")
    return (not start or date.fromisoformat(start) <= day) and not ended(end, day)


def ended(valid_to: str | None, day: date) -> bool:
    """Whether a validity has run out before that day."""
    return bool(valid_to) and date.fromisoformat(str(valid_to)) < day


def printed_under(plan_file: Json, code: str, day: date) -> str:
    """The lead, or, when it is no longer active, its nearest active successor if there is one."""
    rows = {row["code"]: row for row in plan_file.get("departments", [])}
    if not ended(rows[code].get("valid_to"), day):
        return code
    queue, seen = [code], {code}
    while queue:
        row = rows[queue.pop(0)]
        if active(row, day):
            return str(row["code"])
        fresh = [heir for heir in successors(row) if heir in rows and heir not in seen]
        seen.update(fresh)
        queue += fresh
    return code


def successors(row: Json) -> list[str]:
    """The codes in `succeeded_by`, which may be null, a code or a list of codes."""
    named = row.get("succeeded_by") or []
    return [named] if isinstance(named, str) else list(named)


def department(code: str, tasks: list[Judged], policy: str) -> Json:
    """One department of the list with its mark, reasons, counts and tasks."""
    reasons = sorted(task.row["code"] for task in tasks if is_reason(task, policy))
    standings = [task.standing for task in tasks]
    tasks = sorted(
        tasks, key=lambda task: (due_on(in_force(task.history)) or date.max, task.row["code"])
    )
    return {
        "code": code,
        "marked": bool(reasons),
        "reasons": reasons,
        "counts": {name: standings.count(name) for name in STANDINGS},
        "tasks": [task_line(task) for task in tasks],
    }


def is_reason(task: Judged, policy: str) -> bool:
    """Whether the task marks its department under this policy."""
    if not required(task):
        return False
    if policy == "overdue":
        return task.standing == "overdue"
    return task.standing in OPEN and pending_flag(task) != "pending"


def totals(tasks: list[Judged]) -> dict[str, int]:
    """The four totals of the contract."""
    due = [task.standing for task in tasks if is_due(task)]
    on_time = due.count("completed_on_time")
    return {
        "in_scope": len(tasks),
        "due": len(due),
        "completed_of_due": on_time + due.count("completed_late"),
        "on_time_of_due": on_time,
    }


def is_due(task: Judged) -> bool:
    """With a date, not paused, and the end of the deadline judged by at or before T."""
    end = end_of(judging(task.history))
    return task.standing != "paused" and end is not None and end <= task.cut_off
