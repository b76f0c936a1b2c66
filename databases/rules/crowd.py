"""Did endpoints of many owners begin to fail together? Then the cause is likely ours, or shared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

TOGETHER = timedelta(seconds=60)
_FEWEST, _SHARE = 20, 0.3
_OWNERS = 3


@dataclass(frozen=True, slots=True)
class Suspect:
    """An endpoint that began to fail at `since`."""

    owner: str
    since: datetime


def is_crowd(suspects: Iterable[Suspect], now: datetime, *, endpoints: int) -> bool:
    """More than 20 and than three tenths of the zone's endpoints within a minute, of at least three
    owners."""
    recent = [suspect for suspect in suspects if now - suspect.since <= TOGETHER]
    if len(recent) <= max(_FEWEST, _SHARE * endpoints):
        return False
    return len({suspect.owner for suspect in recent}) >= _OWNERS
