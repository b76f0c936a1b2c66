"""In which issued lists was a department marked? A content can have megabytes and never changes:
what it says of marks is cut out once and kept."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Q

from tracking.models.progress_list import ProgressList, series_of

SHOWN = 12

# The canonical form writes an object in one way only, and a quotation mark in a text never
# without a backslash: what looks like a department's object is one.
_DEPARTMENT = re.compile(r'\{"code":("(?:[^"\\]|\\.)*"),"counts":')
_REASONS, _TIMES = '"reasons":', '"times_running":'
_value_at = json.JSONDecoder().raw_decode

Said = tuple[tuple[str, ...], int]  # reasons, the how manieth list in succession


@dataclass(frozen=True, slots=True)
class MarkThen:
    """What one issued list says of a department; `times_running` is 0 when it is not marked."""

    number: int
    as_of: date
    reasons: tuple[str, ...]
    times_running: int

    @property
    def marked(self) -> bool:
        return bool(self.reasons)


def mark_history(
    code: str, *, policy: str, as_of: date, known_at: datetime, shown: int = SHOWN
) -> list[MarkThen]:
    """The newest lists over every plan, those that name the department, the newest first: for a
    day up to `as_of`, issued and not yet superseded at `known_at`; two queries at most."""
    standing = Q(superseded_by=None) | Q(superseded_by__issued_at__gt=known_at)
    lists = ProgressList.objects.filter(
        standing, series=series_of(policy, ()), as_of__lte=as_of, issued_at__lte=known_at
    )
    newest = lists.order_by("-as_of", "-number").values_list("number", "as_of", "sha256")
    rows = list(newest[:shown])
    said = _said_in({sha256 for _number, _day, sha256 in rows})
    return [
        MarkThen(number, day, *said[sha256][code])
        for number, day, sha256 in rows
        if code in said[sha256]
    ]


def _said_in(hashes: Iterable[str]) -> dict[str, Mapping[str, Said]]:
    """SHA-256 of a list -> what it says of each department."""
    keys = {f"marks-{sha256}": sha256 for sha256 in hashes}
    found = {keys[key]: said for key, said in cache.get_many(keys).items()}
    missing = keys.values() - found.keys()
    if missing:
        contents = ProgressList.objects.filter(sha256__in=missing).order_by()
        rows = contents.values_list("sha256", "content").iterator(chunk_size=1)
        fresh = {sha256: _read(content) for sha256, content in rows}
        cache.set_many({f"marks-{sha256}": said for sha256, said in fresh.items()}, timeout=None)
        found |= fresh
    return found


def _read(content: str) -> dict[str, Said]:
    found: dict[str, Said] = {}
    for opening in _DEPARTMENT.finditer(content):
        reasons, end = _after(_REASONS, content, opening.end())
        times, _end = _after(_TIMES, content, end)
        found[json.loads(opening[1])] = (tuple(reasons), times)
    return found


def _after(key: str, content: str, start: int) -> tuple[Any, int]:
    """The value of the next such key, and where it ends."""
    return _value_at(content, content.index(key, start) + len(key))
