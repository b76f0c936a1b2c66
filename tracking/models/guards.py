"""What the database itself refuses, on both back-ends: triggers written by migrations."""

from collections.abc import Callable
from typing import Any

Statements = list[str]

_SELF_APPROVAL = {
    "submitted": ("accepted", "returned"),
    "extension_requested": ("extension_granted", "extension_refused"),
}


def append_only(table: str, sentence: str) -> dict[str, Statements]:
    """Statements per vendor that refuse UPDATE and DELETE of a table's rows."""
    sqlite = [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        for verb in ("UPDATE", "DELETE")
    ]
    postgresql = [
        f"""CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
        (
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
        ),
    ]
    return {"sqlite": sqlite, "postgresql": postgresql}


def four_eyes(table: str, sentence: str) -> dict[str, Statements]:
    """Statements per vendor that refuse a decision by the actor of what it decides."""
    conditions = " OR ".join(
        f"NEW.kind IN {decisions} AND NEW.actor = ({_latest_actor(table, asked)})"
        for asked, decisions in _SELF_APPROVAL.items()
    )
    refused = f"NEW.actor <> '' AND ({conditions})"
    sqlite = [
        (
            f"CREATE TRIGGER {table}_four_eyes BEFORE INSERT ON {table} WHEN {refused} "
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )
    ]
    postgresql = [
        f"""CREATE FUNCTION {table}_four_eyes() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {refused} THEN
                RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$""",
        (
            f"CREATE TRIGGER {table}_four_eyes BEFORE INSERT ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_four_eyes()"
        ),
    ]
    return {"sqlite": sqlite, "postgresql": postgresql}


def _latest_actor(table: str, kind: str) -> str:
    return (
        f"SELECT earlier.actor FROM {table} earlier WHERE earlier.task_id = NEW.task_id "
        f"AND earlier.kind = '{kind}' AND (earlier.effective_at, earlier.recorded_at, "
        "earlier.number) < (NEW.effective_at, NEW.recorded_at, NEW.number) "
        "ORDER BY earlier.effective_at DESC, earlier.recorded_at DESC, earlier.number DESC LIMIT 1"
    )


def install(*guards: dict[str, Statements]) -> Callable[[Any, Any], None]:
    """A migration's forward function."""

    def forward(apps: Any, schema_editor: Any) -> None:
        for guard in guards:
            for statement in guard[schema_editor.connection.vendor]:
                schema_editor.execute(statement)

    return forward
