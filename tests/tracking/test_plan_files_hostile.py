"""What does the portal say to a workbook that is broken, hostile, or filled in wrongly?"""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from tests.tracking.plan_rows import edited, event, plan_file, refused, task, with_parts
from tracking.plan_files import workbook, workbook_package, workbook_scan
from tracking.plan_files.rows import FileRefused

pytestmark = pytest.mark.django_db

TASKS = "xl/worksheets/sheet7.xml"
DAMAGED = "the workbook is damaged: open it, save it as .xlsx and try again"
Book = Any  # openpyxl has no types
Parts = dict[str, bytes]


def small() -> bytes:
    return workbook.write(plan_file())


def changed(change: Callable[[Parts], Any]) -> list[str]:
    return refused(with_parts(small(), lambda parts: change(parts) and None))


def replaced(part: str, old: bytes, new: bytes) -> Callable[[Parts], Any]:
    def change(parts: Parts) -> None:
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new, 1)

    return change


def test_formulas_are_told_with_their_cells_and_never_read() -> None:
    def change(book: Book) -> None:
        book["Nhiệm vụ"]["D3"] = "=1+1"
        book["Kế hoạch"]["D3"] = "=TODAY()"
        book["Kế hoạch"]["H9"] = "=1"

    # A spreadsheet stores the value that it last computed beside the formula.
    cached = with_parts(
        edited(small(), change),
        replaced(TASKS, b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"),
    )
    assert refused(cached) == [
        "Kế hoạch!H9: holds a formula: copy the cell and paste its value instead",
        'Kế hoạch!D3: Ngày ban hành "": holds a formula: copy the cell and paste its value instead',
        'Nhiệm vụ!D3: Mục, khoản "2": holds a formula: copy the cell and paste its value instead',
    ]


def test_a_formula_in_a_column_is_told_with_the_faults_of_the_rows() -> None:
    def change(book: Book) -> None:
        book["Nhiệm vụ"]["D3"] = "=1+1"
        book["Sự kiện"]["C4"] = "hôm nay"
        book["Văn bản"]["C3"] = "2025"

    sentences = refused(edited(small(), change))
    cells = [told.split(": ")[0] for told in sentences]
    assert cells == ["Nhiệm vụ!D3", "Sự kiện!C4", "Văn bản!C3"]


def test_errors_in_cells_are_told() -> None:
    cell = b'<c r="D3" t="e"><v>#N/A</v></c><c r="E3"'
    (sentence,) = changed(replaced(TASKS, b'<c r="E3"', cell))
    assert sentence.startswith("Nhiệm vụ!D3: Mục, khoản ")
    assert sentence.endswith("holds an error: write the value")


def test_merged_cells_are_told_with_their_range() -> None:
    sentences = refused(edited(small(), lambda book: book["Nhiệm vụ"].merge_cells("D3:D4")))
    assert sentences == ["Nhiệm vụ!D3:D4: the cells are merged: split them, one value each"]


def test_macros_links_and_passwords_are_refused() -> None:
    def change(parts: Parts) -> None:
        parts["xl/vbaProject.bin"] = b""
        parts["xl/externalLinks/externalLink1.xml"] = b""

    assert [told.split(":")[0] for told in changed(change)] == [
        "the workbook holds macros", "the workbook is linked to other files",
    ]  # fmt: skip
    encrypted = bytearray(small())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        encrypted[encrypted.index(mark) + flags] |= 1
    assert refused(bytes(encrypted)) == ["the workbook is encrypted: save it without a password"]
    assert "password or an old format" in refused(b"\xd0\xcf\x11\xe0" + bytes(600))[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: parts.update({TASKS: b"<worksheet>"}),
        lambda parts: parts.update({TASKS: b"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet/>"}),
        lambda parts: parts.update({"xl/workbook.xml": b""}),
        lambda parts: parts.update({"xl/sharedStrings.xml": b"<sst/>"}),
        lambda parts: parts.update({"XL/WORKBOOK.XML": b"<workbook/>"}),
        lambda parts: parts.update({"xl/../../etc/x.xml": b""}),
        lambda parts: parts.pop("xl/_rels/workbook.xml.rels"),
        lambda parts: parts.pop(TASKS),
        replaced(TASKS, b'r="A3"', b'r="3A"'),
        replaced(TASKS, b'<row r="3"', b'<row r="x"'),
        replaced("xl/sharedStrings.xml", b"<sst ", b'<sst uniqueCount="99999999999" '),
        replaced("xl/styles.xml", b'<cellXfs count="', b'<cellXfs count="99999999999'),
        replaced("xl/workbook.xml", b'r:id="rId2"', b'r:id="rId99"'),
        replaced("xl/workbook.xml", "Đối tác".encode(), "Đơn vị".encode()),
    ],
)
def test_a_damaged_package_is_refused(change: Callable[[Parts], Any]) -> None:
    assert changed(change) == [DAMAGED]


def test_what_is_no_workbook_is_refused() -> None:
    data = small()
    assert refused(data[: len(data) // 2]) == [DAMAGED]
    assert refused(data[:4] + bytes(100)) == [DAMAGED]
    assert "is no workbook" in changed(lambda parts: parts.pop("[Content_Types].xml"))[0]


def test_a_package_that_unpacks_too_far_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    huge = {"xl/media/a.bin": bytes(101_000_000)}
    (sentence,) = changed(lambda parts: parts.update(huge))
    assert "bytes, at most 100000000 are read: split it by plan" in sentence
    monkeypatch.setattr(workbook_package, "RATIO_FROM", 1_000_000)
    (sentence,) = changed(lambda parts: parts.update({"xl/media/a.bin": bytes(20_000_000)}))
    assert "the workbook unpacks to" in sentence
    assert "parts, at most 500" in changed(
        lambda parts: parts.update({f"xl/{n}.xml": b"" for n in range(501)})
    )[0]  # fmt: skip


def test_declared_sizes_are_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytearray(with_parts(small(), lambda p: p.update({"xl/zz.xml": bytes(5_000_000)})))
    entry = data.rindex(b"xl/zz.xml") - 46
    data[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    assert refused(bytes(data)) == [DAMAGED]
    monkeypatch.setattr(workbook_package, "MOST_BYTES", 1_000_000)
    with zipfile.ZipFile(io.BytesIO(with_parts(small(), lambda p: None))) as package:
        package.infolist()[0].file_size = 0
    with pytest.raises(FileRefused, match="at most 1000000"):
        workbook.read(with_parts(small(), lambda p: p.update({"xl/zz.xml": bytes(5_000_000)})))


def test_a_cell_far_away_is_refused_before_room_is_made_for_it() -> None:
    far = b'</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    sentence = (
        "Nhiệm vụ!XFD1048576: the sheet reaches too far: delete what stands outside the table"
    )
    assert changed(replaced(TASKS, b"</row></sheetData>", far)) == [sentence]


def test_a_text_shared_by_many_cells_does_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbook_scan, "MOST_BYTES", 1000)
    assert refused(small()) == ["the texts of the workbook are too long: split it by plan"]


def test_thousands_of_formulas_are_told_in_one_sentence() -> None:
    cells = b"".join(b'<c r="N%d"><f>1</f></c>' % row for row in range(1, 1100))
    (sentence,) = changed(replaced(TASKS, b"</row></sheetData>", cells + b"</row></sheetData>"))
    assert sentence.startswith("Nhiệm vụ: more than 1000 cells hold formulas or errors")


def test_unknown_sheets_and_headings_are_all_told() -> None:
    def change(book: Book) -> None:
        book["Văn bản"].title = "Công văn"
        book.create_sheet("Trống")
        book.create_sheet("Tasks")
        page = book["Nhiệm vụ"]
        page["B1"], page["B2"] = "Chương trình", None
        page["M1"] = "Mã"
        page["O5"] = "ghi chú riêng"
        page["D3"] = datetime(2025, 1, 2)  # noqa: DTZ001

    starts = (
        'Tasks!A1: the sheet is the same as "Nhiệm vụ"',
        "Công văn!A1: the sheet is not known: delete it, or give it one of the names Đơn vị, ",
        'Nhiệm vụ!B1: "Chương trình" is not a column of this sheet: delete it; the columns are Mã,',
        'Nhiệm vụ!M1: "Mã" stands in the sheet twice: leave one out',
        'Nhiệm vụ!A1: the column "Kế hoạch" is missing: add it',
        "Nhiệm vụ!O5: stands in a column without a heading",
        'Nhiệm vụ!D3: Mục, khoản "2025-01-02": is not a text: format the cell as text',
    )
    sentences = refused(edited(small(), change))
    assert len(sentences) == len(starts), sentences
    for start in starts:
        assert any(told.startswith(start) for told in sentences), start


def test_a_workbook_of_something_else_is_told_where_to_begin() -> None:
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    (sentence,) = refused(buffer.getvalue())
    assert sentence.endswith("none of the sheets of a plan: start from an exported one")


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        ("Đơn vị!D3", "x", 'Thứ tự "x": is not a whole number'),
        ("Đơn vị!D3", -1, 'order "-1": is not a whole number from 0'),
        ("Đơn vị!G3", "[1", "separate them by semicolons"),
        ("Đơn vị!G3", "X", 'succeeded_by "X" is not the code of another department'),
        ("Đối tác!D3", "Bộ ngành", 'write one of "Bộ, cơ quan ngang Bộ", '),
        ("Lịch làm việc!A3", None, "day: is missing: give it"),
        ("Lịch làm việc!B3", 1, 'Ngày làm việc "1": is not a word'),
        ("Nhiệm vụ!A3", 1.5, 'Mã "1.5": is not a text'),
        ("Nhiệm vụ!B3", "X", 'T1: plan "X" is neither in the file'),
        ("Nhiệm vụ!E3", None, "title: is missing"),
        ("Nhiệm vụ!G3", None, "lead: is missing"),
        ("Nhiệm vụ!H3", "KCB; X", 'T1: coordinating "X" is neither in the file'),
        ("Sự kiện!A4", "X", 'task "X" is neither in the file'),
        ("Sự kiện!B4", "Giao việc", 'write one of "Giao nhiệm vụ", "Ấn định thời hạn"'),
        ("Sự kiện!C4", "11/18/2025", "is not an instant: write it as in 18/11/2025 08:00"),
        ("Sự kiện!D4", "11/18/2025", "is not a date: write day/month/year"),
        ("Sự kiện!E4", "sau", 'write one of "đến hết ngày", "trước ngày"'),
        ("Sự kiện!G4", 0.5, "from 0 to 100: write 50 for 50%"),
        ("Sự kiện!Q4", datetime(2027, 1, 1), "lies after this import"),  # noqa: DTZ001
        ("Sự kiện!R4", "{", "is not a JSON object"),
        ("Sự kiện!R4", '{"due_on": "2025-01-01"}', '"due_on" stands in its own column as well'),
        ("Sự kiện!R4", '{"size": 1.5}', "holds the number 1.5"),
    ],
)
def test_each_fault_of_a_row_names_its_cell(place: str, value: Any, told: str) -> None:
    sheet, cell = place.split("!")

    def change(book: Book) -> None:
        if value is None:
            book[sheet][cell].value = None
        else:
            book[sheet][cell] = value
        if isinstance(value, int | float):
            book[sheet][cell].number_format = "General"

    data = workbook.write(plan_file(tasks=[task(), task("T2")]))
    sentences = [said for said in refused(edited(data, change)) if said.startswith(f"{place}: ")]
    assert len(sentences) == 1
    assert told in sentences[0]


def test_an_english_text_alone_is_told_where_the_vietnamese_one_belongs() -> None:
    def change(book: Book) -> None:
        book["Nhiệm vụ"]["K3"] = "Report"

    (sentence,) = refused(edited(small(), change))
    assert sentence.startswith('Nhiệm vụ!J3: "Sản phẩm (tiếng Anh)" is filled in without the Viet')


def test_what_the_ledger_refuses_names_its_cell() -> None:
    steps = [event("submitted", "2025-06-19"), event("blocked", "2025-07-01", "T2", on="X")]
    tasks = [task(), task("T2")]
    rows = [*plan_file()["events"], event("assigned", "2025-06-20", "T2"), *steps]
    sentences = refused(workbook.write(plan_file(tasks=tasks, events=rows)))
    assert [told.split(": ")[0] for told in sentences] == ["Sự kiện!B6", "Sự kiện!H7"]
