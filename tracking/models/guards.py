"""What the database itself refuses, on both back-ends: triggers written by migrations."""

from collections.abc import Callable
from typing import Any

Statements = list[str]

_SELF_APPROVAL = {
    "submitted": ("accepted", "returned"),
    "extension_requested": ("extension_granted", "extension_refused"),
}


def append_only(table: str, sentence: str, *, same: str = "id = NEW.id") -> dict[str, Statements]:
    """Statements per vendor that refuse UPDATE and DELETE of a table's rows. `same`: the rows that
    an INSERT OR REPLACE would delete, since in SQLite it fires no trigger of DELETE."""
    abort = f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    replaced = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
    sqlite = [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {abort}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {abort}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {replaced} {abort}",
    ]
    postgresql = [
        (
            f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{_raise(sentence)} END $$"
        ),
        (
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
        ),
    ]
    return {"sqlite": sqlite, "postgresql": postgresql}


def four_eyes(table: str, sentence: str) -> dict[str, Statements]:
    """Statements per vendor that refuse a decision by the actor of what it decides."""
    conditions = " OR ".join(
        f"(NEW.kind IN {decisions} AND {_own_and_unanswered(table, asked, decisions)})"
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
        (
            f"CREATE FUNCTION {table}_four_eyes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {refused} THEN {_raise(sentence)} END IF; RETURN NEW; END $$"
        ),
        (
            f"CREATE TRIGGER {table}_four_eyes BEFORE INSERT ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_four_eyes()"
        ),
    ]
    return {"sqlite": sqlite, "postgresql": postgresql}


def _raise(sentence: str) -> str:
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation';"


def _own_and_unanswered(table: str, asked: str, decisions: tuple[str, ...]) -> str:
    """The new row's actor asked for it, and nobody has decided since."""
    place = "({0}.effective_at, {0}.recorded_at, {0}.number)"
    asking, answer, new = (place.format(name) for name in ("asking", "answer", "NEW"))
    answered = (
        f"SELECT 1 FROM {table} answer WHERE answer.task_id = NEW.task_id "
        f"AND answer.kind IN {decisions} AND {answer} > {asking} AND {answer} < {new}"
    )
    return (
        f"EXISTS (SELECT 1 FROM {table} asking WHERE asking.task_id = NEW.task_id "
        f"AND asking.kind = '{asked}' AND asking.actor = NEW.actor AND {asking} < {new} "
        f"AND NOT EXISTS ({answered}))"
    )


def install(*guards: dict[str, Statements]) -> Callable[[Any, Any], None]:
    """A migration's forward function."""

    def forward(apps: Any, schema_editor: Any) -> None:
        for guard in guards:
            for statement in guard[schema_editor.connection.vendor]:
                schema_editor.execute(statement)

    return forward
