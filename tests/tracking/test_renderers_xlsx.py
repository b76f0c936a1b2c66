"""The list as a workbook, read back with another library."""

import io
import time
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from tests.tracking.golden import HOSTILE, draft, hostile, sample
from tracking.renderers import render
from tracking.renderers.plain import plain

MARKED = {"Cục Quản lý Dược", "Cục Bảo trợ xã hội", "Cục Quản lý Y, Dược cổ truyền"}


def workbook_of(content: dict[str, Any], language: str = "vi") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(render(content, format="xlsx", language=language)))


def rows_of(page: Any, head: int) -> list[dict[str, Any]]:
    """Cells by heading, `head` the row of the headings."""
    names = [cell.value for cell in page[head]]
    return [dict(zip(names, row, strict=True)) for row in page.iter_rows(min_row=head + 1)]


def is_marked(cell: Any) -> bool:
    assert bool(cell.font.b) == bool(cell.font.u), "bold and underline go together"
    return bool(cell.font.b)


def test_marks_are_bold_underlined_and_worded_in_the_list() -> None:
    rows = rows_of(workbook_of(sample())["Danh sách"], 3)
    assert len(rows) == 25
    for row in rows:
        marked = row["Đơn vị chủ trì"].value in MARKED
        assert is_marked(row["Đơn vị chủ trì"]) is marked
        assert (row["Đánh dấu đơn vị"].value == "QUÁ HẠN") is marked
        names = ("Đơn vị chủ trì", "Đánh dấu đơn vị")
        others = [cell for name, cell in row.items() if name not in names]
        assert not any(is_marked(cell) for cell in others)


def test_marks_are_bold_underlined_and_worded_among_the_departments() -> None:
    rows = rows_of(workbook_of(sample())["Đơn vị"], 1)
    assert len(rows) == 10
    assert {row["Đơn vị"].value for row in rows if is_marked(row["Đơn vị"])} == MARKED
    for row in rows:
        word = row["Đánh dấu"].value or ""
        assert word.startswith("QUÁ HẠN: ") is (row["Đơn vị"].value in MARKED)
        assert is_marked(row["Đánh dấu"]) is bool(word)


def test_dates_are_dates_and_numbers_are_numbers() -> None:
    rows = {row["Mã"].value: row for row in rows_of(workbook_of(sample())["Danh sách"], 3)}
    first = rows["T01"]
    assert first["Hạn gốc"].value == datetime(2025, 11, 1)  # noqa: DTZ001
    assert first["Hạn hiện hành"].value == datetime(2025, 11, 10)  # noqa: DTZ001
    assert first["Hạn hiện hành"].number_format == "dd/mm/yyyy"
    assert (first["Ngày chậm"].value, first["Ngày làm việc chậm"].value) == (8, 6)
    assert rows["T07"]["Hạn hiện hành"].value is None
    assert rows["T09"]["Bắt buộc"].value == "Không"
    reasons = {code for code, row in rows.items() if row["Là lý do đánh dấu"].value == "Có"}
    assert reasons == {"T01", "T02", "T13", "T16"}


def test_annexes_keep_their_kinds() -> None:
    page = workbook_of(sample())["Phụ lục I"]
    first = rows_of(page, 2)[0]
    assert first["Ngày kết nối"].value == datetime(2025, 9, 15)  # noqa: DTZ001
    assert first["Số giao diện"].value == 1


@pytest.mark.parametrize("title", HOSTILE)
def test_no_text_becomes_a_formula(title: str) -> None:
    book = workbook_of(hostile(title))
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert plain(title) in {cell.value for cell in cells}


def test_pages_are_set_for_paper_and_screen() -> None:
    book = workbook_of(sample())
    page = book["Danh sách"]
    assert page.freeze_panes == "A4"
    assert page.auto_filter.ref == "A3:U28"
    assert page.print_title_rows == "$3:$3"
    assert {sheet.page_setup.orientation for sheet in book} == {"landscape"}
    assert all(sheet.sheet_properties.pageSetUpPr.fitToPage for sheet in book)


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("vi", ["Danh sách", "Đơn vị", "Lý do đánh dấu", "Thay đổi", "Tổng hợp", "Phụ lục I",
                "Phụ lục II", "Giải thích"]),
        ("en", ["List", "Departments", "Reasons for the mark", "Changes", "Totals", "Annex I",
                "Annex II", "Legend"]),
    ],
)  # fmt: skip
def test_sheets_in_both_languages(language: str, names: list[str]) -> None:
    assert workbook_of(sample(), language).sheetnames == names


def test_a_draft_says_so() -> None:
    assert workbook_of(draft())["Danh sách"]["A1"].value.startswith("[DỰ THẢO] ")


def test_a_list_without_tasks_is_a_workbook() -> None:
    book = workbook_of(draft(departments=[], annexes=[], legend=[]), "en")
    assert book["List"].max_row == 3


@pytest.mark.slow
def test_the_same_bytes_whenever_and_wherever(monkeypatch: pytest.MonkeyPatch) -> None:
    files = set()
    for zone in ("UTC", "Asia/Ho_Chi_Minh", "Pacific/Kiritimati"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        files.add(render(sample(), format="xlsx", language="vi"))
    monkeypatch.undo()
    time.tzset()
    time.sleep(1.1)  # a second is the finest stamp a workbook can carry
    files.add(render(sample(), format="xlsx", language="vi"))
    assert len(files) == 1
