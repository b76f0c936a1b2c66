"""How much is told in a message? Gmail shows the first 102 kB and hides the rest, so that what
does not fit is counted and led to instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracking.emails.written import Written

MOST_BYTES = 90_000
# No line of a message takes less, once its styles stand at it.
_LEAST_BYTES = 120


@dataclass(frozen=True, slots=True)
class Room:
    """At most so many departments, and so many reasons and remarks with each."""

    departments: int
    reasons: int

    def may_do(self, content: Mapping[str, Any]) -> bool:
        """Whether it is worth a try: the lines alone leave it possible that the message fits."""
        marked = [len(row["reasons"]) for row in content["departments"] if row["marked"]]
        reasons = sum(min(number, self.reasons) for number in marked[: self.departments])
        return (reasons + min(len(marked), self.departments)) * _LEAST_BYTES < MOST_BYTES


# From everything to the little that fits whatever the texts: reasons give way before departments.
ROOMS = tuple(
    Room(departments, reasons)
    for departments, reasons in (
        (1_000, 1_000), (1_000, 100), (1_000, 50), (1_000, 30), (1_000, 20), (1_000, 10),
        (1_000, 5), (1_000, 3), (1_000, 2), (1_000, 1), (200, 1), (100, 1), (50, 1), (20, 1),
        (10, 1), (5, 1), (3, 1),
    )
)  # fmt: skip
LAST = ROOMS[-1]


def fits(written: Written) -> bool:
    return len(written.html.encode()) < MOST_BYTES
