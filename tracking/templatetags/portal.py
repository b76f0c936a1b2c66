"""What every template of the staff portal says the same way."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracking.forms.viewpoint import viewpoint_query
from tracking.pages.entries import language
from tracking.renderers.words import word

register = template.Library()

# A shape beside the word, so that no standing is told by its color alone.
_SHAPES = {
    "completed_on_time": "✓",
    "completed_late": "✓",
    "paused": "⏸",
    "no_deadline": "–",
    "in_time": "●",
    "overdue": "!",
    "out": "–",
}


@register.simple_tag(takes_context=True)
def at(context: Any, name: str, *arguments: Any) -> str:
    """The address of that page, looked at from where this one looks."""
    viewpoint = context.get("viewpoint")
    query = viewpoint_query(viewpoint) if viewpoint else ""
    address = reverse(name, args=arguments)
    return f"{address}?{query}" if query else address


@register.simple_tag
def standing(code: str, words: str = "") -> SafeString:
    """Shape and word; `words` instead of the standing's own name, where more is to be said."""
    said = words or word(code, language())
    return format_html(
        '<span class="standing standing-{}"><span aria-hidden="true">{}</span> {}</span>',
        code,
        _SHAPES.get(code, "–"),
        said,
    )


@register.simple_tag
def marked(name: str, is_marked: bool = True) -> SafeString:
    """The name of a department: bold and underlined where it is marked. The word stands beside it
    in the template, with the number of tasks."""
    if not is_marked:
        return format_html("{}", name)
    return format_html('<strong class="mark"><u>{}</u></strong>', name)
