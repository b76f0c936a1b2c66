"""A small picture of how a database stands, for other pages of the intranet."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.http.response import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.generic.base import View

from databases.models import Database
from databases.pages.badge import badge_of
from tracking.permissions import may_view_databases
from tracking.views.page import OnPortal

_FRESH = 30  # seconds


class Badge(OnPortal, View):
    may = staticmethod(may_view_databases)
    timeless = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        database = get_object_or_404(Database, pk=kwargs["pk"])
        picture = badge_of(database, self.now)
        answer = HttpResponse(picture, content_type="image/svg+xml; charset=utf-8")
        etag = f'"{hashlib.sha256(picture.encode()).hexdigest()[:32]}"'
        answer["ETag"] = etag
        # Only for the one who may see it, and only for as long as a state may go unnoticed.
        patch_cache_control(answer, private=True, max_age=_FRESH)
        found: HttpResponseBase | None = get_conditional_response(request, etag, None, answer)
        return found or answer
