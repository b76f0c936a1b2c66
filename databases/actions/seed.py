"""The twelve databases of the meeting: how many are connected is a fact, which ones is not."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from databases.models import Connection, CounterpartSystem, Database, Interface, StageChange
from tracking.models import Department, Partner
from tracking.rules.instants import start_of

_FILE = Path(__file__).resolve().parent.parent / "seed" / "databases.json"

Row = dict[str, Any]


@transaction.atomic
def seed_databases() -> int:
    """Add the rows that the register does not hold yet; how many were added. Declared stages are
    recorded at the start of the day on which they take effect."""
    content = json.loads(_FILE.read_text(encoding="utf-8"))
    before = Database.objects.count()
    for row in content["counterparts"]:
        _counterpart(row)
    for row in content["databases"]:
        _database(row)
    for row in content["connections"]:
        _connection(row)
    for row in content["interfaces"]:
        connection = Connection.objects.get(code=row["connection"])
        Interface.objects.get_or_create(
            code=row["code"], defaults={"connection": connection, **_names(row)}
        )
    return Database.objects.count() - before


def _names(row: Row) -> Row:
    return {"name_vi": row["name"]["vi"], "name_en": row["name"]["en"]}


def _counterpart(row: Row) -> None:
    owner = Partner.objects.filter(code=row["owner"] or "").first()
    CounterpartSystem.objects.get_or_create(
        code=row["code"], defaults={"owner": owner, **_names(row)}
    )


def _database(row: Row) -> None:
    Database.objects.get_or_create(
        code=row["code"],
        defaults={
            "owner": Department.objects.get(code=row["owner"]),
            "operator": row["operator"],
            "host": row["host"],
            "placeholder": row["placeholder"],
            "note": row["note"],
            **_names(row),
        },
    )


def _connection(row: Row) -> None:
    connection, new = Connection.objects.get_or_create(
        code=row["code"],
        defaults={
            "database": Database.objects.get(code=row["database"]),
            "counterpart": CounterpartSystem.objects.get(code=row["counterpart"]),
        },
    )
    for stage in row["stages"] if new else ():
        effective_on = date.fromisoformat(stage["effective_on"])
        recorded_at: datetime = start_of(effective_on)
        StageChange.objects.create(
            connection=connection,
            stage=stage["stage"],
            effective_on=effective_on,
            recorded_at=recorded_at,
            note=stage.get("note") or "",
            actor="seed",
        )
