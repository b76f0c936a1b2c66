"""A progress list as a response: a file to keep, or the HTML document in the browser."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from csp.constants import HEADER
from django.http import Http404, HttpResponse

from tracking.renderers import render
from tracking.renderers.files import FILES as FORMATS, list_file_name
from tracking.renderers.words import LANGUAGES

Content = Mapping[str, Any]

_SHUT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def list_file(content: Content, form: str, language: str) -> HttpResponse:
    """The list as an attachment. Http404 for a format or language that is not ours."""
    if form not in FORMATS or language not in LANGUAGES:
        raise Http404
    _label, _extension, content_type = FORMATS[form]
    name = list_file_name(content, form, language)
    return HttpResponse(
        render(content, format=form, language=language),
        headers={
            "Content-Type": content_type,
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def list_document(content: Content, language: str) -> HttpResponse:
    """The HTML document to read in the browser. Its policy allows its own stylesheet by hash and
    nothing else."""
    if language not in LANGUAGES:
        raise Http404
    document = render(content, format="html", language=language)
    style = document.split(b"<style>", 1)[1].split(b"</style>", 1)[0]
    digest = base64.b64encode(hashlib.sha256(style).digest()).decode()
    return HttpResponse(
        document,
        headers={
            "Content-Type": "text/html; charset=utf-8",
            "X-Content-Type-Options": "nosniff",
            HEADER: f"{_SHUT}; style-src 'sha256-{digest}'",
        },
    )
