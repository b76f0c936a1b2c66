"""An evidence file as a response: always to be kept, never to be shown or run by a browser."""

from csp.constants import HEADER
from django.http import FileResponse

from tracking.actions.evidence import opened
from tracking.models import Evidence

# Should a browser open it all the same, it opens in no origin and loads nothing.
_SHUT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"


def evidence_file(evidence: Evidence) -> FileResponse:
    """The kept file under the name it was given. Refused when it is gone or was altered."""
    return FileResponse(
        opened(evidence),
        as_attachment=True,
        filename=evidence.name,
        content_type=evidence.content_type,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
            "Cross-Origin-Resource-Policy": "same-origin",
            HEADER: _SHUT,
        },
    )
