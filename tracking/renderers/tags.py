"""Standings and marks as pages show them: never told by color or weight alone."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracking.models.bilingual import reader_language
from tracking.renderers.words import word

# A shape beside the word, so that no standing is told by its color alone.
_SHAPES = {
    "completed_on_time": "✓",
    "completed_late": "✓",
    "paused": "||",
    "no_deadline": "–",
    "in_time": "●",
    "overdue": "!",
    "out": "–",
}


def standing(code: str, words: str = "") -> SafeString:
    """Shape and word; `words` instead of the standing's own name, where more is to be said."""
    return format_html(
        '<span class="standing standing-{}"><span aria-hidden="true">{}</span> {}</span>',
        code,
        _SHAPES.get(code, "–"),
        words or word(code, reader_language()),
    )


def marked(name: str, is_marked: bool = True) -> SafeString:
    """The name of a department: bold and underlined where it is marked. The word stands beside it
    in the template, with the number of tasks."""
    if not is_marked:
        return format_html("{}", name)
    return format_html('<strong class="mark"><u>{}</u></strong>', name)
