"""Do periods of days overlap? Both ends belong to a period; one without an end goes on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    begins: date
    ends: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.begins <= day and (self.ends is None or day <= self.ends)


def overlapping(periods: Iterable[Period]) -> Iterator[tuple[Period, Period]]:
    """Every period, with the first of the earlier ones that has not ended when it begins."""
    earlier: list[Period] = []
    for period in sorted(periods, key=lambda p: p.begins):
        clash = next((p for p in earlier if p.holds_on(period.begins)), None)
        if clash is not None:
            yield clash, period
        earlier.append(period)
