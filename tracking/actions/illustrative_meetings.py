"""A meeting that shows how one is prepared; its title says that it is illustrative."""

from datetime import datetime, time, timedelta

from tracking.actions.meetings import plan_meeting
from tracking.models import Meeting
from tracking.rules.instants import ZONE, day_of

_TITLE = "Minh họa (illustrative): họp rà soát tiến độ nhiệm vụ"
_MONDAY = 0


def illustrate_meetings(now: datetime) -> None:
    """Once: on the Monday of next week at nine, without a list."""
    if Meeting.objects.exists():
        return
    today = day_of(now)
    monday = today + timedelta(days=7 - (today.weekday() - _MONDAY))
    plan_meeting(
        title=_TITLE,
        held_at=datetime.combine(monday, time(9), ZONE),
        place="Phòng họp (minh họa)",
        chair="Thứ trưởng Bộ Y tế",
    )
