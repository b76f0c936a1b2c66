"""The progress list as one HTML file that needs nothing else: to read, to mail, to print."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from tracking.renderers.parts import Group, Sheet, Table
from tracking.renderers.sheet import sheet_of
from tracking.renderers.vocabulary import STANDINGS
from tracking.renderers.words import number_text, roman, words_of

PROJECT = Path(__file__).resolve().parents[2]
MARKED = Markup("<strong><u>{}</u></strong>")
SEPARATOR = "\x1f"
STYLESHEET = PROJECT / "static" / "css" / "list.css"


def render(content: Mapping[str, Any], *, language: str) -> bytes:
    """UTF-8 of a complete document: no script, no address, its stylesheet inside."""
    sheet = sheet_of(content, language=language)
    pieces = _template().generate(
        sheet=sheet,
        say=words_of(language),
        style=_style(sheet),
        standings=[words_of(language)[standing] for standing in STANDINGS],
        departments=_departments(sheet),
        annexes=_annexes(sheet),
        bar=_bar(content["totals"]["standings"]),
    )
    return "".join([*pieces, "\n"]).encode()


@cache
def _template() -> Template:
    """Compiled once a process; its syntax is also legal Django, so every linter reads it."""
    loader = FileSystemLoader(PROJECT / "templates")
    environment = Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=StrictUndefined,
    )  # fmt: skip
    return environment.get_template("progress_list/list.html")


def _style(sheet: Sheet) -> Markup:
    """The stylesheet, then the labels (all ours) that a narrow screen shows."""
    labels = "".join(
        f'  .tasks td:nth-child({place})::before {{ content: "{heading}"; }}\n'
        for place, heading in enumerate(sheet.columns, 1)
    )
    narrow = f"@media screen and (max-width: 60em) {{\n{labels}}}\n"
    return Markup(STYLESHEET.read_text(encoding="utf-8") + narrow)


def _departments(sheet: Sheet) -> list[dict[str, Any]]:
    """Per department: the group, its name and mark as HTML, its figures, its tasks as rows."""
    return [
        {
            "group": group,
            "name": MARKED.format(group.name) if group.marked else group.name,
            "mark": _mark(group),
            "tasks": number_text(sum(group.counts), sheet.language),
            "counts": [number_text(count, sheet.language) for count in group.counts],
            "rows": _rows(group),
        }
        for group in sheet.groups
    ]


def _mark(group: Group) -> str:
    word, colon, detail = group.mark.partition(":")
    return MARKED.format(word) + colon + detail if group.marked else ""


def _rows(group: Group) -> Markup:
    """One call of escape per row, not per cell: at 78,000 rows this halves the whole time.

    No cell holds the separator, for plain text has no control characters.
    """
    return Markup(
        "".join(
            f'<tr class="{line.standing}"><td>'
            + str(escape(SEPARATOR.join(line.cells))).replace(SEPARATOR, "</td><td>")
            + "</td></tr>\n"
            for line in group.lines
        )
    )


def _annexes(sheet: Sheet) -> list[tuple[str, Table, list[list[tuple[str, str]]]]]:
    """Numeral, table, and its rows with the kind beside each cell."""
    return [
        (roman(place), table, [list(zip(row, table.kinds, strict=True)) for row in table.rows])
        for place, table in enumerate(sheet.annexes, 1)
    ]


def _bar(standings: Mapping[str, int]) -> list[tuple[str, int, int]]:
    """Pieces of the bar of standings: (code, from, width) in thousandths of the whole."""
    total, done, pieces = sum(standings.values()), 0, []
    for code in STANDINGS:
        start = 1000 * done // total if total else 0
        done += standings[code]
        end = 1000 * done // total if total else 0
        if end > start:
            pieces.append((code, start, end - start))
    return pieces
