"""What was counted of many tasks is counted again only when it may have changed.

What holds now changes with the ledger (every entry writes new rows of the projection), at midnight,
and when an entry that was announced ahead takes effect.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Max, Min

from tracking.models.situation import TaskSituation
from tracking.models.then import Then
from tracking.rules.instants import start_of

# Fewer rows than these are counted faster than anybody could notice.
MANY = 20_000
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
    if then.known_at is not None or (version := newest_row(then)) < MANY:
        return count()
    key = (name, version, then.day)
    kept = _kept.get(key)
    if kept and kept.since <= then.at < kept.until:
        found: Found = kept.found
        return found
    found = count()
    if len(_kept) >= _KEPT_AT_MOST:
        _kept.clear()
    _kept[key] = _Kept(then.at, _next_change(then), found)
    return found


def newest_row(then: Then) -> int:
    """Grows with every entry. One query."""
    if then.version is None:
        then.version = TaskSituation.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return then.version


def _next_change(then: Then) -> datetime:
    """The first instant at which something takes effect, the end of the day at the latest."""
    midnight = start_of(then.day + timedelta(days=1))
    if then.next_change is None:
        later = TaskSituation.objects.filter(valid_from__gt=then.at, valid_from__lt=midnight)
        then.next_change = later.aggregate(first=Min("valid_from"))["first"] or midnight
    return then.next_change
