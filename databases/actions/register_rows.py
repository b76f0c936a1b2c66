"""Writing what has a code in a register file: counterparts, databases, connections, interfaces."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from databases.actions.register_codes import Codes
from databases.models import Connection, CounterpartSystem, Database, Interface
from databases.register_files.register_fields import as_in_files
from tracking.actions.changes import Changes
from tracking.models import Department, Partner, Task
from tracking.plan_files.rows import Row, Rows

Columns = dict[str, Any]


def _nothing(row: Row) -> Columns:
    return {}


@dataclass(frozen=True, slots=True)
class _Register:
    """`named`: column -> the model that its code names; `fixed`: columns that stay as they are
    once written; `plain`: the other columns that a row gives."""

    section: str
    model: type[models.Model]
    named: Mapping[str, type[models.Model]]
    fixed: tuple[str, ...] = ()
    plain: Callable[[Row], Columns] = field(default=_nothing)


def _of_database(row: Row) -> Columns:
    texts = {key: row[key] or "" for key in ("operator", "host", "note") if key in row}
    level = {"security_level": row["security_level"]} if "security_level" in row else {}
    placeholder = {"placeholder": bool(row["placeholder"])} if "placeholder" in row else {}
    return texts | level | placeholder


_REGISTERS = (
    _Register("counterparts", CounterpartSystem, {"owner": Partner}),
    _Register("databases", Database, {"owner": Department}, plain=_of_database),
    _Register(
        "connections",
        Connection,
        {"database": Database, "counterpart": CounterpartSystem, "task": Task},
        fixed=("database", "counterpart"),
    ),
    _Register("interfaces", Interface, {"connection": Connection}, fixed=("connection",)),
)


def write_rows(rows: Rows, codes: Codes, changes: Changes) -> list[str]:
    """Create or update every sound row; returns the faults found on the way."""
    faults: list[str] = []
    for register in _REGISTERS:
        stored = {
            row.code: row  # type: ignore[attr-defined]
            for row in register.model._default_manager.select_related(*register.named)
        }
        for row in rows[register.section]:
            found = list(_write(register, row, stored, codes, changes))
            faults += found
    return faults


def _write(
    register: _Register, row: Row, stored: dict[str, Any], codes: Codes, changes: Changes
) -> Iterator[str]:
    columns = _columns(register, row, codes)
    if columns is None:
        return
    held = stored.get(row["code"])
    if faults := list(_faults(register, row, held, columns, stored)):
        yield from faults
        return
    if held is None:
        held = register.model._default_manager.create(code=row["code"], **columns)
        stored[row["code"]] = held
        changes.added.append(f"{register.model._meta.verbose_name} {row['code']}")
        if register.model in (CounterpartSystem, Database, Connection):
            codes.known(register.model)[row["code"]] = held
    elif different := {k: v for k, v in columns.items() if as_in_files(getattr(held, k)) != v}:
        changes.changed.append(_said(held, different))
        for column, value in different.items():
            setattr(held, column, value)
        held.save()


def _columns(register: _Register, row: Row, codes: Codes) -> Columns | None:
    """What the row gives, with the rows that it names; None when one of them is not there."""
    columns: Columns = {}
    if "name" in row:
        columns |= {"name_vi": row["name"]["vi"], "name_en": row["name"].get("en", "")}
    for column, model in register.named.items():
        if column in row:
            columns[column] = codes.named(row, column, model)
    lacking = [c for c in register.named if row.get(c) is not None and columns[c] is None]
    return None if lacking else columns | register.plain(row)


def _faults(
    register: _Register, row: Row, held: Any, columns: Columns, stored: Mapping[str, Any]
) -> Iterator[str]:
    for column in register.fixed if held else ():
        known, said = getattr(held, column), columns[column]
        if known != said:
            yield f"{row.at(column)}: {row['code']}: " + _(
                'is known with %(column)s "%(known)s", the file says "%(said)s": what is linked '
                "stays so; give a new code, or correct the file"
            ) % {"column": column, "known": known.code, "said": said.code}
    if register.model is Connection and held is None:
        pair = columns["database"], columns["counterpart"]
        for other in stored.values():
            if (other.database, other.counterpart) == pair:
                yield f"{row.at('code')}: {row['code']}: " + _(
                    "%(other)s connects that database and that counterpart already: there is one "
                    "connection for both"
                ) % {"other": other.code}


def _said(held: Any, different: Columns) -> str:
    """What changes, in the words of the register."""
    names = {column: held._meta.get_field(column).verbose_name for column in different}
    parts = (
        f"{names[column]}: {_shown(getattr(held, column))} → {_shown(value)}"
        for column, value in different.items()
    )
    return f"{held._meta.verbose_name} {held.code}: {'; '.join(parts)}"


def _shown(value: Any) -> str:
    match value:
        case None | "":
            return "—"
        case bool():
            return _("yes") if value else _("no")
        case models.Model():
            return str(getattr(value, "code", value))
        case _:
            return str(value)
