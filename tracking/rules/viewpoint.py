"""From which (T, K) does a page look at the ledger?"""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from tracking.rules.instants import day_of, instant_text


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

    @property
    def known_then(self) -> datetime | None:
        """K, or nothing where it is now."""
        return self.known_at if self.as_reported else None

    @property
    def query(self) -> str:
        """For the links of a page, so that they look from where it looks; "" for now."""
        if not self.chosen:
            return ""
        asked = {"as_of": self.as_of.isoformat()}
        if self.as_reported:
            asked["known_at"] = instant_text(self.known_at) or ""
        return urlencode(asked)
