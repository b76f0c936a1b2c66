"""A schedule of reports: when it comes next and why then, to whom it goes, how it has fared."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext as _, ngettext

from tracking.actions.report_recipients import Recipients, recipients_of
from tracking.models import ReportSchedule
from tracking.models.timetable import Timetable
from tracking.pages.report_runs import RunRow, run_rows
from tracking.rules.report_times import ReportTime

_RUNS_SHOWN = 10
_WORKWEEK = {0, 1, 2, 3, 4}
_WEEK = {*_WORKWEEK, 5, 6}
_Rhythm = ReportSchedule.Rhythm


class SchedulePage:
    def __init__(self, schedule: ReportSchedule, now: datetime) -> None:
        self.schedule, self.now = schedule, now

    @cached_property
    def timetable(self) -> Timetable:
        return Timetable.for_all([self.schedule])

    @cached_property
    def ahead(self) -> list[ReportTime]:
        return self.timetable.ahead(self.schedule, self.now)

    @cached_property
    def late(self) -> ReportTime | None:
        """The time that is due and not kept yet."""
        due = self.timetable.due(self.schedule, self.now) if self.schedule.active else []
        return due[-1] if due else None

    @cached_property
    def recipients(self) -> Recipients:
        return recipients_of(self.schedule)

    @cached_property
    def runs(self) -> list[RunRow]:
        return run_rows(self.schedule.runs.select_related("progress_list")[:_RUNS_SHOWN])

    @property
    def when(self) -> str:
        return when(self.schedule)


def say_next(schedules: Iterable[ReportSchedule], now: datetime) -> None:
    """Gives each `next_at`, the next of its times, from one reading of the calendar."""
    schedules = list(schedules)
    timetable = Timetable.for_all(schedules)
    for schedule in schedules:
        ahead = timetable.ahead(schedule, now, 1) if schedule.active else []
        schedule.next_at = ahead[0].at if ahead else None


def when(schedule: ReportSchedule) -> str:
    """ "Monday to Friday at 08:00"."""
    said = {"time": time_format(schedule.at, "H:i")}
    if schedule.rhythm == _Rhythm.WEEKDAYS:
        return _on_weekdays(set(schedule.weekdays), said)
    if schedule.rhythm == _Rhythm.FIRST_WORKING_DAY:
        return _("first working day of the month at %(time)s") % said
    if schedule.rhythm == _Rhythm.LAST_WORKING_DAY:
        return _("last working day of the month at %(time)s") % said
    return ngettext(
        "%(count)s day before each meeting at %(time)s",
        "%(count)s days before each meeting at %(time)s",
        schedule.days_before,
    ) % {**said, "count": schedule.days_before}


def _on_weekdays(weekdays: set[int], said: dict[str, str]) -> str:
    if weekdays == _WORKWEEK:
        return _("Monday to Friday at %(time)s") % said
    if weekdays == _WEEK:
        return _("every day at %(time)s") % said
    days = ", ".join(str(WEEKDAYS[day]) for day in sorted(weekdays & _WEEK))
    return _("%(days)s at %(time)s") % {**said, "days": days}
