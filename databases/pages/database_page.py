"""What does the page of one database show? A fixed number of queries, whatever the number of its
endpoints and the length of their past."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F

from databases.models import Contradiction, ContradictionEntry, Database, Outage
from databases.pages.connection_part import ConnectionPart, connection_parts
from databases.pages.contradiction_words import rule_name, say_who_acts
from databases.pages.endpoints_seen import EndpointShown, EndpointsSeen
from databases.pages.live import Live, live_from
from databases.pages.outage_page import blame_name
from databases.pages.probe_words import moment, to_the_second
from databases.pages.seen_words import accepted_text, age_text
from databases.renderers.bars import PART_NAMES
from databases.renderers.measures import lasting
from tracking.rules.instants import day_of
from tracking.rules.viewpoint import Viewpoint

SHOWN = 30


@dataclass(frozen=True, slots=True)
class OutageShown:
    """`ended`: "" while it is open."""

    row: Outage
    began: str
    ended: str
    length: str
    looks_like: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """That somebody accepted a contradiction for a while."""

    at: str
    until: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ContradictionShown:
    """`closed`: "" while it is open."""

    row: Any
    what: str
    since: str
    age: str
    closed: str
    acts: str
    accepted: str
    waivers: Sequence[Waiver]


class DatabasePage:
    def __init__(self, database: Database, viewpoint: Viewpoint, page: str | None) -> None:
        self.database = database
        self.viewpoint = viewpoint
        self.instant = min(viewpoint.at, viewpoint.known_at, viewpoint.now)
        self.endpoints = EndpointsSeen(database, viewpoint, page)

    @cached_property
    def live(self) -> Live:
        return live_from(self.viewpoint)

    @cached_property
    def connections(self) -> Sequence[ConnectionPart]:
        return connection_parts(self.database, self.viewpoint)

    @property
    def keys(self) -> str:
        """Of its connections, for the script that looks whether one of them changed."""
        return " ".join(str(part.connection.pk) for part in self.connections)

    @property
    def by_connection(self) -> Sequence[tuple[ConnectionPart, Sequence[EndpointShown]]]:
        """Those with endpoints on this page."""
        pairs = [
            (part, [e for e in self.endpoints.shown if e.connection_id == part.connection.pk])
            for part in self.connections
        ]
        return [(part, endpoints) for part, endpoints in pairs if endpoints]

    @property
    def legend(self) -> list[tuple[str, object]]:
        return list(PART_NAMES.items())

    @cached_property
    def outages(self) -> Sequence[OutageShown]:
        """The open ones first, then the newest."""
        rows = Outage.objects.filter(
            endpoint__interface__connection__database=self.database, started_at__lte=self.instant
        )
        open_first = F("ended_at").desc(nulls_first=True)
        newest = list(rows.select_related("endpoint").order_by(open_first, "-started_at")[:SHOWN])
        shown = [self._outage(row) for row in newest]
        return sorted(shown, key=lambda one: bool(one.ended))

    @cached_property
    def contradictions(self) -> Sequence[ContradictionShown]:
        """The open ones first, then the newest. Three queries."""
        rows = Contradiction.objects.filter(
            connection__database=self.database, opened_at__lte=self.instant
        )
        open_first = F("closed_at").desc(nulls_first=True)
        told = rows.with_facts(self.instant).order_by(open_first, "-opened_at")
        newest = list(told[:SHOWN])
        say_who_acts(newest, day_of(self.instant))
        waivers = self._waivers(newest)
        shown = [self._contradiction(row, waivers.get(row.pk, ())) for row in newest]
        return sorted(shown, key=lambda one: bool(one.closed))

    def _outage(self, row: Outage) -> OutageShown:
        ended_at = row.ended_at if row.ended_at and row.ended_at <= self.instant else None
        return OutageShown(
            row,
            to_the_second(row.started_at),
            to_the_second(ended_at) if ended_at else "",
            lasting((ended_at or self.instant) - row.started_at),
            blame_name(row.blame),
        )

    def _contradiction(self, row: Any, waivers: Sequence[Waiver]) -> ContradictionShown:
        closed_at = row.closed_at if row.closed_at and row.closed_at <= self.instant else None
        accepted = row.waived_until and not closed_at and row.waived_until > self.instant
        return ContradictionShown(
            row,
            rule_name(row.rule),
            moment(row.since),
            age_text(row.since, closed_at or self.instant),
            moment(closed_at) if closed_at else "",
            str(row.acts),
            accepted_text(row.waived_until) if accepted else "",
            waivers,
        )

    def _waivers(self, rows: Sequence[Contradiction]) -> Mapping[int, list[Waiver]]:
        found: dict[int, list[Waiver]] = {}
        entries = ContradictionEntry.objects.filter(
            contradiction__in=[row.pk for row in rows],
            event=ContradictionEntry.WAIVED,
            at__lte=self.instant,
        )
        for entry in entries.order_by("pk"):
            said = Waiver(moment(entry.at), moment(entry.until), entry.by, entry.reason)
            found.setdefault(entry.contradiction_id, []).append(said)
        return found
