"""What other systems call: the reports of heartbeats. No session; the signature is who they are."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from databases.actions.heartbeats import (
    MOST_BYTES,
    NotProven,
    Repeated,
    TooSoon,
    Unusable,
    accept_report,
)
from tracking.actions.refusals import Refused

_STATUS: dict[type[Refused], int] = {NotProven: 403, Unusable: 400, Repeated: 409, TooSoon: 429}


@csrf_exempt
@login_not_required
def heartbeat(request: HttpRequest, code: str) -> HttpResponse:
    """204 when the report is kept, or a status and sentences that say why not."""
    if request.method != "POST":
        return _answer(405, _("a report is sent with POST"), Allow="POST")
    try:
        body = request.read(MOST_BYTES + 1)
    except UnreadablePostError:
        return _answer(400, _("the report broke off: send it again"))
    if len(body) > MOST_BYTES:
        return _answer(413, _("a report has at most %d bytes") % MOST_BYTES)
    signature = request.headers.get("X-Signature", "")
    try:
        accept_report(code=code, body=body, signature=signature, now=timezone.now())
    except Refused as refused:
        return _answer(_STATUS[type(refused)], "\n".join(refused.sentences))
    return HttpResponse(status=204)


def _answer(status: int, text: str, **headers: str) -> HttpResponse:
    plain = "text/plain; charset=utf-8"
    return HttpResponse(f"{text}\n", status=status, content_type=plain, headers=headers)
