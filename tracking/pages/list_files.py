"""A progress list as a response: a file to keep, or the HTML document in the browser."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from csp.constants import HEADER
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from tracking.renderers import render
from tracking.renderers.words import LANGUAGES, list_number_text

Content = Mapping[str, Any]

_OFFICE = "application/vnd.openxmlformats-officedocument"
# Format -> (what people call it, extension, content type)
FORMATS = {
    "pdf": ("PDF", "pdf", "application/pdf"),
    "docx": ("Word", "docx", f"{_OFFICE}.wordprocessingml.document"),
    "xlsx": ("Excel", "xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
    "html": ("HTML", "html", "text/html; charset=utf-8"),
    "text": (_("Plain text"), "txt", "text/plain; charset=utf-8"),
    "json": ("JSON", "json", "application/json"),
}
_SHUT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def list_file(content: Content, form: str, language: str) -> HttpResponse:
    """The list as an attachment. Http404 for a format or language that is not ours."""
    if form not in FORMATS or language not in LANGUAGES:
        raise Http404
    _label, extension, content_type = FORMATS[form]
    name = f"{_stem(content, language)}.{extension}"
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


def _stem(content: Content, language: str) -> str:
    """ "DSTD-07-2025-11-18"; a translation says so, for the Vietnamese one is authentic."""
    number = content["number"]
    named = "DU-THAO" if number is None else list_number_text(number)
    stem = f"DSTD-{named}-{content['as_of']}"
    return stem if language == "vi" else f"{stem}-{language}"
