"""What has changed of the databases since a page was shown? A few lines, so that pages ask often.

A page asks with the cursor of the last answer: the instant of that answer, and a digest of what it
said, so that the same is not said twice.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Subquery

from databases.models import (
    Connection,
    Contradiction,
    ContradictionEntry,
    StageChange,
    Transition,
)
from databases.models.pump_seen import pump_seen
from databases.pages.connection_states import NOTHING, states_now
from databases.pages.contradiction_words import rule_name
from databases.pages.seen_words import seen_name, stage_name
from tracking.rules.instants import in_zone, instant_from

MOST = 20  # connections in one answer
# What was written later than it was known, in a transaction of a pump.
_OVERLAP = timedelta(seconds=10)
# Who did not ask for so long reads the whole page anew.
_LONG = timedelta(minutes=30)
# Entries of contradictions have no index of their time; older ones than so many are not looked at.
_NEWEST = 1_000
_SEPARATOR = "~"


@dataclass(frozen=True, slots=True)
class Changes:
    """`told`: key of a connection, and how it stands now. `more`: so much changed that the page is
    to be read anew. `silent`: nothing is being probed. None of it: nothing to say."""

    cursor: str
    told: Sequence[tuple[int, str]] = ()
    more: bool = False
    silent: bool = False

    @property
    def as_json(self) -> dict[str, object]:
        return {
            "cursor": self.cursor,
            "changed": [list(line) for line in self.told],
            "more": self.more,
            "silent": self.silent,
        }


def cursor_at(now: datetime) -> str:
    """Of a page that shows what was known then."""
    return in_zone(now).isoformat()


def changes(cursor: str, now: datetime) -> Changes | None:
    """What is to be said to a page with that cursor; None where that is nothing. Two
    queries while a pump is at work, and three more for what changed."""
    since, said = _read(cursor)
    silent = pump_seen(now).silent
    if since is None or now - since > _LONG:
        return Changes(cursor_at(now), more=True, silent=silent)
    touched = _touched(since - _OVERLAP)
    more = len(touched) > MOST
    told = [] if more else _told(touched, now)
    if not (told or more or silent):
        return None
    digest = _digest(told, more, silent)
    if digest == said:
        return None
    # The time since the last answer is looked at again, and the digest tells what was said of it.
    return Changes(cursor_at(now) + _SEPARATOR + digest, told, more, silent)


def _touched(since: datetime) -> list[int]:
    """Connections of which something became known after that; one more than can be told is enough
    to say that they are too many. One query."""
    seen = Transition.objects.filter(known_at__gt=since, endpoint__interface__isnull=False)
    newest = ContradictionEntry.objects.order_by("-pk").values("pk")[:1]
    entries = ContradictionEntry.objects.filter(at__gt=since, pk__gt=Subquery(newest) - _NEWEST)
    declared = StageChange.objects.filter(recorded_at__gt=since)
    both = (
        entries.order_by().values_list("contradiction__connection"),
        declared.order_by().values_list("connection"),
    )
    keys = seen.order_by().values_list("endpoint__interface__connection").union(*both)
    return [pk for (pk,) in keys[: MOST + 1]]


def _told(connections: Sequence[int], now: datetime) -> list[tuple[int, str]]:
    if not connections:
        return []
    states = states_now(now, connections)
    standing = Contradiction.objects.open().filter(connection__in=connections)
    against: dict[int, list[str]] = defaultdict(list)
    for pk, rule in standing.order_by("since", "pk").values_list("connection", "rule"):
        against[pk].append(rule_name(rule))
    declared = Connection.objects.with_stage(at=in_zone(now), known_at=now)
    rows: Any = declared.filter(pk__in=connections).order_by("code")
    told = []
    for row in rows:
        seen = seen_name(states.get(row.pk, NOTHING).seen)
        words = [stage_name(row.stage), seen, *against[row.pk]]
        told.append((row.pk, f"{row.code}: {'; '.join(words)}"))
    return told


def _digest(told: Sequence[tuple[int, str]], more: bool, silent: bool) -> str:
    said = json.dumps([told, more, silent])
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _read(cursor: str) -> tuple[datetime | None, str]:
    """The instant, None for what is no cursor, and the digest."""
    instant, _separator, digest = cursor.partition(_SEPARATOR)
    try:
        return instant_from(instant), digest
    except (ValueError, OverflowError):
        return None, ""
