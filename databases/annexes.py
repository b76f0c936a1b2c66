"""The annexes that the progress list takes from the register of databases."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from databases.models import (
    Connection,
    ContradictionEntry,
    CounterpartSystem,
    Database,
    StageChange,
)
from databases.models.seen_then import seen_then
from databases.models.who_acts import WhoActs
from databases.rules.annex import ConnectionFacts, DatabaseFacts, stages_annex
from databases.rules.contradictions import Party
from databases.rules.contradictions_annex import ConnectionThen, contradictions_annex
from databases.rules.stage import Stage
from tracking.rules.progress_list import Scope


def stages(scope: Scope) -> Mapping[str, Any]:
    """Every database by the stage declared for its connections at (T, K), five queries. ValueError
    when the stages do not add up to the number of databases."""
    declared = _declared(scope)
    connections: dict[int, dict[str, ConnectionFacts]] = {}
    rows = Connection.objects.select_related("counterpart").prefetch_related("interfaces")
    for connection in rows:
        known = declared.get(connection.pk)
        connections.setdefault(connection.database_id, {})[connection.counterpart.code] = (
            ConnectionFacts(
                stage=Stage(known.stage) if known is not None else None,
                since=known.effective_on if known is not None else None,
                interfaces=len(connection.interfaces.all()),
            )
        )
    return stages_annex(
        [
            DatabaseFacts(
                code=database.code,
                name=database.names,
                owner=database.owner.names,
                placeholder=database.placeholder,
                connections=connections.get(database.pk, {}),
            )
            for database in Database.objects.select_related("owner").order_by("code")
        ],
        counterparts={system.code: system.names for system in CounterpartSystem.objects.all()},
        counted=settings.STAGES_COUNTED_FOR,
    )


def contradictions(scope: Scope) -> Mapping[str, Any]:
    """What was declared and what was seen do not agree, at (T, K); five queries. What became known
    after K, or at an instant after T, changes nothing."""
    declared = _declared(scope)
    endpoints = seen_then(at=scope.at, known_at=scope.known_at)
    bodies = WhoActs(scope.as_of)
    related = ("database__owner", "counterpart__owner")
    connections = []
    for connection in Connection.objects.select_related(*related):
        known = declared.get(connection.pk)
        connections.append(
            ConnectionThen(
                code=connection.code,
                database=connection.database.names,
                counterpart=connection.counterpart.names,
                stage=Stage(known.stage) if known is not None else None,
                acts={party.value: bodies.of(connection, party).names for party in Party},
                endpoints=endpoints.get(connection.pk, ()),
            )
        )
    told = ContradictionEntry.objects.of_open(min(scope.at, scope.known_at)).told()
    return contradictions_annex(connections, told, at=scope.at)


def _declared(scope: Scope) -> dict[int, StageChange]:
    """Connection -> the declaration in force at (T, K)."""
    changes = StageChange.objects.visible(at=scope.at, known_at=scope.known_at)
    return {change.connection_id: change for change in changes}
