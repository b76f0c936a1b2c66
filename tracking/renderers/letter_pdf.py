"""How does a letter become a PDF, the same bytes on every machine?"""

from typing import Any

from tracking.renderers.letter import TO, Grid, Printed
from tracking.renderers.pdf import MOST_TASKS, annex_data
from tracking.renderers.report import Passage
from tracking.renderers.typesetter import loose, loose_cell, pdf_of

__all__ = ["MOST_TASKS", "render"]

_TEMPLATE = "letters/letter.typ"


def render(printed: Printed) -> bytes:
    """The letter with its annexes."""
    return pdf_of(
        _TEMPLATE,
        {
            "language": "vi",
            "stamp": printed.stamp,
            "subject": printed.subject,
            "about": printed.about,
            "words": {
                **printed.header,
                "agency_name": printed.agency,
                "kind": printed.title,
                "to": TO,
                "recipients": "Nơi nhận:",
                "recipient_lines": printed.recipients,
                "position": printed.position,
                "annex_reference": printed.reference,
            },
            "addressees": printed.addressees,
            "body": [_piece(piece) for piece in printed.body],
            "annexes": [annex_data(annex) for annex in printed.annexes],
        },
    )


def _piece(piece: Passage | Grid) -> dict[str, Any]:
    if isinstance(piece, Passage):
        text, name = loose(piece.text), loose(piece.name)
        return {"kind": piece.kind, "text": text, "name": name, "mark": piece.mark}
    return {
        "kind": "table",
        "columns": piece.columns,
        "widths": piece.widths,
        "centered": sorted(piece.centered),
        "rows": [[loose_cell(cell) for cell in row] for row in piece.rows],
    }
