"""The operators' pages: the portal's registers, decisions and lists in Django's admin."""

from tracking.admin import calendar, people, registers

__all__ = ["calendar", "people", "registers"]
