"""The register of databases as a file that imports without difference."""

from collections.abc import Iterable
from typing import Any

from databases.models import (
    Connection,
    CounterpartSystem,
    Database,
    Interface,
    Party,
    StageChange,
    StepRecord,
)
from databases.register_files.register_fields import as_in_files
from databases.register_files.register_layout import REGISTER
from tracking.models import Department, Partner
from tracking.models.bilingual import Bilingual
from tracking.plan_files.layout import Offer
from tracking.plan_files.writing import write_file
from tracking.rules.instants import instant_text

Values = dict[str, Any]


def export_register(name: str) -> bytes:
    """The bytes of a file of the format that the name ends in."""
    offers = {
        "departments": _offer("Mã đơn vị", "Codes of departments", Department.objects.all()),
        "partners": _offer("Mã đối tác", "Codes of partners", Partner.objects.all()),
    }
    return write_file(name, register_content(), REGISTER, offers)


def register_content() -> Values:
    """A `database-register/1` object, in an order that no database chooses."""
    connections = Connection.objects.select_related("database", "counterpart", "task")
    interfaces = Interface.objects.select_related("connection")
    return {
        "format": REGISTER.format,
        "counterparts": [
            {"code": row.code, "name": _name(row), "owner": _code(row.owner)}
            for row in _by_code(CounterpartSystem.objects.select_related("owner"))
        ],
        "databases": [_database(row) for row in _by_code(Database.objects.select_related("owner"))],
        "connections": [_connection(row) for row in _by_code(connections)],
        "interfaces": [
            {"code": row.code, "connection": row.connection.code, "name": _name(row)}
            for row in _by_code(interfaces)
        ],
        "stages": [_stage(row) for row in _history(StageChange, "effective_on")],
        "steps": [_step(row) for row in _history(StepRecord, "done_on")],
        "parties": [_party(row) for row in _parties()],
    }


def _database(row: Database) -> Values:
    return {
        "code": row.code,
        "name": _name(row),
        "owner": row.owner.code,
        "operator": _text(row.operator),
        "host": _text(row.host),
        "security_level": row.security_level,
        "placeholder": row.placeholder,
        "note": _text(row.note),
    }


def _connection(row: Connection) -> Values:
    return {
        "code": row.code,
        "database": row.database.code,
        "counterpart": row.counterpart.code,
        "task": _code(row.task),
    }


def _stage(row: StageChange) -> Values:
    return {
        "connection": row.connection.code,
        "stage": row.stage,
        "effective_on": row.effective_on.isoformat(),
        **_entered(row),
    }


def _step(row: StepRecord) -> Values:
    return {
        "connection": row.connection.code,
        "step": row.step,
        "done_on": row.done_on.isoformat(),
        "expires_on": row.expires_on.isoformat() if row.expires_on else None,
        **_entered(row),
    }


def _entered(row: StageChange | StepRecord) -> Values:
    return {
        "document": row.document.number if row.document else None,
        "note": _text(row.note),
        "actor": _text(row.actor),
        "recorded_at": instant_text(row.recorded_at),
    }


def _party(row: Party) -> Values:
    return {
        "connection": row.connection.code,
        "role": row.role,
        "department": _code(row.department),
        "partner": _code(row.partner),
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "document": _text(row.document),
    }


def _history(model: Any, day: str) -> list[Any]:
    rows = model.objects.select_related("connection", "document")
    return sorted(
        rows, key=lambda row: (row.connection.code, getattr(row, day), row.recorded_at, row.pk)
    )


def _parties() -> list[Party]:
    rows = Party.objects.select_related("connection", "department", "partner")
    return sorted(rows, key=lambda row: (row.connection.code, row.role, row.valid_from))


def _by_code(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: row.code)


def _offer(vi: str, en: str, rows: Iterable[Any]) -> Offer:
    return Offer(vi, en, [(row.code, row.name_vi) for row in _by_code(rows)])


def _name(row: Bilingual) -> Values:
    named = {"vi": _text(row.name_vi), "en": _text(row.name_en)}
    return {language: said for language, said in named.items() if said}


def _text(said: str) -> str | None:
    return as_in_files(said) or None


def _code(row: Any) -> str | None:
    return row.code if row else None
