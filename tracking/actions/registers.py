"""Writing the registers of a plan file: departments, partners, plans, documents, calendar."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from tracking.actions.changes import Changes
from tracking.models import CalendarDay, Department, Document, Partner, Plan, Succession
from tracking.plan_files.rows import Row, Rows
from tracking.plan_files.schema import KEY_OF

Columns = dict[str, Any]


def write_registers(rows: Rows, in_file: Mapping[str, set[str]], changes: Changes) -> list[str]:
    """Create or update every sound row; returns the faults found on the way."""
    faults = list(_clashing_codes(rows))
    periods = dict(_impossible_periods(rows["departments"]))
    faults += periods.values()
    for section, (model, columns) in _REGISTERS.items():
        key = KEY_OF[section]
        known = {getattr(row, key): row for row in model._default_manager.all()}
        for row in rows[section]:
            if section != "departments" or row["code"] not in periods:
                _write(model, key, row, columns(row), known, changes)
    return faults + list(_write_successions(rows["departments"], in_file["departments"], changes))


def _write(
    model: type[models.Model],
    key: str,
    row: Row,
    columns: Columns,
    known: dict[Any, models.Model],
    changes: Changes,
) -> None:
    name = f"{model._meta.verbose_name} {row[key]}"
    stored = known.get(row[key])
    if stored is None:
        known[row[key]] = model._default_manager.create(**{key: row[key]}, **columns)
        changes.added.append(name)
        return
    different = {k: v for k, v in columns.items() if getattr(stored, k) != v}
    if different:
        said = ", ".join(f"{k}: {getattr(stored, k)} → {v}" for k, v in different.items())
        for column, value in different.items():
            setattr(stored, column, value)
        stored.save()
        changes.changed.append(f"{name}: {said}")


def _names(row: Row, key: str) -> Columns:
    """name_vi and name_en, when the row gives a name."""
    value: Mapping[str, str] | None = row.get(key)
    return {"name_vi": value["vi"], "name_en": value.get("en", "")} if value else {}


def _given(row: Row, *keys: str) -> Columns:
    return {key: row[key] for key in keys if key in row}


def _texts(row: Row, *keys: str) -> Columns:
    return {key: row[key] or "" for key in keys if key in row}


def _department(row: Row) -> Columns:
    order = {"order": row["order"]} if row.get("order") is not None else {}
    return _names(row, "name") | order | _given(row, "valid_from", "valid_to")


def _partner(row: Row) -> Columns:
    return _names(row, "name") | ({"kind": row["kind"]} if row.get("kind") else {})


def _document(row: Row) -> Columns:
    return _names(row, "title") | _given(row, "issued_on") | _texts(row, "kind", "issuer")


def _day(row: Row) -> Columns:
    kind = {"kind": row["kind"]} if row.get("kind") else {}
    return _given(row, "working") | _texts(row, "reason", "reference") | kind


_REGISTERS: dict[str, tuple[type[models.Model], Callable[[Row], Columns]]] = {
    "departments": (Department, _department),
    "partners": (Partner, _partner),
    "plans": (Plan, lambda row: _names(row, "name") | _given(row, "issued_on")),
    "documents": (Document, _document),
    "calendar": (CalendarDay, _day),
}


def _write_successions(rows: list[Row], in_file: set[str], changes: Changes) -> Iterator[str]:
    departments = Department.objects.in_bulk(field_name="code")
    for row in rows:
        if "succeeded_by" not in row or row["code"] not in departments:
            continue
        department, codes = departments[row["code"]], row["succeeded_by"] or []
        known = departments.keys() | in_file
        unknown = [c for c in codes if c not in known or c == department.code]
        for code in unknown:
            yield f"{row.at('succeeded_by')}: " + _(
                'succeeded_by "%(code)s" is not the code of another department: check it'
            ) % {"code": code}
        if all(code in departments and code != department.code for code in codes):
            _succeed(department, [departments[code] for code in codes], changes)


def _succeed(department: Department, successors: list[Department], changes: Changes) -> None:
    stored = list(department.successions.values_list("successor__code", flat=True))
    wanted = [successor.code for successor in successors]
    if stored == wanted:
        return
    department.successions.all().delete()
    Succession.objects.bulk_create(
        Succession(department=department, successor=successor, position=position)
        for position, successor in enumerate(successors)
    )
    changes.changed.append(f"{department.code}: {stored} → {wanted}")


def _clashing_codes(rows: Rows) -> Iterator[str]:
    """A block names a department or a partner by code: one code cannot be both."""
    departments = set(Department.objects.values_list("code", flat=True))
    partners = set(Partner.objects.values_list("code", flat=True))
    departments |= {row["code"] for row in rows["departments"]}
    for row in rows["departments"]:
        if row["code"] in partners:
            yield _clash(row)
    for row in rows["partners"]:
        if row["code"] in departments:
            yield _clash(row)


def _clash(row: Row) -> str:
    return f"{row.at('code')}: " + _(
        'code "%(code)s" names both a department and a partner: give one of them another code'
    ) % {"code": row["code"]}


def _impossible_periods(rows: list[Row]) -> Iterator[tuple[str, str]]:
    """(code, sentence) of departments that end before they begin."""
    for row in rows:
        begun, ended = row.get("valid_from"), row.get("valid_to")
        if begun and ended and ended < begun:
            yield (
                row["code"],
                f"{row.at('valid_to')}: {row['code']}: "
                + _("valid_to lies before valid_from: correct one of the two"),
            )
