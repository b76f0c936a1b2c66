"""An issued list: what it says, whether it still holds, its files, its successor, its number."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tracking.actions.progress_lists import issue
from tracking.actions.refusals import Refused
from tracking.actions.registration import register
from tracking.actions.verification import verify
from tracking.admin.pages import PagesAdmin
from tracking.forms.list_entries import RegistrationForm, SupersedeForm
from tracking.forms.list_scope import scope_query
from tracking.models import ProgressList
from tracking.models.bilingual import reader_language
from tracking.pages.list_files import list_document, list_file
from tracking.pages.list_summary import downloads, summary_of
from tracking.permissions import may_issue, may_number, may_view_lists
from tracking.renderers.words import LANGUAGES
from tracking.rules.progress_list import Content, Policy, Scope

_FOLDER = "admin/tracking/progresslist"


class IssuedPages(PagesAdmin):
    """A list is looked at, verified, superseded, numbered; never edited."""

    def issued_urls(self) -> list[URLPattern]:
        return [
            self.route("<int:pk>/verify/", require_POST(self.verify_view), "verify"),
            self.route("<int:pk>/document/", require_safe(self.file_view), "document"),
            self.route("<int:pk>/file/<str:form>/", require_safe(self.file_view), "file"),
            self.route("<int:pk>/supersede/", self.supersede_view, "supersede"),
            self.route("<int:pk>/registration/", self.registration_view, "registration"),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return self._detail(request, _found(request, object_id))

    def verify_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        issued = _found(request, pk)
        return self._detail(request, issued, verified=True, differences=verify(issued))

    def file_view(self, request: HttpRequest, pk: int, form: str = "") -> HttpResponseBase:
        """The list as a file of that format, or as the document itself."""
        language, content = _language(request), _content(_found(request, pk))
        if content is None:
            raise Http404
        return list_file(content, form, language) if form else list_document(content, language)

    def supersede_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        if not may_issue(request.user):
            raise PermissionDenied
        issued = _found(request, pk)
        scope, form = _scope_now(issued), SupersedeForm(_sent(request))

        def supersede() -> str:
            newer, _new = issue(
                scope,
                now=scope.known_at,
                by=request.user.get_username(),
                supersedes=issued.number,
                reason=form.cleaned_data["reason"],
            )
            return self._told(request, newer, _("%(list)s is issued and frozen."))

        preview = f"{self.address('preview')}?{scope_query(scope, reader_language())}"
        title = _("Supersede %(list)s") % {"list": issued}
        return self._entry(
            request, "supersede", title, form, supersede, issued=issued, preview=preview
        )

    def registration_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        if not may_number(request.user):
            raise PermissionDenied
        issued = _found(request, pk)
        form = RegistrationForm(_sent(request))

        def enter() -> str:
            register(
                issued,
                **form.cleaned_data,
                now=timezone.now(),
                by=request.user.get_username(),
            )
            return self._told(request, issued, _("The number and date of %(list)s are entered."))

        title = _("Number and date of the document of %(list)s") % {"list": issued}
        return self._entry(request, "registration", title, form, enter, issued=issued)

    def _entry(
        self,
        request: HttpRequest,
        name: str,
        title: str,
        form: forms.Form,
        write: Callable[[], str],
        **context: Any,
    ) -> HttpResponse:
        """The form until it is sound; then what it asks for, and on to the address it gives."""
        if request.method == "POST" and form.is_valid():
            try:
                return HttpResponseRedirect(write())
            except Refused as refused:
                form.add_error(None, refused.sentences)
        return self.page(request, f"{_FOLDER}/{name}.html", title, form=form, **context)

    def _told(self, request: HttpRequest, issued: ProgressList, sentence: str) -> str:
        """Say what was done; the address of the list it was done to."""
        messages.success(request, sentence % {"list": issued})
        return self.address("change", issued.pk)

    def _detail(self, request: HttpRequest, issued: ProgressList, **context: Any) -> HttpResponse:
        language, content = _language(request), _content(issued)

        def address(form: str, language: str) -> str:
            name, rest = ("file", (form,)) if form else ("document", ())
            return f"{self.address(name, issued.pk, *rest)}?lang={language}"

        return self.page(
            request,
            f"{_FOLDER}/detail.html",
            str(issued),
            issued=issued,
            superseded_by=getattr(issued, "superseded_by", None),
            registration=getattr(issued, "registration", None),
            before=ProgressList.objects.filter(number=issued.number - 1).first(),
            language=language,
            downloads=downloads(address),
            document=address("", language),
            may_issue=may_issue(request.user),
            may_number=may_number(request.user),
            content=content,
            **(summary_of(content, language) if content else {}),
            **context,
        )


def _found(request: HttpRequest, pk: int | str) -> ProgressList:
    if not may_view_lists(request.user):
        raise PermissionDenied
    if not str(pk).isdecimal():
        raise Http404
    related = ("supersedes", "superseded_by", "registration")
    return get_object_or_404(ProgressList.objects.select_related(*related), pk=pk)


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang")
    return asked if asked in LANGUAGES else reader_language()


def _content(issued: ProgressList) -> Content | None:
    """None when somebody broke the stored text; verifying then says so."""
    try:
        return issued.as_content()
    except ValueError:
        return None


def _scope_now(issued: ProgressList) -> Scope:
    """The question of that list, asked with what is known now."""
    content = issued.as_content()
    return Scope(
        as_of=issued.as_of,
        known_at=timezone.now(),
        policy=Policy(content["policy"]),
        plans=() if content["every_plan"] else tuple(content["plans"]),
    )
