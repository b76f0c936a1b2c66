"""Tasks as a workbook: real days and numbers, a head that stays in sight, filters."""

from collections.abc import Mapping, Sequence

from xlsxwriter.format import Format

from tracking.renderers.long_table import LongRow, LongTable, with_long_table
from tracking.renderers.task_export_parts import Export
from tracking.renderers.words import word
from tracking.renderers.workbook import Styles, Workbook, heads, write_row


def xlsx_of(export: Export) -> bytes:
    book = Workbook(export.title, rows=export.count)
    page = book.page(word("sheet_list", export.language), [head.letters for head in export.heads])
    page.sheet.write_string(0, 0, export.title, book.styles.title)
    for row, (what, value) in enumerate(export.facts, 1):
        page.sheet.write_string(row, 0, f"{what}: {value}", book.styles.note)
    labels = [head.label for head in export.heads]
    top = heads(page, len(export.facts) + 2, labels, book.styles.head)
    write_row(page, top, [None] * len(labels), _styles(export, book.styles))
    last = max(top, top + export.count - 1)
    page.sheet.autofilter(top - 1, 0, last, len(labels) - 1)
    rows = (LongRow(0, values) for values in export.rows)
    return with_long_table(book.close(), LongTable(top, 1, page.letters, rows))


def _styles(export: Export, styles: Styles) -> Sequence[Format]:
    by_kind: Mapping[str, Format] = {"date": styles.day, "number": styles.number}
    return [by_kind.get(head.kind, styles.body) for head in export.heads]
