"""Letters as PDF, the same bytes every time, and with no other annex than their own."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from tests.tracking.letter_desk import KINDS, every_kind
from tracking.renderers import letter_pdf
from tracking.renderers.letter import render

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def letters(django_db_setup: None, django_db_blocker: Any) -> dict[str, Any]:
    with django_db_blocker.unblock():
        return every_kind()


@pytest.mark.parametrize("kind", [*KINDS, "long"])
def test_the_pdf_says_what_the_document_says(letters: Any, kind: str) -> None:
    data = render(**letters[kind], format="pdf")
    pages = PdfReader(io.BytesIO(data)).pages
    printed = _together("".join(page.extract_text() for page in pages))
    for passage in letters[kind]["content"]["passages"]:
        rows = [cell for row in passage.get("rows", []) for cell in row]
        for words in (passage.get("text", ""), *rows):
            assert _together(words)[:40] in printed  # the rest may stand on the next page
    assert all("DỰ THẢO" in page.extract_text() for page in pages)
    assert data == render(**letters[kind], format="pdf")


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_letter_is_the_same_bytes(letters: Any, kind: str) -> None:
    assert render(**letters[kind], format="docx") == render(**letters[kind], format="docx")


def _together(text: str) -> str:
    """Without regard to where lines and cells break."""
    return "".join(text.replace("\u200b", "").split())


def test_a_list_too_long_for_a_pdf_is_abridged_and_says_so(
    letters: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letter_pdf, "MOST_TASKS", 2)
    pages = PdfReader(io.BytesIO(render(**letters["cover_report"], format="pdf"))).pages
    printed = _together("".join(page.extract_text() for page in pages))
    assert _together("phụ lục của bản PDF này chỉ in 2 nhiệm vụ") in printed


def test_another_list_than_the_one_it_names_is_no_annex(letters: Any) -> None:
    report = letters["cover_report"]
    with pytest.raises(ValueError, match="not the one"):
        render(report["content"], format="docx", annexed={**report["annexed"], "sha256": "0"})
    with pytest.raises(ValueError, match="not the one"):
        render(letters["advice"]["content"], format="pdf", annexed=report["annexed"])
    with pytest.raises(ValueError, match="Unknown format"):
        render(letters["advice"]["content"], format="odt")
