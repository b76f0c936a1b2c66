"""Databases × counterpart systems: a cell for each connection, with what is declared and seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracking.renderers.charts import LINE, WIDE, Drawing, Label, Rect, lines_of

# Hatched like the parts of the other drawings: what is bad, half good, or not known.
HATCHES = {"down": "overdue", "degraded": "completed_late", "unknown": "no_deadline"}
_CODE, _NAMES = 110, 76  # room for the codes of the databases
_CELL, _GAP = 38, 4
_SWATCH = 22
_AGAINST = "≠"


@dataclass(frozen=True, slots=True)
class Square:
    """`system`: index of its column; `seen`: shape and word, `kind` its state; `against`: a
    contradiction stands open."""

    system: int
    stage: str
    seen: str
    kind: str
    tip: str
    against: bool


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    squares: Sequence[Square]


def drawn(systems: Sequence[str], lines: Sequence[Line], width: int) -> Drawing:
    """A grid where there is room for one; else the databases under the name of each system."""
    return _grid(systems, lines) if width == WIDE else _listed(systems, lines, width)


def _grid(systems: Sequence[str], lines: Sequence[Line]) -> Drawing:
    cell = (WIDE - _CODE) // max(1, len(systems))
    heads = [lines_of(name, cell - 8, 3) for name in systems]
    top = max((len(head) for head in heads), default=0) * LINE + 4
    labels = [
        Label(_CODE + n * cell, 12 + place * LINE, text, kind="quiet")
        for n, head in enumerate(heads)
        for place, text in enumerate(head)
    ]
    rects: list[Rect] = []
    for line in lines:
        labels.append(Label(0, top + _CELL // 2 + 5, line.name))
        for square in line.squares:
            x = _CODE + square.system * cell
            rects += _cell(square, x, top, cell - _GAP)
            labels += _said(square, x + _SWATCH + 8, top)
        top += _CELL + _GAP
    return Drawing(WIDE, top, rects=rects, labels=labels)


def _listed(systems: Sequence[str], lines: Sequence[Line], width: int) -> Drawing:
    rects: list[Rect] = []
    labels: list[Label] = []
    top = 0
    for place, system in enumerate(systems):
        names = lines_of(system, width, 3)
        labels += [Label(0, top + 14 + n * LINE, text) for n, text in enumerate(names)]
        top += len(names) * LINE + 6
        for line in lines:
            for square in line.squares:
                if square.system == place:
                    rects += _cell(square, _NAMES, top, width - _NAMES - 2)
                    labels.append(Label(0, top + _CELL // 2 + 5, line.name))
                    labels += _said(square, _NAMES + _SWATCH + 8, top)
                    top += _CELL + _GAP
        top += 8
    return Drawing(width, top, rects=rects, labels=labels)


def _said(square: Square, x: int, top: int) -> list[Label]:
    """The state under the stage."""
    stage = f"{square.stage} {_AGAINST}" if square.against else square.stage
    return [Label(x, top + 16, stage), Label(x, top + 32, square.seen, kind="strong")]


def _cell(square: Square, x: int, y: int, width: int) -> list[Rect]:
    """Its ground, bold where there is a contradiction, and the color of the state at its edge."""
    ground = "cell-against" if square.against else "cell"
    hatch = HATCHES.get(square.kind, "")
    return [
        Rect(x, y, width, _CELL, ground, square.tip),
        Rect(x, y, _SWATCH, _CELL, f"seen-{square.kind}", square.tip, hatch),
    ]
