"""The operators' pages: the portal's registers, decisions and lists in Django's admin."""

from tracking.admin import (
    calendar,
    deputations,
    evidence,
    ledger,
    people,
    progress_lists,
    registers,
    replies,
    tasks,
)

__all__ = [
    "calendar",
    "deputations",
    "evidence",
    "ledger",
    "people",
    "progress_lists",
    "registers",
    "replies",
    "tasks",
]
