"""Reads a message as people do: the HTML as blocks of words, the text as lines."""

from html.parser import HTMLParser
from typing import Any

_BLOCKS = frozenset({"p", "li", "h1", "h2", "h3", "tr", "td", "div", "br", "title", "ul", "table"})
_VOID = frozenset({"br", "meta"})


def department(content: dict[str, Any], code: str) -> dict[str, Any]:
    return next(row for row in content["departments"] if row["code"] == code)


class Page(HTMLParser):
    """`blocks`: the words of each block; `marked`: what is bold and underlined at once;
    `elements`: each start tag with its attributes; `hidden`: what only lists of messages show."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: list[str] = []
        self.marked: list[str] = []
        self.hidden = ""
        self._open: list[tuple[str, str | None]] = []
        self._block = ""
        self.feed(html)
        self.close()
        self._end_block()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in _BLOCKS and not (tag == "td" and self._block):
            self._end_block()
        if tag not in _VOID:
            self._open.append((tag, dict(attrs).get("class")))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag in _BLOCKS:
            self._end_block()

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, _name in self._open}
        if "style" in tags or "title" in tags:
            return
        if "preheader" in {name for _tag, name in self._open}:
            self.hidden += data
            return
        if {"b", "u"} <= tags and data.strip():
            self.marked.append(data.strip())
        self._block += data

    def _end_block(self) -> None:
        block = " ".join(self._block.split())
        if block:
            self.blocks.append(block)
        self._block = ""
