"""Lays text out in columns of a terminal, by the width that is seen and not by characters."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

# Everything else is one column wide: Latin, Vietnamese, dashes, quotes, arrows.
_UNUSUAL = re.compile("[^\\u0000-\\u02ff\\u1e00-\\u1eff\\u2010-\\u2027\\u2190-\\u21ff]")
GAP = "  "

Decorate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of `width` cells of the screen; numbers are set to the right."""

    heading: str
    width: int
    right: bool = False


def width_of(text: str) -> int:
    """Cells of the screen: combining marks take none, East Asian wide letters two."""
    if not _UNUSUAL.search(text):
        return len(text)
    return sum(map(_letter_width, text))


def _letter_width(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells, broken at spaces, in a word only where it must be."""
    lines, line, used = [], "", 0
    for word in text.split(" "):
        for piece in _pieces(word, width):
            size = width_of(piece)
            if line and used + 1 + size > width:
                lines.append(line)
                line, used = piece, size
            else:
                line = f"{line} {piece}" if line else piece
                used = width_of(line)
    return [*lines, line]


def _pieces(word: str, width: int) -> Iterator[str]:
    if width_of(word) <= width:
        yield word
        return
    piece, used = "", 0
    for letter in word:
        size = _letter_width(letter)
        if piece and used + size > width:
            yield piece
            piece, used = "", 0
        piece += letter
        used += size
    yield piece


def hanging(first: str, text: str, width: int) -> list[str]:
    """A paragraph after the words `first`, its other lines indented as far."""
    indent = width_of(first)
    lines = wrap(text, width - indent)
    return [first + lines[0], *(" " * indent + line for line in lines[1:])]


def row_lines(
    columns: Sequence[Column], cells: Sequence[str], decorate: Sequence[tuple[Decorate, int]] = ()
) -> Iterator[str]:
    """The lines of one row; `decorate` gives per cell a decoration and the cells it takes."""
    blocks = []
    for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        mark, extra = decorate[place] if decorate else (str, 0)
        blocks.append([_padded(line, column, mark, extra)
                       for line in wrap(cell, column.width - extra)])  # fmt: skip
    for level in range(max(map(len, blocks))):
        yield GAP.join(
            block[level] if level < len(block) else " " * column.width
            for block, column in zip(blocks, columns, strict=True)
        ).rstrip()


def _padded(line: str, column: Column, mark: Decorate, extra: int) -> str:
    space = " " * (column.width - extra - width_of(line))
    text = mark(line) if line else line + " " * extra
    return space + text if column.right else text + space


def fitted(headings: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Column widths for a table of at most `width`: the widest column gives way first, and none
    breaks a word while another has room. None at all where words must be broken."""
    table = [headings, *rows]
    columns = list(zip(*table, strict=True))
    widths = [max(map(width_of, cells)) for cells in columns]
    words = [max(width_of(word) for cell in cells for word in cell.split(" ")) for cells in columns]
    room = width - len(GAP) * (len(headings) - 1)
    if sum(words) > room:
        return []
    while sum(widths) > room:
        roomy = [place for place in range(len(widths)) if widths[place] > words[place]]
        widths[max(roomy, key=widths.__getitem__)] -= 1
    return [max(size, 1) for size in widths]
