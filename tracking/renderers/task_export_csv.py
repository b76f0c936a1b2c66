"""Tasks as CSV for other programs: UTF-8 with its mark, days as 2025-11-18."""

import csv
import io
from datetime import date

from tracking.renderers.task_export_parts import Cell, Export

_MARK = "\ufeff"
# What a spreadsheet would take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def csv_of(export: Export) -> bytes:
    """The facts, an empty line, the heads, the rows."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_cell(export.title)])
    writer.writerows([_cell(value) for value in fact] for fact in export.facts)
    writer.writerow([])
    writer.writerow([_cell(head.label) for head in export.heads])
    writer.writerows([_cell(value) for value in row] for row in export.rows)
    return (_MARK + out.getvalue()).encode()


def _cell(value: Cell) -> str | int:
    match value:
        case None:
            return ""
        case date():
            return value.isoformat()
        case str() if value.lstrip(" \n").startswith(_FORMULA):
            return f"'{value}"
        case _:
            return value
