"""The operators' pages: the portal's registers, decisions and lists in Django's admin."""

from tracking.admin import calendar, evidence, ledger, people, progress_lists, registers, tasks

__all__ = ["calendar", "evidence", "ledger", "people", "progress_lists", "registers", "tasks"]
