"""Which words of a letter are sound, what becomes of them, and which step may follow which."""

from typing import Any

import pytest

from tracking.actions.letter_words import words_by_default
from tracking.rules.letters import (
    FIELDS,
    NEXT,
    Fault,
    Trouble,
    faults_of,
    filled,
    may_follow,
    passages_of,
)

SOUND = {
    "subject": "đôn đốc {department}",
    "addressee": "{department}",
    "body": "Kính gửi\n{tasks}\nTrân trọng",
    "recipients": "- Như trên;",
}


def faults(**changes: str) -> list[Fault]:
    return faults_of("to_department", {**SOUND, **changes})


@pytest.mark.parametrize("kind", FIELDS)
def test_the_words_that_the_portal_comes_with_are_sound(kind: str) -> None:
    words = words_by_default(kind)
    parts = {name: getattr(words, name) for name in SOUND}
    assert faults_of(kind, parts) == []
    assert words.position
    assert words.body.endswith("./.")
    assert words.recipients.splitlines()[-1] == "- Lưu: VT."


@pytest.mark.parametrize("kind", FIELDS)
def test_every_kind_has_an_example_for_every_field(kind: str) -> None:
    assert all(field.example for field in FIELDS[kind])
    assert len({field.name for field in FIELDS[kind]}) == len(FIELDS[kind])


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"body": "{tasks}\n{departement}"}, Fault("body", 2, Trouble.UNKNOWN, "departement")),
        ({"body": "{tasks}\nĐến {department"}, Fault("body", 2, Trouble.BRACE)),
        ({"body": "{tasks}\nĐến department}"}, Fault("body", 2, Trouble.BRACE)),
        ({"body": "{tasks}\n{{department}}"}, Fault("body", 2, Trouble.BRACE)),
        ({"body": "Gồm: {tasks}"}, Fault("body", 1, Trouble.NOT_ALONE, "tasks")),
        ({"recipients": "- x;\n- {tasks}"}, Fault("recipients", 2, Trouble.BLOCK, "tasks")),
        ({"subject": "{answer_due_on}"}, Fault("subject", 1, Trouble.SOMETIMES, "answer_due_on")),
        ({"body": "Kính gửi"}, Fault("body", 0, Trouble.MISSING, "tasks")),
        ({"body": " \n"}, Fault("body", 0, Trouble.EMPTY)),
        ({"body": "{tasks}\n{}"}, Fault("body", 2, Trouble.UNKNOWN, "")),
    ],
)
def test_what_is_wrong_is_found_with_its_line(changes: dict[str, str], fault: Fault) -> None:
    assert fault in faults(**changes)


def test_sound_words_have_no_fault() -> None:
    assert faults() == []
    assert faults(subject="đôn đốc", addressee="{department}") == []


def test_a_line_of_which_a_field_is_empty_is_left_out_whole() -> None:
    values = {"department": "Cục", "answer_due_on": ""}
    lines = "Gửi {department}\nTrả lời trước {answer_due_on}\n\n  Trân trọng  "
    assert filled(lines, values) == ["Gửi Cục", "Trân trọng"]


def test_what_fills_a_field_is_never_read_as_a_field() -> None:
    assert filled("{department}", {"department": "{tasks}"}) == ["{tasks}"]
    row = {"kind": "text", "text": "việc"}
    said = passages_of("{department}", {"department": "{tasks}"}, {"tasks": [row]})
    assert [passage["text"] for passage in said] == ["{tasks}./."]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Trân trọng", "Trân trọng./."),
        ("Trân trọng.", "Trân trọng./."),
        ("Trân trọng./.", "Trân trọng./."),
    ],
)
def test_a_text_ends_with_the_end_mark_once(text: str, last: str) -> None:
    assert passages_of(text, {}, {})[-1]["text"] == last


def test_a_text_that_ends_with_a_table_has_the_end_mark_below_it() -> None:
    table: dict[str, Any] = {"kind": "table", "rows": []}
    assert passages_of("{tasks}", {}, {"tasks": [table]}) == [
        table,
        {"kind": "text", "text": "./."},
    ]


def test_headings_and_items_are_told_by_how_their_line_begins() -> None:
    said = passages_of("# 1. Tình hình\n- một;\nhai", {}, {})
    assert [(passage["kind"], passage["text"]) for passage in said] == [
        ("heading", "1. Tình hình"),
        ("item", "- một;"),
        ("text", "hai./."),
    ]


def test_only_the_course_is_legal() -> None:
    legal = {
        ("", "drafted"),
        ("drafted", "for_signature"),
        ("drafted", "withdrawn"),
        ("for_signature", "issued"),
        ("for_signature", "withdrawn"),
        ("issued", "answered"),
    }
    steps = {step for steps in NEXT.values() for step in steps}
    assert {(s, step) for s in NEXT for step in steps if may_follow(s, step)} == legal
