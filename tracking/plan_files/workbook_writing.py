"""A file as a workbook that operators fill in: the same content gives the same bytes."""

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tracking.plan_files.layout import Layout, Offer
from tracking.plan_files.plan_layout import PLAN
from tracking.plan_files.rows import FileRefused
from tracking.plan_files.workbook_columns import Column, Holds, Sheet
from tracking.plan_files.workbook_flat import Value, flat
from tracking.plan_files.workbook_guide import Guide
from tracking.plan_files.workbook_scan import column_name

# XlsxWriter would stamp the moment of writing.
CREATED = datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None)
LONGEST_CELL = 32_767
HEADS, SPARE = 2, 1000  # rows of headings; empty rows that are ready to be filled in
FONT, TEAL, PALE = "Times New Roman", "#0A5A57", "#DCE9E8"
DAY, INSTANT, TEXT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm:ss", "@"
LINE_HEIGHT, HIGHEST_ROW = 15, 405
FORMATS = {Holds.DAY: DAY, Holds.INSTANT: INSTANT, Holds.NUMBER: "0", Holds.PERCENT: "0"}


def write(
    content: Mapping[str, Any], layout: Layout = PLAN, offers: Mapping[str, Offer] | None = None
) -> bytes:
    """The bytes of the workbook of an object of that layout. FileRefused when a text is longer
    than a cell holds."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": layout.format, "created": CREATED})
    writer = _Writer(book, content, layout, offers or {})
    for sheet in layout.sheets.values():
        writer.fill(sheet)
    book.close()
    if writer.faults:
        raise FileRefused(writer.faults)
    return buffer.getvalue()


class _Writer:
    def __init__(
        self, book: Any, content: Mapping[str, Any], layout: Layout, offers: Mapping[str, Offer]
    ) -> None:
        self.content, self.sheets = content, layout.sheets
        self.faults: list[str] = []
        self.guide = Guide(book, layout.guide, offers)
        self.pages = {name: book.add_worksheet(sheet.vi) for name, sheet in self.sheets.items()}
        base = {"font_name": FONT, "font_size": 11, "valign": "top", "text_wrap": True}
        head = {**base, "bold": True, "valign": "vcenter", "border": 1}
        self.head = book.add_format({**head, "bg_color": TEAL, "font_color": "#FFFFFF"})
        self.subhead = book.add_format({**head, "bold": False, "bg_color": PALE})
        self.formats: dict[str, Format] = {
            form: book.add_format({**base, "num_format": form})
            for form in (TEXT, *FORMATS.values())
        }

    def fill(self, sheet: Sheet) -> None:
        page, rows = self.pages[sheet.section], self.content.get(sheet.section) or []
        self._heads(page, sheet, len(rows))
        for number, row in enumerate(rows, HEADS):
            values = flat(row, sheet)
            lines = max(_lines(values.get(column.key), column) for column in sheet.columns)
            if lines > 1:
                page.set_row(number, min(lines * LINE_HEIGHT, HIGHEST_ROW))
            for place, column in enumerate(sheet.columns):
                self._write(page, (number, place), values.get(column.key), column)

    def _heads(self, page: Worksheet, sheet: Sheet, rows: int) -> None:
        """Headings that stay in sight, and columns ready for what is filled in below the rows."""
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, column.width, self._format(column))
            page.write_string(0, place, column.vi, self.head)
            page.write_string(1, place, column.en, self.subhead)
            self._offer(page, place, column, HEADS + rows + SPARE)
        page.freeze_panes(HEADS, 1)
        page.autofilter(HEADS - 1, 0, HEADS + rows, len(sheet.columns) - 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0, HEADS - 1)

    def _format(self, column: Column) -> Format:
        """Of the whole column, so that what is typed into empty rows is kept as it is meant."""
        return self.formats[FORMATS.get(column.holds, TEXT)]

    def _write(self, page: Worksheet, at: tuple[int, int], value: Value, column: Column) -> None:
        form = self._format(column)
        if isinstance(value, str):
            if len(value.encode("utf-16-le")) // 2 > LONGEST_CELL:
                self._too_long(page, at)
            page.write_string(*at, value, form)
        elif isinstance(value, date):
            page.write_datetime(*at, value, form)
        elif value is not None:
            page.write_number(*at, value, form)

    def _too_long(self, page: Worksheet, at: tuple[int, int]) -> None:
        place = f"{page.name}!{column_name(at[1] + 1)}{at[0] + 1}"
        sentence = _("the text is longer than the %d characters of a cell: export as .json")
        self.faults.append(f"{place}: {sentence % LONGEST_CELL}")

    def _offer(self, page: Worksheet, place: int, column: Column, last: int) -> None:
        """The words or codes of the column as a drop-down. Codes may also stand in the register
        only, so that others are warned of, not refused."""
        if column.words:
            source, stops = self.guide.ranges[id(column.words)], "stop"
        else:
            source, stops = self._codes_of(column.offers), "information"
        if not source:
            return
        page.data_validation(
            HEADS,
            place,
            last - 1,
            place,
            {"validate": "list", "source": source, "error_type": stops, **self._told(column)},
        )

    def _told(self, column: Column) -> Mapping[str, str]:
        """What a spreadsheet says to another value, in the language of the operators."""
        message = "Hãy chọn một giá trị trong danh sách."
        if column.offers:
            message = "Mã này chưa có trong tệp; chỉ giữ lại nếu mã đã có trên cổng."
        return {"error_title": column.vi, "error_message": message}

    def _codes_of(self, section: str) -> str:
        """Where the codes stand: in their sheet, in the guide, or, for none, nowhere."""
        if section not in self.sheets:
            return self.guide.ranges.get(section, "")
        rows = self.content.get(section) or []
        last = HEADS + len(rows) + SPARE
        return f"='{self.sheets[section].vi}'!$A${HEADS + 1}:$A${last}"


def _lines(value: Value, column: Column) -> int:
    """Roughly how many lines the cell takes: not every program fits wrapped text by itself."""
    if not isinstance(value, str):
        return 1
    return sum(-(-len(line) // column.width) or 1 for line in value.split("\n"))
