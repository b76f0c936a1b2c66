"""Writing the tasks of a plan file; what the ledger rests on is never changed by a file."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from tracking.actions.changes import Changes
from tracking.models import Department, Document, Plan, Task
from tracking.plan_files.rows import Row

Register = Mapping[str, Any]


def write_tasks(
    rows: list[Row], in_file: Mapping[str, set[str]], changes: Changes
) -> tuple[dict[str, Task], list[str]]:
    """Create or update every sound task; returns the known tasks by code, and the faults."""
    known = {t.code: t for t in Task.objects.select_related("plan", "first_lead", "document")}
    registers = {
        "plan": _by("code", Plan),
        "lead": _by("code", Department),
        "document": _by("number", Document),
        "parent": known,
    }
    faults: list[str] = list(_circles(rows, known))
    sound: list[Row] = []
    for row in rows:
        found = list(_unknown_codes(row, registers, in_file)) + list(
            _fixed(row, known.get(row["code"]))
        )
        faults += found
        if not found and _complete(row, registers):
            sound.append(row)
    for row in sound:
        _write(row, known, registers, changes)
    if not faults:
        for row in sound:
            _relate(known[row["code"]], row, known, registers["lead"], changes)
    return known, faults


def _write(
    row: Row, known: dict[str, Task], registers: Mapping[str, Register], changes: Changes
) -> None:
    columns = _columns(row)
    if "document" in row:
        columns["document"] = registers["document"].get(row["document"])
    stored = known.get(row["code"])
    if stored:
        _update(stored, columns, changes)
        return
    known[row["code"]] = Task.objects.create(
        code=row["code"],
        plan=registers["plan"][row["plan"]],
        first_lead=registers["lead"][row["lead"]],
        first_required=_required(row),
        **columns,
    )
    changes.added.append(f"{Task._meta.verbose_name} {row['code']}")


def _complete(row: Row, registers: Mapping[str, Register]) -> bool:
    """Whether plan and lead could be written; if not, their own rows have been told."""
    return row["plan"] in registers["plan"] and row["lead"] in registers["lead"]


def _by(key: str, model: type[Any]) -> dict[str, Any]:
    return {getattr(row, key): row for row in model.objects.all()}


def _required(row: Row) -> bool:
    return True if row.get("required") is None else bool(row["required"])


def _columns(row: Row) -> dict[str, Any]:
    title, product = row["title"], row.get("product") or {}
    columns = {"name_vi": title["vi"], "name_en": title.get("en", "")}
    if "clause" in row:
        columns["clause"] = row["clause"] or ""
    if "product" in row:
        columns |= {"product_vi": product.get("vi", ""), "product_en": product.get("en", "")}
    return columns


def _update(task: Task, columns: dict[str, Any], changes: Changes) -> None:
    different = {k: v for k, v in columns.items() if getattr(task, k) != v}
    if different:
        said = ", ".join(f"{k}: {getattr(task, k)} → {v}" for k, v in different.items())
        for column, value in different.items():
            setattr(task, column, value)
        task.save()
        changes.changed.append(f"{task.code}: {said}")


def _relate(
    task: Task,
    row: Row,
    known: dict[str, Task],
    departments: Register,
    changes: Changes,
) -> None:
    """Parent and coordinating departments, once every task of the file exists."""
    if "parent" in row:
        parent = known[row["parent"]] if row["parent"] else None
        if task.parent_id != (parent.pk if parent else None):
            task.parent = parent
            task.save(update_fields=["parent"])
    if "coordinating" in row:
        wanted = {departments[code].pk for code in row["coordinating"] or ()}
        stored = set(task.coordinating.values_list("pk", flat=True))
        if stored != wanted:
            task.coordinating.set(wanted)
            if stored:
                changes.changed.append(f"{task.code}: coordinating")


_SECTION = {"plan": "plans", "lead": "departments", "document": "documents", "parent": "tasks"}


def _unknown_codes(
    row: Row, registers: Mapping[str, Register], in_file: Mapping[str, set[str]]
) -> Iterator[str]:
    for key, section in _SECTION.items():
        code = row.get(key)
        if code and code not in registers[key] and code not in in_file[section]:
            yield _unknown(row, key, code)
    for code in row.get("coordinating") or ():
        if code not in registers["lead"] and code not in in_file["departments"]:
            yield _unknown(row, "coordinating", code)


def _unknown(row: Row, key: str, code: str) -> str:
    return f"{row.at(key)}: {row['code']}: " + _(
        '%(key)s "%(code)s" is neither in the file nor in the register: check the code'
    ) % {"key": key, "code": code}


def _fixed(row: Row, stored: Task | None) -> Iterator[str]:
    """Lead, requirement and plan of a known task are changed by events or not at all."""
    if stored is None:
        return
    differ = {
        "lead": (row["lead"], stored.first_lead.code, "reassigned"),
        "required": (_required(row), stored.first_required, "requirement_changed"),
        "plan": (row["plan"], stored.plan.code, ""),
    }
    for key, (given, kept, kind) in differ.items():
        if given != kept:
            yield f"{row.at(key)}: {row['code']}: " + (
                _(
                    'the task is known with %(key)s "%(kept)s", the file says "%(given)s": keep '
                    'it and record an event "%(kind)s"'
                )
                if kind
                else _(
                    'the task is known with %(key)s "%(kept)s", the file says "%(given)s": keep '
                    "it, or give the task another code"
                )
            ) % {"key": key, "kept": kept, "given": given, "kind": kind}


def _circles(rows: list[Row], known: dict[str, Task]) -> Iterator[str]:
    keys = {task.pk: code for code, task in known.items()}
    parents = {code: keys.get(task.parent_id or 0) for code, task in known.items()}
    parents |= {row["code"]: row["parent"] for row in rows if "parent" in row}
    for row in rows:
        seen, code = {row["code"]}, parents.get(row["code"])
        while code and code not in seen:
            seen.add(code)
            code = parents.get(code)
        if code == row["code"]:
            yield f"{row.at('parent')}: {row['code']}: " + _(
                "the task is part of itself: give another parent, or none"
            )
