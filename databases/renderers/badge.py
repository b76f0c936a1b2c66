"""A badge: the name of a database, the declared stage and the seen state, as a small picture.

Words and shapes, not color alone; presentation attributes only, since the strict policy for styles
holds for pictures too; colors of its own, for it stands on pages that are not ours.
"""

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

_LETTER, _PAD, HEIGHT = 7.2, 8, 24
_NAME, _STAGE = "#0a5a57", "#4a5058"
# White on each passes WCAG AA.
_STATES = {"up": "#1b6b36", "degraded": "#8a5200", "down": "#a1161b"}
_UNKNOWN = "#4a5058"
_FONT = "Be Vietnam Pro, Segoe UI, Noto Sans, Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    color: str
    x: int
    width: int


def badge(name: str, stage: str, seen: str, shape: str, words: str) -> str:
    """SVG. `seen` is the state's code, for its color; `shape` and `words` say the same."""
    texts = [
        (name, _NAME),
        (stage, _STAGE),
        (f"{shape} {words}", _STATES.get(seen, _UNKNOWN)),
    ]
    parts, x = [], 0
    for text, color in texts:
        width = round(len(text) * _LETTER) + 2 * _PAD
        parts.append(Part(text, color, x, width))
        x += width
    said = f"{name}: {stage}; {words}"
    body = "".join(_drawn(part) for part in parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{x}" height="{HEIGHT}" '
        f'viewBox="0 0 {x} {HEIGHT}" role="img" aria-label={quoteattr(said)}>'
        f"<title>{escape(said)}</title>"
        f'<g font-family="{_FONT}" font-size="12" fill="#fff" text-anchor="middle">{body}</g></svg>'
    )


def _drawn(part: Part) -> str:
    """A line of white before each part but the first keeps them apart where colors are alike."""
    line = f'<rect x="{part.x}" width="1" height="{HEIGHT}" fill="#fff"/>' if part.x else ""
    return (
        f'<rect x="{part.x}" width="{part.width}" height="{HEIGHT}" fill="{part.color}"/>{line}'
        f'<text x="{part.x + part.width / 2:g}" y="16">{escape(part.text)}</text>'
    )
