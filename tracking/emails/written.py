"""How is a message written: subject, plain text and HTML of the same facts, in one language?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

_BLANK_LINES = re.compile(r"[ \t]*\n(?:[ \t]*\n)+")
# Indents are for those who read the template; in the message they cost room.
_INDENT = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Written:
    """What a message says. `subject` is one line."""

    subject: str
    text: str
    html: str


@cache
def _inliner() -> css_inline.CSSInliner:
    # Nothing is fetched: what a message shows it brings.
    return css_inline.CSSInliner(load_remote_stylesheets=False, minify_css=True)


def write(name: str, language: str, facts: Mapping[str, Any]) -> Written:
    """The templates `emails/<name>/subject.txt`, `text.txt` and `message.html` filled with the
    facts, `base_url` and `language`; styles stand at each element, where Outlook reads them."""
    context = {"base_url": settings.BASE_URL.rstrip("/"), "language": language, **facts}
    with override(language):
        subject, text, html = (
            render_to_string(f"emails/{name}/{part}", context)
            for part in ("subject.txt", "text.txt", "message.html")
        )
    return Written(
        subject=" ".join(subject.split()),
        text=_BLANK_LINES.sub("\n\n", text).strip() + "\n",
        html=_INDENT.sub("\n", _inliner().inline(html)),
    )
