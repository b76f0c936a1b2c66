"""What was counted of many tasks is counted again only when it may have changed.

What holds now changes with the ledger and the registers (each change stamps them anew), at
midnight, and when an entry that was announced ahead takes effect.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from tracking.models.stamp import Stamp
from tracking.models.then import Then

_KEPT_AT_MOST = 256

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class _Kept:
    """Holds for every instant of [since, until)."""

    since: datetime
    until: datetime
    found: Any


_kept: dict[Hashable, _Kept] = {}


def remembered(then: Then, name: Hashable, count: Callable[[], Found]) -> Found:
    """What `count` finds, or what it found before where that must be the same; nobody may change
    it. Only for K = now."""
    if then.known_at is not None or len(then.stamps) < len(Stamp.Of):
        return count()
    key = (name, *then.stamps.items(), then.day)
    kept = _kept.get(key)
    if kept and kept.since <= then.at < kept.until:
        found: Found = kept.found
        return found
    found = count()
    if len(_kept) >= _KEPT_AT_MOST:
        _kept.clear()
    _kept[key] = _Kept(then.at, then.next_change, found)
    return found
