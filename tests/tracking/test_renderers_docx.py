"""The report to the Minister in Word, measured against Decree 30/2020."""

import io
import zipfile
from functools import cache

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from tests.tracking.golden import HOSTILE, SAMPLE, draft, hostile
from tests.tracking.word_reading import (
    BOLD,
    ITALIC,
    line_after,
    looks,
    paragraphs,
    text_of,
)
from tracking.renderers import ooxml, render
from tracking.renderers.decree30 import width_of
from tracking.renderers.vocabulary import COLUMNS, VOCABULARY

LANGUAGES = ("vi", "en")


@cache
def read(language: str = "vi") -> WordDocument:
    """The sample as Word would open it."""
    return Document(io.BytesIO(render(SAMPLE, format="docx", language=language)))


def opened(content: dict[str, object], language: str = "vi") -> WordDocument:
    return Document(io.BytesIO(render(content, format="docx", language=language)))


def found(text: str, document: WordDocument | None = None) -> Paragraph:
    return next(p for p in paragraphs(document or read()) if p.text.strip() == text.strip())


def test_pages_have_the_decrees_size_and_margins() -> None:
    report, *annexes = read().sections
    assert (report.page_width.mm, report.page_height.mm) == pytest.approx((210, 297), abs=0.1)  # type: ignore[union-attr]
    assert report.orientation == WD_ORIENT.PORTRAIT
    assert len(annexes) == 1 + len(SAMPLE["annexes"])
    for annex in annexes:
        assert annex.page_width > annex.page_height  # type: ignore[operator]
        assert annex.orientation == WD_ORIENT.LANDSCAPE
    for section in read().sections:
        margins = (section.top_margin, section.bottom_margin, section.left_margin)
        assert [round(margin.mm) for margin in margins if margin] == [20, 20, 30]
        assert section.right_margin is not None
        assert round(section.right_margin.mm) == 15


def test_page_numbers_stand_centred_on_top_but_not_on_first_pages() -> None:
    first, *annexes = read().sections
    line = first.header.paragraphs[0]
    assert line.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert "PAGE" in line._p.xml
    assert all(run.font.size is not None and run.font.size.pt == 14 for run in line.runs)
    assert not first.first_page_header.paragraphs[0].text
    assert "PAGE" not in first.first_page_header.paragraphs[0]._p.xml
    for section in read().sections:
        assert section.different_first_page_header_footer
    for annex in annexes:
        assert annex.header.is_linked_to_previous
        restart = annex._sectPr.find(qn("w:pgNumType"))
        assert restart is not None
        assert restart.get(qn("w:start")) == "1"


@pytest.mark.parametrize(
    ("text", "size", "marks"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", (12, 13), {BOLD}),
        ("Độc lập - Tự do - Hạnh phúc", (13, 14), {BOLD}),
        ("BỘ Y TẾ", (12, 13), set()),
        ("TRUNG TÂM THÔNG TIN Y TẾ QUỐC GIA", (12, 13), {BOLD}),
        ("Số:      /BC-TTYQG", (13, 13), set()),
        ("Hà Nội, ngày      tháng      năm", (13, 14), {ITALIC}),
        ("BÁO CÁO", (13, 14), {BOLD}),
        ("Về tiến độ thực hiện nhiệm vụ, tính đến hết ngày 18/11/2025", (13, 14), {BOLD}),
        ("Kính gửi: Bộ trưởng Bộ Y tế", (13, 14), set()),
        ("Nơi nhận:", (12, 12), {BOLD, ITALIC}),
        ("- Như trên;", (11, 11), set()),
        ("- Lưu: VT.", (11, 11), set()),
        ("GIÁM ĐỐC", (13, 14), {BOLD}),
        ("Phụ lục I", (14, 14), {BOLD}),
        ("DANH SÁCH TIẾN ĐỘ THỰC HIỆN NHIỆM VỤ", (13, 14), {BOLD}),
    ],
)
def test_component_has_its_size_and_letters(
    text: str, size: tuple[float, float], marks: set[str]
) -> None:
    points, seen = looks(found(text))
    assert size[0] <= points <= size[1]
    assert seen == marks


def test_lines_are_drawn_at_the_decrees_lengths() -> None:
    motto = found("Độc lập - Tự do - Hạnh phúc")
    assert line_after(motto, 97) == pytest.approx(56.1, abs=1)  # measured in Times New Roman
    subject = found("Về tiến độ thực hiện nhiệm vụ, tính đến hết ngày 18/11/2025")
    assert 1 / 3 <= line_after(subject, 165) / width_of(subject.text, 14) <= 1 / 2
    agency = line_after(found("TRUNG TÂM THÔNG TIN Y TẾ QUỐC GIA"), 68)
    assert 1 / 3 <= agency / width_of("TRUNG TÂM THÔNG TIN", 12) <= 1 / 2


def test_body_is_justified_indented_and_spaced() -> None:
    body = next(p for p in paragraphs(read()) if "kính báo cáo Bộ trưởng tiến độ" in p.text)
    shape = body.paragraph_format
    assert shape.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert shape.first_line_indent is not None
    assert shape.first_line_indent.mm == pytest.approx(12.7, abs=0.1)
    assert shape.space_after is not None
    assert shape.space_after.pt >= 6
    assert looks(body) == (14, set())


def test_every_script_is_times_new_roman() -> None:
    for name in ("Normal", ooxml.CELL, ooxml.BAND, ooxml.CENTERED_CELL):
        fonts = read().styles[name].element.rPr.rFonts
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            assert fonts.get(qn(f"w:{script}")) == "Times New Roman"


def test_content_ends_with_the_end_mark_and_then_recipients() -> None:
    text = text_of(read())
    assert text.index("./.") < text.index("Nơi nhận:") < text.index("Phụ lục I\n")


def test_table_repeats_its_headings_and_keeps_rows_whole() -> None:
    table = read().tables[2]
    head = table.rows[0]._tr
    assert [cell.text for cell in table.rows[0].cells] == [
        VOCABULARY[f"column_{column}"][0] for column in COLUMNS
    ]
    assert head.trPr is not None
    assert head.trPr.find(qn("w:tblHeader")) is not None
    for row in table._tbl.tr_lst:
        assert row.trPr is not None
        assert row.trPr.find(qn("w:cantSplit")) is not None
    assert not table.autofit
    assert sum(column.width.mm for column in table.columns if column.width) == pytest.approx(
        252, abs=0.5
    )
    assert read().styles[ooxml.CELL].font.size.pt == 11


@pytest.mark.parametrize("language", LANGUAGES)
def test_marked_departments_are_bold_underlined_and_worded(language: str) -> None:
    document = read(language)
    bands = [p for p in paragraphs(document) if p.style and p.style.name == ooxml.BAND]
    for department in SAMPLE["departments"]:
        name = department["name"][language]
        band = next(p for p in bands if p.text.startswith(name))
        letters = band.runs[0]
        assert (letters.text, letters.bold) == (name, True)
        assert bool(letters.underline) is department["marked"]
        mark = VOCABULARY["mark_overdue"][language == "en"]
        assert (mark in band.text) is department["marked"]
        in_body = [
            run for p in document.paragraphs for run in p.runs if run.underline and run.text == name
        ]
        assert [run.bold for run in in_body] == [True] * department["marked"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_task_movement_and_annex_is_printed(language: str) -> None:
    document = read(language)
    tables = document.tables[2:]
    assert len(tables) == 1 + len(SAMPLE["annexes"])
    tasks = sum(len(department["tasks"]) for department in SAMPLE["departments"])
    assert len(tables[0].rows) == 1 + len(SAMPLE["departments"]) + tasks
    assert len(tables[1].rows) == 1 + len(SAMPLE["annexes"][0]["rows"])
    text = text_of(document)
    assert text.rstrip().endswith(SAMPLE["sha256"])
    for entry in SAMPLE["legend"]:
        assert entry["text"][language] in text


def test_english_says_that_it_is_a_translation() -> None:
    assert "Courtesy translation" in text_of(read("en"))
    assert "Courtesy translation" not in text_of(read("vi"))


def test_draft_and_forecast_are_framed_and_on_every_page() -> None:
    document = opened(draft(forecast=True))
    stamp = found("DỰ THẢO - DỰ BÁO", document)
    assert stamp._p.find(f".//{qn('w:pBdr')}/{qn('w:left')}") is not None
    first = document.sections[0]
    for footer in (first.footer, first.first_page_footer):
        assert footer.paragraphs[0].text == "DỰ THẢO - DỰ BÁO"
    assert "DỰ THẢO" not in text_of(read())


@pytest.mark.parametrize("language", LANGUAGES)
def test_same_content_gives_the_same_bytes(language: str) -> None:
    first = render(SAMPLE, format="docx", language=language)
    assert first == render(SAMPLE, format="docx", language=language)
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = read(language).core_properties
    assert properties.created == properties.modified
    assert properties.created is not None
    assert properties.created.year == 1980


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_text_is_printed_and_harms_nothing(title: str) -> None:
    document = opened(hostile(title))
    harmless = opened(hostile("một tên"))
    assert len(paragraphs(document)) == len(paragraphs(harmless))
    assert len(list(document.element.body.iter(qn("w:tbl")))) == 5


def test_text_is_escaped_with_its_line_breaks() -> None:
    assert ooxml.escape("a < b & c") == "a &lt; b &amp; c"
    assert "<w:br/>" in ooxml.escape("một\r\nhai")
    assert ooxml.escape("\x00\x1b\ud800") == "\ufffd\ufffd\ufffd"


def test_list_without_departments_is_still_a_document() -> None:
    content = draft(departments=[], annexes=[])
    assert "Không có đơn vị nào thuộc diện đánh dấu." in text_of(opened(content))
    assert found("Phụ lục", opened(content)).text == "Phụ lục"
