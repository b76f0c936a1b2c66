"""Tasks as a Word document: what is asked on the first page, the table behind it."""

from collections.abc import Iterator, Sequence
from datetime import date

from tracking.renderers import decree30
from tracking.renderers.document_words import document_word
from tracking.renderers.ooxml import TABLE_END, Block, Face, paragraph, run, table_rows, table_start
from tracking.renderers.paper import Paper
from tracking.renderers.task_export_parts import Cell, Export
from tracking.renderers.words import date_text, number_text

_NUMBER_WIDTH = 10  # mm, of the column that counts the rows
_FIXED = {"date": 22.0, "number": 15.0}  # mm; texts share what is left


def docx_of(export: Export) -> bytes:
    agency = document_word("agency_name", export.language)
    paper = Paper(language=export.language, title=export.title, author=agency)
    paper.add(
        paragraph(Block("center", after=12, keep=True), run(export.title, Face(14, bold=True)))
    )
    paper.add(_fact(what, value) for what, value in export.facts)
    paper.start_annex()
    paper.add(_table(export))
    return paper.save()


def _fact(what: str, value: str) -> str:
    return paragraph(decree30.BODY, run(f"{what}: {value}", decree30.BODY_FACE))


def _table(export: Export) -> Iterator[str]:
    # A section that begins with a table runs into the one before in some programs.
    yield paragraph(Block("center", after=6, keep=True), run(export.title, Face(13, bold=True)))
    widths = _widths(export)
    number = "TT" if export.language == "vi" else "No."
    yield table_start(widths, (number, *(head.label for head in export.heads)))
    centered = {0, *(n for n, head in enumerate(export.heads, 1) if head.kind != "text")}
    rows = (
        (str(place), *(_text(value, export.language) for value in row))
        for place, row in enumerate(export.rows, 1)
    )
    yield from table_rows(widths, rows, centered=centered)
    yield TABLE_END
    yield paragraph(Block(), run("", Face(6)))


def _widths(export: Export) -> Sequence[float]:
    """The room of a landscape page, shared out among the texts by how much each has to say."""
    fixed = sum(_FIXED.get(head.kind, 0) for head in export.heads)
    room = decree30.LANDSCAPE_ROOM - _NUMBER_WIDTH - fixed
    letters = sum(head.letters for head in export.heads if head.kind not in _FIXED)
    return [
        _NUMBER_WIDTH,
        *(_FIXED.get(head.kind) or room * head.letters / letters for head in export.heads),
    ]


def _text(value: Cell, language: str) -> str:
    match value:
        case None:
            return ""
        case date():
            return date_text(value.isoformat(), language)
        case int():
            return number_text(value, language)
        case _:
            return value
