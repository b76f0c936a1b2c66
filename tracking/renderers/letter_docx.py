"""How does a letter become a document that opens in Word?"""

from tracking.renderers import decree30
from tracking.renderers.docx import add_annexes, passage_xml
from tracking.renderers.letter import TO, Grid, Printed
from tracking.renderers.ooxml import TABLE_END, Block, Face, paragraph, run, table_rows, table_start
from tracking.renderers.paper import Paper
from tracking.renderers.report import Passage

MOST_TASKS = None  # every task of a list stands in its annex
# An empty paragraph would be as high as its style.
_GAP = (
    "<w:p><w:pPr>"
    '<w:spacing w:before="0" w:after="0" w:line="160" w:lineRule="exact"/>'
    "</w:pPr></w:p>"
)


def render(printed: Printed) -> bytes:
    """The letter with its annexes; the same bytes every time."""
    paper = Paper(language="vi", title=printed.subject, author=printed.agency)
    if printed.stamp:
        paper.set_footer(printed.stamp)
    paper.add(_opening(printed))
    last = len(printed.body) - 1  # no signature stands on a page of its own
    paper.add(_piece(piece, keep=place == last) for place, piece in enumerate(printed.body))
    paper.add(
        decree30.signature_block(
            recipients="Nơi nhận:", lines=printed.recipients, position=printed.position
        )
    )
    add_annexes(paper, printed.annexes, printed.reference)
    return paper.save()


def _opening(printed: Printed) -> str:
    header = decree30.header_block(**printed.header, stamp=printed.stamp, about=printed.about)
    title = decree30.title(printed.title, printed.subject) if printed.title else ""
    return header + title + _to(printed.addressees)


def _to(names: tuple[str, ...]) -> str:
    """One on the line of "Kính gửi:", several below it; none in an invitation or a notice."""
    if not names:
        return paragraph(Block(), run("", Face(12)))
    if len(names) == 1:
        return decree30.addressee(f"{TO} {names[0]}")
    return decree30.addressees(TO, names)


def _piece(piece: Passage | Grid, *, keep: bool) -> str:
    if isinstance(piece, Passage):
        return passage_xml(piece, keep=keep)
    rows = "".join(table_rows(piece.widths, piece.rows, centered=piece.centered))
    return table_start(piece.widths, piece.columns) + rows + TABLE_END + _GAP
