"""What must each row of a plan file hold? Shapes only; what codes mean is looked up later."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from tracking.plan_files.plain import Unfit, check_plain, check_visible
from tracking.plan_files.rows import PlanRows, Row
from tracking.rules.events import Kind
from tracking.rules.instants import in_zone, instant_from

Reader = Callable[[Any], Any]
YEARS = range(1900, 9000)  # beyond, adding a day or an offset may leave the calendar


def _text(limit: int) -> Reader:
    """Reads a text of at most so many characters, as many as its column in the register holds."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise Unfit(_("is not a text: write it between quotes"))
        text = unicodedata.normalize("NFC", value.strip())
        check_visible(text)
        if len(text) > limit:
            raise Unfit(_("is longer than %d characters: shorten it") % limit)
        return text

    return read


def _code(limit: int) -> Reader:
    def read(value: Any) -> str:
        try:
            code: str = _text(limit)(value)
        except Unfit:
            code = "\n"
        if any(unicodedata.category(c).startswith("C") for c in code):
            raise Unfit(_("is not a code: use at most %d visible characters") % limit)
        return code

    return read


def _name(value: Any) -> dict[str, str]:
    if isinstance(value, str):
        value = {"vi": value}
    if not isinstance(value, Mapping) or not value.get("vi"):
        raise Unfit(_('is not a name: write {"vi": "…", "en": "…"}'))
    read = _text(500)
    return {language: read(value[language]) for language in ("vi", "en") if value.get(language)}


def _day(value: Any) -> date:
    day = _iso_day(value)
    # Python reads the day of a week and dates without hyphens as well.
    if day and day.isoformat() == value and day.year in YEARS:
        return day
    raise Unfit(_("is not a date: write it as YYYY-MM-DD"))


def _iso_day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (ValueError, TypeError):
        return None


def _instant(value: Any) -> Any:
    try:
        instant = in_zone(instant_from(value))
        if instant.year in YEARS:
            return instant
    except (ValueError, TypeError, OverflowError):
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
    codes = [_code(40)(item) for item in value]
    if len(set(codes)) < len(codes):
        raise Unfit(_("names a code twice: leave one out"))
    return codes


def _payload(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise Unfit(_("is not an object: write it as {…}"))
    check_plain(value)
    for key in ("document", "reading"):
        if not isinstance(value.get(key), str | None):
            raise Unfit(_("%s is not a text: write it between quotes") % key)
    if _iso_day(due_on := value.get("due_on")):
        try:
            _day(due_on)
        except Unfit as unfit:
            raise Unfit(f'due_on "{due_on}" {unfit}') from None
    return dict(value)


# section -> key -> (reader, whether the row means nothing without it)
_FIELDS: dict[str, dict[str, tuple[Reader, bool]]] = {
    "departments": {
        "code": (_code(40), True),
        "name": (_name, True),
        "order": (_order, False),
        "valid_from": (_day, False),
        "valid_to": (_day, False),
        "succeeded_by": (_codes, False),
    },
    "partners": {"code": (_code(40), True), "name": (_name, True), "kind": (_text(20), False)},
    "plans": {"code": (_code(60), True), "name": (_name, True), "issued_on": (_day, False)},
    "documents": {
        "number": (_text(100), True),
        "kind": (_text(60), False),
        "issued_on": (_day, False),
        "issuer": (_text(200), False),
        "title": (_name, False),
    },
    "calendar": {
        "day": (_day, True),
        "working": (_flag, True),
        "kind": (_text(20), False),
        "reason": (_text(300), False),
        "reference": (_text(200), False),
    },
    "tasks": {
        "code": (_code(60), True),
        "plan": (_code(60), True),
        "document": (_text(100), False),
        "clause": (_text(60), False),
        "title": (_name, True),
        "lead": (_code(40), True),
        "coordinating": (_codes, False),
        "required": (_flag, False),
        "product": (_name, False),
        "parent": (_code(60), False),
    },
    "events": {
        "task": (_code(60), True),
        "kind": (_kind, True),
        "effective_at": (_instant, True),
        "recorded_at": (_instant, False),
        "actor": (_text(150), False),
        "on_behalf_of": (_code(40), False),
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
