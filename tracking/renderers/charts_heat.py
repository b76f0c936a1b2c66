"""Department × month: a cell for each, darker the more tasks were overdue, with the number."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracking.renderers.charts import NAMES, WIDE, Drawing, Label, Rect, row_place

LEVELS = 4
_CELL, _GAP, _HEAD = 26, 4, 34
_YEAR = 32  # room for the four figures of a year


@dataclass(frozen=True, slots=True)
class HeatRow:
    """`cells`: (number, as it is read), a month each."""

    name: str
    cells: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Month:
    """`year` is printed where it begins."""

    month: str
    year: str


def level(number: int, most: int) -> int:
    """0 for none, 1 to 4 by quarters of the most."""
    return -(-LEVELS * number // most) if number else 0


def drawn(months: Sequence[Month], rows: Sequence[HeatRow], width: int) -> Drawing:
    left = NAMES if width == WIDE else 0
    cell = (width - left) // max(1, len(months))
    most = max([LEVELS, *(number for row in rows for number, _said in row.cells)])
    labels = _heads(months, left, cell)
    rects: list[Rect] = []
    top = _HEAD + 4
    for row in rows:
        place = row_place(row.name, top, _CELL, width)
        labels += place.labels
        for n, (number, said) in enumerate(row.cells):
            x, kind = left + n * cell, f"heat-{level(number, most)}"
            rects.append(Rect(x, place.top, cell - 2, place.height, kind))
            middle = place.top + place.height // 2 + 5
            labels.append(Label(x + cell // 2 - 1, middle, said, "middle", kind))
        top = place.top + place.height + _GAP
    return Drawing(width, top, rects=rects, labels=labels)


def _heads(months: Sequence[Month], left: int, cell: int) -> list[Label]:
    found = []
    for n, month in enumerate(months):
        x = left + n * cell + cell // 2 - 1
        found.append(Label(x, _HEAD - 4, month.month, "middle", "quiet"))
        crowded = cell < _YEAR and n + 1 < len(months) and months[n + 1].year
        if month.year and not crowded:
            found.append(Label(x, 13, month.year, "middle", "quiet"))
    return found
