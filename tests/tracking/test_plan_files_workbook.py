"""Does the operators' workbook give back what was written, and read what people type?"""

import io
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.ledgers import plan_files
from tests.tracking.imported import imported
from tests.tracking.plan_rows import Json, edited, event, plan_file, refused, take, task
from tracking.plan_files import json_file, workbook
from tracking.plan_files.export import export_plan, plan_content
from tracking.plan_files.rows import FileRefused
from tracking.plan_files.schema import checked
from tracking.plan_files.workbook_columns import SHEETS, folded_heading
from tracking.rules.canonical import nfc
from tracking.rules.instants import MICROSECOND, instant_from

quick = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
FIRST = 3  # the first row below the headings


def payloads(*found: Json) -> list[Json]:
    """Payloads as they come back from a workbook."""
    events = [{**event("evidence_recorded", "2025-06-20"), "payload": p} for p in found]
    return [row["payload"] for row in workbook.read(workbook.write({"events": events}))["events"]]


texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(["=1+1", "+84", "-1", "@a", "'q", "_x000D_", "a\r\nb", " a", "a\u00a0", "1",
                     "TRUE", "18/11/2025", "2025-11-18", "50", "trước ngày", "Có", "\ufeff"]),
)  # fmt: skip
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
KEYS = ("due_on", "reading", "wording", "percent", "on", "lead", "required", "reason", "cause",
        "note", "document", "evidence")  # fmt: skip


@given(st.dictionaries(st.sampled_from(KEYS) | texts, plain, max_size=6).map(nfc))
@quick
def test_any_payload_comes_back_with_its_types(payload: Json) -> None:
    (back,) = payloads(payload)
    assert json.dumps(back, sort_keys=True) == json.dumps(payload, sort_keys=True)


def test_payloads_are_spread_over_columns_as_long_as_nothing_is_lost() -> None:
    spread = {"due_on": "2025-11-10", "reading": "before", "percent": 5, "required": False}
    kept = {"due_on": None, "reading": "until", "percent": "5", "required": 1, "reason": " x"}
    rows = [event("submitted", "2025-06-20", **payload) for payload in (spread, kept)]
    data = workbook.write({"events": rows})
    assert payloads(spread, kept) == [spread, kept]
    page = openpyxl.load_workbook(io.BytesIO(data))["Sự kiện"]
    shown = {page.cell(1, n).value: page.cell(FIRST, n).value for n in range(1, 19)}
    assert shown["Hạn"] == datetime(2025, 11, 10)  # noqa: DTZ001
    assert (shown["Cách hiểu"], shown["Tỷ lệ %"], shown["Bắt buộc"]) == ("trước ngày", 5, "Không")
    assert shown["Khác (JSON)"] is None


@given(
    st.integers(0, 86400 * 365 * 7000),
    st.booleans(),
)
@quick
def test_instants_come_back_to_the_microsecond(seconds: int, whole: bool) -> None:
    instant = instant_from("1900-01-02T00:00:00") + timedelta(seconds=seconds)
    text = (instant if whole else instant + MICROSECOND).isoformat()
    row = event("assigned", "2025-06-20") | {"effective_at": text, "recorded_at": text}
    (back,) = workbook.read(workbook.write({"events": [row]}))["events"]
    assert (back["effective_at"], back["recorded_at"]) == (text, text)


@pytest.mark.django_db
@pytest.mark.slow
@given(plan_files())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_generated_plans_come_back_without_difference(file: Json) -> None:
    with imported(file):
        content, data = plan_content(), export_plan("plan.xlsx")
    rows, faults = checked(workbook.read(data))
    assert not faults
    for row in rows["tasks"]:
        row["coordinating"] = row["coordinating"] or []  # an empty cell is no list
    assert rows == checked(json_file.read(json_file.write(content)))[0]


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize("by_libreoffice", [False, True])
def test_what_is_seeded_comes_back_byte_for_byte(by_libreoffice: bool, tmp_path: Path) -> None:
    if by_libreoffice and not shutil.which("localc"):
        pytest.skip("LibreOffice is not installed")
    with transaction.atomic():
        take(seeded("facts"))
        take(seeded("illustrative_2025"))
        before, data = export_plan("plan.json"), export_plan("plan.xlsx")
        assert export_plan("plan.xlsx") == data
        if by_libreoffice:
            data = saved_by_libreoffice(data, tmp_path)
        assert take(data).nothing
        transaction.set_rollback(True)
    take(data)
    assert export_plan("plan.json") == before


def seeded(name: str) -> Json:
    path = Path(workbook.__file__).parents[1] / "seed" / f"{name}.json"
    content: Json = json.loads(path.read_text())
    return content


def saved_by_libreoffice(data: bytes, folder: Path) -> bytes:
    (folder / "plan.xlsx").write_bytes(data)
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
               "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"),
               str(folder / "plan.xlsx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "out" / "plan.xlsx").read_bytes()


def test_headings_are_told_apart() -> None:
    for sheet in SHEETS.values():
        for names in ([c.vi for c in sheet.columns], [c.en for c in sheet.columns]):
            assert len({folded_heading(name) for name in names}) == len(sheet.columns)
    assert len({folded_heading(name) for s in SHEETS.values() for name in (s.vi, s.en)}) == 14


def test_the_workbook_is_ready_to_be_filled_in() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook.write(plan_file())))
    assert book.sheetnames == ["Hướng dẫn", *(sheet.vi for sheet in SHEETS.values())]
    page = book["Nhiệm vụ"]
    assert (page.freeze_panes, page["A1"].value, page["A2"].value) == ("B3", "Mã", "Code")
    offers = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    assert offers["B3:B1003"] == "'Kế hoạch'!$A$3:$A$1003"
    kinds = book["Sự kiện"].data_validations.dataValidation
    source = next(rule.formula1 for rule in kinds if str(rule.sqref) == "B3:B1004")
    words = [
        cell.value for (cell,) in book["Hướng dẫn"][source.rpartition("!")[2].replace("$", "")]
    ]
    assert words[:2] == ["Giao nhiệm vụ", "Ấn định thời hạn"]
    assert len(words) == 18


def test_a_text_longer_than_a_cell_is_refused_not_cut() -> None:
    long = event("submitted", "2025-06-20", note="😀" * 16_384)
    with pytest.raises(FileRefused, match="Sự kiện!M3: the text is longer than the 32767"):
        workbook.write({"events": [long]})


def filled(sheet: str, cells: Json, row: int = FIRST) -> bytes:
    """The small plan with cells of one row changed by hand."""

    def change(book: openpyxl.Workbook) -> None:
        page = book[sheet]
        places = {page.cell(1, n).value: n for n in range(1, page.max_column + 1)}
        for heading, value in cells.items():
            cell = page.cell(row, places[heading])
            cell.value = value
            if isinstance(value, int | float):
                cell.number_format = "General"  # or it is the date that it is shown as

    return edited(workbook.write(plan_file()), change)


DAY = datetime(2025, 11, 18)  # noqa: DTZ001


@pytest.mark.parametrize("typed", [DAY, DAY.date(), "18/11/2025", " 2025-11-18\u00a0"])
def test_dates_are_read_as_people_write_them(typed: Any) -> None:
    rows = workbook.read(filled("Kế hoạch", {"Ngày ban hành": typed}))
    assert rows["plans"][0]["issued_on"] == "2025-11-18"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (DAY + timedelta(hours=8), "2025-11-18T08:00:00+07:00"),
        (DAY, "2025-11-18T00:00:00+07:00"),
        ("18/11/2025", "2025-11-18T00:00:00+07:00"),
        ("18/11/2025 8:05", "2025-11-18T08:05:00+07:00"),
        ("18/11/2025 08:05:09", "2025-11-18T08:05:09+07:00"),
        ("2025-11-18T01:00:00Z", "2025-11-18T08:00:00+07:00"),
        ("2025-11-18 08:00:00.000001", "2025-11-18T08:00:00.000001+07:00"),
    ],
)
def test_instants_are_read_as_people_write_them(typed: Any, meant: str) -> None:
    rows = workbook.read(filled("Sự kiện", {"Có hiệu lực lúc": typed}))
    assert rows["events"][0]["effective_at"] == meant


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    ["11/18/2025", "18/11/25", "18.11.2025", "hôm nay", "31/02/2025", 45000, 1.5, True, time(8),
     DAY + timedelta(hours=8)],
)  # fmt: skip
def test_other_dates_are_told_with_their_cell_and_what_to_do(typed: Any) -> None:
    (sentence,) = refused(filled("Kế hoạch", {"Ngày ban hành": typed}))
    assert sentence.startswith('Kế hoạch!D3: Ngày ban hành "')
    assert sentence.endswith('": is not a date: write day/month/year, as in 18/11/2025')


@pytest.mark.parametrize(
    ("sheet", "cells", "key", "meant"),
    [
        ("Nhiệm vụ", {"Mục, khoản": 2}, "clause", "2"),
        ("Nhiệm vụ", {"Bắt buộc": False}, "required", False),
        ("Nhiệm vụ", {"Bắt buộc": " KHONG "}, "required", False),
        ("Nhiệm vụ", {"Bắt buộc": "yes"}, "required", True),
        ("Nhiệm vụ", {"Đơn vị phối hợp": "KCB, QLD\nTTYQG;"}, "coordinating",
         ["KCB", "QLD", "TTYQG"]),
        ("Nhiệm vụ", {"Nhiệm vụ": "Ke\u0302\u0301 hoạch "}, "title", {"vi": "Kế hoạch"}),
        ("Đơn vị", {"Thứ tự": "7"}, "order", 7),
        ("Sự kiện", {"Loại sự kiện": "ASSIGNED"}, "kind", "assigned"),
        ("Sự kiện", {"Loại sự kiện": "mở lại"}, "kind", "reopened"),
        ("Sự kiện", {"Khác (JSON)": '{"a": null}'}, "payload", {"a": None}),
    ],
)  # fmt: skip
def test_cells_are_read_as_they_are_meant(sheet: str, cells: Json, key: str, meant: Any) -> None:
    rows = workbook.read(filled(sheet, cells))
    section = next(s.section for s in SHEETS.values() if s.vi == sheet)
    assert rows[section][0][key] == meant


def test_columns_stand_in_any_order_under_either_heading() -> None:
    def change(book: openpyxl.Workbook) -> None:
        page = book["Kế hoạch"]
        page.title = "PLANS "
        for place, heading in enumerate(["ten", "Issued On", "MA\u0303"], 1):
            page.cell(1, place).value = heading
        page.delete_cols(4)
        page.delete_rows(2, 2)
        page.append([None, None, None])
        page.append(["Tên", DAY, "K9"])

    rows = workbook.read(edited(workbook.write(plan_file()), change))["plans"]
    assert [dict(row) for row in rows] == [
        {"code": "K9", "name": {"vi": "Tên"}, "issued_on": "2025-11-18"}
    ]
    assert (rows[0].place, rows[0].at("code"), rows[0].at("name")) == (
        "PLANS !3", "PLANS !C3", "PLANS !A3",
    )  # fmt: skip


def without(*sheets: str) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        for sheet in sheets:
            del book[sheet]

    return change


@pytest.mark.django_db
def test_sheets_may_be_missing() -> None:
    take(plan_file())
    others = ("Hướng dẫn", "Đơn vị", "Đối tác", "Kế hoạch", "Văn bản", "Lịch làm việc", "Nhiệm vụ")
    report = event("progress_reported", "2025-07-01", percent=5)
    data = edited(workbook.write(plan_file(events=[report])), without(*others))
    assert take(data).events == 1


@pytest.mark.django_db
def test_codes_with_separators_come_back() -> None:
    odd = [{"code": code, "name": {"vi": "Cục"}} for code in ("A;B", "C,D", "[E]")]
    file = plan_file(
        departments=[*plan_file()["departments"], *odd],
        tasks=[task(coordinating=["A;B", "C,D"]), task("T2", coordinating=["[E]"])],
    )
    take(file)
    assert take(export_plan("plan.xlsx")).nothing
