"""Each kind of letter in Word, measured against Decree 30/2020."""

from datetime import date
from typing import Any

import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from tests.tracking.letter_desk import (
    KINDS,
    every_kind,
)
from tests.tracking.word_reading import (
    BOLD,
    ITALIC,
    line_after,
    looks,
    opened,
    paragraphs,
    text_of,
)
from tracking.renderers.decree30 import width_of
from tracking.renderers.letter import render

SYMBOLS = {
    "to_department": "Số:      /TTYQG-      ",
    "advice": "Số:      /TTr-TTYQG",
    "cover_report": "Số:      /BC-TTYQG",
    "invitation": "Số:      /GM-TTYQG",
    "conclusions": "Số:      /TB-TTYQG",
}
TITLES = {
    "advice": "TỜ TRÌNH",
    "cover_report": "BÁO CÁO",
    "invitation": "GIẤY MỜI",
    "conclusions": "THÔNG BÁO",
}
TO = {
    "to_department": "Kính gửi: Cục Quản lý Dược",
    "advice": "Kính gửi: Lãnh đạo Bộ Y tế",
    "cover_report": "Kính gửi: Bộ trưởng Bộ Y tế",
}
DATED = date(2026, 2, 5)
pytestmark = pytest.mark.django_db
_OPENED: dict[tuple[Any, ...], Any] = {}


@pytest.fixture(scope="module")
def letters(django_db_setup: None, django_db_blocker: Any) -> dict[str, Any]:
    with django_db_blocker.unblock():
        return every_kind()


def read(letters: dict[str, Any], kind: str, **printed: Any) -> Any:
    """As Word would open it; nobody changes it."""
    key = (kind, *printed.items())
    if key not in _OPENED:
        _OPENED[key] = opened(render(**letters[kind], format="docx", **printed))
    return _OPENED[key]


def found(text: str, document: Any) -> Any:
    return next(p for p in paragraphs(document) if p.text.strip() == text.strip())


@pytest.mark.parametrize("kind", KINDS)
def test_pages_have_the_decrees_size_and_margins(letters: Any, kind: str) -> None:
    document = read(letters, kind)
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin)
    assert [round(margin.mm) for margin in margins] == [20, 20, 30]
    assert round(section.right_margin.mm) == 15
    assert "PAGE" in section.header.paragraphs[0]._p.xml
    assert "PAGE" not in section.first_page_header.paragraphs[0]._p.xml
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert {fonts.get(qn(f"w:{s}")) for s in ("ascii", "hAnsi", "eastAsia", "cs")} == {
        "Times New Roman"
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("text", "size", "marks"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", (12, 13), {BOLD}),
        ("Độc lập - Tự do - Hạnh phúc", (13, 14), {BOLD}),
        ("BỘ Y TẾ", (12, 13), set()),
        ("TRUNG TÂM THÔNG TIN Y TẾ QUỐC GIA", (12, 13), {BOLD}),
        ("Hà Nội, ngày      tháng      năm", (13, 14), {ITALIC}),
        ("Nơi nhận:", (12, 12), {BOLD, ITALIC}),
        ("- Lưu: VT.", (11, 11), set()),
        ("GIÁM ĐỐC", (13, 14), {BOLD}),
    ],
)
def test_the_frame_of_every_kind_is_the_decrees(
    letters: Any, kind: str, text: str, size: tuple[float, float], marks: set[str]
) -> None:
    points, seen = looks(found(text, read(letters, kind)))
    assert size[0] <= points <= size[1]
    assert seen == marks


@pytest.mark.parametrize("kind", KINDS)
def test_number_and_symbol_stand_blank_under_the_agency(letters: Any, kind: str) -> None:
    document = read(letters, kind)
    left, right = document.tables[0].rows[1].cells
    assert left.paragraphs[0].text == SYMBOLS[kind]
    assert looks(left.paragraphs[0]) == (13, set())
    assert left.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert right.text.startswith("Hà Nội, ngày      tháng")


def test_what_a_letter_is_about_stands_under_its_number(letters: Any) -> None:
    document = read(letters, "to_department", draft=False)
    number, about = document.tables[0].rows[1].cells[0].paragraphs  # and no line below it
    assert about.text == "V/v đôn đốc thực hiện các nhiệm vụ chưa hoàn thành"
    assert looks(about) == (12, set())
    assert about.alignment == WD_ALIGN_PARAGRAPH.CENTER
    gap = number.paragraph_format.space_after
    assert gap is not None
    assert gap.pt == 6
    assert not {title for title in TITLES.values() if title in text_of(document).splitlines()}


@pytest.mark.parametrize("kind", TITLES)
def test_a_document_with_a_title_has_it_and_its_subject_in_bold(letters: Any, kind: str) -> None:
    document = read(letters, kind)
    subject = found(letters[kind]["content"]["subject"], document)
    for line in (found(TITLES[kind], document), subject):
        assert looks(line) == (14, {BOLD})
        assert line.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert 1 / 3 <= line_after(subject, 165) / min(width_of(subject.text, 14), 165) <= 1 / 2
    assert "V/v" not in text_of(document)


@pytest.mark.parametrize("kind", KINDS)
def test_only_who_is_written_to_is_addressed(letters: Any, kind: str) -> None:
    document = read(letters, kind)
    if kind not in TO:
        assert "Kính gửi" not in text_of(document)
        return
    line = found(TO[kind], document)
    assert looks(line) == (14, set())
    assert found("- Như trên;", document)


@pytest.mark.parametrize("kind", KINDS)
def test_body_is_justified_indented_spaced_and_ended(letters: Any, kind: str) -> None:
    document = read(letters, kind)
    last = next(p for p in paragraphs(document) if p.text.endswith("./."))
    shape = last.paragraph_format
    assert shape.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert shape.first_line_indent is not None
    assert shape.first_line_indent.mm == pytest.approx(12.7, abs=0.1)
    assert shape.space_after is not None
    assert shape.space_after.pt >= 6
    assert looks(last) == (14, set())
    text = text_of(document)
    assert text.count("./.") == 1
    assert text.index("./.") < text.index("Nơi nhận:")


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_signs_but_a_person(letters: Any, kind: str) -> None:
    document = read(letters, kind)
    signature = document.tables[-1] if kind != "cover_report" else document.tables[1]
    position = signature.rows[0].cells[1]
    assert position.text.strip() == "GIÁM ĐỐC"
    assert len(position.paragraphs) == 5  # room to sign and to write the name
    assert signature.rows[0]._tr.trPr.find(qn("w:cantSplit")) is not None
    assert not document.part.package.image_parts._image_parts


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_says_so_on_every_page_and_what_is_signed_does_not(letters: Any, kind: str) -> None:
    document = read(letters, kind)
    assert found("DỰ THẢO", document)._p.find(f".//{qn('w:pBdr')}/{qn('w:left')}") is not None
    assert document.sections[0].footer.paragraphs[0].text == "DỰ THẢO"
    clean = read(letters, kind, draft=False)
    assert "DỰ THẢO" not in text_of(clean)
    assert not clean.sections[0].footer.paragraphs[0].text


@pytest.mark.parametrize("kind", KINDS)
def test_the_clerks_number_and_date_are_printed_once_they_are_entered(
    letters: Any, kind: str
) -> None:
    document = read(letters, kind, number="09/TTYQG-DA", dated=DATED, draft=False)
    left, right = document.tables[0].rows[1].cells
    assert left.paragraphs[0].text == "Số: 09/TTYQG-DA"
    assert right.text == "Hà Nội, ngày 05 tháng 02 năm 2026"


def test_tasks_are_a_ruled_table_within_the_text(letters: Any) -> None:
    table = read(letters, "to_department").tables[1]
    assert [cell.text for cell in table.rows[0].cells][:3] == ["TT", "Nhiệm vụ", "Thời hạn ban đầu"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert sum(column.width.mm for column in table.columns) == pytest.approx(165, abs=0.5)
    assert len(table.rows) == 3


def test_a_long_table_is_an_annex_with_pages_of_its_own(letters: Any) -> None:
    document = read(letters, "long")
    annex = document.sections[1]
    assert annex.orientation == WD_ORIENT.LANDSCAPE
    assert annex._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    assert looks(found("Phụ lục", document)) == (14, {BOLD})
    assert looks(found("DANH SÁCH NHIỆM VỤ CHƯA HOÀN THÀNH", document)) == (14, {BOLD})
    reference = next(p for p in paragraphs(document) if p.text.startswith("(Kèm theo"))
    assert looks(reference) == (14, {ITALIC})
    assert reference.text.startswith("(Kèm theo Công văn số      /TTYQG-")
    table = document.tables[-1]
    assert sum(column.width.mm for column in table.columns) == pytest.approx(252, abs=0.5)
    signed = read(letters, "long", number="09/TTYQG-DA", dated=DATED, draft=False)
    wanted = "(Kèm theo Công văn số 09/TTYQG-DA ngày 05 tháng 02 năm 2026 của Trung tâm"
    assert wanted in text_of(signed)


def test_the_cover_report_has_the_list_itself_as_its_annex(letters: Any) -> None:
    document = read(letters, "cover_report")
    text = text_of(document)
    assert "DANH SÁCH TIẾN ĐỘ THỰC HIỆN NHIỆM VỤ" in text
    assert letters["cover_report"]["annexed"]["sha256"] in text
    marked = [
        run.text
        for paragraph in paragraphs(document)
        for run in paragraph.runs
        if run.bold and run.underline
    ]
    assert marked == ["Cục Quản lý Dược"] * 2  # in the report and over its rows in the annex


def test_several_addressees_stand_below_each_other_under_the_colon(letters: Any) -> None:
    content = letters["to_department"]["content"]
    several = {**content, "addressees": ["Văn phòng Bộ", "Cục Quản lý Dược"]}
    document = opened(render(several, format="docx"))
    label = found("Kính gửi:", document)
    first, last = found("- Văn phòng Bộ;", document), found("- Cục Quản lý Dược.", document)
    assert first.paragraph_format.left_indent == last.paragraph_format.left_indent
    hanging = first.paragraph_format.first_line_indent
    dash = first.paragraph_format.left_indent.mm + hanging.mm
    begins = label.paragraph_format.left_indent.mm
    assert dash - begins == pytest.approx(17.4, abs=0.2)  # the width of "Kính gửi"


def test_no_department_is_underlined_that_is_not_marked(letters: Any) -> None:
    for kind in set(KINDS) - {"cover_report"}:
        runs = [run for p in paragraphs(read(letters, kind)) for run in p.runs]
        assert not [run.text for run in runs if run.underline]
