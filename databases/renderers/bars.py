"""Bars of where the time of an endpoint went: a drawing, and the same as a table.

Each period is a column of parts by their share; templates print it as SVG, all parts of a kind as
one path, so that a page with many drawings stays small. What is not up is never
told by color alone: a mark stands under every period with an outage, what is unknown is hatched,
announced maintenance outlined.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby

from django.utils.translation import gettext as _, gettext_lazy

from databases.models.history import Period, together
from databases.renderers.measures import lasting, percent, share_or_why_not
from databases.rules.uptime import Uptime

WIDTH, HEIGHT = 720, 40
_MARK, _MARKED = HEIGHT + 4, 6  # from the top, and its height
_Box = tuple[int, int, int, int]  # x, y, width, height
_LEAST = 3  # height of a part that would be too small to see
# From the bottom up, so that outages stand on one line.
_ORDER = ("down", "degraded", "excused", "undecided", "unknown", "paused", "up")
_HATCHED = {"degraded", "unknown", "undecided", "paused"}
PART_NAMES = {
    "up": gettext_lazy("up"),
    "degraded": gettext_lazy("degraded"),
    "down": gettext_lazy("down"),
    "excused": gettext_lazy("down in announced maintenance"),
    "undecided": gettext_lazy("not yet confirmed"),
    "unknown": gettext_lazy("unknown"),
    "paused": gettext_lazy("paused"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle of one kind; in units of the drawing, from the top."""

    kind: str
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    width: int
    parts: tuple[Part, ...]
    marked: bool  # some of it was down, and not excused
    outlined: bool  # maintenance was announced for some of it


@dataclass(frozen=True, slots=True)
class Path:
    """All rectangles of a kind, as SVG writes a path; `hatched`: filled with the pattern of its
    name."""

    kind: str
    outline: str

    @property
    def hatched(self) -> bool:
        return self.kind in _HATCHED


@dataclass(frozen=True, slots=True)
class Row:
    """Of the table: periods in a row of which the same is to be said."""

    name: str
    spent: Uptime
    lengths: tuple[str, ...]  # of PART_NAMES, a dash for nothing
    share: str
    coverage: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`name` tells charts of a page apart. `ticks`: words under its beginning, middle and end."""

    name: str
    title: str
    says: str
    bars: tuple[Bar, ...]
    ticks: tuple[str, str, str]
    rows: tuple[Row, ...]
    heads: tuple[object, ...] = field(default_factory=lambda: tuple(PART_NAMES.values()))

    @property
    def paths(self) -> list[Path]:
        """What is drawn: the parts, then the outlines of maintenance, then the marks."""
        found: dict[str, list[_Box]] = {kind: [] for kind in (*_ORDER, "window", "mark")}
        for bar in self.bars:
            for part in bar.parts:
                found[part.kind].append((bar.x, part.y, bar.width, part.height))
            if bar.outlined:
                found["window"].append((bar.x, 0, bar.width, HEIGHT))
            if bar.marked:
                found["mark"].append((bar.x, _MARK, bar.width, _MARKED))
        return [Path(kind, _outline(boxes)) for kind, boxes in found.items() if boxes]


def chart(
    name: str, title: str, periods: Sequence[Period], named: Callable[[Period], str]
) -> Chart:
    """Of the periods, oldest first; `named` says which one it is."""
    width = WIDTH // len(periods)
    bars = tuple(
        Bar(
            x=n * width,
            width=width - 1,
            parts=_parts(period.spent),
            marked=_down(period),
            outlined=period.announced,
        )
        for n, period in enumerate(periods)
    )
    ticks = (
        named(periods[0]),
        named(periods[len(periods) // 2]),
        named(periods[-1]),
    )
    return Chart(name, title, _says(periods), bars, ticks, tuple(_rows(periods, named)))


def _parts(spent: Uptime) -> tuple[Part, ...]:
    """Heights that fill the column; a part that is there at all can be seen."""
    total = spent.total
    if not total:
        return ()
    lengths = {kind: getattr(spent, kind) for kind in _ORDER}
    heights = {
        kind: max(_LEAST, round(HEIGHT * (length / total)))
        for kind, length in lengths.items()
        if length
    }
    largest = max(heights, key=lambda kind: heights[kind])
    heights[largest] += HEIGHT - sum(heights.values())
    parts, bottom = [], HEIGHT
    for kind, height in heights.items():
        bottom -= height
        parts.append(Part(kind, bottom, height))
    return tuple(parts)


def _outline(boxes: Sequence[_Box]) -> str:
    """Each is told from where the one before it begins."""
    told, x, y = [], 0, 0
    for left, top, width, height in boxes:
        told.append(f"m{left - x} {top - y}h{width}v{height}h-{width}z")
        x, y = left, top
    return "".join(told)


def _down(period: Period) -> bool:
    return period.spent.down > timedelta(0)


def _says(periods: Sequence[Period]) -> str:
    whole = together(periods)
    words = {"share": share_or_why_not(whole.share), "coverage": percent(whole.coverage)}
    said = (
        _("Up or degraded, of what is known: %(share)s. Known: %(coverage)s of the time.") % words
    )
    if not whole.down:
        return f"{said} {_('Never down.')}"
    columns = {
        "down": lasting(whole.down),
        "count": sum(map(_down, periods)),
        "total": len(periods),
    }
    return said + " " + _("Down for %(down)s, in %(count)d of %(total)d columns.") % columns


def _named(period: Period, named: Callable[[Period], str]) -> str:
    """With a word for a maintenance that was announced."""
    name = named(period)
    return f"{name} ({_('maintenance')})" if period.announced else name


def _rows(periods: Sequence[Period], named: Callable[[Period], str]) -> list[Row]:
    return [_row(list(same), named) for _what, same in groupby(periods, key=_shares_of)]


def _shares_of(period: Period) -> tuple[float, ...]:
    """What makes two periods the same row: equal shares, though the last one may be shorter."""
    total = period.spent.total or timedelta(seconds=1)
    return (period.announced, *(getattr(period.spent, kind) / total for kind in _ORDER))


def _row(same: Sequence[Period], named: Callable[[Period], str]) -> Row:
    first, last = named(same[0]), _named(same[-1], named)
    spent = together(same)
    lengths = tuple(
        lasting(getattr(spent, kind)) if getattr(spent, kind) else "–" for kind in PART_NAMES
    )
    name = last if len(same) == 1 else f"{first} – {last}"
    return Row(name, spent, lengths, share_or_why_not(spent.share), percent(spent.coverage))
