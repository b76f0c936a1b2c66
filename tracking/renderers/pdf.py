"""How does a progress list become a PDF, the same bytes on every machine?"""

from collections.abc import Mapping, Sequence
from typing import Any

from tracking.renderers.document_words import DOCUMENT_WORDS, document_word
from tracking.renderers.report import Annex, Band, Report, report_of
from tracking.renderers.sheet import sheet_of
from tracking.renderers.typesetter import loose, loose_cell, pdf_of

MOST_TASKS = 2_000  # above, unmarked departments keep their totals only and the annex says so

_TEMPLATE = "progress_list/list.typ"
_LETTERS_IN_PAGE = 13  # for each mm of a column: 32 lines of table text, every letter 2.5 mm wide


def render(content: Mapping[str, Any], *, language: str) -> bytes:
    """The report with its annexes as PDF; above `MOST_TASKS` tasks abridged, in words."""
    report = report_of(sheet_of(content, language=language), most_tasks=MOST_TASKS)
    return pdf_of(_TEMPLATE, _data(report))


def _data(report: Report) -> dict[str, Any]:
    words = {key: document_word(key, report.language) for key in DOCUMENT_WORDS}
    words["annex_reference"] = words["annex_reference"].format(agency=words["agency_name"])
    return {
        "language": report.language,
        "stamp": report.stamp,
        "subject": report.subject,
        "words": words,
        "passages": [
            {"kind": it.kind, "text": loose(it.text), "name": loose(it.name), "mark": it.mark}
            for it in report.passages
        ],
        "annexes": [annex_data(annex) for annex in report.annexes],
    }


def annex_data(annex: Annex) -> dict[str, Any]:
    """An annex as the template of a document reads it."""
    return {
        "label": annex.label,
        "title": annex.title,
        "columns": annex.columns,
        "widths": annex.widths,
        "centered": sorted(annex.centered),
        "before": annex.before,
        "bands": [_band(band, annex.widths) for band in annex.bands],
        "after": [loose(text) for text in annex.after],
    }


def _band(band: Band, widths: Sequence[float]) -> dict[str, Any]:
    most = [width * _LETTERS_IN_PAGE for width in widths]
    return {
        "numeral": band.numeral,
        "name": loose(band.name),
        "mark": band.mark,
        "summary": band.summary,
        "rows": [[loose_cell(cell) for cell in row] for row in band.rows],
        "tall": [
            place
            for place, row in enumerate(band.rows)
            if any(len(cell) > room for cell, room in zip(row, most, strict=True))
        ],
    }
