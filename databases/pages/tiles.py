"""What the databases put on the first page of the portal: what stands open, and the matrix."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _, gettext_lazy

from databases.models import Connection, Contradiction, CounterpartSystem, Database, Outage
from databases.models.pump_seen import pump_seen
from databases.pages.connection_states import NOTHING, SEEN_NAMES, states_from
from databases.pages.contradiction_words import say_who_acts
from databases.pages.outage_page import blame_name
from databases.pages.seen_words import SHAPES, contradiction_text, stage_name
from databases.renderers.matrix_drawing import HATCHES, Line, Square, drawn
from databases.renderers.measures import lasting
from tracking.pages.tiles import Place, Tile
from tracking.permissions import may_view_databases
from tracking.renderers.charts import NARROW, WIDE, Chart, Key, TableRow
from tracking.rules.viewpoint import Viewpoint

SHOWN = 5
DRAWN = 40
_AGREEING = gettext_lazy("%(stage)s; %(seen)s")
_CONTRADICTORY = gettext_lazy("%(stage)s; %(seen)s; contradiction ≠")


def open_tile(viewpoint: Viewpoint) -> Tile:
    """Contradictions and outages that stand open."""
    return Tile(
        name="databases-open",
        title=gettext_lazy("Databases: contradictions and outages"),
        template="databases/_tile_open.html",
        context=lambda: _open(viewpoint),
        may=may_view_databases,
    )


def matrix_tile(viewpoint: Viewpoint) -> Tile:
    """Every connection, what is declared and what is seen of it."""
    return Tile(
        name="databases-matrix",
        title=gettext_lazy("The databases, declared and seen"),
        template="databases/_tile_matrix.html",
        context=lambda: {"chart": _matrix(viewpoint)},
        may=may_view_databases,
        place=Place.DRAWING,
    )


def _open(viewpoint: Viewpoint) -> Mapping[str, Any]:
    """Eight queries."""
    instant = _instant(viewpoint)
    standing = Contradiction.objects.standing_at(instant)
    rows = list(standing.with_facts(instant).order_by("since", "pk")[:SHOWN])
    say_who_acts(rows, viewpoint.as_of)
    outages = _outages(viewpoint)
    shown = outages.select_related("endpoint__interface__connection__database")
    return {
        "silent": not viewpoint.chosen and pump_seen(viewpoint.now).silent,
        "contradictions": [(row, contradiction_text(row, instant)) for row in rows],
        "contradictions_count": standing.count(),
        "outages": [
            (row, lasting(instant - row.started_at), _whose(row))
            for row in shown.order_by("-started_at", "-pk")[:SHOWN]
        ],
        "outages_count": outages.count(),
    }


def _instant(viewpoint: Viewpoint) -> datetime:
    return min(viewpoint.at, viewpoint.known_at)


def _outages(viewpoint: Viewpoint) -> Any:
    """Open now, or at that instant as it is known to have been by now."""
    if not viewpoint.chosen:
        return Outage.objects.filter(ended_at=None)
    instant = _instant(viewpoint)
    begun = Outage.objects.filter(started_at__lte=instant)
    return begun.exclude(ended_at__lte=instant)


def _whose(row: Outage) -> str:
    return _("what it depends on is down") if row.by_parent else blame_name(row.blame)


def _matrix(viewpoint: Viewpoint) -> Chart:
    """Six queries; the databases with a contradiction first where not all can be drawn."""
    count = Database.objects.count()
    databases = _databases(viewpoint, count)
    systems = _systems()
    squares = _squares(viewpoint, databases, systems)
    lines = [Line(database.code, squares.get(database.pk, ())) for database in databases]
    names = [system.name for system in systems]
    return Chart(
        name="matrix",
        title=_("The databases, declared and seen"),
        says=_says(squares),
        wide=drawn(names, lines, WIDE),
        narrow=drawn(names, lines, NARROW),
        heads=[_("Database"), *names],
        rows=[
            TableRow(database.name, _cells(squares.get(database.pk, ()), len(names)), database.pk)
            for database in databases
        ],
        legend=[Key(f"seen-{kind}", _key(kind), HATCHES.get(kind, "")) for kind in SEEN_NAMES],
        note=_left_out(len(databases), count),
        empty=_("No connection is in the register."),
        page="databases:database",
    )


def _databases(viewpoint: Viewpoint, count: int) -> list[Database]:
    standing = Contradiction.objects.standing_at(_instant(viewpoint))
    against = Exists(standing.filter(connection__database=OuterRef("pk")))
    order = ["code"] if count <= DRAWN else ["-against", "code"]
    return list(Database.objects.annotate(against=against).order_by(*order)[:DRAWN])


def _systems() -> list[CounterpartSystem]:
    """Those that anything is connected to; the one that databases are counted for comes first."""
    used = Exists(Connection.objects.filter(counterpart=OuterRef("pk")))
    rows = CounterpartSystem.objects.filter(used)
    return sorted(rows, key=lambda s: (s.code != settings.STAGES_COUNTED_FOR, s.code))


def _squares(
    viewpoint: Viewpoint, databases: Sequence[Database], systems: Sequence[CounterpartSystem]
) -> dict[int, list[Square]]:
    places = {system.pk: place for place, system in enumerate(systems)}
    declared = Connection.objects.with_stage(at=viewpoint.at, known_at=viewpoint.known_at)
    rows: list[Any] = list(declared.filter(database__in=databases).order_by("code"))
    keys = [row.pk for row in rows]
    states = states_from(viewpoint, keys)
    standing = Contradiction.objects.standing_at(_instant(viewpoint)).filter(connection__in=keys)
    against = frozenset(standing.values_list("connection_id", flat=True))
    found: dict[int, list[Square]] = {}
    for row in rows:
        kind = states.get(row.pk, NOTHING).seen
        seen, stage = f"{SHAPES[kind]} {SEEN_NAMES[kind]}", stage_name(row.stage)
        tip = f"{row.code}: {stage}, {SEEN_NAMES[kind]}"
        square = Square(
            places[row.counterpart_id], stage, seen, kind, tip, against=row.pk in against
        )
        found.setdefault(row.database_id, []).append(square)
    return {pk: sorted(theirs, key=lambda s: s.system) for pk, theirs in found.items()}


def _key(kind: str) -> str:
    return f"{SHAPES[kind]} {SEEN_NAMES[kind]}"


def _cells(squares: Sequence[Square], systems: int) -> list[str]:
    cells = ["–"] * systems
    for square in squares:
        words = {"stage": square.stage, "seen": square.seen}
        said = (
            _("%(stage)s; %(seen)s; contradiction ≠")
            if square.against
            else _("%(stage)s; %(seen)s")
        )
        cells[square.system] = said % words
    return cells


def _says(squares: Mapping[int, Sequence[Square]]) -> str:
    every = [square for theirs in squares.values() for square in theirs]
    counts = {kind: sum(square.kind == kind for square in every) for kind in SEEN_NAMES}
    seen = ", ".join(f"{SEEN_NAMES[kind]} {count}" for kind, count in counts.items() if count)
    words = {
        "connections": len(every),
        "seen": seen or "–",
        "against": sum(square.against for square in every),
    }
    return (
        _(
            "Connections: %(connections)s. Seen: %(seen)s. With an open contradiction (≠): "
            "%(against)s."
        )
        % words
    )


def _left_out(shown: int, count: int) -> str:
    if shown == count:
        return ""
    return _(
        "Drawn: %(shown)s of %(count)s databases, those with a contradiction first. All of them "
        "stand on the page of databases."
    ) % {"shown": shown, "count": count}
