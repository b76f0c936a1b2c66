"""What does an order say of a deadline? A date, a period, or words alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tracking.rules.calendar import WorkingCalendar
from tracking.rules.deadline import Reading, end_of_period


@dataclass(frozen=True, slots=True)
class FixedDate:
    """A date written in the order, kept as it is; None with a wording is no date."""

    due_on: date | None
    reading: Reading = Reading.BY
    wording: str = ""

    def payload(self, calendar: WorkingCalendar) -> Mapping[str, Any]:
        """What the entry of the ledger says."""
        day = self.due_on.isoformat() if self.due_on else None
        return {"due_on": day, "reading": str(self.reading), "wording": self.wording}


@dataclass(frozen=True, slots=True)
class Period:
    """ "Within N [working] days from": made a date once, by the calendar of the day of entry."""

    days: int
    working: bool
    start: date
    wording: str = ""

    def payload(self, calendar: WorkingCalendar) -> Mapping[str, Any]:
        """The date it comes to, the period itself and the version of the calendar used."""
        last = end_of_period(self.start, self.days, working=self.working, calendar=calendar)
        return {
            "due_on": last.isoformat(),
            "reading": str(Reading.BY),
            "wording": self.wording,
            "period": {
                "days": self.days,
                "working": self.working,
                "from": self.start.isoformat(),
            },
            "calendar_version": calendar.version,
        }


def days_off(order: FixedDate, calendar: WorkingCalendar) -> list[date]:
    """The date and its last day in time, as far as they are not worked; it is never rolled."""
    if order.due_on is None:
        return []
    days = {order.due_on}
    if order.reading is Reading.BEFORE:
        days.add(order.due_on - timedelta(days=1))
    return sorted(day for day in days if not calendar.is_working(day))
