"""A form that could not be taken loses no text: its person signs in, looks, and sends it again."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.models import Session
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from tracking.forms.kept_text import KeptText, page_of, seal, unseal
from tracking.forms.sign_in import SignInForm
from tracking.models import User

# What people call the fields that they type into; others stand under their own names.
_LABELS = {
    "note": _("Note"),
    "reason": _("Reason"),
    "percent": _("Percent done"),
    "product": _("Product"),
    "wording": _("Words of the order"),
    "text": _("Text"),
    "remark": _("Remark"),
    "due_on": _("Date"),
    "document": _("Document"),
    "title": _("Title"),
    "name": _("Name"),
    "answer": _("Answer"),
}
# Chosen rather than typed: named, and folded away.
_CHOSEN = {
    "reading": _("Reading"),
    "cause": _("Cause"),
    "on": _("Waits for"),
    "on_behalf_of": _("On behalf of"),
    "lead": _("New lead department"),
    "required": _("Requirement"),
    "effective_at_0": _("Effective"),
    "effective_on": _("Takes effect on"),
    "expires_on": _("Expires on"),
}
_LONG = 60


@dataclass(frozen=True, slots=True)
class KeptField:
    """One value as the page shows it."""

    name: str
    value: str

    @property
    def label(self) -> Any:
        return _LABELS.get(self.name) or _CHOSEN.get(self.name, self.name)

    @property
    def long(self) -> bool:
        """Whether it needs more than one line."""
        return len(self.value) > _LONG or "\n" in self.value

    @property
    def typed(self) -> bool:
        """Words that a person wrote, not one of the form's own marks."""
        return bool(self.value) and (self.name in _LABELS or self.long)


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To whoever sent a form without being signed in, or no longer: sign in, nothing is lost."""
    sign_in = reverse("tracking:sign-in")
    page = page_of(request)
    if request.method != "POST":
        return _away(request, redirect_to_login(page if _htmx(request) else _here(request)))
    kept = KeptText.of(request, _typed_by(request))
    if kept.empty:
        leaving = _path(page) == reverse("tracking:sign-out")
        return _away(request, redirect(sign_in) if leaving else redirect_to_login(page))
    sealed = seal(kept)
    context = {"kept": sealed, "too_long": not sealed, "next": page, "title": _("Log in")}
    answer = render(request, "portal/sign_in.html", {"form": SignInForm(request), **context})
    if _htmx(request):  # which passes over an answer that refuses, and would put it in a corner
        return reswap(retarget(answer, "body"), "innerHTML")
    answer.status_code = 403
    return answer


def send_again(request: HttpRequest, kept: KeptText, *, old: bool = False) -> HttpResponse:
    """What was kept, to be looked at and sent by a press of a button; nothing is sent by itself."""
    fields = [KeptField(name, value) for name, value in kept.each()]
    person = request.user.get_username()
    context = {
        "title": _("Your text was kept"),
        "timeless": True,
        "kept": kept,
        "old": old,
        "typed": [field for field in fields if field.typed],
        "others": [field for field in fields if field.value and not field.typed],
        "empty": [field.name for field in fields if not field.value],
        "another": kept.typed_by if kept.typed_by not in ("", person) else "",
    }
    answer = render(request, "portal/send_again.html", context)
    answer["Cache-Control"] = "no-store, private"
    return reswap(retarget(answer, "body"), "innerHTML") if _htmx(request) else answer


def send_sealed_again(request: HttpRequest) -> HttpResponse | None:
    """The same for what came sealed with the sign-in form; None when nothing readable did."""
    try:
        kept, old = unseal(request.POST.get("kept", ""))
    except BadSignature:
        return None
    return send_again(request, kept, old=old)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is not, or no longer, this person's: often they signed in again in another
    tab. What another site sent is refused and not shown, so that nobody sends it by mistake."""
    if not _sent_from_here(request):
        return render(request, "403_csrf.html", status=403)
    if request.path in (reverse("tracking:sign-in"), reverse("admin:login")):
        return _sign_in_again(request)
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    answer = send_again(request, KeptText.of(request))
    if not _htmx(request):
        answer.status_code = 403
    return answer


def _sign_in_again(request: HttpRequest) -> HttpResponse:
    """Signing in failed for the token's sake: what is kept with it stays."""
    if request.user.is_authenticated:
        if answer := send_sealed_again(request):
            return answer
        return redirect(request.get_full_path())
    context = {
        "form": SignInForm(request),
        "title": _("Log in"),
        "kept": request.POST.get("kept", ""),
        "next": request.POST.get("next", ""),
        "stale": True,
    }
    return render(request, "portal/sign_in.html", context, status=403)


def _sent_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that one of our own pages sent the form."""
    told = request.headers.get("Origin") or request.headers.get("Referer") or ""
    parts = urlsplit(told)
    return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())


def _typed_by(request: HttpRequest) -> str:
    """Whose session has run out, if its row is still there."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    row = Session.objects.filter(pk=key).first() if key else None
    user = row.get_decoded().get(SESSION_KEY) if row else None
    names = User.objects.filter(pk=user).values_list("username", flat=True) if user else []
    return next(iter(names), "")


def _away(request: HttpRequest, there: HttpResponse) -> HttpResponse:
    """A part of a page leads the whole page away."""
    return HttpResponseClientRedirect(there["Location"]) if _htmx(request) else there


def _htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def _here(request: HttpRequest) -> str:
    return request.get_full_path()


def _path(address: str) -> str:
    return urlsplit(address).path
