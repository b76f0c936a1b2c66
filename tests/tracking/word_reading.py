"""What stands in a Word document, and how each part of it looks."""

import io

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

BOLD, ITALIC, UNDERLINE = "bold", "italic", "underline"


def opened(data: bytes) -> WordDocument:
    """As Word would open it."""
    return Document(io.BytesIO(data))


def paragraphs(document: WordDocument) -> list[Paragraph]:
    """Those in tables too."""
    return [Paragraph(p, document) for p in document.element.body.iter(qn("w:p"))]


def looks(paragraph: Paragraph) -> tuple[float, set[str]]:
    """Points and marks of the first run."""
    run = paragraph.runs[0]
    assert run.font.size is not None
    marks = {BOLD: run.bold, ITALIC: run.italic, UNDERLINE: run.underline}
    return run.font.size.pt, {name for name, on in marks.items() if on}


def line_after(paragraph: Paragraph, room: float) -> float:
    """Length in mm of the line drawn by the border of the next paragraph."""
    border = paragraph._p.getnext()
    assert border is not None
    shape = Paragraph(border, paragraph._parent).paragraph_format
    assert border.find(f".//{qn('w:pBdr')}/{qn('w:top')}") is not None
    assert shape.left_indent is not None
    assert shape.left_indent == shape.right_indent
    return room - 2 * float(shape.left_indent.mm)


def text_of(document: WordDocument) -> str:
    return "\n".join(paragraph.text for paragraph in paragraphs(document))
