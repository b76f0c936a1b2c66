"""What changed since a page was shown; asked by that page every few seconds."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.generic.base import View

from databases.pages.changes import changes
from tracking.permissions import may_view_databases
from tracking.views.page import OnPortal


class Changes(OnPortal, View):
    """JSON of at most 5 kB; 204 when there is nothing to say. `since`: the cursor of the page."""

    may = staticmethod(may_view_databases)
    timeless = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = changes(request.GET.get("since", ""), self.now)
        answer = JsonResponse(found.as_json) if found else HttpResponse(status=204)
        answer["Cache-Control"] = "no-store"
        return answer
