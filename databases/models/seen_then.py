"""In which state was every endpoint at T, as known at K?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery

from databases.models.check import Transition
from databases.models.endpoint import Endpoint
from databases.rules.contradictions_annex import EndpointThen
from databases.rules.track import State


@dataclass(frozen=True, slots=True)
class AlikeThen:
    """So many endpoints of a connection were in that state; `stand_in`: their zone is for tests."""

    connection: int
    state: State
    stand_in: bool
    count: int


def seen_then(*, at: datetime, known_at: datetime) -> dict[int, list[EndpointThen]]:
    """Connection -> its endpoints of which something was known, by code; one query. Endpoints that
    came later, and those that were never seen, are left out."""
    columns = ("interface__connection_id", "code", "then", "zone__for_tests")
    found: dict[int, list[EndpointThen]] = {}
    rows = _known(at, known_at).order_by("code").values_list(*columns)
    for connection, code, state, stand_in in rows:
        seen = EndpointThen(code, State(state), stand_in)
        found.setdefault(connection, []).append(seen)
    return found


def alike_then(
    *, at: datetime, known_at: datetime, connections: Collection[int] | None = None
) -> list[AlikeThen]:
    """The same endpoints, counted; of these connections or of all; one query."""
    rows = _known(at, known_at)
    if connections is not None:
        rows = rows.filter(interface__connection__in=connections)
    columns = ("interface__connection_id", "then", "zone__for_tests")
    alike = rows.order_by().values_list(*columns).annotate(Count("pk"))
    return [AlikeThen(place, State(then), tests, count) for place, then, tests, count in alike]


def _known(at: datetime, known_at: datetime) -> Any:
    """Each with the state `then`."""
    steps = Transition.objects.filter(endpoint=OuterRef("pk"), at__lte=at, known_at__lte=known_at)
    # What became known last holds from its instant on, whatever was told of that time before.
    latest = steps.order_by("-pk").values("after")[:1]
    rows = Endpoint.objects.exclude(interface=None).annotate(then=Subquery(latest))
    return rows.exclude(then=None)
