"""From when does a page of the admin look at the ledger?"""

from django.http import HttpRequest
from django.utils import timezone

from tracking.models.then import Then


def looked_at(request: HttpRequest) -> Then:
    """Now, the same for all that one request asks."""
    if not hasattr(request, "then"):
        request.then = Then(timezone.now())  # type: ignore[attr-defined]
    then: Then = request.then  # type: ignore[attr-defined]
    return then
