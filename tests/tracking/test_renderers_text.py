"""The list as text, and the words every format shares."""

import re
import time
import unicodedata
from typing import Any

import pytest

from tests.tracking.golden import HOSTILE, assert_expected, draft, hostile, sample
from tracking.renderers import render
from tracking.renderers.layout import width_of, wrap
from tracking.renderers.plain import plain
from tracking.renderers.sheet import sheet_of
from tracking.renderers.vocabulary import VOCABULARY
from tracking.renderers.words import counted, number_text, ordinal_text, roman, share_text

MARKED = ("Cục Quản lý Dược", "Cục Bảo trợ xã hội", "Cục Quản lý Y, Dược cổ truyền")
UNMARKED = ("Cục Phòng bệnh", "Văn phòng Bộ", "Cục An toàn thực phẩm")


def text_of(content: dict[str, Any], language: str = "vi", *, terminal: bool = False) -> str:
    return render(content, format="text", language=language, terminal=terminal).decode()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_text_is_as_expected(language: str) -> None:
    assert_expected(f"list.{language}.txt", render(sample(), format="text", language=language))


@pytest.mark.parametrize("terminal", [True, False])
def test_names_and_words_of_marked_departments_alone_are_emphasised(terminal: bool) -> None:
    text = text_of(sample(), terminal=terminal)
    before, after = ("\x1b[1;4m", "\x1b[0m") if terminal else ("**__", "__**")
    found = set(re.findall(re.escape(before) + "(.*?)" + re.escape(after), text))
    assert found == {*MARKED, "QUÁ HẠN"}
    for name in UNMARKED:
        assert f"{before}{name}" not in text
    for name in MARKED:
        assert f"{before}{name}{after}" in text


def test_a_mark_prints_its_word_its_tasks_its_lateness_and_its_reasons() -> None:
    text = text_of(sample())
    assert "**__QUÁ HẠN__**: 2 nhiệm vụ, chậm nhất 8 ngày (6 ngày làm việc); lần thứ 3" in text
    assert "- T01. Hoàn thành kết nối Cơ sở dữ liệu về dược" in text
    assert "**__OVERDUE__**: 1 task, at worst 1 day late (1 working day)" in text_of(sample(), "en")


def test_the_other_policy_has_its_own_word() -> None:
    content = {**sample(), "policy": "incomplete"}
    assert "**__CHƯA HOÀN THÀNH__**: 2 nhiệm vụ" in text_of(content)
    assert "**__NOT COMPLETED__**: 2 tasks" in text_of(content, "en")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("title", HOSTILE)
def test_no_line_is_wider_than_the_page_and_no_title_steers_the_terminal(
    title: str, language: str
) -> None:
    text = text_of(hostile(title), language, terminal=True)
    seen = text.replace("\x1b[1;4m", "").replace("\x1b[0m", "")
    assert max(width_of(line) for line in seen.splitlines()) <= 100
    assert not {letter for letter in seen if unicodedata.category(letter) == "Cc"} - {"\n"}
    assert "\u202e" not in seen


def test_every_task_is_printed_with_its_standing() -> None:
    content = sample()
    text = text_of(content)
    for department in content["departments"]:
        for task in department["tasks"]:
            assert re.search(rf"^ +{re.escape(task['code'])} ", text, re.MULTILINE)
    lines = [line for group in sheet_of(content, language="vi").groups for line in group.lines]
    assert len(lines) == content["totals"]["in_scope"]
    assert all(line.cells[8].startswith(VOCABULARY[line.standing][0]) for line in lines)


def test_a_draft_and_a_forecast_say_so() -> None:
    text = text_of(draft(forecast=True))
    assert text.startswith("[DỰ THẢO]\n[DỰ BÁO] ")
    assert "Chưa có danh sách trước để so sánh." in text
    assert "[DỰ" not in text_of(sample())


def test_the_same_bytes_in_every_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = set()
    for zone in ("UTC", "Asia/Ho_Chi_Minh", "Pacific/Kiritimati"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        texts.add(text_of(sample()))
    monkeypatch.undo()
    time.tzset()
    assert len(texts) == 1


def test_deadline_shows_reading_wording_and_origin() -> None:
    groups = sheet_of(sample(), language="vi").groups
    deadlines = {line.code: line.cells[5] for group in groups for line in group.lines}
    assert deadlines["T01"] == "10/11/2025 (hạn gốc 01/11/2025)"
    assert deadlines["T16"] == "trước ngày 30/10/2025"
    assert deadlines["T22"] == "thường xuyên"


def test_notes_keep_what_cannot_be_erased() -> None:
    groups = sheet_of(sample(), language="vi").groups
    notes = {line.code: line.cells[11] for group in groups for line in group.lines}
    assert notes["T01"] == "Gia hạn 1 lần; gia hạn khi đã quá hạn 3 ngày; đã vi phạm 2 thời hạn"
    assert notes["T09"].endswith("không bắt buộc")
    assert notes["T17"] == "Tiếp nhận từ Cục Phòng bệnh"
    assert notes["T24"].endswith("chưa có thông tin")


@pytest.mark.parametrize("key", VOCABULARY)
def test_both_languages_take_the_same_values(key: str) -> None:
    vietnamese, english = VOCABULARY[key]
    assert vietnamese
    assert english
    fields = [sorted(re.findall(r"{(\w*)}", text)) for text in (vietnamese, english)]
    assert fields[0] == fields[1] or key.endswith("_one")


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 0, "0/0"), (0, 3, "0/3 (0%)"), (1, 3, "1/3 (33%)"), (999, 1000, "999/1.000 (99%)"),
     (1, 1000, "1/1.000 (1%)"), (4, 4, "4/4 (100%)")],
)  # fmt: skip
def test_only_the_whole_is_a_hundred_percent(part: int, whole: int, text: str) -> None:
    assert share_text(part, whole, "vi") == text


def test_numbers_in_words() -> None:
    assert [roman(n) for n in (1, 4, 9, 14, 40, 60)] == ["I", "IV", "IX", "XIV", "XL", "LX"]
    ordinals = [ordinal_text(number, "en") for number in (1, 2, 3, 11, 21)]
    assert ordinals == ["1st", "2nd", "3rd", "11th", "21st"]
    assert number_text(78000, "vi") == "78.000"
    assert (counted(1, "day", "en"), counted(2, "day", "en")) == ("1 day", "2 days")


def test_wrapping_counts_what_is_seen() -> None:
    assert wrap("Thu\u031b\u0301 tu\u031b\u0323", 6) == ["Thu\u031b\u0301 tu\u031b\u0323"]
    assert wrap("漢字漢字", 5) == ["漢字", "漢字"]
    assert wrap("", 5) == [""]
    assert plain("một\n  hai\x1b") == "một hai"


def test_unknown_formats_and_languages_are_refused() -> None:
    with pytest.raises(ValueError, match="Unknown format"):
        render(sample(), format="odt")
    with pytest.raises(ValueError, match="language"):
        render(sample(), format="text", language="fr")
