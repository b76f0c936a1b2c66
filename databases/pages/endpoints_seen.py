"""The endpoints of a database as seen from a (T, K): state, last result, history. A fixed number of
queries whatever their number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator

from databases.models import Database, Endpoint
from databases.models.history import Histories, History
from databases.pages.connection_states import looks_at_now
from databases.pages.history_words import Latencies, Span, charts_of, latencies_of, spans_of
from databases.pages.probe_words import (
    age_text,
    current_track,
    kind_name,
    reason_text,
    result_name,
    state_tag,
    to_the_second,
    took_text,
)
from databases.renderers.bars import Chart
from databases.renderers.measures import lasting
from databases.rules.track import State
from tracking.rules.viewpoint import Viewpoint

AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class EndpointShown:
    """`since`: "" where that lies before what is looked at. `last`: the words of the last attempt,
    "" where there was none or the page looks at the past."""

    endpoint: Endpoint
    kind: str
    state: str
    since: str
    lasting: str
    last: str
    last_at: str
    took: str
    age: str
    charts: Sequence[Chart]
    spans: Sequence[Span]
    latencies: Latencies

    @property
    def stand_in(self) -> bool:
        return self.endpoint.zone.for_tests

    @property
    def connection_id(self) -> int:
        interface: Any = self.endpoint.interface
        return int(interface.connection_id)


class EndpointsSeen:
    """Nine queries at most."""

    def __init__(self, database: Database, viewpoint: Viewpoint, page: str | None) -> None:
        self.database = database
        self.viewpoint = viewpoint
        self.number = page
        self.instant = min(viewpoint.at, viewpoint.known_at, viewpoint.now)

    @cached_property
    def page(self) -> Page[Any]:
        rows = Endpoint.objects.filter(interface__connection__database=self.database)
        rows = rows.select_related("seen", "zone", "interface").order_by("code")
        return Paginator(rows, AT_ONCE).get_page(self.number)

    @cached_property
    def shown(self) -> Sequence[EndpointShown]:
        endpoints = list(self.page.object_list)
        keys, known_at = [row.pk for row in endpoints], self.viewpoint.known_then
        told = Histories(keys, self.instant, known_at=known_at)
        return [self._shown(endpoint, told.of(endpoint)) for endpoint in endpoints]

    def _shown(self, endpoint: Endpoint, history: History) -> EndpointShown:
        state, since = self._state(endpoint, history)
        last, last_at, took, age = self._last(endpoint)
        return EndpointShown(
            endpoint=endpoint,
            kind=kind_name(endpoint.kind),
            state=state,
            since=to_the_second(since) if since else "",
            lasting=lasting(self.instant - since) if since else "",
            last=last,
            last_at=last_at,
            took=took,
            age=age,
            charts=charts_of(history, f"-{endpoint.pk}"),
            spans=spans_of(history),
            latencies=latencies_of(history),
        )

    def _state(self, endpoint: Endpoint, history: History) -> tuple[str, datetime | None]:
        """The tag, and since when; None where that lies before what is looked at."""
        if looks_at_now(self.viewpoint):
            track = current_track(endpoint, self.instant)
            return state_tag(track.state, paused=endpoint.paused), track.since
        course = history.told.lately.get(endpoint.pk)
        if not course:
            return state_tag(State.UNKNOWN), None
        newest = course[-1]
        began = newest.start if len(course) > 1 else None
        return state_tag(newest.state, paused=newest.reason == "paused"), began

    def _last(self, endpoint: Endpoint) -> tuple[str, str, str, str]:
        """Of the last attempt, of which only the newest is kept with the endpoint."""
        seen = endpoint.seen
        if seen.last_at is None or not looks_at_now(self.viewpoint):
            return "", "", "", ""
        said = [result_name(seen.last_result), reason_text(seen.last_reason)]
        words = ": ".join(filter(None, said))
        return words, to_the_second(seen.last_at), took_text(endpoint), age_text(seen)
