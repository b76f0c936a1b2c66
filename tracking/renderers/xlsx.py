"""The progress list as a workbook: to filter, to sort, to reckon with."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from xlsxwriter.format import Format

from tracking.renderers.long_table import LongRow, LongTable, with_long_table
from tracking.renderers.parts import Group, Line, Sheet, Table
from tracking.renderers.sheet import sheet_of
from tracking.renderers.vocabulary import STANDINGS
from tracking.renderers.words import roman, share_text, words_of
from tracking.renderers.workbook import Styles, Value, Workbook, heads, write_row

LEAD = 3
LIST_WIDTHS = (5, 30, 15, 18, 18, 13, 14, 20, 18, 18, 17, 17, 13, 11, 9, 9, 12, 12, 12, 9, 11)
LIST_EXTRAS = (
    "department_mark", "is_reason", "code", "required",
    "original_due_on", "due_on", "submitted_on", "late", "late_working",
)  # fmt: skip
PRINTED_COLUMNS = 13

Words = Mapping[str, str]


def render(content: Mapping[str, Any], *, language: str) -> bytes:
    """A workbook: list, departments, reasons, movements, totals, annexes, legend."""
    sheet, say = sheet_of(content, language=language), words_of(language)
    rows = sum(len(group.lines) for group in sheet.groups)
    book = Workbook(f"{sheet.title} – {sheet.subtitle}", rows=rows)
    tasks = _list(book, sheet, say)
    _departments(book, sheet, say)
    _reasons(book, sheet, say)
    _texts(book, say["sheet_movements"], sheet.movements)
    _pairs(book, say["heading_totals"], (*sheet.facts, *sheet.totals))
    for place, table in enumerate(sheet.annexes, 1):
        _annex(book, f"{say['annex']} {roman(place)}", table)
    _texts(book, say["heading_legend"], (*sheet.legend, f"{say['heading_hash']}: {sheet.sha256}"))
    return with_long_table(book.close(), tasks)


def _title(sheet: Sheet, say: Words) -> str:
    stamps = [say[stamp] for stamp in ("draft", "forecast") if getattr(sheet, stamp)]
    return "".join(f"[{stamp}] " for stamp in stamps) + sheet.title


def _list(book: Workbook, sheet: Sheet, say: Words) -> LongTable:
    """One flat row per task, so that sorting and filtering lose nothing."""
    page = book.page(say["sheet_list"], LIST_WIDTHS)
    page.sheet.write_string(0, 0, _title(sheet, say), book.styles.title)
    page.sheet.write_string(1, 0, sheet.subtitle, book.styles.note)
    columns = (*sheet.columns, *(say[f"column_{extra}"] for extra in LIST_EXTRAS))
    top = heads(page, 2, columns, book.styles.head)
    for marked in (False, True):
        styles = _styles_of(book.styles, marked=marked)
        write_row(page, top + marked, [None] * len(columns), styles)
    last = max(top, top - 1 + sum(len(group.lines) for group in sheet.groups))
    page.sheet.autofilter(top - 1, 0, last, len(columns) - 1)
    page.sheet.print_area(0, 0, last, PRINTED_COLUMNS - 1)
    return LongTable(top, 2, page.letters, _rows(sheet, say))


def _rows(sheet: Sheet, say: Words) -> Iterator[LongRow]:
    for group in sheet.groups:
        word = group.mark.partition(":")[0]
        for line in group.lines:
            yield LongRow(int(group.marked), _values(line, word, say))


def _styles_of(styles: Styles, *, marked: bool) -> list[Format]:
    """The format of each column in the rows of a department."""
    text, name = styles.body, styles.marked if marked else styles.body
    days, numbers = [styles.day] * 3, [styles.number] * 2
    return [styles.place, *[text] * (LEAD - 1), name, *[text] * 8, name, text, text, text,
            *days, *numbers]  # fmt: skip


def _values(line: Line, word: str, say: Words) -> tuple[Value, ...]:
    cells = line.cells
    submitted = line.submitted_at
    return (
        int(cells[0]), line.title, *cells[2:], word,
        say["yes" if line.reason else "no"], line.code, say["yes" if line.required else "no"],
        _day(line.original_due_on), _day(line.due_on), _day(submitted and submitted[:10]),
        line.late_calendar_days, line.late_working_days,
    )  # fmt: skip


@lru_cache(maxsize=4_096)
def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _departments(book: Workbook, sheet: Sheet, say: Words) -> None:
    page = book.page(say["sheet_departments"], (6, 12, 44, 10, *[12] * 6, 14, 48))
    columns = (
        *(say[f"column_{key}"] for key in ("number", "code", "department", "tasks")),
        *(say[standing] for standing in STANDINGS),
        say["column_completed"], say["column_mark"],
    )  # fmt: skip
    top = heads(page, 0, columns, book.styles.head)
    for row, group in enumerate(sheet.groups, top):
        name = book.styles.marked if group.marked else book.styles.body
        done = share_text(group.counts[0] + group.counts[1], sum(group.counts), sheet.language)
        figures = (sum(group.counts), *group.counts)
        values: tuple[Value, ...] = (group.numeral, group.code, group.name, *figures, done,
                                     group.mark)  # fmt: skip
        body = [book.styles.body] * len(values)
        write_row(page, row, values, [*body[:2], name, *body[3:-1], name])


def _reasons(book: Workbook, sheet: Sheet, say: Words) -> None:
    """One row per reason, then one per remark: a cell that holds them all could be cut short."""
    page = book.page(say["column_reasons"], (40, 18, 90))
    keys = ("department", "mark", "reasons")
    top = heads(page, 0, [say[f"column_{key}"] for key in keys], book.styles.head)
    marked, body = book.styles.marked, book.styles.body
    for row, (group, reason) in enumerate(_all_reasons(sheet, say), top):
        word = group.mark.partition(":")[0]
        write_row(page, row, (group.name, word, reason), (marked, marked, body))


def _all_reasons(sheet: Sheet, say: Words) -> Iterator[tuple[Group, str]]:
    for group in sheet.groups:
        yield from ((group, reason) for reason in group.reasons)
        yield from ((group, f"{say['column_remarks']}: {remark}") for remark in group.remarks)


def _texts(book: Workbook, name: str, texts: tuple[str, ...]) -> None:
    page = book.page(name, (110,))
    top = heads(page, 0, (name,), book.styles.head)
    for row, text in enumerate(texts, top):
        write_row(page, row, (text,), (book.styles.body,))


def _pairs(book: Workbook, name: str, pairs: tuple[tuple[str, str], ...]) -> None:
    page = book.page(name, (40, 90))
    for row, pair in enumerate(pairs):
        write_row(page, row, pair, [book.styles.body] * 2)


def _annex(book: Workbook, name: str, table: Table) -> None:
    """Dates and numbers as such; the summary and the note below the rows."""
    kinds = {"date": book.styles.day, "number": book.styles.number}
    styles = [kinds.get(kind, book.styles.body) for kind in table.kinds]
    page = book.page(name, [14 if kind in kinds else 44 for kind in table.kinds])
    page.sheet.write_string(0, 0, f"{name}. {table.title}", book.styles.title)
    row = heads(page, 1, table.columns, book.styles.head) if table.columns else 1
    for values in table.values:
        write_row(page, row, _typed(values, table.kinds), styles)
        row += 1
    for text in filter(None, (table.summary, table.note)):
        page.sheet.write_string(row, 0, text, book.styles.note)
        row += 1


def _typed(values: tuple[str | int | None, ...], kinds: tuple[str, ...]) -> list[Value]:
    return [
        _day(value) if kind == "date" and isinstance(value, str) else value
        for value, kind in zip(values, kinds, strict=True)
    ]
