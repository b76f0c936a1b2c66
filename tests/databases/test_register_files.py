"""Does the workbook of the register give back what was written, and refuse what it should?"""

import io
import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pytest_django import Settings

from databases.actions.seed import seed_databases
from databases.models import Connection, Database, StepRecord
from databases.register_files.register_columns import SHEETS
from databases.register_files.register_export import export_register, register_content
from databases.register_files.register_fields import FIELDS, KEYS
from databases.register_files.register_layout import REGISTER
from databases.register_files.register_words import ROLES, STAGES, STEPS
from tests.databases.register_rows import (
    NOW,
    background,
    counts,
    database,
    refused,
    register_file,
    step,
    take,
)
from tests.tracking.plan_rows import edited, with_parts
from tests.tracking.test_plan_files_workbook import saved_by_libreoffice
from tracking.actions.seed import seed
from tracking.models import Department
from tracking.plan_files import workbook, workbook_package
from tracking.plan_files.reading import parse
from tracking.plan_files.rows import FileRefused
from tracking.plan_files.workbook_columns import folded_heading

pytestmark = pytest.mark.django_db

Book = Any  # openpyxl has no types
DATABASES, STEPS_SHEET = "Cơ sở dữ liệu", "Bước chính thức"
DAY = datetime(2025, 11, 18)  # noqa: DTZ001


@pytest.fixture
def small() -> bytes:
    """The workbook of the small register, which the portal does not hold."""
    background()
    return workbook.write(register_file(), REGISTER)


def changed(data: bytes, change: Callable[[dict[str, bytes]], Any]) -> list[str]:
    return refused(with_parts(data, lambda parts: change(parts) and None))


def typed(data: bytes, sheet: str, cell: str, value: Any) -> bytes:
    def change(book: Book) -> None:
        book[sheet][cell].value = value
        if isinstance(value, int | float):
            book[sheet][cell].number_format = "General"

    return edited(data, change)


def told(name: str, data: bytes) -> list[str]:
    """Every sentence of the refusal of a file as a whole."""
    with pytest.raises(FileRefused) as refusal:
        parse(name, data, REGISTER)
    return refusal.value.sentences


def test_every_column_has_a_field_and_every_word_a_value() -> None:
    assert list(SHEETS) == list(FIELDS) == [*KEYS, "stages", "steps", "parties"]
    for section, sheet in SHEETS.items():
        keys = {column.key.partition(".")[0] for column in sheet.columns}
        assert keys == FIELDS[section].keys()
        for column in sheet.columns:
            assert not column.needed or FIELDS[section][column.key.partition(".")[0]][1]
    for key, section, words in (
        ("stage", "stages", STAGES),
        ("step", "steps", STEPS),
        ("role", "parties", ROLES),
    ):
        reader, _needed = FIELDS[section][key]
        assert [reader(value) for value in words] == list(words)


def test_headings_are_told_apart() -> None:
    for sheet in SHEETS.values():
        for names in ([c.vi for c in sheet.columns], [c.en for c in sheet.columns]):
            assert len({folded_heading(name) for name in names}) == len(sheet.columns)
    assert len({folded_heading(name) for s in SHEETS.values() for name in (s.vi, s.en)}) == 14


def test_the_workbook_is_ready_to_be_filled_in() -> None:
    background()
    take(register_file())
    book = openpyxl.load_workbook(io.BytesIO(export_register("register.xlsx")))
    assert book.sheetnames == ["Hướng dẫn", *(sheet.vi for sheet in SHEETS.values())]
    guide, page = book["Hướng dẫn"], book["Các bên chịu trách nhiệm"]
    offers = {str(r.sqref)[0]: r.formula1 for r in page.data_validations.dataValidation}

    def offered(column: str) -> list[Any]:
        return [cell.value for (cell,) in guide[offers[column].split("!")[1].replace("$", "")]]

    assert offers["A"] == "'Kết nối'!$A$3:$A$1003"
    assert offered("B") == ["chủ quản", "vận hành", "nhà mạng"]
    assert offered("C") == ["KCB", "QLD", "TTYQG"]
    assert offered("D") == ["BCA", "VPCP"]
    assert [page.cell(3, n).value for n in range(1, 4)] == ["K1", "nhà mạng", None]


def test_the_workbook_of_an_empty_portal_can_be_written_and_read() -> None:
    assert take(export_register("register.xlsx")).nothing
    rows = parse("register.json", export_register("register.json"), REGISTER)
    assert list(rows) == list(SHEETS)
    assert not any(rows.values())


def test_a_name_that_ends_otherwise_is_refused() -> None:
    with pytest.raises(FileRefused, match="only .json and .xlsx files are written"):
        export_register("register.csv")


@pytest.mark.slow
@pytest.mark.parametrize("by_libreoffice", [False, True])
def test_what_is_seeded_comes_back_byte_for_byte(by_libreoffice: bool, tmp_path: Path) -> None:
    if by_libreoffice and not shutil.which("localc"):
        pytest.skip("LibreOffice Calc is not installed")
    seed(now=NOW, illustrative=False)
    seed_databases()
    data, content = export_register("register.xlsx"), register_content()
    assert export_register("register.xlsx") == data
    assert len(content["stages"]) == 24
    if by_libreoffice:
        data = saved_by_libreoffice(data, tmp_path)
    assert take(data).nothing
    assert register_content() == content


def test_cells_are_read_as_people_write_them(small: bytes) -> None:
    data = typed(small, DATABASES, "G3", "4")
    data = typed(data, DATABASES, "H3", " khong ")
    data = typed(data, STEPS_SHEET, "B3", "Kiem thu, da ky bien ban")
    data = typed(data, STEPS_SHEET, "C3", "18/11/2025")
    take(data)
    stored = Database.objects.get()
    assert (stored.security_level, stored.placeholder) == (4, False)
    assert StepRecord.objects.get(step="tested").done_on.isoformat() == "2025-11-18"


@pytest.mark.parametrize(
    ("place", "value", "part"),
    [
        ("Hệ thống đối tác!D3", "X", 'owner "X" is not in the register of partners'),
        ("Hệ thống đối tác!A4", 1.5, 'Mã "1.5": is not a text'),
        ("Cơ sở dữ liệu!B3", None, "name: is missing"),
        ("Cơ sở dữ liệu!D3", None, "owner: is missing"),
        ("Cơ sở dữ liệu!G3", 6, "is not a whole number from 1 to 5"),
        ("Cơ sở dữ liệu!G3", "cao", "is not a whole number"),
        ("Cơ sở dữ liệu!H3", "có lẽ", 'write one of "Có", "Không"'),
        ("Kết nối!C3", "X", "is neither in the file nor in the register of counterpart systems"),
        ("Kết nối!D3", "X", "is not in the register of tasks"),
        ("Giao diện!B4", "X", 'connection "X" is neither in the file'),
        ("Giai đoạn khai báo!B3", "xong", 'write one of "chờ kết nối", "đang nâng cấp"'),
        ("Giai đoạn khai báo!C3", "11/18/2025", "is not a date: write day/month/year"),
        ("Giai đoạn khai báo!D3", "9/X", 'document "9/X" is not in the register of documents'),
        ("Bước chính thức!C3", datetime(2029, 1, 1), "the day lies ahead"),  # noqa: DTZ001
        ("Bước chính thức!D4", None, "security minutes hold for a time"),
        ("Bước chính thức!D3", DAY, "only security minutes expire"),
        ("Bước chính thức!H3", datetime(2029, 1, 1), "lies after this import"),  # noqa: DTZ001
        (
            "Các bên chịu trách nhiệm!B3",
            "chủ nhà",
            'write one of "chủ quản", "vận hành", "nhà mạng"',
        ),
        ("Các bên chịu trách nhiệm!C3", None, "names nobody"),
        ("Các bên chịu trách nhiệm!D3", "BCA", "names a department and a partner"),
        ("Các bên chịu trách nhiệm!E3", None, "valid_from: is missing"),
        ("Các bên chịu trách nhiệm!F3", datetime(2020, 1, 1), "valid_to lies before valid_from"),  # noqa: DTZ001
    ],
)
def test_each_fault_of_a_row_names_its_cell(
    small: bytes, place: str, value: Any, part: str
) -> None:
    sheet, cell = place.split("!")
    sentences = refused(typed(small, sheet, cell, value))
    assert [said.partition(": ")[0] for said in sentences] == [place]
    assert part in sentences[0]


def test_a_changed_cell_of_history_is_told_with_the_cell_of_its_instant() -> None:
    background()
    take(register_file())
    data = typed(export_register("register.xlsx"), STEPS_SHEET, "F3", "ghi chú khác")
    (said,) = refused(data)
    assert said.startswith("Bước chính thức!H3: K1: what was recorded at 2026-03-02T08:00")
    assert said.endswith("add a row without “recorded at”")


def test_columns_of_history_that_are_not_used_may_be_deleted() -> None:
    background()
    take(register_file())

    def change(book: Book) -> None:
        book[STEPS_SHEET].delete_cols(5, 2)
        del book["Giai đoạn khai báo"]

    assert take(edited(export_register("register.xlsx"), change)).nothing


def test_formulas_and_merged_cells_are_refused_with_their_place(small: bytes) -> None:
    def change(book: Book) -> None:
        book[DATABASES]["E3"] = "=1+1"
        book["Kết nối"].merge_cells("D3:D4")

    sentences = refused(edited(small, change))
    assert sorted(said.split(": ")[0] for said in sentences) == [
        "Cơ sở dữ liệu!E3",
        "Kết nối!D3:D4",
    ]


def test_unknown_sheets_and_those_of_a_plan_are_refused(small: bytes) -> None:
    (said,) = refused(edited(small, lambda book: book.create_sheet("Nhiệm vụ").append(["Mã"])))
    assert said.startswith("Nhiệm vụ!A1: the sheet is not known: delete it, or give it one of")

    def emptied(book: Book) -> None:
        for sheet in SHEETS.values():
            del book[sheet.vi]

    (said,) = refused(edited(small, emptied))
    assert said.endswith("none of the sheets of a register: start from an exported one")


def test_a_file_of_plans_is_no_register() -> None:
    (said,) = told("register.json", b'{"format": "progress-plan/1"}')
    assert said == (
        'line 1: not a register file: it must be an object with "format": "database-register/1"'
    )
    (said,) = told("register.json", b'{"format": "database-register/1", "tasks": []}')
    assert 'line 1: "tasks" is not a section of a register file: the sections are count' in said


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("register.json", b"", "the file is empty"),
        ("register.xlsx", b"  \n", "the file is empty"),
        ("register.json", b"PK\x03\x04rest", "the content is not what the name says"),
        ("register.xlsx", b"{}", "the content is not what the name says"),
        ("register.xlsx", b"PK\x03\x04" + bytes(200), "the workbook is damaged"),
        ("register.xls", b"\xd0\xcf\x11\xe0", "only .json and .xlsx files are read"),
        ("register.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "password or an old format"),
        ("register.json", b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_register_file_is_refused(name: str, data: bytes, sentence: str) -> None:
    (said,) = told(name, data)
    assert sentence in said


def test_fifty_megabytes_are_refused_before_they_are_parsed(settings: Settings) -> None:
    (said,) = told("register.json", b"[" * 50_000_000)
    assert "the file has 50000000 bytes, at most 10000000 are read" in said
    assert said.endswith("check that it is the right file, or split it by database")


def test_a_bomb_is_refused(small: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    (said,) = changed(small, lambda parts: parts.update({"xl/media/a.bin": bytes(101_000_000)}))
    assert "bytes, at most 100000000 are read: check that it is the right file" in said
    monkeypatch.setattr(workbook_package, "MOST_BYTES", 1_000_000)
    with zipfile.ZipFile(io.BytesIO(small)) as package:
        assert package.testzip() is None
    (said,) = changed(small, lambda parts: parts.update({"xl/zz.xml": bytes(2_000_000)}))
    assert "at most 1000000 are read" in said


def test_a_hostile_file_of_thousands_of_rows_is_judged_in_a_moment() -> None:
    background()
    rows = [step("tested", "2025-01-01", note=f"lần {number}") for number in range(2000)]
    take(register_file(steps=rows))
    assert take(register_file(steps=rows)).nothing
    assert counts()["StepRecord"] == 2000


def test_a_department_that_is_new_is_offered() -> None:
    background()
    before = export_register("register.xlsx")
    Department.objects.create(code="ATTP", name_vi="Cục An toàn thực phẩm")
    assert export_register("register.xlsx") != before
    take(register_file(databases=[database(owner="ATTP")]))
    assert Connection.objects.get().database.owner.code == "ATTP"
