"""The databases on one page for people who lead: what is connected and answers, what does not and
whose move it is, and the last 90 days. No word of the trade; a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from databases.models import Connection, Contradiction, Endpoint, Outage
from databases.models.alike import Alike, alike_now
from databases.models.who_acts import WhoActs
from databases.models.worst_days import WorstDays
from databases.pages.connection_states import (
    NOTHING,
    UNPROBED,
    Whole,
    looks_at_now,
    of_alike,
    states_from,
)
from databases.pages.contradiction_words import rule_name, say_who_acts
from databases.pages.history_words import day_name
from databases.pages.live import Live, live_from
from databases.pages.matrix import Asked, MatrixPage, Sum
from databases.pages.probe_words import moment
from databases.pages.seen_words import accepted_text, age_text, stage_name
from databases.renderers.measures import lasting
from databases.renderers.strips import DAY_NAMES, Strip, strip
from databases.rules.contradictions import Party, Rule
from databases.rules.contradictions_annex import Seen
from databases.rules.stage import Stage
from databases.rules.track import Blame
from tracking.rules.instants import day_of, start_of
from tracking.rules.viewpoint import Viewpoint

SHOWN, STRIPS = 8, 24
_ANSWERS = {Seen.UP.value, Seen.DEGRADED.value}
_PARTIES = {Blame.THEIRS.value: Party.COUNTERPART, Blame.NETWORK.value: Party.CARRIER}


@dataclass(frozen=True, slots=True)
class Line:
    """A connection of which something is to be said: for how long it has been so, and whose move
    it is."""

    connection: Any
    what: str
    since: str
    length: str
    acts: str
    declared: str = ""  # its stage, where that is not said by the heading


@dataclass(frozen=True, slots=True)
class Ninety:
    connection: Any
    strip: Strip


class StatusPage:
    def __init__(self, viewpoint: Viewpoint) -> None:
        self.viewpoint = viewpoint
        self.instant = min(viewpoint.at, viewpoint.known_at, viewpoint.now)

    @cached_property
    def live(self) -> Live:
        return live_from(self.viewpoint)

    @cached_property
    def sum(self) -> Sum:
        return MatrixPage(self.viewpoint, Asked(), None).sum

    @cached_property
    def connected(self) -> int:
        return len(self._connected)

    @property
    def answering(self) -> int:
        return sum(self._state(pk).seen in _ANSWERS for pk in self._connected)

    @cached_property
    def stand_ins(self) -> int:
        """Of those that are checked, how many are checked on a stand-in."""
        return sum(whole.stand_in for whole in self._states.values())

    @property
    def checked(self) -> int:
        return len(self._states)

    @cached_property
    def down(self) -> Sequence[Line]:
        """What does not answer, the longest first; one line a connection. Three queries."""
        rows = Outage.objects.filter(
            Q(ended_at=None) | Q(ended_at__gt=self.instant),
            started_at__lte=self.instant,
            endpoint__interface__isnull=False,
        )
        place = "endpoint__interface__connection"
        # One that is down only because of another tells nothing of whose move it is.
        order = ["by_parent", "started_at", "pk"]
        turn = Window(RowNumber(), partition_by=[F(place)], order_by=order)
        first: Any = rows.annotate(place=F(place), turn=turn).filter(turn=1).order_by(*order)
        found = {row.place: row for row in first}
        related = ("database__owner", "counterpart__owner")
        connections = self._declared.select_related(*related).in_bulk(list(found))
        bodies = WhoActs(day_of(self.instant), found.keys())
        # What broke in one instant stands in the order of the register, not of chance.
        shown = sorted(
            found.items(), key=lambda item: (item[1].started_at, connections[item[0]].database.code)
        )
        return [self._outage(connections[pk], row, bodies) for pk, row in shown]

    @cached_property
    def unseen(self) -> Sequence[Line]:
        """Declared connected, and nobody can see whether that is so."""
        silent = {Seen.UNKNOWN.value, UNPROBED}
        keys = [pk for pk in self._connected if self._state(pk).seen in silent]
        rows: Any = Connection.objects.filter(pk__in=keys[: SHOWN + 1]).order_by("database__code")
        lines = []
        for row in rows.select_related("database__owner", "counterpart"):
            checked = self._state(row.pk).endpoints
            what = _("not seen lately") if checked else _("nothing checks it")
            lines.append(Line(row, what, "", "", row.database.owner.name))
        return lines

    @property
    def unseen_count(self) -> int:
        silent = {Seen.UNKNOWN.value, UNPROBED}
        return sum(self._state(pk).seen in silent for pk in self._connected)

    @cached_property
    def others(self) -> Sequence[Line]:
        """The contradictions that are told neither by what is down nor by what is not seen."""
        told = [Rule.CONNECTED_BUT_DOWN.value, Rule.CONNECTED_UNPROBED.value]
        standing = Contradiction.objects.standing_at(self.instant).exclude(rule__in=told)
        rows = list(standing.with_facts(self.instant).order_by("since", "pk")[: SHOWN + 1])
        say_who_acts(rows, day_of(self.instant))
        return [self._contradiction(row) for row in rows]

    @cached_property
    def ninety(self) -> Sequence[Ninety]:
        """The connections that are checked, by database."""
        shown, known_at = self._strips.keys(), self.viewpoint.known_then
        days = WorstDays(shown, self.instant, known_at=known_at, alike=self._alike)
        return [Ninety(row, strip(days.of(pk), day_name)) for pk, row in self._strips.items()]

    @property
    def legend(self) -> list[tuple[str, object]]:
        return list(DAY_NAMES.items())

    @cached_property
    def _strips(self) -> Mapping[int, Any]:
        rows: Any = Connection.objects.all()
        if self._alike is None:
            checked = Endpoint.objects.filter(interface__connection=OuterRef("pk"))
            rows = rows.filter(Exists(checked))
        else:
            rows = rows.filter(pk__in={row.connection for row in self._alike})
        rows = rows.select_related("database", "counterpart").order_by("database__code", "code")
        return {row.pk: row for row in rows[:STRIPS]}

    @property
    def _declared(self) -> Any:
        """The connections with their stage."""
        viewpoint = self.viewpoint
        return Connection.objects.with_stage(at=viewpoint.at, known_at=viewpoint.known_at)

    @cached_property
    def _connected(self) -> Sequence[int]:
        return list(self._declared.filter(stage=Stage.CONNECTED).values_list("pk", flat=True))

    @cached_property
    def _alike(self) -> Sequence[Alike] | None:
        """All endpoints as they stand now; None on a page of a past instant."""
        if not looks_at_now(self.viewpoint):
            return None
        return alike_now(start_of(day_of(self.instant)))

    @cached_property
    def _states(self) -> Mapping[int, Whole]:
        if self._alike is None:
            return states_from(self.viewpoint)
        return of_alike(self._alike, self.instant)

    def _state(self, connection: int) -> Whole:
        return self._states.get(connection, NOTHING)

    def _outage(self, connection: Any, row: Outage, bodies: WhoActs) -> Line:
        acts = bodies.of(connection, _PARTIES.get(row.blame, Party.OWNER)).name
        what = _("in announced maintenance") if row.in_maintenance else _("does not answer")
        length = lasting(self.instant - row.started_at)
        declared = stage_name(connection.stage)
        return Line(connection, what, moment(row.started_at), length, acts, declared)

    def _contradiction(self, row: Any) -> Line:
        what = rule_name(row.rule)
        if row.waived_until and row.waived_until > self.instant:
            what += f" ({accepted_text(row.waived_until)})"
        age = age_text(row.since, self.instant)
        return Line(row.connection, what, moment(row.since), age, str(row.acts))
