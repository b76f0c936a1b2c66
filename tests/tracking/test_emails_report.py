"""The message that brings a list: the same facts twice, the marks, the changes, in one language."""

import re
from typing import Any

import pytest

from tests.tracking.golden import sample
from tests.tracking.mail_reading import Page, department
from tracking.emails.report import report_message
from tracking.emails.written import Written

LANGUAGES = ("vi", "en")


def written(content: dict[str, Any], language: str = "en", **given: Any) -> Written:
    asked = {"classified": frozenset(), "list_number": content["number"], **given}
    return report_message(content, language=language, **asked)


def folded(text: str) -> str:
    plain = re.sub(r"\*\*__|__\*\*|^\s*- |:$", "", text)
    return " ".join(plain.replace(": ", " ").casefold().split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_says_what_the_html_says_and_no_more(language: str) -> None:
    message = written(sample(), language, files_left_out="size")

    text = folded(message.text.replace("\n- ", "\n"))
    blocks = [folded(block) for block in Page(message.html).blocks]
    lines = [folded(line) for line in message.text.splitlines() if line.strip("- ")]

    # The name of the portal and the words of its button stand in one of the two alone.
    assert [block for block in blocks[1:] if block not in text] == []
    html = " ".join(blocks)
    assert [line for line in lines if line not in html and "http" not in line] == []


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "Progress list 18/11/2025: 3 departments OVERDUE (1 new, 2 cleared)"),
        ("vi", "18/11/2025: 3 "),
    ],
)
def test_the_subject_says_the_day_the_marks_and_what_changed(language: str, subject: str) -> None:
    message = written(sample(), language)

    assert subject in message.subject
    assert message.subject == Page(message.html).blocks[1] == message.text.splitlines()[0]
    assert ("QUÁ HẠN" in message.subject) == (language == "vi")


def test_a_list_of_some_plans_names_them_in_the_subject() -> None:
    content = sample()
    content["every_plan"] = False

    assert written(content).subject.startswith("Progress list 18/11/2025, 02-KH/BCĐTW, ĐA06: ")
    content["plans"] = ["A\r\nBcc: all@example.test", "B", "C"]
    assert written(content).subject.startswith("Progress list 18/11/2025, 3 plans: ")
    content["plans"] = content["plans"][:1]
    assert "\n" not in written(content).subject
    assert "\r" not in written(content).subject


@pytest.mark.parametrize("language", LANGUAGES)
def test_marked_departments_are_bold_and_underlined_with_the_word(language: str) -> None:
    content = sample()
    message = written(content, language)

    word = {"vi": "QUÁ HẠN", "en": "OVERDUE"}[language]
    names = [row["name"][language] for row in content["departments"] if row["marked"]]
    marked = Page(message.html).marked
    assert [mark for mark in marked if mark != word][-3:] == names
    assert marked.count(word) == 3
    for name in names:
        assert f"**__{name}__**\n**__{word}__**: " in message.text


def test_nobody_else_is_marked() -> None:
    content = sample()
    message = written(content)

    plain = [row["name"]["en"] for row in content["departments"] if not row["marked"]]
    assert not set(plain) & set(Page(message.html).marked)
    assert not [name for name in plain if f"**__{name}__**" in message.text]


def test_the_changes_come_first_then_the_reasons_then_the_totals_then_the_way() -> None:
    text = written(sample()).text

    places = [
        text.index(words)
        for words in (
            "Compared with List 06",
            "Newly marked: **__Department of Social Protection__** (T13).",
            "No longer marked: Department of Preventive Medicine (T10 extended; T17 reassigned).",
            "Still marked: **__Drug Administration of Viet Nam__**, 3rd list running.",
            "**__OVERDUE__**: 2 tasks, at worst 8 days late (6 working days); 3rd list running",
            "- T01. Complete the connection of the pharmaceutical database",
            "waiting for Ministry of Public Security since 05/11/2025 (13 days)",
            "17/11/2025, on T01: “Đã họp thống nhất",
            "Departments marked: 3/10 (30%)",
            "Completed of those due: 6/12 (50%)",
            "/lists/7/",
        )
    ]
    assert places == sorted(places)


def test_it_says_plainly_that_nothing_changed() -> None:
    content = sample()
    empty: list[Any] = []
    content["movements"] |= dict.fromkeys(
        ("marked", "unmarked", "still_marked", "cancelled", "reassigned"), empty
    )
    message = written(content)

    assert message.subject.endswith("3 departments OVERDUE (unchanged)")
    assert "No department has changed." in message.text
    assert "none has lost its mark" not in message.text


def test_it_says_plainly_that_the_same_departments_are_marked() -> None:
    content = sample()
    content["movements"] |= {"marked": [], "unmarked": []}
    message = written(content)

    assert message.subject.endswith("(unchanged)")
    assert "No department is newly marked, and none has lost its mark." in message.text
    assert "Still marked: **__Drug Administration" in message.text


def test_the_first_list_has_nothing_to_be_compared_with() -> None:
    content = sample()
    content["movements"] = {
        **dict.fromkeys(("marked", "unmarked", "still_marked", "cancelled", "reassigned"), []),
        "since": None,
        "like_for_like": None,
    }
    message = written(content)

    assert message.subject == "Progress list 18/11/2025: 3 departments OVERDUE"
    assert "There is no earlier list to compare with." in message.text
    assert "Newly marked" not in message.html


def test_without_a_mark_the_subject_and_the_message_say_so() -> None:
    content = sample()
    for row in content["departments"]:
        row.update(marked=False, reasons=[])
    content["totals"]["departments_marked"] = 0
    message = written(content)

    assert message.subject.startswith("Progress list 18/11/2025: no department OVERDUE (")
    assert "No department is marked." in message.text
    assert "0/10 (0%)" in message.text


def test_under_the_other_policy_the_word_is_the_other_word() -> None:
    content = sample()
    content["policy"] = "incomplete"
    message = written(content)

    assert "3 departments NOT COMPLETED" in message.subject
    assert "**__NOT COMPLETED__**: 2 tasks" in message.text
    assert "NOT COMPLETED" in Page(message.html).marked


def test_the_list_that_it_supersedes_is_named_before_all_else() -> None:
    text = written(sample()).text

    assert text.index("Supersedes: List 06: ") < text.index("Compared with")


@pytest.mark.parametrize("why", ["classified", "size"])
def test_files_that_do_not_come_are_spoken_of(why: str) -> None:
    message = written(sample(), files_left_out=why)

    assert "not attached" in message.text
    assert "not attached" in message.html
    assert "not attached" not in written(sample()).text


def test_the_way_to_the_list_is_absolute(settings: Any) -> None:
    settings.BASE_URL = "https://portal.example/"
    message = written(sample(), list_number=12)

    links = [attrs["href"] for tag, attrs in Page(message.html).elements if tag == "a"]
    assert "https://portal.example/lists/12/" in links
    assert all(str(link).startswith("https://portal.example/") for link in links)
    assert "https://portal.example/lists/12/\n" in message.text


def test_remarks_of_a_department_stand_under_it() -> None:
    content = sample()
    said = department(content, "QLD")["remarks"][0]["text"]
    message = written(content)

    assert said in message.text
    assert any(said in block for block in Page(message.html).blocks)
