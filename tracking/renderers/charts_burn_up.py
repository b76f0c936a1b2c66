"""Completed against planned over time, to the day on which the last task is due."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracking.renderers.charts import LETTER, LINE, WIDE, Curve, Drawing, Label, Line, Rect

_Pair = tuple[date, int]
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 16, 26, 50


@dataclass(frozen=True, slots=True)
class Point:
    """By the end of that day; `done` is None after the day that the page looks from."""

    day: date
    planned: int
    done: int | None


@dataclass(frozen=True, slots=True)
class Words:
    """What is written on it. `ticks`: (day, as it is read)."""

    today: str
    planned: str
    done: str
    end: str
    ticks: Sequence[tuple[date, str]]
    scale: Sequence[tuple[int, str]]


class _Frame:
    """From days and numbers to units of the drawing."""

    def __init__(self, points: Sequence[Point], width: int, height: int, most: int) -> None:
        self.left, self.right = _LEFT, width - _RIGHT
        self.top, self.bottom = _TOP, height - _BOTTOM
        self._first = points[0].day.toordinal()
        self._days = max(1, points[-1].day.toordinal() - self._first)
        self._most = max(1, most)

    def x(self, day: date) -> int:
        passed = day.toordinal() - self._first
        return self.left + (self.right - self.left) * passed // self._days

    def y(self, number: int) -> int:
        return self.bottom - (self.bottom - self.top) * number // self._most

    def curve(self, pairs: Sequence[_Pair]) -> str:
        return " ".join(f"{self.x(day)},{self.y(number)}" for day, number in pairs)


def drawn(points: Sequence[Point], words: Words, width: int) -> Drawing:
    height = 320 if width == WIDE else 280
    frame = _Frame(points, width, height, max(number for number, _said in words.scale))
    planned = [(point.day, point.planned) for point in points]
    done = [(point.day, point.done) for point in points if point.done is not None]
    passed = planned[: len(done)]
    reached = _reached(frame, words, passed, done)
    return Drawing(
        width,
        height,
        rects=_dots(frame, passed[-1], done[-1]),
        lines=_lines(frame, words, done[-1][0]),
        curves=(
            Curve(frame.curve([*passed, *done[::-1]]), "gap", closed=True),
            Curve(frame.curve(planned), "planned"),
            Curve(frame.curve(done), "done"),
        ),
        labels=[
            *_scale(frame, words),
            *reached,
            *(_end(frame, words, planned[-1], reached[0]) if len(passed) < len(planned) else ()),
        ],
    )


def _lines(frame: _Frame, words: Words, today: date) -> list[Line]:
    x = frame.x(today)
    return [
        *(
            Line(frame.left, frame.y(number), frame.right, frame.y(number), "grid")
            for number, _said in words.scale
        ),
        *(
            Line(frame.x(day), frame.bottom, frame.x(day), frame.bottom + 5, "axis")
            for day, _said in words.ticks
        ),
        Line(x, frame.top - 10, x, frame.bottom + 26, "today"),
    ]


def _scale(frame: _Frame, words: Words) -> list[Label]:
    """Months only where there is room for their names."""
    labels = [
        Label(frame.left - 6, frame.y(number) + 4, said, "end", "quiet")
        for number, said in words.scale
    ]
    free = 0
    for day, said in words.ticks:
        x, half = frame.x(day), len(said) * LETTER // 2
        if x - half >= free and x + half <= frame.right + _RIGHT:
            labels.append(Label(x, frame.bottom + 20, said, "middle", "quiet"))
            free = x + half + 10
    return labels


def _reached(
    frame: _Frame, words: Words, planned: Sequence[_Pair], done: Sequence[_Pair]
) -> list[Label]:
    """What was planned and done by the day looked from, the higher one above its curve, the lower
    one below; the day itself under the scale."""
    x = frame.x(done[-1][0])
    pairs = ((planned, words.planned), (done, words.done))
    upper, lower = sorted(pairs, key=lambda pair: -pair[0][-1][1])
    top = max(frame.y(upper[0][-1][1]) - 8, frame.top + 4)
    beside = _beside(frame, x, 0, lower[1], "halo")
    covered = [] if beside.anchor == "start" else _covered(frame, lower, x)
    lowest = max([frame.y(lower[0][-1][1]), *covered])
    bottom = min(max(lowest + 18, top + LINE), frame.bottom - 6)
    return [
        _beside(frame, x, min(top, bottom - LINE), upper[1], "halo"),
        replace(beside, y=bottom),
        _under(frame, x, words.today),
    ]


def _covered(frame: _Frame, curve: tuple[Sequence[_Pair], str], x: int) -> list[int]:
    """The heights of the curve where the text would stand."""
    pairs, text = curve
    first = x - 6 - len(text) * LETTER
    return [frame.y(number) for day, number in pairs if frame.x(day) >= first]


def _end(frame: _Frame, words: Words, last: _Pair, reached: Label) -> list[Label]:
    """What is planned in all, clear of what is said at the day looked from."""
    y = min(frame.y(last[1]) - 8, frame.bottom)
    near = reached.anchor == "start" or len(words.end) * LETTER > frame.right - reached.x
    if near and abs(y - reached.y) < LINE:
        y = reached.y - LINE
    return [Label(frame.right, max(y, 12), words.end, "end", "halo")]


def _beside(frame: _Frame, x: int, y: int, text: str, kind: str) -> Label:
    """On the side of the line where there is room."""
    if x + 6 + len(text) * LETTER <= frame.right + _RIGHT:
        return Label(x + 6, y, text, "start", kind)
    return Label(x - 6, y, text, "end", kind)


def _under(frame: _Frame, x: int, text: str) -> Label:
    half = len(text) * (LETTER + 1) // 2
    x = min(max(x, half), frame.right + _RIGHT - half)
    return Label(x, frame.bottom + 40, text, "middle", "strong")


def _dots(frame: _Frame, planned: _Pair, done: _Pair) -> list[Rect]:
    x = frame.x(done[0])
    return [
        Rect(x - 3, frame.y(planned[1]) - 3, 6, 6, "dot-planned"),
        Rect(x - 4, frame.y(done[1]) - 4, 8, 8, "dot-done"),
    ]
