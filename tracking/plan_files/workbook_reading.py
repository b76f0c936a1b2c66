"""Which rows does an operators' workbook hold? Every value with its cell, nothing guessed."""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from tracking.plan_files.layout import Layout
from tracking.plan_files.plan_layout import PLAN
from tracking.plan_files.rows import FileRefused, Rows
from tracking.plan_files.workbook_columns import GUIDE_EN, GUIDE_VI, Sheet, folded_heading
from tracking.plan_files.workbook_package import damaged, parts_of, repacked
from tracking.plan_files.workbook_rows import Table, rows_of
from tracking.plan_files.workbook_scan import Scan, sheets_of

Values = Sequence[Sequence[Any]]
_GUIDE = {folded_heading(GUIDE_VI), folded_heading(GUIDE_EN)}


def read(data: bytes, layout: Layout = PLAN) -> Rows:
    """The rows of every section. FileRefused, with every fault, when the workbook is not one of
    ours or holds what no value can be taken from."""
    parts = parts_of(data, layout.split)
    scans = sheets_of(parts, layout.split)
    values = _values(repacked(parts), list(scans))
    rows: Rows = {section: [] for section in layout.sections}
    known = dict(_known(scans, layout))
    faults = list(_foreign(known, values, layout))
    for name, sheet in known.items():
        table = Table(name, sheet, values[name], scans[name])
        faults += table.faults
        rows[sheet.section] += rows_of(table)
    if faults:
        raise FileRefused([*faults, *_told(rows)])
    return rows


def _values(package: bytes, names: list[str]) -> dict[str, Values]:
    """Sheet -> its rows from row 1, column A on."""
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(package)) as book:
            if book.sheet_names != names:
                raise damaged()
            return {
                name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for name in names
            }
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise damaged() from error


def _known(scans: Mapping[str, Scan], layout: Layout) -> Iterator[tuple[str, Sheet]]:
    sheets = layout.sheets.values()
    by_name = {folded_heading(name): sheet for sheet in sheets for name in (sheet.vi, sheet.en)}
    for name in scans:
        if sheet := by_name.get(folded_heading(name)):
            yield name, sheet


def _foreign(
    known: Mapping[str, Sheet], values: Mapping[str, Values], layout: Layout
) -> Iterator[str]:
    """What is wrong with the sheets as such."""
    if not known:
        sentence = _(
            "the workbook has none of the sheets of a %(what)s: start from an exported one"
        )
        yield sentence % {"what": layout.what}
    first: dict[str, str] = {}
    for name in values:
        if name in known:
            other = first.setdefault(known[name].section, name)
            if other != name:
                yield f"{name}!A1: " + _(
                    'the sheet is the same as "%(other)s": leave one of the two out'
                ) % {"other": other}
        elif folded_heading(name) not in _GUIDE and any(map(any, values[name])):
            yield f"{name}!A1: " + _(
                "the sheet is not known: delete it, or give it one of the names %(known)s"
            ) % {"known": ", ".join(sheet.vi for sheet in layout.sheets.values())}


def _told(rows: Rows) -> Iterator[str]:
    """What else would have been told about the rows, had the workbook been sound."""
    for section in rows.values():
        for row in section:
            for key, sentence in row.faults.items():
                yield f"{row.at(key)}: {sentence}"
