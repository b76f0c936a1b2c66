"""The operators' pages: the portal's registers, decisions and lists in Django's admin."""

from tracking.admin import (
    alarms,
    calendar,
    deputations,
    evidence,
    ledger,
    letters,
    meetings,
    outbox,
    people,
    progress_lists,
    registers,
    reminders,
    replies,
    report_runs,
    report_schedules,
    tasks,
)

__all__ = [
    "alarms",
    "calendar",
    "deputations",
    "evidence",
    "ledger",
    "letters",
    "meetings",
    "outbox",
    "people",
    "progress_lists",
    "registers",
    "reminders",
    "replies",
    "report_runs",
    "report_schedules",
    "tasks",
]
