"""What are the parts of an official document under Decree 30/2020/NĐ-CP, and how is each set?

Shared by lists, letters and minutes. Sizes are points, lengths millimetres, as in the Decree.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from unicodedata import combining, normalize

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle

from tracking.renderers.ooxml import (
    BAND,
    CELL,
    CENTERED_CELL,
    Block,
    Face,
    layout,
    paragraph,
    rule,
    run,
)

FONT = "Times New Roman"
PAGE = (210, 297)
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15
PORTRAIT_ROOM = PAGE[0] - LEFT - RIGHT
LANDSCAPE_ROOM = PAGE[1] - LEFT - RIGHT
HEADER_WIDTHS = (68, 97)  # narrower on the right and the name of the country wraps
AGENCY_ROOM = 53  # "TRUNG TÂM THÔNG TIN / Y TẾ QUỐC GIA" breaks where it reads best
SIGNATURE_WIDTHS = (65, 100)
TABLE_SIZE = 11

BODY_FACE = Face(14)
BOLD_FACE = Face(14, bold=True)
ITALIC_FACE = Face(14, italic=True)
MARK_FACE = Face(14, bold=True, underline=True)
BODY = Block(after=6, first=12.7)
HEADING = Block(before=6, after=6, first=12.7, keep=True, level=1)
CENTERED = Block(align="center")

# The oldest instant a zip can hold: a document of ours has no clock.
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
# How wide the bold letters are, in thousandths of the size; any other counts as 500.
_LETTERS = {
    250: " .,", 278: "il/", 333: "fjt-:;()", 389: "sI", 444: "cerz", 556: "bdđhknpquS", 611: "FP",
    667: "BELTZ", 722: "wACDĐNRUVXY", 778: "GHKOQ", 833: "m", 944: "M", 1000: "W",
}  # fmt: skip
_LETTER_WIDTHS = {letter: width for width, letters in _LETTERS.items() for letter in letters}
_MARKER = '<w:content w:number="{}"/>'


def width_of(text: str, size: float) -> float:
    """Width in mm of bold text of that size in points, for the lines drawn under titles."""
    letters = [letter for letter in normalize("NFD", text) if not combining(letter)]
    return sum(_LETTER_WIDTHS.get(letter, 500) for letter in letters) * size * 25.4 / 72_000


def header_block(
    *,
    governing: str,
    agency: str,
    country: str,
    motto: str,
    number: str,
    place_date: str,
    stamp: str = "",
) -> str:
    """Parts 1 to 4: the agency left, the country and its motto right, number and date below."""
    left, right = HEADER_WIDTHS
    gap = Block("center", before=6, after=6)
    number_line = paragraph(gap, run(number, Face(13)))
    return layout(
        HEADER_WIDTHS,
        [
            (_agency(governing, agency, left), _country(country, motto, right)),
            (
                number_line + (_stamped(stamp, left) if stamp else ""),
                paragraph(gap, run(place_date, Face(13, italic=True))),
            ),
        ],
    )


def _agency(governing: str, agency: str, room: float) -> str:
    """Part 2: the line below is between a third and half as long as the name."""
    aside = (room - AGENCY_ROOM) / 2
    return (
        paragraph(CENTERED, run(governing, Face(12)))
        + paragraph(Block("center", left=aside, right=aside), run(agency, Face(12, bold=True)))
        + rule(min(width_of(agency, 12), AGENCY_ROOM) * 0.4, room)
    )


def _country(country: str, motto: str, room: float) -> str:
    """Part 1: the line below is as long as the motto."""
    return (
        paragraph(CENTERED, run(country, Face(12, bold=True)))
        + paragraph(CENTERED, run(motto, Face(13, bold=True)))
        + rule(width_of(motto, 13), room)
    )


def _stamped(text: str, room: float) -> str:
    """A word in a single frame, such as that of a draft."""
    side = max((room - width_of(text, 13) - 8) / 2, 2)
    frame = Block("center", before=2, after=4, left=side, right=side, frame=True)
    return paragraph(frame, run(text, Face(13, bold=True)))


def title(kind: str, subject: str) -> str:
    """Part 5a: the kind of document, its subject, a line of a third to half that length."""
    return (
        paragraph(Block("center", before=12, keep=True), run(kind, BOLD_FACE))
        + paragraph(Block("center", keep=True), run(subject, BOLD_FACE))
        + rule(min(width_of(subject, 14), PORTRAIT_ROOM) * 0.4, PORTRAIT_ROOM)
    )


def addressee(text: str) -> str:
    """Part 9a: "Kính gửi: …" to one recipient."""
    return paragraph(Block("center", before=12, after=12), run(text, BODY_FACE))


def signature_block(*, recipients: str, lines: str, position: str) -> str:
    """Parts 9b and 7a: recipients left, one a line; the signer's position right, with room."""
    listed = [paragraph(Block("left"), run(line, Face(11))) for line in lines.splitlines()]
    return paragraph(Block(), run("", Face(11))) + layout(
        SIGNATURE_WIDTHS,
        [
            (
                paragraph(Block("left"), run(recipients, Face(12, bold=True, italic=True)))
                + "".join(listed),
                paragraph(CENTERED, run(position, BOLD_FACE))
                + paragraph(CENTERED, run("", BODY_FACE)) * 4,
            )
        ],
    )


def annex_heading(*, label: str, title: str, reference: str, room: float = LANDSCAPE_ROOM) -> str:
    """The annex's label, its title in capitals, the blank reference, a line; room in mm."""
    return (
        paragraph(Block("center", keep=True, level=1), run(label, BOLD_FACE))
        + paragraph(Block("center", keep=True), run(title.upper(), BOLD_FACE))
        + paragraph(Block("center", keep=True), run(reference, ITALIC_FACE))
        + rule(room * 0.2, room)
    )


class Paper:
    """A document of A4 sections in the Decree's margins; strings of XML are added to it."""

    def __init__(self, *, language: str, title: str, author: str) -> None:
        self._document = Document()
        self._streams: list[Iterable[str]] = []
        _set_styles(self._document, "vi-VN" if language == "vi" else "en-US")
        properties = self._document.core_properties
        properties.title, properties.author, properties.language = title[:255], author, language
        properties.comments = properties.last_modified_by = ""
        properties.created = properties.modified = _EPOCH
        self._section = self._document.sections[0]
        _set_page(self._section, PAGE)
        _number_pages(self._section)

    def add(self, xml: Iterable[str]) -> None:
        """Puts paragraphs and tables at the end: a string, or an iterable read only when saving."""
        body = self._document.element.body
        marker = OxmlElement("w:content")
        marker.set(qn("w:number"), str(len(self._streams)))
        body.insert(len(body) - 1, marker)  # the last child is the section's own setting
        self._streams.append([xml] if isinstance(xml, str) else xml)

    def start_annex(self) -> None:
        """A new landscape section whose pages count from 1 again."""
        self._section = self._document.add_section(WD_SECTION.NEW_PAGE)
        breaking = self._document.paragraphs[-1]
        breaking.paragraph_format.line_spacing = Pt(1)
        _set_page(self._section, PAGE[::-1])
        restart = OxmlElement("w:pgNumType")
        restart.set(qn("w:start"), "1")
        properties = self._section._sectPr
        for old in properties.findall(qn("w:pgNumType")):
            properties.remove(old)
        properties.find(qn("w:pgMar")).addnext(restart)

    def set_footer(self, text: str) -> None:
        """The same words at the foot of every page: one torn off still says it is a draft."""
        for footer in (
            self._document.sections[0].footer,
            self._document.sections[0].first_page_footer,
        ):
            line = footer.paragraphs[0]
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            letters = line.add_run(text)
            letters.bold, letters.font.size = True, Pt(TABLE_SIZE)

    def save(self) -> bytes:
        """The DOCX: equal content gives equal bytes."""
        frame = io.BytesIO()
        self._document.save(frame)
        packed = io.BytesIO()
        with (
            zipfile.ZipFile(frame) as source,
            zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
        ):
            for name in source.namelist():
                # Named by a string, a member of a zip is dated 1980 whatever the clock says.
                with target.open(name, "w") as member:
                    xml = source.read(name)
                    for chunk in self._filled(xml) if name == "word/document.xml" else [xml]:
                        member.write(chunk)
        return packed.getvalue()

    def _filled(self, xml: bytes) -> Iterable[bytes]:
        for number, stream in enumerate(self._streams):
            before, xml = xml.split(_MARKER.format(number).encode(), 1)
            yield before
            for text in stream:
                yield text.encode()
        yield xml


def _set_page(section: Section, size: Sequence[int]) -> None:
    width, height = size
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True


def _number_pages(section: Section) -> None:
    """A centred number in the top margin, none on a first page; later sections follow."""
    section.first_page_header.is_linked_to_previous = False
    line = section.header.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        letters = line.add_run()
        letters.font.size = Pt(14)
        if text:
            field = OxmlElement("w:instrText")
            field.text = text
        else:
            field = OxmlElement("w:fldChar")
            field.set(qn("w:fldCharType"), kind)
        letters._r.append(field)


def _set_styles(document: WordDocument, locale: str) -> None:
    normal = document.styles["Normal"]
    _set_font(normal, 14)
    tongue = OxmlElement("w:lang")
    for name in ("val", "eastAsia"):
        tongue.set(qn(f"w:{name}"), locale)
    normal.element.get_or_add_rPr().append(tongue)
    left, center = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
    for name, align in ((CELL, left), (BAND, left), (CENTERED_CELL, center)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _set_font(style, TABLE_SIZE)
        style.paragraph_format.alignment = align
        style.paragraph_format.keep_with_next = name == BAND or None


def _set_font(style: ParagraphStyle, size: float) -> None:
    """All four scripts, or Vietnamese letters would fall into the theme's font."""
    style.font.name, style.font.size = FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
