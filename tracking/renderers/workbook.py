"""A workbook that is the same, byte for byte, whenever it is written."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

# XlsxWriter would stamp the moment of writing; the ZIP entries are stamped 1980 by itself.
CREATED = datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None)
LONGEST_CELL = 32_767
MOST_ROWS_IN_MEMORY = 5_000
LINE_HEIGHT, HIGHEST_ROW = 15, 405

Value = str | int | date | None

FONT = "Times New Roman"
TEAL, RED, RED_TINT, LINE = "#0A5A57", "#A1161B", "#FBECEB", "#B9C2C4"


@dataclass(frozen=True, slots=True)
class Styles:
    """The formats of a workbook; `marked` is the only one below the heads that is bold."""

    title: Format
    note: Format
    head: Format
    body: Format
    number: Format
    day: Format
    place: Format
    marked: Format


@dataclass(frozen=True, slots=True)
class Page:
    """A worksheet and how many letters a line of each of its columns holds."""

    sheet: Worksheet
    letters: tuple[int, ...]


class Workbook:
    """XlsxWriter with our defaults: text stays text, rows are streamed, A4 landscape."""

    def __init__(self, title: str, *, rows: int) -> None:
        """`rows`: about how many there will be; a short workbook is made without files."""
        self.buffer = io.BytesIO()
        options = {
            "constant_memory": True,
            "in_memory": rows <= MOST_ROWS_IN_MEMORY,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.book = xlsxwriter.Workbook(self.buffer, options)
        self.book.set_properties({"title": title, "created": CREATED})
        self.styles = _styles(self.book)

    def page(self, name: str, widths: Sequence[int]) -> Page:
        """A page set for print: A4 landscape, one page wide, head repeated."""
        page: Worksheet = self.book.add_worksheet(name[:31])
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        page.set_footer("&C&P / &N")
        for place, width in enumerate(widths):
            page.set_column(place, place, width)
        return Page(page, tuple(max(width * 11 // 10 - 1, 1) for width in widths))

    def close(self) -> bytes:
        self.book.close()
        return self.buffer.getvalue()


def heads(page: Page, row: int, texts: Sequence[str], style: Format) -> int:
    """A head that stays in sight and is repeated on paper; the row to go on at."""
    write_row(page, row, texts, [style] * len(texts))
    page.sheet.freeze_panes(row + 1, 0)
    page.sheet.repeat_rows(row)
    return row + 1


def write_row(page: Page, row: int, values: Sequence[Value], styles: Sequence[Format]) -> None:
    """A row as high as its longest cell: not every program fits wrapped text by itself."""
    if height := row_height(values, page.letters):
        page.sheet.set_row(row, height)
    for column, (value, style) in enumerate(zip(values, styles, strict=True)):
        _write(page.sheet, row, column, value, style)


def row_height(values: Sequence[Value], letters: Sequence[int]) -> int:
    """In points; 0 for a row of one line, which has the height of every other."""
    lines = max(
        -(-len(value) // width) if isinstance(value, str) else 1
        for value, width in zip(values, letters, strict=True)
    )
    return min(lines * LINE_HEIGHT, HIGHEST_ROW) if lines > 1 else 0


def cut(text: str) -> str:
    """As much of a text as a cell takes."""
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 4] + " […]"


def _styles(book: Any) -> Styles:
    base = {"font_name": FONT, "font_size": 11, "valign": "top", "text_wrap": True}
    cell = {**base, "border": 1, "border_color": LINE}
    head = {"bold": True, "font_color": "#FFFFFF", "bg_color": TEAL, "align": "center"}
    mark = {"bold": True, "underline": 1, "font_color": RED, "bg_color": RED_TINT}
    return Styles(
        title=book.add_format({**base, "bold": True, "font_size": 14, "text_wrap": False}),
        note=book.add_format({**base, "text_wrap": False}),
        head=book.add_format({**cell, **head, "valign": "vcenter"}),
        body=book.add_format(cell),
        number=book.add_format({**cell, "num_format": "#,##0"}),
        day=book.add_format({**cell, "num_format": "dd/mm/yyyy", "align": "left"}),
        marked=book.add_format({**cell, **mark}),
        place=book.add_format({**cell, "align": "center"}),
    )


def _write(page: Worksheet, row: int, column: int, value: Value, style: Format) -> None:
    """One cell by its type; a text beginning with = + - @ stays the text it is."""
    if isinstance(value, str):
        page.write_string(row, column, cut(value), style)
    elif isinstance(value, date):
        page.write_datetime(row, column, value, style)
    elif value is None:
        page.write_blank(row, column, None, style)
    else:
        page.write_number(row, column, value, style)
