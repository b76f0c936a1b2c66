"""In which state was every endpoint at T, as known at K?"""

from collections.abc import Collection
from datetime import datetime

from django.db.models import OuterRef, Subquery

from databases.models.check import Transition
from databases.models.endpoint import Endpoint
from databases.rules.contradictions_annex import EndpointThen
from databases.rules.track import State


def seen_then(
    *, at: datetime, known_at: datetime, connections: Collection[int] | None = None
) -> dict[int, list[EndpointThen]]:
    """Connection -> its endpoints of which something was known, by code; of these connections or
    of all; one query. Endpoints that came later, and those that were never seen, are left out."""
    steps = Transition.objects.filter(endpoint=OuterRef("pk"), at__lte=at, known_at__lte=known_at)
    # What became known last holds from its instant on, whatever was told of that time before.
    latest = steps.order_by("-pk").values("after")[:1]
    rows = Endpoint.objects.exclude(interface=None).annotate(then=Subquery(latest))
    if connections is not None:
        rows = rows.filter(interface__connection__in=connections)
    columns = ("interface__connection_id", "code", "then", "zone__for_tests")
    found: dict[int, list[EndpointThen]] = {}
    for connection, code, state, stand_in in rows.order_by("code").values_list(*columns):
        if state is not None:
            seen = EndpointThen(code, State(state), stand_in)
            found.setdefault(connection, []).append(seen)
    return found
