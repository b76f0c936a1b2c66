"""What must each row of a plan file hold? Shapes only; what codes mean is looked up later."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from tracking.plan_files.rows import PlanRows, Row
from tracking.rules.events import Kind
from tracking.rules.instants import in_zone, instant_from

Reader = Callable[[Any], Any]


class Unfit(Exception):
    """The value is not of the right shape; the message says what to do."""


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Unfit(_("is not a text: write it between quotes"))
    return unicodedata.normalize("NFC", value.strip())


def _code(value: Any) -> str:
    code = _text(value)
    if len(code) > 60 or any(unicodedata.category(c).startswith("C") for c in code):
        raise Unfit(_("is not a code: use at most 60 visible characters"))
    return code


def _name(value: Any) -> dict[str, str]:
    if isinstance(value, str):
        value = {"vi": value}
    if not isinstance(value, Mapping) or not value.get("vi"):
        raise Unfit(_('is not a name: write {"vi": "…", "en": "…"}'))
    names = {language: _text(value[language]) for language in ("vi", "en") if value.get(language)}
    if any(len(name) > 500 for name in names.values()):
        raise Unfit(_("is longer than 500 characters: shorten it"))
    return names


def _day(value: Any) -> date:
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise Unfit(_("is not a date: write it as YYYY-MM-DD"))


def _instant(value: Any) -> Any:
    try:
        if isinstance(value, str):
            return in_zone(instant_from(value))
    except (ValueError, OverflowError):
        pass
    raise Unfit(_("is not an instant: write it as 2025-11-18T08:00:00+07:00"))


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit(_("is neither true nor false: use one of the two"))
    return value


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


def _codes(value: Any) -> list[str]:
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list):
        raise Unfit(_('is not a list of codes: write it as ["A", "B"]'))
    return [_code(item) for item in value]


def _payload(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise Unfit(_("is not an object: write it as {…}"))
    return dict(value)


# section -> key -> (reader, whether the row means nothing without it)
_FIELDS: dict[str, dict[str, tuple[Reader, bool]]] = {
    "departments": {
        "code": (_code, True),
        "name": (_name, True),
        "order": (_order, False),
        "valid_from": (_day, False),
        "valid_to": (_day, False),
        "succeeded_by": (_codes, False),
    },
    "partners": {"code": (_code, True), "name": (_name, True), "kind": (_text, False)},
    "plans": {"code": (_code, True), "name": (_name, True), "issued_on": (_day, False)},
    "documents": {
        "number": (_text, True),
        "kind": (_text, False),
        "issued_on": (_day, False),
        "issuer": (_text, False),
        "title": (_name, False),
    },
    "calendar": {
        "day": (_day, True),
        "working": (_flag, True),
        "kind": (_text, False),
        "reason": (_text, False),
        "reference": (_text, False),
    },
    "tasks": {
        "code": (_code, True),
        "plan": (_code, True),
        "document": (_text, False),
        "clause": (_text, False),
        "title": (_name, True),
        "lead": (_code, True),
        "coordinating": (_codes, False),
        "required": (_flag, False),
        "product": (_name, False),
        "parent": (_code, False),
    },
    "events": {
        "task": (_code, True),
        "kind": (_kind, True),
        "effective_at": (_instant, True),
        "recorded_at": (_instant, False),
        "actor": (_text, False),
        "on_behalf_of": (_code, False),
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


def checked(rows: PlanRows) -> tuple[PlanRows, list[str]]:
    """The rows with their values read, and a sentence for every fault; faulty rows are left
    out."""
    good: PlanRows = {}
    faults: list[str] = []
    for section, fields in _FIELDS.items():
        good[section] = []
        for row in rows.get(section, ()):
            found = list(_row_faults(row, fields))
            faults += found
            if not found:
                good[section].append(_read(row, fields))
        faults += _duplicates(section, rows.get(section, ()))
    return good, faults


def codes_of(rows: PlanRows) -> dict[str, set[str]]:
    """Section -> the codes that stand in the file, faulty rows included: what hangs on a faulty
    row is not called unknown as well."""
    found: dict[str, set[str]] = {}
    for section, key in KEY_OF.items():
        values = (row.get(key) for row in rows.get(section, ()))
        texts = (value for value in values if isinstance(value, str))
        found[section] = {unicodedata.normalize("NFC", text.strip()) for text in texts}
    return found


def _row_faults(row: Row, fields: Mapping[str, tuple[Reader, bool]]) -> Iterator[str]:
    for key, (reader, needed) in fields.items():
        value = row.get(key)
        if value is None:
            if needed:
                yield f"{row.at(key)}: {key}: " + _("is missing: give it")
            continue
        try:
            reader(value)
        except Unfit as unfit:
            yield f'{row.at(key)}: {key} "{_shown(value)}": {unfit}'
    for key in sorted(row.keys() - fields.keys()):
        yield f"{row.at(key)}: {key}: " + _("is not known here: the keys are %s") % ", ".join(fields)


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _read(row: Row, fields: Mapping[str, tuple[Reader, bool]]) -> Row:
    values = {
        key: reader(row[key]) if row.get(key) is not None else None
        for key, (reader, _needed) in fields.items()
        if key in row
    }
    return Row(values, row.place, row.cells)


_TWICE = gettext_lazy("stands in the file twice, first at %(first)s: leave one out")


def _duplicates(section: str, rows: list[Row] | tuple[()]) -> Iterator[str]:
    key = KEY_OF.get(section)
    first: dict[str, str] = {}
    for row in rows if key else ():
        value = row.get(key or "")
        if not isinstance(value, str):
            continue
        code = unicodedata.normalize("NFC", value.strip())
        if code in first:
            yield f"{row.at(key or '')}: {key} {code}: " + _TWICE % {"first": first[code]}
        first.setdefault(code, row.place)
