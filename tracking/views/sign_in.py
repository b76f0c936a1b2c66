"""Signing in to the portal; what could not be taken before is offered to be sent again."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from tracking.forms.sign_in import SignInForm
from tracking.permissions import Visitor, may_view_lists, may_view_work
from tracking.views.kept import send_sealed_again


class SignIn(LoginView):
    template_name = "portal/sign_in.html"
    authentication_form = SignInForm
    extra_context = {"title": _("Log in")}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and request.method in ("GET", "HEAD"):
            return HttpResponseRedirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:  # sent twice, or signed in in another tab
            return self._onwards()
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        login(self.request, form.get_user())
        return self._onwards()

    def _onwards(self) -> HttpResponse:
        if answer := send_sealed_again(self.request):
            return answer
        if self.request.POST.get("kept"):
            told = gettext("The text that was kept cannot be read any more; please type it anew.")
            messages.error(self.request, told)
        return HttpResponseRedirect(self.get_success_url())

    def get_redirect_url(self) -> str:  # type: ignore[override]  # as Django 5.2 has it
        """Never back to signing in or out."""
        there: str = super().get_redirect_url()
        own = (reverse("tracking:sign-in"), reverse("tracking:sign-out"))
        return "" if urlsplit(there).path in own else there

    def get_default_redirect_url(self) -> str:
        return first_page(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kept=self.request.POST.get("kept", ""), **kwargs)


def first_page(user: Visitor) -> str:
    """The first page that this person may see."""
    if may_view_work(user) or not may_view_lists(user):
        return reverse("tracking:home")
    return reverse("tracking:list-archive")
