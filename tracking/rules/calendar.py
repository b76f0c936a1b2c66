"""Which days are worked? The working calendar as data (rules.md 3)."""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

DAY = timedelta(days=1)
WORKDAYS_A_WEEK = 5


@dataclass(frozen=True)
class WorkingCalendar:
    """Rows of the register, day -> worked or not; a day in no row works Monday to Friday."""

    days: Mapping[date, bool] = field(default_factory=dict)

    @cached_property
    def version(self) -> str:
        """Names the rows: the same rows have the same version on every machine."""
        rows = json.dumps(self.rows, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(rows.encode()).hexdigest()[:16]

    @cached_property
    def rows(self) -> dict[str, bool]:
        return {day.isoformat(): self.days[day] for day in sorted(self.days)}

    @cached_property
    def _corrections(self) -> tuple[list[date], list[int]]:
        """Days that differ from Monday-to-Friday, and the running sum of what they change."""
        days: list[date] = []
        sums = [0]
        for day in sorted(self.days):
            change = int(self.days[day]) - int(day.weekday() < WORKDAYS_A_WEEK)
            if change:
                days.append(day)
                sums.append(sums[-1] + change)
        return days, sums

    def is_working(self, day: date) -> bool:
        return self.days.get(day, day.weekday() < WORKDAYS_A_WEEK)

    def next_working_day(self, day: date) -> date:
        """That day itself if it is worked, else the first worked day after it."""
        while not self.is_working(day):
            day += DAY
        return day

    def working_days_after(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; 0 when `end` is not later."""
        if end <= start:
            return 0
        days, sums = self._corrections
        changed = sums[bisect_right(days, end)] - sums[bisect_right(days, start)]
        return _weekdays_up_to(end) - _weekdays_up_to(start) + changed


def _weekdays_up_to(day: date) -> int:
    """Mondays to Fridays from the first Monday of the calendar up to and including that day."""
    weeks, rest = divmod(day.toordinal(), 7)  # ordinal 1 was a Monday
    return weeks * WORKDAYS_A_WEEK + min(rest, WORKDAYS_A_WEEK)
