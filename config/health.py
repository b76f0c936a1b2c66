"""Does the portal answer, and does its database? And is the rest of it at work?"""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tracking.actions.faults import faults
from tracking.rules.watch import Fault, Trouble


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """200 "ok" when the database answers a query, 503 with a sentence when it does not. Asked with
    ?alarms it also answers 503 when an alarm stands: for a monitor elsewhere, which knows no
    account, so that nothing is named but our own processes."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        # This is a door too.
        found = faults(timezone.now()) if "alarms" in request.GET else []  # noqa: TID251
    except DatabaseError:
        return _plain("The database does not answer.\n", status=503)
    if found:
        return _plain("".join(_line(fault) for fault in found), status=503)
    return _plain("ok\n")


def _line(fault: Fault) -> str:
    name = f" {fault.subject}" if fault.kind is Trouble.STOPPED else ""
    return f"{fault.kind}{name} since {fault.since.isoformat()}\n"


def _plain(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain")
