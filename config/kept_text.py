"""Who is not signed in may not go on, and loses nothing that they have typed."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse

from tracking.views.kept import ask_to_sign_in


class SignInKeepingText(LoginRequiredMiddleware):
    """Django's own, which throws away what was sent."""

    def handle_no_permission(  # type: ignore[override]  # more than a redirect
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        return ask_to_sign_in(request)
