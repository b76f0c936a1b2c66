"""The message is legible on a light and on a dark screen, with its stylesheet and without."""

import re
from html.parser import HTMLParser

from tests.tracking.golden import sample
from tracking.emails.report import report_message

AA = 4.5
_VOID = frozenset({"br", "meta"})


def luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def said(style: str, name: str) -> str:
    found = re.search(rf"(?:^|;)\s*{name}:\s*(#[0-9a-f]{{6}})", style)
    return found[1] if found else ""


class Inks(HTMLParser):
    """Each pair of ink and ground on which words stand. `rules`: what a dark screen makes of a
    class or an element, over what stands at it."""

    def __init__(self, html: str, rules: dict[str, str]) -> None:
        super().__init__()
        self.rules = rules
        self.pairs: set[tuple[str, str]] = set()
        self._open: list[tuple[str, str, str]] = [("", "#000000", "#ffffff")]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        names = [tag, *(f".{name}" for name in (given.get("class") or "").split())]
        style = f"{given.get('style') or ''};{';'.join(self.rules.get(n, '') for n in names)}"
        hidden = "display:none" in style or tag in {"style", "title"}
        _tag, ink, ground = self._open[-1]
        styles = [style, *(self.rules.get(name, "") for name in names)]
        for one in styles:
            ink, ground = said(one, "color") or ink, said(one, "background-color") or ground
        if tag not in _VOID:
            self._open.append((tag, "" if hidden else ink, ground))

    def handle_endtag(self, tag: str) -> None:
        while self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        _tag, ink, ground = self._open[-1]
        if data.strip() and ink:
            self.pairs.add((ink, ground))


def dark_rules(html: str) -> dict[str, str]:
    inside = html.split("(prefers-color-scheme: dark) {", 1)[1].split("</style>", 1)[0]
    rules: dict[str, str] = {}
    for names, rule in re.findall(r"([^{}]+)\{([^{}]+)\}", inside):
        for name in map(str.strip, names.split(",")):
            said_so = rule.replace("!important", "").replace(": ", ":").strip()
            rules[name] = f"{rules.get(name, '')};{said_so}"
    return rules


def html() -> str:
    content = sample()
    classified = {"T01"}  # so that every kind of sentence stands in it
    asked = {"classified": classified, "list_number": 7, "files_left_out": "size"}
    return report_message(content, language="en", **asked).html  # type: ignore[arg-type]


def test_every_word_has_enough_contrast_on_a_light_screen() -> None:
    pairs = Inks(html(), {}).pairs

    assert len(pairs) >= 4
    assert {pair for pair in pairs if contrast(*pair) < AA} == set()


def test_every_word_has_enough_contrast_on_a_dark_screen() -> None:
    page = html()
    pairs = Inks(page, dark_rules(page)).pairs

    assert len(pairs) >= 4
    assert {pair for pair in pairs if contrast(*pair) < AA} == set()
    assert {luminance(ground) < 0.5 for _ink, ground in pairs if ground != "#7fd1ca"} == {True}


def test_outlook_is_told_the_width_in_its_own_words() -> None:
    page = html()

    assert page.count("<!--[if mso]>") == 2
    assert '<!--[if mso]><table role="presentation" width="600"' in page
    assert page.startswith("<!DOCTYPE html>")
    assert '<meta name="color-scheme" content="light dark">' in page
    assert page.index('<meta charset="utf-8">') < 200
