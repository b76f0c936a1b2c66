"""Two report schedules that every demonstration finds: one at work, one to look at."""

from datetime import datetime, time

from tracking.models import ReportSchedule
from tracking.permissions import Role
from tracking.rules.report_times import after

_WORKWEEK = [0, 1, 2, 3, 4]


def illustrate_schedules(now: datetime) -> None:
    """Once, and only where nobody keeps a schedule yet. They count from now on, so that nothing is
    due at once."""
    if ReportSchedule.objects.exists():
        return
    ReportSchedule.objects.create(
        name="Danh sách tiến độ buổi sáng gửi lãnh đạo (minh họa, illustrative)",
        formats=["docx", "pdf"],
        weekdays=_WORKWEEK,
        at=time(8),
        starts_at=after(now),
        roles=[Role.LEADER.value],
    )
    ReportSchedule.objects.create(
        name="Báo cáo ngày làm việc đầu tiên của tháng (minh họa, illustrative)",
        active=False,
        policy=ReportSchedule.Policy.INCOMPLETE,
        formats=["pdf", "xlsx"],
        rhythm=ReportSchedule.Rhythm.FIRST_WORKING_DAY,
        at=time(7, 30),
        starts_at=after(now),
        roles=[Role.LEADER.value, Role.OPERATOR.value],
    )
