"""How are a run, a paragraph and a table of a Word document written as strings of XML?

Building every cell through python-docx takes minutes for a ministry's list, a format string per
row a second; so the content is strings, and python-docx does styles, sections and headers.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

ROWS_PER_CHUNK = 250
BAND = "Band"  # the paragraph styles of table text, defined in decree30
CELL = "Cell"
CENTERED_CELL = "CenteredCell"

_SPECIAL = re.compile("[&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\t": " "}
_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'


@dataclass(frozen=True, slots=True)
class Face:
    """The letters of a run: size in points and what is laid over the upright roman."""

    size: float
    bold: bool = False
    italic: bool = False
    underline: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """The shape of a paragraph: gaps in points, indents in mm, `level` (1 to 9) in the outline."""

    align: str = "both"
    before: float = 0
    after: float = 0
    first: float = 0
    left: float = 0
    right: float = 0
    keep: bool = False
    level: int = 0
    frame: bool = False


def twips(millimetres: float) -> int:
    """Word's unit of length, a twentieth of a point."""
    return round(millimetres * 1440 / 25.4)


def escape(text: str) -> str:
    """Text safe inside `w:t`: line breaks kept, what XML cannot carry replaced by U+FFFD."""
    if not _SPECIAL.search(text):
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _BREAK.join(_SPECIAL.sub(_substitute, line) for line in lines)


def _substitute(match: re.Match[str]) -> str:
    return _ENTITIES.get(match.group(), "\ufffd")


def run(text: str, face: Face) -> str:
    """A run that says its own size and marks, whatever the styles."""
    marks = (
        ("<w:b/><w:bCs/>" if face.bold else "")
        + ("<w:i/><w:iCs/>" if face.italic else "")
        + f'<w:sz w:val="{face.size * 2:.0f}"/><w:szCs w:val="{face.size * 2:.0f}"/>'
        + ('<w:u w:val="single"/>' if face.underline else "")
    )
    return f'<w:r><w:rPr>{marks}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(block: Block, *runs: str) -> str:
    """Runs in a paragraph of that shape."""
    frame = "".join(
        f'<w:{side} w:val="single" w:sz="6" w:space="3" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right")
    )
    properties = (
        ("<w:keepNext/>" if block.keep else "")
        + (f"<w:pBdr>{frame}</w:pBdr>" if block.frame else "")
        + f'<w:spacing w:before="{block.before * 20:.0f}" w:after="{block.after * 20:.0f}"/>'
        + f'<w:ind w:left="{twips(block.left)}" w:right="{twips(block.right)}"'
        + (f' w:{_first(block)}="{twips(abs(block.first))}"/>' if block.first else "/>")
        + f'<w:jc w:val="{block.align}"/>'
        + (f'<w:outlineLvl w:val="{block.level - 1}"/>' if block.level else "")
    )
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def _first(block: Block) -> str:
    """A first line that hangs out to the left has a name of its own."""
    return "firstLine" if block.first > 0 else "hanging"


def rule(width: float, room: float) -> str:
    """A drawn line `width` mm long in the middle of `room` mm: a border, not an underline."""
    indent = twips((room - width) / 2)
    return (
        "<w:p><w:pPr>"
        '<w:pBdr><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>'
        '<w:spacing w:before="40" w:after="0" w:line="60" w:lineRule="exact"/>'
        f'<w:ind w:left="{indent}" w:right="{indent}"/><w:jc w:val="center"/>'
        '<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
    )


def layout(widths: Sequence[float], rows: Sequence[Sequence[str]], *, whole: bool = False) -> str:
    """A table without lines, to place things: cells are XML of paragraphs, widths in mm; `whole`
    keeps each row on one page."""
    kept = "<w:trPr><w:cantSplit/></w:trPr>" if whole else ""
    body = "".join(f"<w:tr>{kept}{''.join(map(_cell, widths, row))}</w:tr>" for row in rows)
    return f"<w:tbl>{_properties(widths, lines='none', padding=0)}{body}</w:tbl>"


def table_start(widths: Sequence[float], headings: Sequence[str]) -> str:
    """The opening of a ruled table, its headings repeated on every page; widths in mm."""
    head = "".join(
        _cell(width, _styled(CENTERED_CELL, f"<w:r><w:rPr><w:b/></w:rPr>{_text(heading)}</w:r>"))
        for width, heading in zip(widths, headings, strict=True)
    )
    return (
        f"<w:tbl>{_properties(widths, lines='single', padding=1)}"
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"
    )


def table_rows(
    widths: Sequence[float], rows: Iterable[Sequence[str]], *, centered: Container[int] = ()
) -> Iterator[str]:
    """Chunks of rows of plain cells, each whole on one page; `centered` are column places."""
    styles = [CENTERED_CELL if column in centered else CELL for column in range(len(widths))]
    row = "<w:tr><w:trPr><w:cantSplit/></w:trPr>{}</w:tr>".format(
        "".join(
            _cell(width, _styled(style, f"<w:r>{_TEXT}</w:r>"))
            for width, style in zip(widths, styles, strict=True)
        )
    )
    clean = _SPECIAL.search
    chunk: list[str] = []
    for cells in rows:
        # One search over the joined row is far cheaper than one for each of its cells.
        if clean("".join(cells)):
            cells = [escape(cell) for cell in cells]
        chunk.append(row % tuple(cells))
        if len(chunk) == ROWS_PER_CHUNK:
            yield "".join(chunk)
            chunk.clear()
    yield "".join(chunk)


def table_band(widths: Sequence[float], first: str, rest: str) -> str:
    """A row of two cells, the second spanning all columns but one; both the XML of their runs."""
    return (
        "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        + _cell(widths[0], _styled(BAND, first, '<w:jc w:val="center"/>'))
        + _cell(sum(widths[1:]), _styled(BAND, rest), span=len(widths) - 1)
        + "</w:tr>"
    )


TABLE_END = "</w:tbl>"
_TEXT = '<w:t xml:space="preserve">%s</w:t>'


def _text(text: str) -> str:
    return _TEXT % escape(text)


def _styled(style: str, runs: str, shape: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{shape}</w:pPr>{runs}</w:p>'


def _cell(width: float, xml: str, *, span: int = 1) -> str:
    grid_span = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{twips(width)}" w:type="dxa"/>{grid_span}</w:tcPr>{xml}</w:tc>'
    )


def _properties(widths: Sequence[float], *, lines: str, padding: float) -> str:
    borders = "".join(
        f'<w:{side} w:val="{lines}" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    above, beside = (f'w:w="{twips(gap)}" w:type="dxa"' for gap in (padding / 2, padding))
    columns = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in widths)
    return (
        f'<w:tblPr><w:tblW w:w="{twips(sum(widths))}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar><w:top {above}/><w:left {beside}/><w:bottom {above}/><w:right {beside}/>"
        "</w:tblCellMar></w:tblPr>"
        f"<w:tblGrid>{columns}</w:tblGrid>"
    )
