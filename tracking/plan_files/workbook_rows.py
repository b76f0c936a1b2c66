"""How does a sheet become rows of a section: headings found, cells read, faults kept by cell?"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from tracking.plan_files.plain import Unfit
from tracking.plan_files.rows import Row
from tracking.plan_files.workbook_cells import read_cell, shown
from tracking.plan_files.workbook_columns import Column, Sheet, folded_heading
from tracking.plan_files.workbook_scan import Scan, column_name


class Table:
    """A sheet with its headings found. `columns`: place in the sheet, from 0, and what stands
    there; `faults`: what hinders reading it."""

    def __init__(
        self, name: str, sheet: Sheet, values: Sequence[Sequence[Any]], scan: Scan
    ) -> None:
        self.name, self.sheet, self.values, self.scan = name, sheet, values, scan
        self.top = next((i for i, row in enumerate(values) if not _blank(row)), len(values))
        self.head = values[self.top] if self.top < len(values) else ()
        self.columns: dict[int, Column] = {}
        self.faults = [*self._headings(), *self._missing(), *self._outside(), *self._merged()]

    @property
    def first(self) -> int:
        """The first row below the headings, which stand in one row or, in two languages, in two."""
        below = self.top + 1
        return below + 1 if below < len(self.values) and self._repeats(below) else below

    def cell(self, row: int, column: int) -> str:
        return f"{self.name}!{column_name(column + 1)}{row + 1}"

    def _headings(self) -> Iterator[str]:
        found: set[str] = set()
        for place, heading in enumerate(self.head):
            if _blank([heading]):
                continue
            column = self._column_of(heading)
            if column is None:
                yield f'{self.cell(self.top, place)}: "{heading}" ' + _(
                    "is not a column of this sheet: delete it; the columns are %(known)s"
                ) % {"known": ", ".join(c.vi for c in self.sheet.columns)}
            elif column.key in found:
                yield f'{self.cell(self.top, place)}: "{heading}" ' + _(
                    "stands in the sheet twice: leave one out"
                )
            else:
                found.add(column.key)
                self.columns[place] = column

    def _column_of(self, heading: Any) -> Column | None:
        said = folded_heading(str(heading))
        for column in self.sheet.columns:
            if said in (folded_heading(column.vi), folded_heading(column.en)):
                return column
        return None

    def _repeats(self, row: int) -> bool:
        said = {i: text for i, text in enumerate(self.values[row]) if text != ""}
        return bool(said) and all(
            i in self.columns and self._column_of(text) == self.columns[i]
            for i, text in said.items()
        )

    def _missing(self) -> Iterator[str]:
        present = {column.key for column in self.columns.values()}
        for column in self.sheet.columns if self.head else ():
            if column.needed and column.key not in present:
                yield f"{self.cell(self.top, 0)}: " + _(
                    'the column "%(heading)s" is missing: add it'
                ) % {"heading": column.vi}

    def _outside(self) -> Iterator[str]:
        """Values, formulas and errors in no cell of the table: each column told once."""
        below = self.values[self.top + 1 :]
        for place, heading in enumerate(self.head):
            filled = (row for row, values in enumerate(below) if not _blank([values[place]]))
            row = next(filled, None) if _blank([heading]) else None
            if row is not None:
                yield f"{self.cell(self.top + 1 + row, place)}: " + _(
                    "stands in a column without a heading: delete it, or write the heading"
                )
        first, end = self.first, len(self.values)
        for (number, column), sentence in self.scan.unfit.items():
            if not first < number <= end or column - 1 not in self.columns:
                yield f"{self.cell(number - 1, column - 1)}: {sentence}"

    def _merged(self) -> Iterator[str]:
        for area in self.scan.merged:
            yield f"{self.name}!{area}: " + _("the cells are merged: split them, one value each")


class _Places(Mapping[str, str]):
    """Key -> cell, made only when a fault asks for it."""

    def __init__(self, table: Table, row: int) -> None:
        self.table, self.row = table, row

    def __getitem__(self, key: str) -> str:
        for place, column in self.table.columns.items():
            if key in (column.key, column.key.removesuffix(".vi")):
                return self.table.cell(self.row, place)
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return (column.key for column in self.table.columns.values())

    def __len__(self) -> int:
        return len(self.table.columns)


def rows_of(table: Table) -> Iterator[Row]:
    """Every row of the table that is not blank."""
    unfit = {row for row, _column in table.scan.unfit}
    for row in range(table.first, len(table.values)):
        if not _blank(table.values[row]) or row + 1 in unfit:
            yield _row(table, row)


def _row(table: Table, row: int) -> Row:
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for place, column in table.columns.items():
        value = table.values[row][place]
        unfit = table.scan.unfit.get((row + 1, place + 1))
        try:
            if unfit:
                raise Unfit(unfit)
            values[column.key] = read_cell(value, column)
        except Unfit as fault:
            faults[column.key] = f'{column.vi} "{_short(shown(value))}": {fault}'
    content = _nested(values, table.sheet, faults)
    return Row(content, f"{table.name}!{row + 1}", _Places(table, row), faults)


def _nested(values: Mapping[str, Any], sheet: Sheet, faults: dict[str, str]) -> dict[str, Any]:
    """The flat values as the object of the plan file, keys in the order of the sheet's columns."""
    content: dict[str, Any] = {}
    for column in sheet.columns:
        outer, _dot, inner = column.key.partition(".")
        if column.key not in values:
            continue
        value = values[column.key]
        if not inner and outer != "payload":
            content[outer] = value
        elif outer == "payload":
            _into_payload(content, inner, value, faults)
        else:
            _into_name(content, column, value, faults)
    return content


def _into_name(
    content: dict[str, Any], column: Column, value: str | None, faults: dict[str, str]
) -> None:
    """A Vietnamese name with, or without, the English one; an English one alone is a fault."""
    outer, _dot, language = column.key.partition(".")
    if value is None:
        content.setdefault(outer, None)
    elif language == "vi" or content.get(outer):
        content[outer] = {**(content.get(outer) or {}), language: value}
    elif f"{outer}.vi" not in faults:
        faults[f"{outer}.vi"] = _(
            '"%(heading)s" is filled in without the Vietnamese text: give it here'
        ) % {"heading": column.vi}


def _into_payload(content: dict[str, Any], key: str, value: Any, faults: dict[str, str]) -> None:
    """Empty cells say nothing; the last column holds what has no column of its own."""
    payload = content.setdefault("payload", {})
    if value is None:
        return
    if key:
        payload[key] = value
        return
    for name in payload.keys() & value.keys():
        faults["payload"] = _('"%(key)s" stands in its own column as well: leave one out') % {
            "key": name
        }
    payload |= value


def _blank(row: Sequence[Any]) -> bool:
    return all(isinstance(value, str) and not value.strip() for value in row)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
