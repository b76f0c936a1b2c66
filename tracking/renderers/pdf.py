"""How does a progress list become a PDF, the same bytes on every machine?"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from tracking.renderers.document_words import DOCUMENT_WORDS, document_word
from tracking.renderers.report import Annex, Band, Report, report_of
from tracking.renderers.sheet import sheet_of

MOST_TASKS = 2_000  # above, unmarked departments keep their totals only and the annex says so

_TEMPLATE = Path(__file__).parents[2] / "templates" / "progress_list" / "list.typ"
_EPOCH = 315_532_800  # 1980-01-01, as in our DOCX: a document of ours has no clock
# typst breaks no word: a long one gets places to break, in a cell sooner than across a page.
_LONG_IN_CELL = re.compile(r"\S{8}(?=\S{8})")
_LONG_IN_TEXT = re.compile(r"\S{30,}")
_PIECE = re.compile(r"\S{20}(?=\S)")
_HASH = re.compile(r"\b[0-9a-f]{64}\b")  # fits a line, and is copied from it
_BREAK = "\\g<0>\u200b"
_LETTERS_IN_PAGE = 13  # for each mm of a column: 32 lines of table text, every letter 2.5 mm wide
# typst keeps the layouts of its last ten documents, some 200 times their text.
_MOST_KEPT = 300_000
_DOCUMENTS_KEPT = 11


class _Printer:
    """One compiler a process, its memory bounded, without the fonts of the machine."""

    def __init__(self) -> None:
        self._compiler = typst.Compiler(ignore_system_fonts=True)
        self._template = _TEMPLATE.read_bytes()
        self._kept = 0
        self._lock = Lock()

    def pdf_of(self, report: str) -> bytes:
        """The PDF of a report as JSON; one at a time, for the compiler keeps its last input."""
        with self._lock:
            pdf = self._compiled(self._template, report)
            self._kept += len(report)
            if self._kept > _MOST_KEPT:
                for _ in range(_DOCUMENTS_KEPT):
                    self._compiled(b"", "")
                self._kept = 0
        return pdf

    def _compiled(self, source: bytes, report: str) -> bytes:
        inputs = {"report": report}
        pdf = self._compiler.compile(source, sys_inputs=inputs, format="pdf", timestamp=_EPOCH)
        if not isinstance(pdf, bytes):
            raise TypeError("typst returned no single PDF.")
        return pdf


@cache
def _printer() -> _Printer:
    return _Printer()


def render(content: Mapping[str, Any], *, language: str) -> bytes:
    """The report with its annexes as PDF; above `MOST_TASKS` tasks abridged, in words."""
    report = report_of(sheet_of(content, language=language), most_tasks=MOST_TASKS)
    return _printer().pdf_of(json.dumps(_data(report), ensure_ascii=False))


def _data(report: Report) -> dict[str, Any]:
    words = {key: document_word(key, report.language) for key in DOCUMENT_WORDS}
    words["annex_reference"] = words["annex_reference"].format(agency=words["agency_name"])
    return {
        "language": report.language,
        "stamp": report.stamp,
        "subject": report.subject,
        "words": words,
        "passages": [
            {"kind": it.kind, "text": _loose(it.text), "name": _loose(it.name), "mark": it.mark}
            for it in report.passages
        ],
        "annexes": [_annex(annex) for annex in report.annexes],
    }


def _annex(annex: Annex) -> dict[str, Any]:
    return {
        "label": annex.label,
        "title": annex.title,
        "columns": annex.columns,
        "widths": annex.widths,
        "centered": sorted(annex.centered),
        "before": annex.before,
        "bands": [_band(band, annex.widths) for band in annex.bands],
        "after": [_loose(text) for text in annex.after],
    }


def _band(band: Band, widths: Sequence[float]) -> dict[str, Any]:
    most = [width * _LETTERS_IN_PAGE for width in widths]
    return {
        "numeral": band.numeral,
        "name": _loose(band.name),
        "mark": band.mark,
        "summary": band.summary,
        "rows": [[_LONG_IN_CELL.sub(_BREAK, cell) for cell in row] for row in band.rows],
        "tall": [
            place
            for place, row in enumerate(band.rows)
            if any(len(cell) > room for cell, room in zip(row, most, strict=True))
        ],
    }


def _loose(text: str) -> str:
    return _LONG_IN_TEXT.sub(_pieces, text)


def _pieces(match: re.Match[str]) -> str:
    word = match.group()
    return word if _HASH.search(word) else _PIECE.sub(_BREAK, word)
