"""How does a document whose words come as JSON become a PDF, the same bytes on every machine?"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

_TEMPLATES = Path(__file__).parents[2] / "templates"
_SHARED = "documents/decree30.typ"  # set before every document: page, header, recipients, annexes
_EPOCH = 315_532_800  # 1980-01-01, as in our DOCX: a document of ours has no clock
# typst keeps the layouts of its last ten documents, some 200 times their text.
_MOST_KEPT = 300_000
_DOCUMENTS_KEPT = 11
# typst breaks no word: a long one gets places to break, in a cell sooner than across a page.
_LONG_IN_CELL = re.compile(r"\S{8}(?=\S{8})")
_LONG_IN_TEXT = re.compile(r"\S{30,}")
_PIECE = re.compile(r"\S{20}(?=\S)")
_HASH = re.compile(r"\b[0-9a-f]{64}\b")  # fits a line, and is copied from it
_BREAK = "\\g<0>\u200b"


class _Printer:
    """One compiler a process, its memory bounded, without the fonts of the machine."""

    def __init__(self) -> None:
        self._compiler = typst.Compiler(ignore_system_fonts=True)
        self._kept = 0
        self._lock = Lock()

    def pdf_of(self, source: bytes, report: str) -> bytes:
        """The PDF of a report as JSON; one at a time, for the compiler keeps its last input."""
        with self._lock:
            pdf = self._compiled(source, report)
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


@cache
def _source(template: str) -> bytes:
    return b"\n".join((_TEMPLATES / name).read_bytes() for name in (_SHARED, template))


def pdf_of(template: str, data: Mapping[str, Any]) -> bytes:
    """The document that the template, a file in templates/, makes of the data."""
    return _printer().pdf_of(_source(template), json.dumps(data, ensure_ascii=False))


def loose(text: str) -> str:
    """Text with places to break in its longest words."""
    return _LONG_IN_TEXT.sub(_pieces, text)


def loose_cell(text: str) -> str:
    """The same for a cell of a table."""
    return _LONG_IN_CELL.sub(_BREAK, text)


def _pieces(match: re.Match[str]) -> str:
    word = match.group()
    return word if _HASH.search(word) else _PIECE.sub(_BREAK, word)
