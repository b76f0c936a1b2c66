"""The annexes that the progress list takes from the register of databases."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from databases.models import Connection, CounterpartSystem, Database, StageChange
from databases.rules.annex import ConnectionFacts, DatabaseFacts, stages_annex
from databases.rules.stage import Stage
from tracking.rules.progress_list import Scope


def stages(scope: Scope) -> Mapping[str, Any]:
    """Every database by the stage declared for its connections at (T, K), five queries. ValueError
    when the stages do not add up to the number of databases."""
    declared: dict[int, StageChange] = {}
    for change in StageChange.objects.visible(at=scope.at, known_at=scope.known_at):
        declared[change.connection_id] = change
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
