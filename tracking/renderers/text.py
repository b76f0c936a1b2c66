"""The progress list for a terminal or a plain text file, 100 columns wide."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tracking.renderers.layout import Column, fitted, hanging, row_lines
from tracking.renderers.parts import Group, Line, Sheet, Table
from tracking.renderers.sheet import sheet_of
from tracking.renderers.words import number_text, roman, share_text, word

WIDTH = 100
INDENT = "     "

Emphasis = tuple[Callable[[str], str], int]


def render(content: Mapping[str, Any], *, language: str, terminal: bool = False) -> bytes:
    """UTF-8 text; marked names are bold and underlined on a terminal, **__so__** elsewhere."""
    sheet = sheet_of(content, language=language)
    emphasis: Emphasis = (_on_terminal, 0) if terminal else (_in_plain_text, 8)
    return ("\n".join(_document(sheet, emphasis)) + "\n").encode()


def _on_terminal(text: str) -> str:
    return f"\x1b[1;4m{text}\x1b[0m"


def _in_plain_text(text: str) -> str:
    return f"**__{text}__**"


def _document(sheet: Sheet, emphasis: Emphasis) -> Iterator[str]:
    yield from _head(sheet)
    yield from _pairs(sheet.facts)
    yield from _heading(sheet, "heading_departments")
    yield from _overview(sheet, emphasis)
    yield from _heading(sheet, "heading_totals")
    yield from _pairs(sheet.totals)
    yield from _heading(sheet, "heading_tasks")
    for group in sheet.groups:
        yield from _group(group, sheet.language, emphasis)
    yield from _heading(sheet, "heading_movements")
    for sentence in sheet.movements:
        yield from hanging("- ", sentence, WIDTH)
    for place, table in enumerate(sheet.annexes, 1):
        yield from _annex(place, table, sheet.language)
    yield from _heading(sheet, "heading_legend")
    for entry in sheet.legend:
        yield from hanging("- ", entry, WIDTH)
    yield from ("", f"{word('heading_hash', sheet.language)}: {sheet.sha256}")


def _head(sheet: Sheet) -> Iterator[str]:
    if sheet.draft:
        yield f"[{word('draft', sheet.language)}]"
    if sheet.forecast:
        note = word("forecast_note", sheet.language)
        yield from hanging(f"[{word('forecast', sheet.language)}] ", note, WIDTH)
    yield from (sheet.title, sheet.subtitle, "=" * WIDTH)


def _heading(sheet: Sheet, key: str) -> Iterator[str]:
    yield from _titled(word(key, sheet.language))


def _titled(title: str) -> Iterator[str]:
    yield ""
    yield from hanging("", title.upper(), WIDTH)
    yield "-" * WIDTH


def _pairs(pairs: tuple[tuple[str, str], ...]) -> Iterator[str]:
    width = max(len(label) for label, _ in pairs)
    for label, value in pairs:
        yield from hanging(f"{label.ljust(width)} : ", value, WIDTH)


def _overview(sheet: Sheet, emphasis: Emphasis) -> Iterator[str]:
    """Every department on one line: what is done, what is overdue, the word of its mark."""
    language = sheet.language
    columns = (
        Column(word("column_number", language), 6),
        Column(word("column_department", language), 46),
        Column(word("column_completed", language), 14, right=True),
        Column(word("column_overdue", language), 7, right=True),
        Column(word("column_mark", language), 19 + emphasis[1] // 2),
    )
    plain: Emphasis = (str, 0)
    yield from row_lines(columns, [column.heading for column in columns])
    for group in sheet.groups:
        completed = share_text(group.counts[0] + group.counts[1], sum(group.counts), language)
        late = number_text(group.counts[3], language)
        cells = (group.numeral, group.name, completed, late, group.mark.partition(":")[0])
        style = emphasis if group.marked else plain
        yield from row_lines(columns, cells, (plain, style, plain, plain, style))


def _group(group: Group, language: str, emphasis: Emphasis) -> Iterator[str]:
    emphasise, extra = emphasis if group.marked else (str, 0)
    yield ""
    yield from _name(group, emphasise, extra)
    if group.marked:
        mark, _, detail = group.mark.partition(":")
        first, *rest = hanging(INDENT, f"{mark}:{detail}", WIDTH - extra)
        yield first.replace(mark, emphasise(mark), 1)
        yield from rest
    yield from hanging(INDENT, group.summary, WIDTH)
    if group.reasons:
        yield f"{INDENT}{word('column_reasons', language)}:"
        for reason in group.reasons:
            yield from hanging(f"{INDENT}- ", reason, WIDTH)
    if group.remarks:
        yield f"{INDENT}{word('column_remarks', language)}:"
        for remark in group.remarks:
            yield from hanging(f"{INDENT}- ", remark, WIDTH)
    if group.lines:
        yield from _tasks(group.lines, language)


def _name(group: Group, emphasise: Callable[[str], str], extra: int) -> Iterator[str]:
    indent, code = f"{group.numeral}. ", f" ({group.code})"
    *names, last = hanging("", group.name, WIDTH - len(indent) - extra - len(code))
    for name in names:
        yield indent + emphasise(name)
        indent = " " * len(indent)
    yield indent + emphasise(last) + code


def _tasks(lines: tuple[Line, ...], language: str) -> Iterator[str]:
    """Code, task, deadline and standing; the notes follow the standing."""
    columns = (
        Column(word("column_code", language), min(max(len(line.code) for line in lines), 14)),
        Column(word("column_task", language), 36),
        Column(word("column_deadline", language), 16),
        Column(word("column_status", language), 30),
    )
    spare = WIDTH - len(INDENT) - 6 - sum(column.width for column in columns)
    title = Column(columns[1].heading, 36 + spare)
    columns = (columns[0], title, *columns[2:])
    yield INDENT + next(row_lines(columns, [column.heading for column in columns]))
    for line in lines:
        notes = line.cells[11][:1].lower() + line.cells[11][1:]
        status = "; ".join(filter(None, (line.cells[8], notes)))
        for row in row_lines(columns, (line.code, line.title, line.cells[5], status)):
            yield INDENT + row


def _annex(place: int, table: Table, language: str) -> Iterator[str]:
    yield from _titled(f"{word('annex', language)} {roman(place)}. {table.title}")
    widths = fitted(table.columns, table.rows, WIDTH)
    yield from _table(table, widths) if widths else _records(table)
    for text in filter(None, (table.summary, table.note)):
        yield from hanging("", text, WIDTH)


def _table(table: Table, widths: Sequence[int]) -> Iterator[str]:
    columns = [
        Column(heading, width, right=kind == "number")
        for heading, width, kind in zip(table.columns, widths, table.kinds, strict=True)
    ]
    yield from row_lines(columns, table.columns)
    yield "-" * WIDTH
    for row in table.rows:
        yield from row_lines(columns, row)


def _records(table: Table) -> Iterator[str]:
    """A row under the other, for a table that is too wide for whole words."""
    for row in table.rows:
        for place, (heading, cell) in enumerate(zip(table.columns, row, strict=True)):
            if cell:
                yield from hanging(f"{INDENT if place else ''}{heading}: ", cell, WIDTH)
