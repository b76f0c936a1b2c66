"""On which paper is an official document printed? A4 in the Decree's margins and letters, as DOCX.

Strings of XML are added to it; python-docx does pages, styles and headers.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

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

from tracking.renderers.ooxml import BAND, CELL, CENTERED_CELL

FONT = "Times New Roman"
PAGE = (210, 297)
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15
TABLE_SIZE = 11

# The oldest instant a zip can hold: a document of ours has no clock.
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
_MARKER = '<w:content w:number="{}"/>'


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
