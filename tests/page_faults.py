"""What is wrong with a page, by its HTML alone? Sentences; none for a page that is well made."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import lxml.html  # type: ignore[import-untyped]
import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "config" / "locale" / "vi" / "LC_MESSAGES" / "django.po"
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
_SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-label")
# A field that nobody sees, or whose words are its own value.
_UNLABELED = {"hidden", "submit", "button", "image", "reset"}
_LEAST = 12  # letters of a sentence with placeholders, so that "{n} of {m}" is not everything


def parsed(html: str | bytes) -> Any:
    text = html.decode() if isinstance(html, bytes) else html
    return lxml.html.document_fromstring(text)


def faults(page: Any, language: str) -> list[str]:
    """Of a whole page that is meant to be in that language."""
    found = [] if page.get("lang") == language else [f"lang is {page.get('lang')}"]
    checks = (_headings, _ids, _inline, _fields, _tables, _names, _graphics)
    found += [fault for check in checks for fault in check(page)]
    if language == "vi":
        found += [f"not translated: {text}" for text in spoken(page, "vi") if is_english(text)]
    return found


def _headings(page: Any) -> Iterator[str]:
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} headings of the first level"
    for above, below in zip(levels, levels[1:], strict=False):
        if below > above + 1:
            yield f"a heading h{below} follows h{above}"


def _ids(page: Any) -> Iterator[str]:
    counts = Counter(page.xpath("//@id"))
    yield from (f"id {key} {count} times" for key, count in counts.items() if count > 1)
    referring = page.xpath("//@for|//@aria-labelledby|//@aria-describedby|//@aria-controls")
    wanted = {key for value in referring for key in value.split()}
    yield from (f"no element has the id {key}" for key in sorted(wanted - set(counts)))


def _inline(page: Any) -> Iterator[str]:
    for element in page.iter(lxml.html.etree.Element):
        bad = [name for name in element.attrib if name == "style" or name.startswith("on")]
        yield from (f"<{element.tag} {name}>" for name in bad)
    if page.xpath("//style|//script[not(@src)]"):
        yield "a style or script inside the page"


def _fields(page: Any) -> Iterator[str]:
    for field in page.xpath("//input|//select|//textarea"):
        if field.get("type") in _UNLABELED:
            continue
        named = field.get("aria-label") or field.get("aria-labelledby")
        around = field.xpath("ancestor::label")
        told = field.get("id") and page.xpath("//label[@for=$key]", key=field.get("id"))
        if not (named or around or told):
            yield f"no label: {field.get('name')}"


def _tables(page: Any) -> Iterator[str]:
    for table in page.xpath("//table"):
        where = table.get("class") or table.get("id") or _words(table)[:30]
        if not table.xpath(".//th"):
            yield f"table {where} has no headers"
        for head in table.xpath(".//th[not(@scope)]"):
            yield f"table {where}: no scope at {_words(head)[:30]}"


def _names(page: Any) -> Iterator[str]:
    for element in page.xpath("//a[@href]|//button|//summary"):
        said = _words(element) or element.get("aria-label") or element.xpath(".//@alt|.//title")
        if not said:
            yield f"<{element.tag}> says nothing: {element.get('href', '')}"


def _graphics(page: Any) -> Iterator[str]:
    yield from (f"no alt: {image.get('src')}" for image in page.xpath("//img[not(@alt)]"))
    for drawing in page.xpath("//svg[not(ancestor::svg)]"):
        hidden = drawing.xpath("ancestor-or-self::*[@aria-hidden='true']")
        if not hidden and not (drawing.get("role") == "img" and drawing.xpath("./title")):
            yield "a drawing without role and title"


def _words(element: Any) -> str:
    return " ".join(element.text_content().split())


def spoken(page: Any, language: str) -> Iterator[str]:
    """Every text of the page that is read or heard, less what is marked as another language."""
    for element in page.iter(lxml.html.etree.Element):
        if element.tag in ("script", "style"):
            continue
        near = element.xpath("ancestor-or-self::*[@lang][1]/@lang")
        if near and near[-1] != language:
            continue
        texts = [element.text, *(child.tail for child in element)]
        texts += [element.get(name) for name in _SPOKEN]
        yield from (" ".join(text.split()) for text in texts if text and text.strip())


@cache
def is_english(text: str) -> bool:
    """Is it a message of ours that has other words in Vietnamese?"""
    plain, filled = _messages()
    return text in plain or bool(filled.fullmatch(text))


@cache
def _messages() -> tuple[set[str], re.Pattern[str]]:
    plain, filled = set(), []
    for entry in polib.pofile(str(CATALOGUE)):
        translated = {entry.msgstr, *entry.msgstr_plural.values()} - {""}
        for message in filter(None, (entry.msgid, entry.msgid_plural)):
            text = " ".join(message.split())
            if not translated or message in translated:
                continue
            if not _PLACEHOLDER.search(text):
                plain.add(text)
            elif sum(map(str.isalpha, _PLACEHOLDER.sub("", text))) >= _LEAST:
                parts = map(re.escape, _PLACEHOLDER.split(text))
                filled.append(".+?".join(parts))
    return plain, re.compile("|".join(filled))
