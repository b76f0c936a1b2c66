"""What does a cell of the workbook say, in the shapes of the JSON plan file?"""

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from tracking.plan_files.plain import Unfit
from tracking.plan_files.workbook_columns import Column, Holds, folded_heading
from tracking.plan_files.workbook_words import Words
from tracking.rules.instants import in_zone, instant_text

_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
MOST_DIGITS = 15  # more are lost in a cell that holds a number


def read_cell(value: Any, column: Column) -> Any:
    """None for an empty cell. Unfit when it holds something else than the column asks for."""
    if isinstance(value, str):
        value = unicodedata.normalize("NFC", value.strip())
    if value is None or value == "":
        return None
    if column.words:
        return _word(value, column.words)
    return _READERS[column.holds](value)


def shown(value: Any) -> str:
    """As an operator would see it in the cell, roughly."""
    match value:
        case bool():
            return str(value).upper()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    number = _whole(value)
    if number is None or abs(number) >= 10**MOST_DIGITS:
        raise Unfit(_("is not a text: format the cell as text and write it again"))
    return str(number)


def _whole(value: Any) -> int | None:
    """Spreadsheets know one kind of number; 2.0 is the 2 that was typed."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if float(value).is_integer() else None


def _day(value: Any) -> str:
    day = _day_from(value) if isinstance(value, str) else value
    if isinstance(day, datetime) or not isinstance(day, date):
        raise Unfit(_("is not a date: write day/month/year, as in 18/11/2025"))
    return day.isoformat()


def _day_from(text: str) -> date | None:
    """A date written day/month/year or as in ISO 8601, with four digits for the year."""
    found = _DAY.fullmatch(text)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text) if _ISO_DAY.fullmatch(text) else None
    except ValueError:
        return None


def _instant(value: Any) -> str | None:
    """A date alone is its 00:00, as which a spreadsheet keeps it."""
    instant = _instant_from(value) if isinstance(value, str) else value
    if isinstance(instant, date) and not isinstance(instant, datetime):
        instant = datetime(instant.year, instant.month, instant.day)  # noqa: DTZ001
    if not isinstance(instant, datetime):
        raise Unfit(_("is not an instant: write it as in 18/11/2025 08:00"))
    return instant_text(in_zone(instant))


def _instant_from(text: str) -> date | None:
    day, _space, time = text.partition(" ")
    try:
        if _TIME.fullmatch(time) and (found := _day_from(day)):
            hour, _colon, rest = time.partition(":")
            return datetime.fromisoformat(f"{found.isoformat()}T{hour:0>2}:{rest}")
        if _ISO_DAY.match(text) and len(text) > len("2025-11-18"):
            return in_zone(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None
    return _day_from(text)


def _number(value: Any) -> int:
    number = int(value) if _is_digits(value) else _whole(value)
    if number is None:
        raise Unfit(_("is not a whole number: correct it"))
    return number


def _percent(value: Any) -> int:
    number = int(value) if _is_digits(value) else _whole(value)
    if number is None or not 0 <= number <= 100:
        raise Unfit(_("is not a whole number from 0 to 100: write 50 for 50%"))
    return number


def _is_digits(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"[0-9]{1,9}", value))


def _word(value: Any, words: Words) -> Any:
    if isinstance(value, bool) and value in words:
        return value
    said = folded_heading(value) if isinstance(value, str) else ""
    for meant, names in words.items():
        if said and said in {folded_heading(name) for name in (str(meant), *names)}:
            return meant
    known = ", ".join(f'"{vi}"' for vi, _en in words.values())
    raise Unfit(_("is not a word of this column: write one of %s") % known)


def _codes(value: Any) -> list[str]:
    text = _text(value)
    if text.startswith("["):
        codes = _loaded(text)
        if isinstance(codes, list):
            return codes
        raise Unfit(_("is not a list of codes: separate them by semicolons"))
    return [code.strip() for code in re.split(r"[;,\n]", text) if code.strip()]


def _json(value: Any) -> dict[str, Any]:
    content = _loaded(_text(value))
    if not isinstance(content, dict):
        raise Unfit(_('is not a JSON object: write it as {"key": "value"}, or leave it empty'))
    return content


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


_READERS: dict[Holds, Callable[[Any], Any]] = {
    Holds.TEXT: _text,
    Holds.DAY: _day,
    Holds.INSTANT: _instant,
    Holds.NUMBER: _number,
    Holds.PERCENT: _percent,
    Holds.CODES: _codes,
    Holds.JSON: _json,
}
