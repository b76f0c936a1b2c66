"""Adding declared stages and official steps from a register file; what is known stays as it is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from databases.actions.register_codes import Codes
from databases.actions.stages import after_the_lists, stage_faults
from databases.actions.steps import step_faults
from databases.models import Connection, StageChange, StepRecord
from databases.models.connection import STAGE_NAMES
from databases.models.step import Step
from databases.register_files.register_fields import as_in_files
from databases.rules.stage import Stage
from tracking.actions.changes import Changes
from tracking.actions.ledger import last_knowledge
from tracking.models import Document
from tracking.plan_files.rows import Row, Rows
from tracking.rules.instants import day_of, instant_text

Values = dict[str, Any]
# The columns that are spoken of, and what is said of each.
Identity = tuple[tuple[str, ...], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A sound row, and what it says in the columns of the model; what it leaves out it lets be."""

    row: Row
    connection: Connection
    values: Values

    @property
    def identity(self) -> Identity:
        return tuple(self.values), tuple(self.values.values())

    def fault(self, key: str, sentence: str) -> str:
        return f"{self.row.at(key)}: {self.connection.code}: {sentence}"


@dataclass(frozen=True, slots=True)
class _History:
    """`columns`: what was entered, beside connection, document, note, actor and recorded_at;
    `faults`: key of a row -> what is wrong with it, for a row that is new."""

    section: str
    model: Any
    columns: tuple[str, ...]
    faults: Callable[[_Asked, datetime], Mapping[str, str]]
    said: Callable[[Values], str]


def _stage_faults(one: _Asked, recorded_at: datetime) -> Mapping[str, str]:
    faults = stage_faults(one.connection, Stage(one.values["stage"]))
    return {"stage": faults[0]} if faults else {}


def _step_faults(one: _Asked, recorded_at: datetime) -> Mapping[str, str]:
    step, expires_on = Step(one.values["step"]), one.values.get("expires_on")
    return step_faults(step, one.values["done_on"], expires_on, day_of(recorded_at))


def _stage_said(values: Values) -> str:
    return f"{STAGE_NAMES[Stage(values['stage'])]}, {values['effective_on']:%d/%m/%Y}"


def _step_said(values: Values) -> str:
    return f"{Step(values['step']).label}, {values['done_on']:%d/%m/%Y}"


_HISTORIES = (
    _History("stages", StageChange, ("stage", "effective_on"), _stage_faults, _stage_said),
    _History("steps", StepRecord, ("step", "done_on", "expires_on"), _step_faults, _step_said),
)


def write_history(
    rows: Rows, codes: Codes, changes: Changes, *, now: datetime, by: str
) -> list[str]:
    """Add the rows that the register does not hold; returns the faults found on the way. The caller
    holds the pen."""
    faults: list[str] = []
    issued = last_knowledge()
    for history in _HISTORIES:
        asked = [found for row in rows[history.section] if (found := _asked(history, row, codes))]
        of = {one.connection.pk for one in asked}
        stored = list(history.model.objects.filter(connection__in=of))
        faults += _altered(asked, stored)
        fresh = _fresh(asked, stored)
        faults += (f for one in fresh for f in _fresh_faults(history, one, now, issued))
        if not faults:
            _create(history, fresh, now, by, changes)
    return faults


def _asked(history: _History, row: Row, codes: Codes) -> _Asked | None:
    connection = codes.named(row, "connection", Connection)
    document = codes.named(row, "document", Document)
    if connection is None or (document is None and row.get("document") is not None):
        return None
    values: Values = {"connection_id": connection.pk}
    values |= {column: row[column] for column in history.columns if column in row}
    values |= {"document_id": document and document.pk} if "document" in row else {}
    values |= {key: row[key] or "" for key in ("note", "actor") if key in row}
    if row.get("recorded_at"):
        values["recorded_at"] = row["recorded_at"]
    elif not values.get("actor"):
        values.pop("actor", None)
    return _Asked(row, connection, values)


def _identities(asked: list[_Asked], stored: list[Any]) -> Iterator[tuple[Any, Identity]]:
    """Each record with what it is for every choice of columns that is spoken of."""
    for columns in {one.identity[0] for one in asked}:
        for record in stored:
            yield record, (columns, tuple(as_in_files(getattr(record, c)) for c in columns))


def _fresh(asked: list[_Asked], stored: list[Any]) -> list[_Asked]:
    """Those that no record is, each once."""
    known = {identity for _record, identity in _identities(asked, stored)}
    fresh = {one.identity: one for one in reversed(asked) if one.identity not in known}
    return list(reversed(fresh.values()))


def _altered(asked: list[_Asked], stored: list[Any]) -> Iterator[str]:
    """A row that names the instant of a record, but says something else of it, would change it."""
    said = {one.identity for one in asked}
    pairs = list(_identities(asked, stored))
    known = {identity for _record, identity in pairs}
    meant = {record.pk for record, identity in pairs if identity in said}
    unmeant = {(r.connection_id, r.recorded_at) for r in stored if r.pk not in meant}
    for one in asked:
        recorded_at = one.values.get("recorded_at")
        if one.identity not in known and (one.connection.pk, recorded_at) in unmeant:
            sentence = _(
                "what was recorded at %(instant)s says something else, and history is neither "
                "changed nor deleted: to correct it, add a row without “recorded at”"
            ) % {"instant": instant_text(recorded_at)}
            yield one.fault("recorded_at", sentence)


def _fresh_faults(
    history: _History, one: _Asked, now: datetime, issued: datetime | None
) -> Iterator[str]:
    recorded_at = one.values.get("recorded_at")
    if recorded_at and recorded_at > now:
        sentence = _("recorded_at %s lies after this import: leave it empty")
        yield one.fault("recorded_at", sentence % instant_text(recorded_at))
    elif recorded_at and issued and recorded_at <= issued:
        sentence = _(
            "recorded_at %s is not after the knowledge of an issued list, and history cannot be "
            "written behind a list: leave it empty"
        )
        yield one.fault("recorded_at", sentence % instant_text(recorded_at))
    for key, sentence in history.faults(one, recorded_at or now).items():
        yield one.fault(key, sentence)


def _create(
    history: _History, fresh: list[_Asked], now: datetime, by: str, changes: Changes
) -> None:
    # A row with its instant comes from an export, and says who entered it, or that nobody did.
    entered = {"actor": by, "recorded_at": after_the_lists(now)}
    history.model.objects.bulk_create(
        history.model(**(one.values if "recorded_at" in one.values else entered | one.values))
        for one in fresh
    )
    name = history.model._meta.verbose_name
    changes.added += [f"{name} {o.connection.code}: {history.said(o.values)}" for o in fresh]
