"""A letter as a file to keep, and its signed scan."""

from csp.constants import HEADER
from django.http import FileResponse, Http404, HttpResponse

from tracking.actions.letter_scans import opened_scan
from tracking.models import Letter
from tracking.renderers.letter import FORMATS, render
from tracking.renderers.letter_words import FORMS
from tracking.rules.vietnamese import folded

_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
# Should a browser open it all the same, it opens in no origin and loads nothing.
_SHUT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}


def letter_bytes(letter: Letter, form: str) -> bytes:
    """The letter as it is on paper now; ValueError for an unknown format."""
    issued = letter.progress_list if letter.content["annexed"] else None
    return render(
        letter.content,
        format=form,
        annexed=issued.as_content() if issued else None,
        number=letter.number,
        dated=letter.dated,
        draft=letter.printed_as_draft,
    )


def letter_file(letter: Letter, form: str) -> HttpResponse:
    """An attachment. Http404 for a format that is not ours."""
    if form not in FORMATS:
        raise Http404
    name = f"{_stem(letter)}.{form}"
    return HttpResponse(
        letter_bytes(letter, form),
        headers={
            **_HEADERS,
            "Content-Type": _TYPES[form],
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )


def scan_file(letter: Letter) -> FileResponse:
    """The signed scan. Http404 without one; Refused when it is gone or was altered."""
    if not letter.scan:
        raise Http404
    file, content_type, name = opened_scan(letter)
    return FileResponse(
        file,
        as_attachment=True,
        filename=name,
        content_type=content_type,
        headers={**_HEADERS, "Cross-Origin-Resource-Policy": "same-origin", HEADER: _SHUT},
    )


def _stem(letter: Letter) -> str:
    """ "cong-van-934-TTYQG-DA" once it has its number, else "cong-van-du-thao-12"."""
    kind = folded(FORMS[letter.kind].named).replace(" ", "-")
    number = "".join(c if c.isascii() and c.isalnum() else "-" for c in letter.number).strip("-")
    return f"{kind}-{number}" if number else f"{kind}-du-thao-{letter.pk}"
