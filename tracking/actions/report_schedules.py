"""What does a change of a schedule mean for the times that have gone by?"""

from collections.abc import Collection
from datetime import datetime

from tracking.models import ReportSchedule
from tracking.rules.report_times import after

_TIMING = frozenset(
    {"active", "starts_at", "rhythm", "weekdays", "days_before", "at", "move_holidays"}
)


def count_from_now(schedule: ReportSchedule, *, changed: Collection[str], now: datetime) -> None:
    """A schedule that is new, set going again or timed anew makes up for nothing: its times count
    from now on. Any other change leaves a time that is due as due as it was. Not saved here."""
    if schedule._state.adding or _TIMING & set(changed):
        asked: datetime | None = schedule.starts_at  # None: the form leaves it to us
        schedule.starts_at = after(now) if asked is None else max(asked, after(now))
