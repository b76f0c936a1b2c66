"""How does a progress list become the report to the Minister that opens in Word?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tracking.renderers import decree30
from tracking.renderers.document_words import document_word
from tracking.renderers.ooxml import (
    TABLE_END,
    Block,
    Face,
    paragraph,
    run,
    table_band,
    table_rows,
    table_start,
)
from tracking.renderers.paper import TABLE_SIZE, Paper
from tracking.renderers.report import Annex, Band, Passage, Report, report_of
from tracking.renderers.sheet import sheet_of

CELL_FACE = Face(TABLE_SIZE)
CELL_BOLD = Face(TABLE_SIZE, bold=True)
CELL_MARK = Face(TABLE_SIZE, bold=True, underline=True)
NOTE = Block(before=3, left=0)
BLOCKS = {
    "heading": decree30.HEADING,
    "text": decree30.BODY,
    "item": decree30.BODY,
    "ragged": replace(decree30.BODY, align="left"),
    "reason": Block(after=6, left=12.7, first=7),
}


def render(content: Mapping[str, Any], *, language: str) -> bytes:
    """The report with its annexes as DOCX, every task in it; the same bytes every time."""
    report = report_of(sheet_of(content, language=language))
    agency = document_word("agency_name", report.language)
    paper = Paper(language=report.language, title=report.subject, author=agency)
    if report.stamp:
        paper.set_footer(report.stamp)
    paper.add(_opening(report))
    paper.add(passage_xml(passage) for passage in report.passages)
    paper.add(_closing(report.language))
    add_annexes(paper, report.annexes, _reference(report.language))
    return paper.save()


def add_annexes(paper: Paper, annexes: Iterable[Annex], reference: str) -> None:
    """Each in a section of its own; `reference` names the document that they belong to."""
    for annex in annexes:
        paper.start_annex()
        paper.add(_annex(annex, reference))


def _opening(report: Report) -> str:
    words = ("governing", "agency", "country", "motto", "number", "place_date")
    language = report.language
    note = document_word("translation", language)
    return (
        decree30.header_block(
            **{key: document_word(key, language) for key in words}, stamp=report.stamp
        )
        + (paragraph(decree30.CENTERED, run(note, Face(13, italic=True))) if note else "")
        + decree30.title(document_word("kind", language), report.subject)
        + decree30.addressee(document_word("addressee", language))
    )


def passage_xml(passage: Passage, *, keep: bool = False) -> str:
    """A paragraph of the body; `keep`: on the page of what follows."""
    face = decree30.BOLD_FACE if passage.kind == "heading" else decree30.BODY_FACE
    runs = [run(passage.text, face)]
    if passage.name:
        runs += [run(passage.name, decree30.MARK_FACE), run(passage.mark, decree30.BOLD_FACE)]
    block = BLOCKS[passage.kind]
    return paragraph(replace(block, keep=True) if keep else block, *runs)


def _closing(language: str) -> str:
    return decree30.signature_block(
        recipients=document_word("recipients", language),
        lines=document_word("recipient_lines", language),
        position=document_word("position", language),
    )


def _reference(language: str) -> str:
    agency = document_word("agency_name", language)
    return document_word("annex_reference", language).format(agency=agency)


def _annex(annex: Annex, reference: str) -> Iterator[str]:
    yield decree30.annex_heading(label=annex.label, title=annex.title, reference=reference)
    for text in annex.before:
        yield paragraph(Block("center", before=3), run(text, Face(13)))
    yield paragraph(Block(), run("", Face(6)))
    yield table_start(annex.widths, annex.columns)
    for band in annex.bands:
        if band.name:
            yield _band(annex, band)
        yield from table_rows(annex.widths, band.rows, centered=annex.centered)
    yield TABLE_END
    for text in annex.after:
        yield paragraph(NOTE, run(text, Face(TABLE_SIZE)))


def _band(annex: Annex, band: Band) -> str:
    name = run(band.name, CELL_MARK if band.mark else CELL_BOLD)
    mark = run(f" - {band.mark}", CELL_BOLD) if band.mark else ""
    summary = run(f". {band.summary}", CELL_FACE)
    return table_band(annex.widths, run(band.numeral, CELL_BOLD), name + mark + summary)
