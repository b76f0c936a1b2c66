"""From which (T, K) does a page look at the ledger?"""

from dataclasses import dataclass
from datetime import date, datetime

from tracking.rules.instants import day_of


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """`at` is T, `known_at` K, `now` the moment the page was asked for; `chosen`: the reader asked
    for a day or an instant of knowledge."""

    at: datetime
    known_at: datetime
    now: datetime
    chosen: bool = False

    @property
    def as_of(self) -> date:
        return day_of(self.at)

    @property
    def forecast(self) -> bool:
        """The day lies after that of the knowledge: nothing that happens until then is in it."""
        return self.as_of > day_of(self.known_at)

    @property
    def as_reported(self) -> bool:
        """Known then, not as corrected since."""
        return self.known_at < self.now
