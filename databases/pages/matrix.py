"""The matrix: databases against counterpart systems, what is declared and seen of each pair.
A fixed number of queries whatever the size of the register."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet

from databases.models import Connection, Contradiction, CounterpartSystem, Database
from databases.pages.connection_states import NOTHING, SEEN_NAMES, Whole, states_from
from databases.pages.seen_words import (
    contradiction_text,
    interfaces_text,
    seen_tag,
    stage_name,
    sum_text,
)
from databases.rules.stage import Stage
from tracking.rules.viewpoint import Viewpoint

AT_ONCE, AT_LEAST = 50, 12  # pairs on a page, and databases
UNDECLARED = "undeclared"
# In the order in which the ministry reports them.
_REPORTED = (Stage.CONNECTED, Stage.UPGRADING, Stage.UPGRADING_INTERFACES)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wants to see; all of it must hold for one connection of a database."""

    owner: str = ""
    stage: str = ""  # or UNDECLARED
    state: str = ""  # of SEEN_NAMES
    contradictory: bool = False

    @property
    def of_connections(self) -> bool:
        return bool(self.stage or self.state or self.contradictory)


@dataclass(frozen=True, slots=True)
class Cell:
    connection: Connection
    stage: str
    seen: str
    stand_in: bool
    interfaces: str  # where there is not just one
    against: Sequence[str]


@dataclass(frozen=True, slots=True)
class Row:
    """`cells`: one for each counterpart system, None without a connection."""

    database: Database
    cells: Sequence[tuple[CounterpartSystem, Cell | None]]


@dataclass(frozen=True, slots=True)
class Sum:
    """The databases by the stage declared for their connection to the counted counterpart."""

    counterpart: CounterpartSystem | None
    total: int
    declared: int
    connected: int
    text: str

    @property
    def adds_up(self) -> bool:
        return self.declared == self.total


class MatrixPage:
    def __init__(self, viewpoint: Viewpoint, asked: Asked, page: str | None) -> None:
        self.viewpoint = viewpoint
        self.asked = asked
        self.number = page
        self.instant = min(viewpoint.at, viewpoint.known_at)

    @cached_property
    def page(self) -> Page[Any]:
        """As many databases as fill a page with their connections."""
        size = max(AT_LEAST, AT_ONCE // max(1, len(self.columns)))
        return Paginator(self._databases(), size).get_page(self.number)

    @cached_property
    def databases(self) -> Sequence[Database]:
        rows = self.page.object_list
        if isinstance(rows, QuerySet):
            return list(rows)
        found = Database.objects.select_related("owner").in_bulk(list(rows))
        return [found[pk] for pk in rows]

    @cached_property
    def systems(self) -> Sequence[CounterpartSystem]:
        """The one that databases are counted for comes first."""
        rows = CounterpartSystem.objects.annotate(used=Count("connections"))
        return sorted(rows, key=lambda s: (s.code != settings.STAGES_COUNTED_FOR, s.code))

    @property
    def columns(self) -> Sequence[CounterpartSystem]:
        return [system for system in self.systems if system.used]  # type: ignore[attr-defined]

    @property
    def unused(self) -> Sequence[CounterpartSystem]:
        """Nothing in the register is connected to them."""
        return [system for system in self.systems if not system.used]  # type: ignore[attr-defined]

    @cached_property
    def rows(self) -> Sequence[Row]:
        cells = {
            (cell.connection.database_id, cell.connection.counterpart_id): cell
            for cell in self._cells()
        }
        return [
            Row(database, [(s, cells.get((database.pk, s.pk))) for s in self.columns])
            for database in self.databases
        ]

    @cached_property
    def sum(self) -> Sum:
        """Two queries; one where all databases are on the pages, which have counted them."""
        counted = self._declared.filter(counterpart__code=settings.STAGES_COUNTED_FOR)
        counts = counted.values("stage").annotate(
            n=Count("pk", distinct=True), ways=Count("interfaces")
        )
        found = {row["stage"]: row for row in counts.order_by()}
        all_shown = self.asked == Asked()
        total = self.page.paginator.count if all_shown else Database.objects.count()
        system = next((s for s in self.systems if s.code == settings.STAGES_COUNTED_FOR), None)
        declared = sum(row["n"] for stage, row in found.items() if stage)
        connected = found.get(Stage.CONNECTED.value, {"n": 0})["n"]
        return Sum(system, total, declared, connected, sum_text(total, _parts(found, total)))

    @property
    def legend(self) -> Sequence[str]:
        return [seen_tag(seen) for seen in SEEN_NAMES]

    @property
    def _declared(self) -> QuerySet[Any]:
        return Connection.objects.with_stage(at=self.viewpoint.at, known_at=self.viewpoint.known_at)

    def _databases(self) -> Any:
        """A queryset, or the keys where the state decides, which SQL does not know."""
        rows = Database.objects.select_related("owner").order_by("code")
        if self.asked.owner:
            rows = rows.filter(owner__code=self.asked.owner)
        if not self.asked.of_connections:
            return rows
        fitting = self._fitting()
        if not self.asked.state:
            return rows.filter(Exists(fitting.filter(database=OuterRef("pk"))))
        states = states_from(self.viewpoint)
        pairs = fitting.filter(database__in=rows).order_by("database__code")
        return list(
            dict.fromkeys(
                database
                for pk, database in pairs.values_list("pk", "database_id")
                if states.get(pk, NOTHING).seen == self.asked.state
            )
        )

    def _fitting(self) -> QuerySet[Any]:
        rows = self._declared
        if self.asked.stage:
            stage = None if self.asked.stage == UNDECLARED else self.asked.stage
            rows = rows.filter(stage__isnull=True) if stage is None else rows.filter(stage=stage)
        if self.asked.contradictory:
            standing = Contradiction.objects.standing_at(self.instant)
            rows = rows.filter(Exists(standing.filter(connection=OuterRef("pk"))))
        return rows

    def _cells(self) -> list[Cell]:
        """Of the databases of this page."""
        shown = [database.pk for database in self.databases]
        rows = self._declared.filter(database__in=shown)
        connections = list(rows.annotate(ways=Count("interfaces")))
        keys = [connection.pk for connection in connections]
        states = states_from(self.viewpoint, keys)
        against = self._against(keys)
        return [_cell(row, states.get(row.pk, NOTHING), against[row.pk]) for row in connections]

    def _against(self, connections: Sequence[int]) -> Mapping[int, list[str]]:
        standing = Contradiction.objects.standing_at(self.instant).order_by("since", "pk")
        rows = standing.filter(connection__in=connections).with_facts(self.instant)
        found: dict[int, list[str]] = defaultdict(list)
        for row in rows:
            found[row.connection_id].append(contradiction_text(row, self.instant))
        return found


def _cell(row: Any, whole: Whole, against: Sequence[str]) -> Cell:
    ways = "" if row.ways == 1 else interfaces_text(row.ways)
    return Cell(row, stage_name(row.stage), seen_tag(whole.seen), whole.stand_in, ways, against)


def _parts(found: Mapping[str | None, Mapping[str, int]], total: int) -> list[tuple[int, str]]:
    """Of the sum, also those without a connection or a declared stage; with the number of the
    interfaces where these are what is upgraded."""
    order = [*_REPORTED, *(stage for stage in Stage if stage not in _REPORTED)]
    parts = []
    for stage in order:
        row = found.get(stage.value)
        if row is None:
            continue
        words = stage_name(stage.value)
        if stage is Stage.UPGRADING_INTERFACES:
            words += f" ({interfaces_text(row['ways'])})"
        parts.append((row["n"], words))
    rest = total - sum(count for count, _words in parts)
    return [*parts, (rest, stage_name(None))] if rest else parts
