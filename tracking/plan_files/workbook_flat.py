"""How is an object of the plan file spread over the columns of its sheet, losing nothing?"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from tracking.plan_files.plain import Unfit
from tracking.plan_files.workbook_cells import read_cell
from tracking.plan_files.workbook_columns import Column, Holds, Sheet
from tracking.rules.instants import in_zone, instant_from

Value = str | int | date | datetime | None

EARLIEST = 1901  # spreadsheets disagree about the days before
_FRAGILE = {"Cc", "Cn", "Cs"}  # controls, what is no character, half characters
SEPARATORS = re.compile(r"[;,\n]|^\[")


def flat(row: Mapping[str, Any], sheet: Sheet) -> dict[str, Value]:
    """Key of a column -> what its cell holds. What of a payload would not come back from its column
    as it is stays in the column of JSON."""
    rest = dict(row.get("payload") or {})
    cells: dict[str, Value] = {}
    for column in sheet.columns:
        outer, _dot, inner = column.key.partition(".")
        if outer != "payload":
            cells[column.key] = cell_of(_inside(row, outer, inner), column)
        elif inner in rest and _returns(rest[inner], column):
            cells[column.key] = cell_of(rest.pop(inner), column)
    if rest:
        text = json.dumps(rest, ensure_ascii=False)
        cells["payload"] = json.dumps(rest) if _is_fragile(text) else text
    return cells


def cell_of(value: Any, column: Column) -> Value:
    """What the cell of the column holds for a value of the plan file."""
    if value is None:
        return None
    if column.words:
        return column.words[value][0]
    match column.holds:
        case Holds.DAY:
            day = date.fromisoformat(value)
            return day if day.year >= EARLIEST else str(value)
        case Holds.INSTANT:
            return _instant(in_zone(instant_from(value)))
        case Holds.CODES:
            return _codes([value] if isinstance(value, str) else value)
        case _:
            return value  # type: ignore[no-any-return]


def _inside(row: Mapping[str, Any], outer: str, inner: str) -> Any:
    value = row.get(outer)
    if not inner or value is None:
        return value
    return value.get(inner) if isinstance(value, Mapping) else value if inner == "vi" else None


def _instant(instant: datetime) -> Value:
    """Spreadsheets keep milliseconds at best; anything finer is written as text."""
    if instant.microsecond or instant.year < EARLIEST:
        return instant.isoformat()
    return instant.replace(tzinfo=None)


def _codes(codes: list[str]) -> str | None:
    if any(SEPARATORS.search(code) for code in codes):
        return json.dumps(codes, ensure_ascii=False)
    return "; ".join(codes) or None


def _returns(value: Any, column: Column) -> bool:
    """Whether reading the cell gives exactly this value, of this type, back. An empty cell says
    that the key is absent, not that it is null."""
    if value is None or (column.words and value not in list(column.words)):
        return False
    try:
        cell = cell_of(value, column)
        fits = not isinstance(cell, str) or not _is_fragile(cell)
        back = read_cell(cell, column)
    except (Unfit, ValueError, TypeError):
        return False
    return fits and type(back) is type(value) and back == value


def _is_fragile(text: str) -> bool:
    """Whether spreadsheets may give the text back in another form."""
    if unicodedata.normalize("NFC", text) != text:
        return True
    return any(unicodedata.category(c) in _FRAGILE and c not in "\n\t" for c in text)
