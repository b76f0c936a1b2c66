"""The databases as seen: what is declared against what the probes see, and what stands open."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from databases.models import Connection, Contradiction, Outage
from databases.models.connection import STAGE_NAMES
from databases.models.current_stage import current_stage
from databases.models.pump_seen import PumpSeen, pump_seen
from databases.pages.connection_states import NOTHING, SEEN_NAMES, Whole, states_now
from databases.pages.contradiction_words import rule_name, say_who_acts
from databases.pages.outage_page import blame_name
from databases.pages.probe_words import moment
from databases.renderers.measures import lasting
from databases.rules.stage import Stage
from tracking.rules.instants import day_of

SHOWN = 10
COLUMNS = SEEN_NAMES  # one each
_ROWS: tuple[Stage | None, ...] = (*STAGE_NAMES, None)


@dataclass(frozen=True, slots=True)
class Cell:
    """`connections`: each, and whether a contradiction of it stands open."""

    column: str
    name: str
    connections: Sequence[tuple[Connection, bool]]

    @property
    def contradictory(self) -> bool:
        return any(against for _connection, against in self.connections)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Of one counterpart system: a row for each declared stage that any connection stands at."""

    counterpart: str
    rows: Sequence[tuple[str, Sequence[Cell]]]
    total: int


@dataclass(frozen=True, slots=True)
class Stands:
    """An outage or contradiction that is open: where, what, for how long, and who has to act."""

    row: Any
    code: str
    what: str
    length: str
    whose: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The sequences hold the first ten; the counts are of all."""

    pumps: PumpSeen
    columns: Sequence[Any]
    matrices: Sequence[Matrix]
    outages: Sequence[Stands]
    outages_count: int
    contradictions: Sequence[Stands]
    contradictions_count: int


def overview(now: datetime) -> Overview:
    """Ten queries whatever the size of the register."""
    outages = Outage.objects.filter(ended_at=None).order_by("-started_at", "-pk")
    held = Contradiction.objects.open().with_facts().order_by("since", "pk")
    contradictions = list(held[:SHOWN])
    say_who_acts(contradictions, day_of(now))
    return Overview(
        pumps=pump_seen(now),
        columns=list(COLUMNS.values()),
        matrices=_matrices(now),
        outages=[_outage(row, now) for row in outages.select_related("endpoint")[:SHOWN]],
        outages_count=outages.count(),
        contradictions=[_contradiction(row, now) for row in contradictions],
        contradictions_count=held.count(),
    )


def _outage(row: Outage, now: datetime) -> Stands:
    length = lasting(now - row.started_at)
    endpoint = row.endpoint
    whose = str(_("what it depends on is down")) if row.by_parent else blame_name(row.blame)
    return Stands(row, endpoint.code, endpoint.name, length, whose)


def _contradiction(row: Any, now: datetime) -> Stands:
    length, whose = lasting(now - row.since), str(row.acts)
    if row.waived_until is not None and row.waived_until > now:
        whose += " · " + str(_("open, accepted until %s")) % moment(row.waived_until)
    return Stands(row, row.connection.code, rule_name(row.rule), length, whose)


def _matrices(now: datetime) -> list[Matrix]:
    """The counterpart that databases are counted for comes first."""
    rows = Connection.objects.select_related("counterpart", "database")
    declared = rows.annotate(current=current_stage("stage", now)).order_by("code")
    seen = states_now(now)
    against = frozenset(Contradiction.objects.open().values_list("connection", flat=True))
    found: dict[Any, list[Any]] = defaultdict(list)
    for connection in declared:
        found[connection.counterpart].append(connection)
    systems = sorted(found, key=lambda s: (s.code != settings.STAGES_COUNTED_FOR, s.code))
    return [_matrix(system.name, found[system], seen, against) for system in systems]


def _matrix(
    counterpart: str,
    connections: Sequence[Any],
    seen: Mapping[int, Whole],
    against: frozenset[int],
) -> Matrix:
    cells: dict[tuple[Stage | None, str], list[tuple[Connection, bool]]] = defaultdict(list)
    for connection in connections:
        stage = Stage(connection.current) if connection.current else None
        told = connection, connection.pk in against
        cells[stage, seen.get(connection.pk, NOTHING).seen].append(told)
    stages = [stage for stage in _ROWS if any(at is stage for at, _column in cells)]
    rows = [
        (
            str(STAGE_NAMES[stage]) if stage else str(_("not declared")),
            [
                Cell(column, str(name), cells.get((stage, column), ()))
                for column, name in COLUMNS.items()
            ],
        )
        for stage in stages
    ]
    return Matrix(counterpart, rows, len(connections))
