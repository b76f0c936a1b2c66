"""Until when is a task in time? Deadlines, their reading, their end, and periods (rules.md 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from tracking.rules.calendar import WorkingCalendar
from tracking.rules.instants import start_of

DAY = timedelta(days=1)


class Reading(StrEnum):
    BY = "by"  # "đến ngày", "chậm nhất ngày": the day itself is in time
    BEFORE = "before"  # "trước ngày": the day itself is too late


@dataclass(frozen=True, slots=True)
class Deadline:
    """A decided date. Two decisions are two deadlines, even for the same day: hence `number`."""

    due_on: date
    reading: Reading
    number: int
    wording: str = ""

    @property
    def last_day(self) -> date:
        """The last day in time."""
        return self.due_on if self.reading is Reading.BY else self.due_on - DAY

    @property
    def end(self) -> datetime:
        """The first instant that is too late."""
        return start_of(self.last_day + DAY)


def deadline_of(payload: Mapping[str, Any], number: int) -> Deadline | None:
    """The deadline in the payload of a decision; None when its `due_on` is null."""
    if payload.get("due_on") is None:
        return None
    return Deadline(
        due_on=date.fromisoformat(payload["due_on"]),
        reading=Reading(payload.get("reading") or Reading.BY),
        number=number,
        wording=payload.get("wording") or "",
    )


def end_of_period(start: date, days: int, *, working: bool, calendar: WorkingCalendar) -> date:
    """The last day of "within N [working] days from": the first day is not counted (Civil Code
    2015 art. 147) and a last day off rolls to the next working day (art. 148)."""
    if days < 1:
        raise ValueError("a period has at least one day")
    last = start
    if working:
        for _ in range(days):
            last = calendar.next_working_day(last + DAY)
        return last
    return calendar.next_working_day(start + days * DAY)
