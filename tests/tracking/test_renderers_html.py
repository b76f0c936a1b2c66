"""The list as an HTML file that stands alone."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.tracking.golden import HOSTILE, assert_expected, draft, hostile, sample
from tracking.renderers import render
from tracking.renderers.vocabulary import COLUMNS, VOCABULARY

EMPTY = {"meta", "rect"}


class Reader(HTMLParser):
    """Reads back tags, attributes, and the text under <strong><u>; fails on a crooked tree."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.marked: list[str] = []
        self.text: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)
        if self.open[-2:] == ["strong", "u"]:
            self.marked.append(data)


def html_of(content: dict[str, Any], language: str = "vi") -> str:
    return render(content, format="html", language=language).decode()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_html_is_as_expected(language: str) -> None:
    assert_expected(f"list.{language}.html", render(sample(), format="html", language=language))


def test_names_and_words_of_marked_departments_alone_are_bold_and_underlined() -> None:
    reader = Reader(html_of(sample()))
    names = {"Cục Quản lý Dược", "Cục Bảo trợ xã hội", "Cục Quản lý Y, Dược cổ truyền"}
    assert set(reader.marked) == {*names, "QUÁ HẠN"}
    for tag in ("strong", "u"):
        assert sum(seen == tag for seen, _ in reader.tags) == 2 * 2 * len(names)
    assert not {"b", "em", "i"} & {tag for tag, _ in reader.tags}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_file_needs_nothing_and_runs_nothing(language: str) -> None:
    text = html_of(sample(), language)
    tags = Reader(text).tags
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in tags}
    names = {name for _, attributes in tags for name in attributes}
    assert not {name for name in names if name == "style" or name.startswith("on")}
    links = [attributes["href"] for _, attributes in tags if "href" in attributes]
    assert links
    assert all(link and link.startswith("#d-") for link in links)
    assert not re.search(r"https?:|url\(|@import", text)
    assert tags[0] == ("html", {"lang": language})
    assert sum(tag == "style" for tag, _ in tags) == 1


def test_every_heading_cell_has_a_scope_and_every_label_a_target() -> None:
    tags = Reader(html_of(sample())).tags
    assert all("scope" in attributes for tag, attributes in tags if tag == "th")
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    labels = {a["aria-labelledby"] for _, a in tags if "aria-labelledby" in a}
    assert labels <= set(ids)


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_texts_stay_texts(title: str) -> None:
    reader = Reader(html_of(hostile(title)))
    assert "script" not in {tag for tag, _ in reader.tags}
    text = " ".join(reader.text)
    assert not {letter for letter in text if letter < " "} - {"\n"}
    if title.isprintable():
        assert f"T01. {title}" in text


def test_each_task_is_a_row_of_twelve_cells() -> None:
    content = sample()
    rows = re.findall(r"<tr class=\"\w+\"><td>.*?</tr>", html_of(content))
    assert len(rows) == content["totals"]["in_scope"]
    assert {row.count("<td>") for row in rows} == {12}


def test_a_narrow_screen_gets_the_headings_as_labels() -> None:
    text = html_of(sample(), "en")
    for place, column in enumerate(COLUMNS, 1):
        label = VOCABULARY[f"column_{column}"][1]
        assert f'.tasks td:nth-child({place})::before {{ content: "{label}"; }}' in text


def test_stamps() -> None:
    assert '<p class="stamp">DỰ THẢO</p>' in html_of(draft())
    assert '<p class="stamp">FORECAST</p>' in html_of(draft(forecast=True), "en")
    assert '<p class="stamp">' not in html_of(sample())


def test_an_empty_list_is_a_list() -> None:
    content = draft(departments=[], annexes=[], legend=[])
    content["totals"]["standings"] = dict.fromkeys(content["totals"]["standings"], 0)
    assert Reader(html_of(content)).tags


def test_the_same_bytes_twice() -> None:
    assert html_of(sample()) == html_of(sample())
