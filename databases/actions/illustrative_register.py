"""Steps, parties, security levels and tasks of connections, to show what the register can hold.
All of them say that they are illustrative, and none lies in the time of the facts."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from databases.actions.parties import end_party, set_party
from databases.actions.steps import record_step
from databases.models import Connection, Database, Party, StepRecord
from databases.models.party import PartyRole
from databases.models.step import Step
from tracking.actions.illustrative_days import FACTS_UNTIL, dated
from tracking.models import Department, Document, Partner, Task
from tracking.models.pen import take_the_pen
from tracking.rules.instants import day_of, start_of

_FILE = Path(__file__).resolve().parent.parent / "seed" / "illustrative.json"
_BY = "seed"
_OFFICE_OPENS = timedelta(hours=8)
_LEVEL_NOTE = (
    ". Cấp độ an toàn thông tin là minh họa / The information security level is illustrative"
)

Row = dict[str, Any]


@transaction.atomic
def illustrate_register(now: datetime) -> int:
    """Once, and only where no step and no party stands in the register; how many steps. Nothing
    where the first day would lie in 2025, of which the meeting's figures tell."""
    take_the_pen()
    content = dated(json.loads(_FILE.read_text(encoding="utf-8")), day_of(now))
    rows: list[Row] = [*content["parties"], *content["steps"]]
    first = min(_day(row.get("valid_from") or row["done_on"]) for row in rows)
    if _morning(first) <= FACTS_UNTIL or StepRecord.objects.exists() or Party.objects.exists():
        return 0
    _write_documents(content["documents"])
    _set_levels(content["levels"])
    _link_tasks(content["tasks"])
    connections = Connection.objects.select_related("database").in_bulk(field_name="code")
    _each(content["parties"], connections, _name_party)
    _each(content["steps"], connections, _record)
    return StepRecord.objects.count()


def _each(
    rows: list[Row],
    connections: Mapping[str, Connection],
    write: Callable[[Row, Connection], None],
) -> None:
    for row in rows:
        write(row, connections[row["connection"]])


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _write_documents(rows: list[Row]) -> None:
    for row in rows:
        named = {"name_vi": row["title"]["vi"], "name_en": row["title"]["en"]}
        own = {"kind": row["kind"], "issued_on": _day(row["issued_on"])}
        Document.objects.get_or_create(number=row["number"], defaults=named | own)


def _set_levels(levels: Mapping[str, int]) -> None:
    for code, level in levels.items():
        told = Concat(F("note"), Value(_LEVEL_NOTE))
        open_ones = Database.objects.filter(code=code, security_level=None)
        open_ones.update(security_level=level, note=told)


def _link_tasks(tasks: Mapping[str, str]) -> None:
    for connection, code in tasks.items():
        task = Task.objects.filter(code=code).first()
        Connection.objects.filter(code=connection, task=None).update(task=task)


def _name_party(row: Row, connection: Connection) -> None:
    code, begun = row["body"], _day(row["valid_from"])
    department = Department.objects.filter(code=code).first()
    party = set_party(
        connection=connection,
        role=PartyRole(row["role"]),
        body=department or Partner.objects.get(code=code),
        valid_from=begun,
        document=row["document"],
        now=_morning(begun),
        by=_BY,
    )
    if "valid_to" in row:
        ended = _day(row["valid_to"])
        end_party(party=party, valid_to=ended, now=_morning(ended), by=_BY)


def _record(row: Row, connection: Connection) -> None:
    done_on, expires_on = _day(row["done_on"]), row.get("expires_on")
    record_step(
        connection=connection,
        step=Step(row["step"]),
        done_on=done_on,
        expires_on=_day(expires_on) if expires_on else None,
        document=Document.objects.filter(number=row["document"] or "").first(),
        note=row["note"],
        now=_morning(done_on),
        by=_BY,
    )


def _morning(day: date) -> datetime:
    """When it was entered, on a portal without a list issued since."""
    return start_of(day) + _OFFICE_OPENS
