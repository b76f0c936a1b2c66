"""What are the parts of an official document under Decree 30/2020/NĐ-CP, and how is each set?

Shared by lists, letters and minutes. Sizes are points, lengths millimetres, as in the Decree.
"""

from collections.abc import Sequence
from unicodedata import combining, normalize

from tracking.renderers.ooxml import (
    Block,
    Face,
    layout,
    paragraph,
    rule,
    run,
)
from tracking.renderers.paper import LEFT, PAGE, RIGHT

PORTRAIT_ROOM = PAGE[0] - LEFT - RIGHT
LANDSCAPE_ROOM = PAGE[1] - LEFT - RIGHT
HEADER_WIDTHS = (68, 97)  # narrower on the right and the name of the country wraps
AGENCY_ROOM = 53  # "TRUNG TÂM THÔNG TIN / Y TẾ QUỐC GIA" breaks where it reads best
SIGNATURE_WIDTHS = (65, 100)
ADDRESSEES_LEFT = 35
COLON_AT = 17.4  # mm: "Kính gửi" in Times New Roman of 14 points
DASH = 2.8

BODY_FACE = Face(14)
BOLD_FACE = Face(14, bold=True)
ITALIC_FACE = Face(14, italic=True)
MARK_FACE = Face(14, bold=True, underline=True)
BODY = Block(after=6, first=12.7)
HEADING = Block(before=6, after=6, first=12.7, keep=True, level=1)
CENTERED = Block(align="center")
ABOUT = Block("center", after=6, left=2, right=2)  # the number above leaves the gap of 6 points

# How wide the bold letters are, in thousandths of the size; any other counts as 500.
_LETTERS = {
    250: " .,", 278: "il/", 333: "fjt-:;()", 389: "sI", 444: "cerz", 556: "bdđhknpquS", 611: "FP",
    667: "BELTZ", 722: "wACDĐNRUVXY", 778: "GHKOQ", 833: "m", 944: "M", 1000: "W",
}  # fmt: skip
_LETTER_WIDTHS = {letter: width for width, letters in _LETTERS.items() for letter in letters}


def width_of(text: str, size: float) -> float:
    """Width in mm of bold text of that size in points, for the lines drawn under titles."""
    letters = [letter for letter in normalize("NFD", text) if not combining(letter)]
    return sum(_LETTER_WIDTHS.get(letter, 500) for letter in letters) * size * 25.4 / 72_000


def header_block(
    *,
    governing: str,
    agency: str,
    country: str,
    motto: str,
    number: str,
    place_date: str,
    stamp: str = "",
    about: str = "",
) -> str:
    """Parts 1 to 4: the agency left, the country and its motto right, number and date below; and
    5b, what an official letter is `about`, under its number."""
    left, right = HEADER_WIDTHS
    gap = Block("center", before=6, after=6)
    number_line = paragraph(gap, run(number, Face(13)))
    if about:
        number_line += paragraph(ABOUT, run(about, Face(12)))
    return layout(
        HEADER_WIDTHS,
        [
            (_agency(governing, agency, left), _country(country, motto, right)),
            (
                number_line + (_stamped(stamp, left) if stamp else ""),
                paragraph(gap, run(place_date, Face(13, italic=True))),
            ),
        ],
    )


def _agency(governing: str, agency: str, room: float) -> str:
    """Part 2: the line below is between a third and half as long as the name."""
    aside = (room - AGENCY_ROOM) / 2
    return (
        paragraph(CENTERED, run(governing, Face(12)))
        + paragraph(Block("center", left=aside, right=aside), run(agency, Face(12, bold=True)))
        + rule(min(width_of(agency, 12), AGENCY_ROOM) * 0.4, room)
    )


def _country(country: str, motto: str, room: float) -> str:
    """Part 1: the line below is as long as the motto."""
    return (
        paragraph(CENTERED, run(country, Face(12, bold=True)))
        + paragraph(CENTERED, run(motto, Face(13, bold=True)))
        + rule(width_of(motto, 13), room)
    )


def _stamped(text: str, room: float) -> str:
    """A word in a single frame, such as that of a draft."""
    side = max((room - width_of(text, 13) - 8) / 2, 2)
    frame = Block("center", before=2, after=4, left=side, right=side, frame=True)
    return paragraph(frame, run(text, Face(13, bold=True)))


def title(kind: str, subject: str) -> str:
    """Part 5a: the kind of document, its subject, a line of a third to half that length."""
    return (
        paragraph(Block("center", before=12, keep=True), run(kind, BOLD_FACE))
        + paragraph(Block("center", keep=True), run(subject, BOLD_FACE))
        + rule(min(width_of(subject, 14), PORTRAIT_ROOM) * 0.4, PORTRAIT_ROOM)
    )


def addressee(text: str) -> str:
    """Part 9a: "Kính gửi: …" to one recipient."""
    return paragraph(Block("center", before=12, after=12), run(text, BODY_FACE))


def addressees(label: str, names: Sequence[str]) -> str:
    """Part 9a to several: each on a line of its own, the dashes under the colon."""
    first = paragraph(Block("left", before=12, left=ADDRESSEES_LEFT), run(label, BODY_FACE))
    under = Block("left", left=ADDRESSEES_LEFT + COLON_AT + DASH, first=-DASH)
    ends = [";"] * (len(names) - 1) + ["."]
    lines = (
        paragraph(under, run(f"- {name}{end}", BODY_FACE))
        for name, end in zip(names, ends, strict=True)
    )
    return first + "".join(lines) + paragraph(Block(after=6), run("", Face(6)))


def signature_block(*, recipients: str, lines: str, position: str) -> str:
    """Parts 9b and 7a: recipients left, one a line; the signer's position right, with room."""
    listed = [paragraph(Block("left"), run(line, Face(11))) for line in lines.splitlines()]
    return paragraph(Block(keep=True), run("", Face(11))) + layout(
        SIGNATURE_WIDTHS,
        [
            (
                paragraph(Block("left"), run(recipients, Face(12, bold=True, italic=True)))
                + "".join(listed),
                paragraph(CENTERED, run(position, BOLD_FACE))
                + paragraph(CENTERED, run("", BODY_FACE)) * 4,
            )
        ],
        whole=True,
    )


def annex_heading(*, label: str, title: str, reference: str, room: float = LANDSCAPE_ROOM) -> str:
    """The annex's label, its title in capitals, the blank reference, a line; room in mm."""
    return (
        paragraph(Block("center", keep=True, level=1), run(label, BOLD_FACE))
        + paragraph(Block("center", keep=True), run(title.upper(), BOLD_FACE))
        + paragraph(Block("center", keep=True), run(reference, ITALIC_FACE))
        + rule(room * 0.2, room)
    )
