"""The report to the Minister as PDF, read back page by page."""

import copy
import hashlib
import io
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pypdf import PageObject, PdfReader

from tests.tracking.golden import HOSTILE, SAMPLE, draft, hostile
from tracking.renderers import pdf, render

LANGUAGES = ("vi", "en")
A4 = (595.3, 841.9)


def opened(content: dict[str, Any], language: str = "vi") -> PdfReader:
    return PdfReader(io.BytesIO(render(content, format="pdf", language=language)))


@cache
def read(language: str = "vi") -> PdfReader:
    return opened(SAMPLE, language)


def words(text: str) -> str:
    """Text without regard to where its lines and cells break."""
    return "".join(text.replace("\u200b", "").split())


def text_of(reader: PdfReader) -> str:
    return words("".join(page.extract_text() for page in reader.pages))


def is_landscape(page: PageObject) -> bool:
    return float(page.mediabox.width) > float(page.mediabox.height)


def first_line(page: PageObject) -> str:
    return page.extract_text().strip().splitlines()[0].strip()


def test_report_is_portrait_and_annexes_are_landscape_a4() -> None:
    turned = [is_landscape(page) for page in read().pages]
    assert turned == sorted(turned)
    assert not turned[0]
    assert turned[-1]
    for page in read().pages:
        sides = sorted((float(page.mediabox.width), float(page.mediabox.height)))
        assert sides == pytest.approx(A4, abs=0.5)


def test_page_numbers_start_again_in_each_annex_and_skip_first_pages() -> None:
    tops = [first_line(page) for page in read().pages]
    body = sum(not is_landscape(page) for page in read().pages)
    assert tops[1:body] == [str(number) for number in range(2, body + 1)]
    annexes = [place for place, top in enumerate(tops) if top.startswith("Phụ lục")]
    assert [tops[place] for place in annexes] == ["Phụ lục I", "Phụ lục II", "Phụ lục III"]
    assert annexes[0] == body
    assert tops[body + 1 : annexes[1]] == [
        str(number) for number in range(2, annexes[1] - body + 1)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_the_text_is_there_and_in_order(language: str) -> None:
    text = text_of(read(language))
    places = [text.index(words(name)) for name in _landmarks(language)]
    assert places == sorted(places)
    for department in SAMPLE["departments"]:
        assert words(department["name"][language]) in text
        for task in department["tasks"]:
            assert words(task["title"][language]) in text
    assert text.endswith(SAMPLE["sha256"])


def _landmarks(language: str) -> list[str]:
    if language == "en":
        return ["MINISTRY OF HEALTH", "No.:      /BC-TTYQG", "Courtesy translation", "REPORT",
                "To: the Minister of Health", "./.", "Recipients:", "Annex I"]  # fmt: skip
    return ["BỘ Y TẾ", "Số:      /BC-TTYQG", "BÁO CÁO", "Kính gửi: Bộ trưởng Bộ Y tế", "./.",
            "Nơi nhận:", "Phụ lục I", "(Kèm theo Báo cáo số"]  # fmt: skip


def test_headings_of_columns_are_on_every_page_of_the_annex() -> None:
    tops = [words(page.extract_text()) for page in read().pages if is_landscape(page)]
    tasks = next(place for place, top in enumerate(tops) if top.startswith("PhụlụcII"))
    assert all("Khókhăn,vướngmắc" in top for top in tops[:tasks])


def test_marked_departments_carry_the_word() -> None:
    text = text_of(read())
    for department in SAMPLE["departments"]:
        marked = words(department["name"]["vi"] + " - QUÁ HẠN:") in text
        assert marked is department["marked"]


def test_draft_and_forecast_are_on_every_page() -> None:
    for page in opened(draft(forecast=True)).pages:
        assert "DỰ THẢO - DỰ BÁO" in page.extract_text()
    assert "DỰ THẢO" not in "".join(page.extract_text() for page in read().pages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_same_content_gives_the_same_bytes(language: str) -> None:
    first = render(SAMPLE, format="pdf", language=language)
    render(draft(), format="pdf", language=language)
    assert first == render(SAMPLE, format="pdf", language=language)


def test_another_process_in_another_zone_gives_the_same_bytes() -> None:
    script = (
        "import hashlib, json, sys; from tracking.renderers import render\n"
        "content = json.load(open(sys.argv[1], encoding='utf-8'))\n"
        "print(hashlib.sha256(render(content, format='pdf')).hexdigest())"
    )
    sample = str(Path(__file__).with_name("sample_content.json"))
    run = subprocess.run(
        [sys.executable, "-c", script, sample],
        env={"TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
        text=True,
    )
    here = hashlib.sha256(render(SAMPLE, format="pdf")).hexdigest()
    assert run.stdout.strip() == here


def test_metadata_hold_no_clock_and_fonts_are_inside() -> None:
    metadata = read().metadata
    assert metadata is not None
    assert metadata.title == "Về tiến độ thực hiện nhiệm vụ, tính đến hết ngày 18/11/2025"
    assert metadata.creation_date is None or metadata.creation_date.year == 1980
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in read().pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert fonts
    assert all("LibertinusSerif" in font for font in fonts)


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_text_stays_text(title: str) -> None:
    reader = opened(hostile(title))
    assert text_of(reader).endswith(SAMPLE["sha256"])
    assert all("/Annots" not in page for page in reader.pages)


def test_a_word_wider_than_the_page_is_broken() -> None:
    report = opened(hostile("W" * 500)).pages[1].extract_text()
    assert "W" * 10 in report
    assert "W" * 45 not in report


def test_a_cell_taller_than_a_page_is_not_cut() -> None:
    title = "đầu " + "nhiệm vụ rất dài " * 60 + "cuối"
    text = text_of(opened(hostile(title)))
    assert text.count(words("rất dài cuối")) >= text.count("đầunhiệm")
    assert words("rất dài cuối") in text


def test_a_very_long_list_is_abridged_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_TASKS", 8)
    content = copy.deepcopy(SAMPLE)
    text = text_of(opened(content))
    tasks = sum(len(department["tasks"]) for department in content["departments"])
    kept = sum(len(department["reasons"]) for department in content["departments"])
    assert words(f"Danh sách có {tasks} nhiệm vụ; phụ lục của bản PDF này chỉ in {kept}") in text
    assert words(f"{tasks - kept} nhiệm vụ còn lại chỉ có trong số tổng hợp") in text
    annex = text[text.index("PhụlụcI(") if "PhụlụcI(" in text else text.index("PhụlụcIDANH") :]
    for department in content["departments"]:
        assert words(department["name"]["vi"]) in annex
        for task in department["tasks"]:
            printed = words(f"{task['code']}. {task['title']['vi']}") in annex
            assert printed is (task["code"] in department["reasons"])


def test_a_department_without_tasks_may_stand_anywhere() -> None:
    content = copy.deepcopy(SAMPLE)
    empty = next(d for d in content["departments"] if not d["tasks"] and not d["marked"])
    others = [d for d in content["departments"] if d is not empty]
    first, *rest = others
    for departments in ([empty, *others], [*others, empty], [first, empty, *rest], [empty]):
        text = text_of(opened(content | {"departments": departments}))
        assert words(empty["name"]["vi"]) in text


def test_where_even_the_reasons_are_too_many_the_annex_holds_totals_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf, "MOST_TASKS", 1)
    text = text_of(opened(copy.deepcopy(SAMPLE)))
    assert words("phụ lục của bản PDF này chỉ in 0 nhiệm vụ là lý do đánh dấu") in text
