"""What is a drawing made of? Shapes in units of its view box; charts_svg writes them as SVG.

Whole numbers only, so that no template can put a comma into them. A drawing comes in two widths:
letters keep their size on a telephone because the drawing is another one, not a smaller one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

WIDE, NARROW = 640, 328
NAMES = 210  # room for names that stand beside their rows
LINE = 16
LETTER = 7  # width of a letter at the size of labels, on the average


@dataclass(frozen=True, slots=True)
class Rect:
    """`kind` names its color, `hatch` the hatching over it, if any; `tip` is said when the pointer
    rests on it."""

    x: int
    y: int
    width: int
    height: int
    kind: str
    tip: str = ""
    hatch: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    x1: int
    y1: int
    x2: int
    y2: int
    kind: str


@dataclass(frozen=True, slots=True)
class Curve:
    """`points`: as the attribute of a polyline says them; `closed`: an area."""

    points: str
    kind: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """`anchor`: start, middle or end."""

    x: int
    y: int
    text: str
    anchor: str = "start"
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    rects: Sequence[Rect] = ()
    lines: Sequence[Line] = ()
    curves: Sequence[Curve] = ()
    labels: Sequence[Label] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """A line of the legend: a shape like those of the drawing, or a line like one of it."""

    kind: str
    name: str
    hatch: str = ""
    line: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """`key` of what it is about, None for a row without a page; `mark`: its word, if marked."""

    name: str
    cells: Sequence[str]
    key: int | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """`says`: what the drawing shows in sentences; `heads` and `rows`: the same as a
    table, with the addresses of `page` in its first column; `legend`: what is told apart."""

    name: str
    title: str
    says: str
    wide: Drawing
    narrow: Drawing
    heads: Sequence[str]
    rows: Sequence[TableRow]
    legend: Sequence[Key] = ()
    note: str = ""
    empty: Any = ""
    page: str = "tracking:department"


def lines_of(text: str, width: int, most: int = 2) -> list[str]:
    """The text in lines that fit the width; an ellipsis where it is cut."""
    letters = max(8, width // LETTER)
    return wrap(text, letters, max_lines=most, placeholder="…") or [""]


@dataclass(frozen=True, slots=True)
class RowPlace:
    """Where the body of a row is drawn, and the labels that name it."""

    labels: Sequence[Label]
    top: int
    height: int


def row_place(name: str, top: int, body: int, drawing: int) -> RowPlace:
    """The name beside the body where the drawing is wide, above it where it is not."""
    if drawing < WIDE:
        names = lines_of(name, drawing)
        labels = [Label(0, top + 12 + n * LINE, text) for n, text in enumerate(names)]
        return RowPlace(labels, top + len(names) * LINE + 2, body)
    names = lines_of(name, NAMES - 10)
    height = max(body, len(names) * LINE)
    first = top + (height - len(names) * LINE) // 2 + 12
    labels = [Label(NAMES - 8, first + n * LINE, text, "end") for n, text in enumerate(names)]
    return RowPlace(labels, top, height)


def fits(text: str, width: int) -> bool:
    return len(text) * (LETTER + 1) + 4 <= width
