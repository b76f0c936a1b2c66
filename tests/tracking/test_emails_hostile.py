"""The message holds whatever people wrote: it is escaped, fits, and hides what may not leave."""

import copy
import re
from typing import Any

import pytest

from tests.tracking.golden import HOSTILE, hostile, sample
from tests.tracking.mail_reading import Page, department
from tracking.emails.report import report_message
from tracking.emails.written import Written

MOST_BYTES = 90_000


def written(content: dict[str, Any], classified: set[str] | None = None) -> Written:
    return report_message(
        content, language="en", classified=classified or set(), list_number=content["number"]
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_wrote_never_becomes_markup_or_another_line(text: str) -> None:
    usual = Page(written(sample()).html)
    message = written(hostile(text))

    tags = {tag for tag, _attrs in Page(message.html).elements}
    assert tags <= {tag for tag, _attrs in usual.elements}
    assert len(message.subject.splitlines()) == 1
    for part in (message.text, message.html):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", part)
    names = [mark for mark in Page(message.html).marked if mark != "OVERDUE"]
    assert all(f"**__{name}__**" in message.text for name in names)


def test_the_message_brings_all_it_shows_and_runs_nothing() -> None:
    page = Page(written(sample()).html)

    assert {"script", "img", "link", "iframe", "form", "input"}.isdisjoint(
        tag for tag, _attrs in page.elements
    )
    assert not [name for _tag, attrs in page.elements for name in attrs if name.startswith("on")]
    assert "url(" not in written(sample()).html


def test_styles_stand_at_the_elements_so_that_it_is_legible_without_a_stylesheet() -> None:
    html = written(sample()).html
    page = Page(re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL))

    unstyled = [
        tag
        for tag, attrs in page.elements
        if tag in {"h1", "h2", "h3", "p", "ul", "li", "th", "td", "a", "b"} and "style" not in attrs
    ]
    assert unstyled == []
    assert [attrs["lang"] for tag, attrs in page.elements if tag == "html"] == ["en"]
    layout = [attrs for tag, attrs in page.elements if tag == "table"]
    assert [attrs.get("role") for attrs in layout] == ["presentation", "presentation", None]
    assert "width:100%;max-width:600px" in str(layout[1]["style"])
    assert page.hidden.strip().startswith("Newly marked: Department of Social Protection")


def heavy(departments: int, reasons: int, name: str = "Cục số {}") -> dict[str, Any]:
    """A list in which every department is marked for so many tasks."""
    content = sample()
    model = department(content, "QLD")
    task = next(task for task in model["tasks"] if task["code"] == "T01")
    rows = []
    for place in range(departments):
        said = name.format(place)
        tasks = [{**task, "code": f"D{place}-{number}"} for number in range(reasons)]
        codes = [task["code"] for task in tasks]
        new = {"code": f"D{place}", "name": {"vi": said, "en": said}, "tasks": tasks}
        rows.append({**copy.deepcopy(model), **new, "reasons": codes})
    content["departments"] = rows
    content["totals"] |= {"departments": departments, "departments_marked": departments}
    content["movements"]["marked"] = [
        {"code": row["code"], "name": row["name"], "tasks": row["reasons"]} for row in rows
    ]
    content["movements"]["still_marked"] = []
    return content


@pytest.mark.parametrize(("departments", "reasons"), [(1, 300), (40, 30), (400, 3), (1200, 1)])
def test_however_long_the_list_the_message_fits_and_counts_what_it_leaves_out(
    departments: int, reasons: int
) -> None:
    message = written(heavy(departments, reasons))

    assert 20_000 < len(message.html.encode()) < MOST_BYTES
    named = len(re.findall(r"^\*\*__Cục số \d+__\*\*$", message.text, re.MULTILINE))
    more = re.search(r"^(\d+) more departments? (?:is|are) marked", message.text, re.MULTILINE)
    assert named + (int(more[1]) if more else 0) == departments
    told = len(re.findall(r"^- D\d+-\d+\. ", message.text, re.MULTILINE))
    left = re.findall(r"^And (\d+) more tasks?, in the portal\.$", message.text, re.MULTILINE)
    assert told + sum(map(int, left)) == named * reasons
    assert f": {departments:,} department" in message.subject


def test_a_department_with_many_tasks_is_newly_marked_in_one_sentence() -> None:
    text = written(heavy(1, 300)).text

    newly = next(line for line in text.splitlines() if line.startswith("- Newly marked: "))
    assert newly.endswith("D0-7). And 292 more tasks.")


def test_the_worst_texts_fit_too() -> None:
    content = heavy(60, 60, name="'\"<&>" * 60 + "{}")
    for row in content["departments"]:
        for task in row["tasks"]:
            task["title"] = dict.fromkeys(("vi", "en"), "<&\"'>ự" * 150)
            task["waiting"] = task["waiting"] * 9
        row["remarks"] = [{"on": "2025-11-17", "tasks": ["D0-0"], "text": "'\"&<ự" * 200}] * 9
    message = written(content)

    assert len(message.html.encode()) < MOST_BYTES
    assert "A long text ends with “…” here: it stands in full in the portal." in message.text


def test_the_longest_overdue_are_told_of_first() -> None:
    content = sample()
    row = department(content, "QLD")
    row["tasks"].sort(key=lambda task: task["due_on"])
    row["reasons"] = ["T02", "T01"]

    text = written(content).text
    assert text.index("- T01. ") < text.index("- T02. ")


def secrets(message: Written, *words: str) -> list[str]:
    parts = "\n".join((message.subject, message.text, message.html)).casefold()
    return [
        word for word in words if re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", parts)
    ]


def test_a_classified_task_is_named_nowhere() -> None:
    content = sample()
    row = department(content, "QLD")
    titles = next(task["title"] for task in row["tasks"] if task["code"] == "T01")
    other = next(task for task in row["tasks"] if task["code"] == "T02")
    other["title"]["en"] = "What follows from t01"
    other["waiting"] = [
        {"code": "X", "name": {"vi": "X", "en": "X"}, "since": "2025-11-01", "days": 17,
         "reason": f"Comes after {titles['en']}"}
    ]  # fmt: skip
    message = written(content, {"T01"})

    assert secrets(message, "T01", *titles.values()) == []
    assert "T02. What follows from […]" in message.text
    assert "**__OVERDUE__**: 2 tasks" in message.text
    assert "And 1 task shown in the portal only." in message.text
    assert "And 1 remark of the department shown in the portal only." in message.text
    assert "1 task is shown in the portal only: it never leaves by mail." in message.html


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("T13", "Newly marked: **__Department of Social Protection__** (1 task shown in the"),
        ("T06", "(a task shown in the portal only completed; T09 no longer required)"),
        ("T30", ""),
        ("T17", "(T10 extended; a task shown in the portal only reassigned)"),
    ],
)
def test_nor_is_it_named_among_the_changes(code: str, said: str) -> None:
    content = sample()
    moved = [*content["movements"]["cancelled"], *content["movements"]["reassigned"]]
    titles = [title for item in moved if item["task"] == code for title in item["title"].values()]
    message = written(content, {code})

    assert secrets(message, code, *titles) == []
    assert said in message.text
    assert "1 task is shown in the portal only" in message.text


def test_what_is_part_of_a_classified_task_is_withheld_with_it() -> None:
    content = sample()
    row = department(content, "QLD")
    child = next(task for task in row["tasks"] if task["code"] == "T02")
    child["parent"] = "T99"
    message = written(content, {"T99"})

    assert secrets(message, "T02", *child["title"].values()) == []
    assert "T01. " in message.text


def test_a_department_marked_for_classified_tasks_alone_is_still_marked() -> None:
    message = written(sample(), {"T13"})

    assert secrets(message, "T13") == []
    name = "**__Department of Social Protection__**\n**__OVERDUE__**: 1 task"
    assert f"{name}, at worst 1 day late" in message.text
    assert message.subject.startswith("Progress list 18/11/2025: 3 departments OVERDUE")


def test_a_classified_task_that_the_message_would_not_name_is_not_spoken_of() -> None:
    assert "portal only" not in written(sample(), {"T04", "T99"}).text
