"""How a drawing gets into a page."""

from django import template
from django.utils.safestring import SafeString

from tracking.renderers.charts import Drawing
from tracking.renderers.charts_svg import svg_of

register = template.Library()


@register.simple_tag
def shapes(drawing: Drawing) -> SafeString:
    return svg_of(drawing)
