"""What stands inside the SVG of a drawing. Written here, not in a template: a page may hold
thousands of shapes, and a template takes ten times as long for each."""

from collections.abc import Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from tracking.renderers.charts import Curve, Drawing, Label, Line, Rect


def svg_of(drawing: Drawing) -> SafeString:
    """From the ground up: lines, areas and curves, shapes, labels."""
    return mark_safe("".join(_parts(drawing)))


def _parts(drawing: Drawing) -> Iterator[str]:
    for line in drawing.lines:
        yield _line(line)
    for curve in drawing.curves:
        yield _curve(curve)
    for rect in drawing.rects:
        yield _rect(rect)
    for label in drawing.labels:
        yield _label(label)


def _line(line: Line) -> str:
    place = f'x1="{line.x1}" y1="{line.y1}" x2="{line.x2}" y2="{line.y2}"'
    return f'<line class="line-{line.kind}" {place}/>'


def _curve(curve: Curve) -> str:
    if not curve.closed:
        return f'<polyline class="curve-{curve.kind}" points="{curve.points}"/>'
    return f'<polygon class="over" points="{curve.points}" fill="url(#hatch-{curve.kind})"/>'


def _rect(rect: Rect) -> str:
    place = f'x="{rect.x}" y="{rect.y}" width="{rect.width}" height="{rect.height}"'
    tip = f"<title>{escape(rect.tip)}</title>" if rect.tip else ""
    shape = f'<rect class="shape shape-{rect.kind}" {place}>{tip}</rect>'
    if not rect.hatch:
        return shape
    return f'{shape}<rect class="over" {place} fill="url(#hatch-{rect.hatch})"/>'


def _label(label: Label) -> str:
    anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
    place = f'x="{label.x}" y="{label.y}"{anchor}'
    return f'<text class="label label-{label.kind}" {place}>{escape(label.text)}</text>'
