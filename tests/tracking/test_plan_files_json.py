"""What does a plan file in JSON say when it is not as it should be? Each fault with its line."""

import json
from typing import Any

import pytest
from pytest_django import Settings

from tests.tracking.plan_rows import Json, event, plan_file, refused, task
from tracking.plan_files import json_file
from tracking.plan_files.reading import parse_plan
from tracking.plan_files.rows import FileRefused
from tracking.plan_files.schema import checked

LINES = b"""{"format": "progress-plan/1",
 "plans": [
  {"code": "KH",
   "name": {"vi": "a"}},
  {"code": "K2", "name": {"vi": "b"}}]}
"""


def told(data: bytes, name: str = "plan.json") -> list[str]:
    """Every sentence of the refusal of a file as a whole."""
    with pytest.raises(FileRefused) as refusal:
        parse_plan(name, data)
    return refusal.value.sentences


def faults(file: Json) -> list[str]:
    """Every sentence about the shape of the rows, without their lines."""
    _good, sentences = checked(json_file.read(json_file.write(file)))
    return [sentence.partition(": ")[2] for sentence in sentences]


def of(*rows: Any, section: str = "events") -> Json:
    return {"format": "progress-plan/1", section: list(rows)}


def test_every_row_knows_its_line() -> None:
    rows = json_file.read(LINES)["plans"]
    assert [row.place for row in rows] == ["line 3", "line 5"]
    windows = json_file.read(LINES.replace(b"\n", b"\r\n"))["plans"]
    assert [row.place for row in windows] == ["line 3", "line 5"]


def test_every_section_is_there_even_when_the_file_has_none() -> None:
    rows = json_file.read(b'{"format": "progress-plan/1"}')
    assert set(rows) == {
        "departments", "partners", "plans", "documents", "calendar", "tasks", "events",
    }  # fmt: skip
    assert not any(rows.values())


def test_a_mark_of_the_byte_order_is_passed_over() -> None:
    assert json_file.read(b"\xef\xbb\xbf" + LINES)["plans"][0].place == "line 3"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'{"format": "progress-plan/1",\n "plans": [}', "line 2, column 12: not JSON"),
        (b'{"format": "progress-plan/1"}x', "line 1, column 30: not JSON"),
        (b'{"format":\n "\xff"}', "line 2: not UTF-8 text"),
        (b'{"format": "progress-plan/2"}', 'with "format": "progress-plan/1"'),
        (b'[{"format": "progress-plan/1"}]', "line 1: not a plan file"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"format": ' + b"9" * 5000 + b"}", "too many digits"),
        (b"", "the file is empty"),
        (b" \n ", "the file is empty"),
        (b"PK\x03\x04 and more", "the content is not what the name says"),
    ],
)
def test_what_is_no_plan_file_is_refused(data: bytes, sentence: str) -> None:
    (said,) = told(data)
    assert sentence in said


def test_other_names_are_refused() -> None:
    for name in ("plan.xls", "plan.xlsm", "plan.csv", "plan"):
        (said,) = told(b"{}", name)
        assert said.startswith("only .json and .xlsx files are read")
    assert told(LINES, "PLAN.XLSX") == told(LINES, "plan.xlsx")


def test_fifty_megabytes_are_refused_before_they_are_parsed(settings: Settings) -> None:
    (said,) = told(b"[" * 50_000_000)
    assert "the file has 50000000 bytes, at most 10000000 are read" in said
    settings.IMPORT_MAX_BYTES = 10
    assert "at most 10" in told(LINES)[0]


def test_unknown_sections_and_sections_that_are_no_lists_are_all_told() -> None:
    sentences = told(b'{"format": "progress-plan/1", "taks": [], "tasks": {}, "events": [1]}')
    assert [said.split(" is ")[0] for said in sentences] == [
        'line 1: "taks"', 'line 1: "tasks"', 'line 1: "events"',
    ]  # fmt: skip


def test_a_key_given_twice_is_told_instead_of_the_last_one_taken() -> None:
    data = b'{"format": "progress-plan/1",\n "plans": [{"code": "A",\n "name": "x", "code": "B"}]}'
    assert told(data) == ['line 2: "code" stands in one object twice: leave one out']


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"code": None, "name": "x"}, "code: is missing: give it"),
        ({"name": "x"}, "code: is missing: give it"),
        ({"code": "", "name": "x"}, 'code "": is not a code: use at most 40'),
        ({"code": "A\u200b", "name": "x"}, "is not a code"),
        ({"code": "A" * 41, "name": "x"}, "is not a code"),
        ({"code": ["A"], "name": "x"}, "is not a code"),
        ({"code": "A", "name": ""}, 'name "": is not a name'),
        ({"code": "A", "name": {"en": "x"}}, "is not a name"),
        ({"code": "A", "name": {"vi": "x" * 501}}, "is longer than 500 characters"),
        ({"code": "A", "name": "a\x01b"}, "holds the invisible character U+0001"),
        ({"code": "A", "name": "a\ufffeb"}, "holds the invisible character U+FFFE"),
        ({"code": "A", "name": "x", "order": 1.5}, 'order "1.5": is not a whole number'),
        ({"code": "A", "name": "x", "order": float("nan")}, 'order "nan": is not a whole number'),
        ({"code": "A", "name": "x", "order": True}, 'order "True": is not a whole number'),
        ({"code": "A", "name": "x", "order": -1}, 'order "-1": is not a whole number'),
        ({"code": "A", "name": "x", "valid_to": "31/12/2025"}, "is not a date"),
        ({"code": "A", "name": "x", "valid_to": "2025-02-29"}, "is not a date"),
        ({"code": "A", "name": "x", "valid_to": "2025-W46-2"}, "is not a date"),
        ({"code": "A", "name": "x", "valid_to": "9999-12-31"}, "is not a date"),
        ({"code": "A", "name": "x", "succeeded_by": {"a": 1}}, "is not a list of codes"),
        ({"code": "A", "name": "x", "succeeded_by": ["B", "B"]}, "names a code twice"),
        ({"code": "A", "name": "x", "head": "y"}, "head: is not known here: the keys are code,"),
    ],
)
def test_each_shape_of_a_department_is_checked(row: Json, sentence: str) -> None:
    (said,) = faults(of(row, section="departments"))
    assert sentence in said


def made(**payload: Any) -> Json:
    return event("evidence_recorded", "2025-06-20") | {"payload": payload}


def nested(levels: int) -> Json:
    value: Any = "x"
    for _level in range(levels):
        value = [value]
    return made(files=value)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (event("assigned", "2025-06-31"), "is not an instant"),
        (event("assigned", "20/06/2025"), "is not an instant"),
        (event("assigned", "0001-01-01"), "is not an instant"),
        (event("extended", "2025-06-20"), 'kind "extended": is not a kind of event: the kinds are'),
        (event("assigned", "2025-06-20") | {"kind": {}}, "is not a kind of event"),
        (event("assigned", "2025-06-20", recorded_at=5), 'recorded_at "5": is not an instant'),
        (event("assigned", "2025-06-20", actor=5), "is not a text"),
        (event("assigned", "2025-06-20", actor="x" * 151), "is longer than 150"),
        (event("assigned", "2025-06-20") | {"payload": []}, "is not an object"),
        (event("deadline_set", "2025-06-20", due_on="9999-12-31"), 'due_on "9999-12-31" is not'),
        (event("deadline_set", "2025-06-20", reading=["by"]), "reading is not a text"),
        (made(size=1.5), "holds the number 1.5: only whole numbers"),
        (made(size=[float("inf")]), "holds the number inf"),
        (made(size={"a": float("nan")}), "holds the number nan"),
        (made(note="a\0b"), "holds the invisible character U+0000"),
        (made(note="\ud800"), "holds the invisible character U+D800"),
        (made(**{"a\x07": 1}), "holds the invisible character U+0007"),
        (nested(30), "is nested too deeply"),
        (nested(250), "is nested too deeply"),
    ],
)
def test_each_shape_of_an_event_is_checked(row: Json, sentence: str) -> None:
    text = json.dumps(of(row)).encode()
    _good, (said,) = checked(json_file.read(text))
    assert said.startswith("line 1: ")
    assert sentence in said


def test_lines_and_tabs_are_no_invisible_characters() -> None:
    assert not faults(of(made(note="a\n\tb\r\nc 😀")))


def test_a_code_that_stands_twice_is_told_with_both_places() -> None:
    composed, decomposed = "KH-ế", "KH-e\u0302\u0301"
    rows = [{"code": composed, "name": "a"}, {"code": f" {decomposed}\u00a0", "name": "b"}]
    file = json_file.read(json_file.write(of(*rows, section="plans")))
    _good, sentences = checked(file)
    assert sentences == [
        f"line 8: code {composed}: stands in the file twice, first at line 4: leave one out"
    ]


def test_texts_are_normalized_and_trimmed() -> None:
    row = {"code": " A\u00a0", "name": {"vi": "Kế hoạch "}}
    good, _faults = checked(json_file.read(json_file.write(of(row, section="plans"))))
    assert good["plans"] == [{"code": "A", "name": {"vi": "Kế hoạch"}}]


@pytest.mark.django_db
def test_all_faults_are_told_in_one_run_in_the_order_of_the_file() -> None:
    file = plan_file(
        plans=[
            {"code": "KH", "name": "x"},
            {"code": "K2", "name": "x", "issued_on": "19/06/2025"},
            {"code": "K3"},
        ],
        calendar=[{"day": "2026-01-02", "working": "no"}],
        tasks=[task(), task("T2", lead="X"), task("T3", colour="red")],
        events=[
            event("assigned", "2025-06-20"),
            event("submitted", "2025-06-19", note="sớm"),
            event("assigned", "2025-06-20", task="T4"),
        ],
    )
    sentences = refused(file)
    lines = [int(said.split(":")[0].removeprefix("line ")) for said in sentences]
    assert lines == sorted(lines)
    wanted = ("19/06/2025", "name: is missing", "neither true nor false", '"X"', "colour: ",
              "T1, submitted: the task is not assigned", '"T4"')  # fmt: skip
    assert len(sentences) == len(wanted)
    for said, part in zip(sentences, wanted, strict=True):
        assert part in said
