"""What must each row of a plan file hold? Shapes only; what codes mean is looked up later."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from tracking.plan_files.plain import Unfit, check_plain
from tracking.plan_files.readers import (
    Reader,
    code,
    codes,
    day,
    flag,
    instant,
    iso_day,
    name,
    text,
)
from tracking.plan_files.rows import Row, Rows
from tracking.rules.events import Kind

Fields = Mapping[str, tuple[Reader, bool]]


def _order(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 1_000_000:
        raise Unfit(_("is not a whole number from 0 to 1000000: correct it"))
    return value


def _kind(value: Any) -> Kind:
    try:
        return Kind(value)
    except ValueError:
        known = ", ".join(Kind)
        raise Unfit(_("is not a kind of event: the kinds are %s") % known) from None


def _payload(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise Unfit(_("is not an object: write it as {…}"))
    check_plain(value)
    for key in ("document", "reading"):
        if not isinstance(value.get(key), str | None):
            raise Unfit(_("%s is not a text: write it between quotes") % key)
    if iso_day(due_on := value.get("due_on")):
        try:
            day(due_on)
        except Unfit as unfit:
            raise Unfit(f'due_on "{due_on}" {unfit}') from None
    return dict(value)


# section -> key -> (reader, whether the row means nothing without it)
FIELDS: dict[str, Fields] = {
    "departments": {
        "code": (code(40), True),
        "name": (name, True),
        "order": (_order, False),
        "valid_from": (day, False),
        "valid_to": (day, False),
        "succeeded_by": (codes, False),
    },
    "partners": {"code": (code(40), True), "name": (name, True), "kind": (text(20), False)},
    "plans": {"code": (code(60), True), "name": (name, True), "issued_on": (day, False)},
    "documents": {
        "number": (text(100), True),
        "kind": (text(60), False),
        "issued_on": (day, False),
        "issuer": (text(200), False),
        "title": (name, False),
    },
    "calendar": {
        "day": (day, True),
        "working": (flag, True),
        "kind": (text(20), False),
        "reason": (text(300), False),
        "reference": (text(200), False),
    },
    "tasks": {
        "code": (code(60), True),
        "plan": (code(60), True),
        "document": (text(100), False),
        "clause": (text(60), False),
        "title": (name, True),
        "lead": (code(40), True),
        "coordinating": (codes, False),
        "required": (flag, False),
        "product": (name, False),
        "parent": (code(60), False),
    },
    "events": {
        "task": (code(60), True),
        "kind": (_kind, True),
        "effective_at": (instant, True),
        "recorded_at": (instant, False),
        "actor": (text(150), False),
        "on_behalf_of": (code(40), False),
        "payload": (_payload, False),
    },
}

KEY_OF = {
    "departments": "code",
    "partners": "code",
    "plans": "code",
    "documents": "number",
    "calendar": "day",
    "tasks": "code",
}


def checked(
    rows: Rows, fields: Mapping[str, Fields] = FIELDS, keys: Mapping[str, str] = KEY_OF
) -> tuple[Rows, list[str]]:
    """The rows with their values read, and a sentence for every fault; faulty rows are left
    out."""
    good: Rows = {}
    faults: list[str] = []
    for section, wanted in fields.items():
        good[section] = []
        for row in rows.get(section, ()):
            found = list(_row_faults(row, wanted))
            faults += found
            if not found:
                good[section].append(_read(row, wanted))
        faults += _duplicates(keys.get(section), rows.get(section, ()))
    return good, faults


def codes_of(rows: Rows, keys: Mapping[str, str] = KEY_OF) -> dict[str, set[str]]:
    """Section -> the codes that stand in the file, faulty rows included: what hangs on a faulty
    row is not called unknown as well."""
    found: dict[str, set[str]] = {}
    for section, key in keys.items():
        values = (row.get(key) for row in rows.get(section, ()))
        said = (value for value in values if isinstance(value, str))
        found[section] = {unicodedata.normalize("NFC", value.strip()) for value in said}
    return found


def _row_faults(row: Row, fields: Fields) -> Iterator[str]:
    for key, sentence in row.faults.items():
        yield f"{row.at(key)}: {sentence}"
    told = {key.partition(".")[0] for key in row.faults}
    for key, (reader, needed) in fields.items():
        value = row.get(key)
        if key in told:
            continue
        if value is None:
            if needed:
                yield f"{row.at(key)}: {key}: " + _("is missing: give it")
            continue
        try:
            reader(value)
        except Unfit as unfit:
            yield f'{row.at(key)}: {key} "{_shown(value)}": {unfit}'
    for key in sorted(row.keys() - fields.keys()):
        known = ", ".join(fields)
        yield f"{row.at(key)}: {key}: " + _("is not known here: the keys are %s") % known


def _shown(value: Any) -> str:
    said = str(value)
    return said if len(said) <= 60 else said[:59] + "…"


def _read(row: Row, fields: Fields) -> Row:
    values = {
        key: reader(row[key]) if row.get(key) is not None else None
        for key, (reader, _needed) in fields.items()
        if key in row
    }
    return Row(values, row.place, row.cells)


_TWICE = gettext_lazy("stands in the file twice, first at %(first)s: leave one out")


def _duplicates(key: str | None, rows: list[Row] | tuple[()]) -> Iterator[str]:
    first: dict[str, str] = {}
    for row in rows if key else ():
        value = row.get(key or "")
        if not isinstance(value, str):
            continue
        said = unicodedata.normalize("NFC", value.strip())
        if said in first:
            yield f"{row.at(key or '')}: {key} {said}: " + _TWICE % {"first": first[said]}
        first.setdefault(said, row.place)
