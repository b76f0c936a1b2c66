"""The endpoints of connections as they stand now, counted by what is alike of them: few rows,
however many endpoints there are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Max, Min, Value, When

from databases.models.endpoint import Endpoint
from databases.rules.track import State

_COLUMNS = (
    "interface__connection",
    "seen__state",
    "paused",
    "moved",
    "zone__for_tests",
    "interval",
    "timeout",
)


@dataclass(frozen=True, slots=True)
class Alike:
    """So many endpoints of a connection, in the state they were last seen in. `moved`: since the
    instant that was asked for; `attempted`: how many have a last attempt; the earliest and the
    latest of these."""

    connection: int
    state: State
    paused: bool
    moved: bool
    stand_in: bool
    interval: int
    timeout: int
    count: int
    attempted: int
    first_at: datetime | None
    last_at: datetime | None


def alike_now(since: datetime, connections: Collection[int] | None = None) -> list[Alike]:
    """Of these connections, or of all; one query."""
    rows: Any = Endpoint.objects.filter(interface__isnull=False)
    if connections is not None:
        rows = rows.filter(interface__connection__in=connections)
    moved = Case(When(seen__since__gt=since, then=Value(True)), default=Value(False))
    at = "seen__last_at"
    counted = (Count("pk"), Count(at), Min(at), Max(at))
    alike = rows.annotate(moved=moved).order_by().values_list(*_COLUMNS).annotate(*counted)
    return [Alike(place, State(state or "unknown"), *rest) for place, state, *rest in alike]
