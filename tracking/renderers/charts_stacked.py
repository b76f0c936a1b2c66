"""Departments × standing: a bar for each department, its parts side by side, with their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracking.renderers.charts import NAMES, WIDE, Drawing, Label, Rect, fits, row_place

# What needs attention stands first, on the common line.
ORDER = ("overdue", "in_time", "completed_late", "completed_on_time", "paused", "no_deadline")
# What is told apart by its hatching too; the others by being plain, light or dark.
HATCHED = frozenset({"overdue", "completed_late", "paused", "no_deadline"})
_TOTAL = 44
_BAR, _GAP = 20, 8


@dataclass(frozen=True, slots=True)
class Bar:
    """`parts`: (kind, number, the number as it is read, what the pointer is told)."""

    name: str
    total: int
    said: str
    parts: Sequence[tuple[str, int, str, str]]


def hatch_of(kind: str) -> str:
    return kind if kind in HATCHED else ""


def drawn(bars: Sequence[Bar], width: int) -> Drawing:
    left = NAMES if width == WIDE else 0
    room = width - left - _TOTAL
    most = max((bar.total for bar in bars), default=1)
    rects: list[Rect] = []
    labels: list[Label] = []
    top = 4
    for bar in bars:
        place = row_place(bar.name, top, _BAR, width)
        labels += place.labels
        y = place.top + (place.height - _BAR) // 2
        end = _put(bar, left, y, room * bar.total // most, rects, labels)
        labels.append(Label(end + 6, y + 15, bar.said, kind="strong"))
        top = place.top + place.height + _GAP
    return Drawing(width, top, rects=rects, labels=labels)


def _put(bar: Bar, left: int, y: int, length: int, rects: list[Rect], labels: list[Label]) -> int:
    """The parts of one bar; where it ends. Ends are rounded, not widths, so that they add up."""
    seen, x = 0, left
    for kind, number, said, tip in bar.parts:
        seen += number
        end = max(left + seen * length // bar.total, x + 3)
        rects.append(Rect(x, y, end - x, _BAR, kind, tip, hatch_of(kind)))
        if fits(said, end - x):
            labels.append(Label((x + end) // 2, y + 15, said, "middle", "on"))
        x = end
    return x
