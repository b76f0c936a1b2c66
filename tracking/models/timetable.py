"""When are the schedules due? The working calendar and the meetings, read once for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from tracking.models.calendar import CalendarDay
from tracking.models.meeting import Meeting
from tracking.models.report_schedule import ReportSchedule
from tracking.rules.calendar import WorkingCalendar
from tracking.rules.report_times import ReportTime, due_slots, next_slots


@dataclass(frozen=True, slots=True)
class Timetable:
    calendar: WorkingCalendar
    meetings: tuple[datetime, ...]

    @classmethod
    def for_all(cls, schedules: Iterable[ReportSchedule]) -> Self:
        """Meetings are asked for only where a schedule goes by them."""
        by_meeting = any(s.rhythm == ReportSchedule.Rhythm.BEFORE_MEETING for s in schedules)
        held = Meeting.objects.exclude(state=Meeting.State.CANCELLED).values_list("held_at")
        meetings = tuple(at for (at,) in held.order_by("held_at")) if by_meeting else ()
        return cls(CalendarDay.objects.all().calendar(), meetings)

    def due(self, schedule: ReportSchedule, now: datetime) -> list[ReportTime]:
        """Those that neither were kept nor passed over, the latest last."""
        rule = schedule.rule(self.meetings)
        return due_slots(rule, self.calendar, schedule.settled_until(), now)

    def ahead(self, schedule: ReportSchedule, now: datetime, count: int = 10) -> list[ReportTime]:
        rule = schedule.rule(self.meetings)
        return next_slots(rule, self.calendar, max(now, schedule.settled_until()), count)
