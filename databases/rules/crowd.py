"""Did endpoints of many owners begin to fail together? Then the cause is likely ours, or shared."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
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


def is_crowd(suspects: Sequence[Suspect], began: datetime, *, endpoints: int) -> bool:
    """Did more than 20 and than three tenths of the zone's endpoints, of at least three owners,
    begin to fail within a minute of `began`? `suspects` in the order of `since`."""
    first = bisect_left(suspects, began - TOGETHER, key=_since)
    last = bisect_right(suspects, began + TOGETHER, key=_since)
    if last - first <= max(_FEWEST, _SHARE * endpoints):
        return False
    return len({suspect.owner for suspect in suspects[first:last]}) >= _OWNERS


def _since(suspect: Suspect) -> datetime:
    return suspect.since
