"""Keeping every version of the working calendar that was in use."""

from datetime import datetime

from tracking.models import CalendarDay, CalendarVersion


def keep_version(*, now: datetime, by: str) -> str:
    """Remember the calendar as it stands, once per version; returns the version."""
    calendar = CalendarDay.objects.all().calendar()
    CalendarVersion.objects.get_or_create(
        version=calendar.version,
        defaults={"days": calendar.rows, "recorded_at": now, "actor": by},
    )
    return calendar.version
