"""Looking at a progress list before it is issued, and issuing it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracking.actions.previewed_lists import issue_previewed
from tracking.actions.progress_lists import draft
from tracking.actions.refusals import Refused
from tracking.admin.pages import PagesAdmin
from tracking.forms.list_scope import ScopeForm, scope_query
from tracking.models import ProgressList
from tracking.models.bilingual import reader_language
from tracking.pages.list_files import list_document, list_file
from tracking.pages.list_summary import downloads, summary_of
from tracking.permissions import may_issue, may_view_lists
from tracking.rules.instants import day_of
from tracking.rules.progress_list import Content, Scope

_FOLDER = "admin/tracking/progresslist"


class PreviewPages(PagesAdmin):
    """The whole question stands in the address, the instant of knowledge included: what is looked
    at is what is downloaded and issued."""

    def preview_urls(self) -> list[URLPattern]:
        return [
            self.route("preview/", require_safe(self.preview_view), "preview"),
            self.route("preview/document/", require_safe(self.draft_view), "draft_document"),
            self.route("preview/file/<str:form>/", require_safe(self.draft_view), "draft_file"),
            self.route("issue/", self.issue_view, "issue"),
        ]

    def preview_view(self, request: HttpRequest) -> HttpResponseBase:
        _let_look(request)
        now = timezone.now()
        if "as_of" not in request.GET:
            asked = {"as_of": day_of(now), "lang": reader_language(), **request.GET.dict()}
            return self._preview(request, ScopeForm(initial=asked))
        form = ScopeForm.asked(request.GET)
        if not form.is_valid():
            return self._preview(request, form)
        scope = form.scope(now=now)
        if not (request.GET.get("known_at") and request.GET.get("lang")):
            return HttpResponseRedirect("?" + scope_query(scope, form.language))
        try:
            content = draft(scope)
        except Refused as refused:
            form.add_error(None, refused.sentences)
            return self._preview(request, form)
        return self._preview(request, form, **self._drafted(content, scope, form.language))

    def draft_view(self, request: HttpRequest, form: str = "") -> HttpResponseBase:
        """The draft as a file of that format, or as the document itself."""
        _let_look(request)
        asked = ScopeForm.asked(request.GET)
        back = HttpResponseRedirect(f"{self.address('preview')}?{request.GET.urlencode()}")
        if not asked.is_valid():
            return back
        try:
            content = draft(asked.scope(now=timezone.now()))
        except Refused:
            return back  # where the same question is refused in sentences
        if form:
            return list_file(content, form, asked.language)
        return list_document(content, asked.language)

    def issue_view(self, request: HttpRequest) -> HttpResponseBase:
        """GET says what issuing will do; POST does it."""
        if not may_issue(request.user):
            raise PermissionDenied
        form = ScopeForm.asked(request.GET)
        preview = f"{self.address('preview')}?{request.GET.urlencode()}"
        if not form.is_valid() or not request.GET.get("known_at"):
            return HttpResponseRedirect(preview)
        scope = form.scope(now=timezone.now())
        try:
            if request.method == "POST":
                return self._issued(request, scope)
            content, refusals = draft(scope), []
        except Refused as refused:
            content, refusals = None, refused.sentences
        return self._confirmation(request, scope, content, refusals, preview)

    def _preview(self, request: HttpRequest, form: ScopeForm, **context: Any) -> HttpResponse:
        return self.page(
            request,
            f"{_FOLDER}/preview.html",
            _("Preview a list"),
            form=form,
            may_issue=may_issue(request.user),
            **context,
        )

    def _drafted(self, content: Content, scope: Scope, language: str) -> dict[str, Any]:
        def address(form: str, language: str) -> str:
            asked = scope_query(scope, language)
            if not form:
                return f"{self.address('draft_document')}?{asked}"
            return f"{self.address('draft_file', form)}?{asked}"

        return {
            **summary_of(content, language),
            "content": content,
            "downloads": downloads(address),
            "document": address("", language),
            "issue": f"{self.address('issue')}?{scope_query(scope, language)}",
        }

    def _confirmation(
        self,
        request: HttpRequest,
        scope: Scope,
        content: Content | None,
        refusals: list[str],
        preview: str,
    ) -> HttpResponse:
        last = ProgressList.objects.only("number", "sha256").first()
        return self.page(
            request,
            f"{_FOLDER}/issue.html",
            _("Issue the list"),
            **(summary_of(content, reader_language()) if content else {}),
            content=content,
            refusals=refusals,
            preview=preview,
            last=last,
            number=last.number + 1 if last else 1,
            standing=_standing(scope),
        )

    def _issued(self, request: HttpRequest, scope: Scope) -> HttpResponse:
        issued, new = issue_previewed(
            scope,
            sha256=request.POST.get("sha256", ""),
            now=timezone.now(),
            by=request.user.get_username(),
        )
        if new:
            messages.success(request, _("%(list)s is issued and frozen.") % {"list": issued})
        else:
            sentence = _(
                "%(list)s was issued for this day already; nothing new was issued. To correct it, "
                "supersede it."
            )
            messages.warning(request, sentence % {"list": issued})
        return HttpResponseRedirect(self.address("change", issued.pk))


def _standing(scope: Scope) -> ProgressList | None:
    """The list that was issued for this day already."""
    lists = ProgressList.objects.in_series(scope.policy, scope.plans).standing_ones()
    return lists.filter(as_of=scope.as_of).order_by("-number").first()


def _let_look(request: HttpRequest) -> None:
    if not may_view_lists(request.user):
        raise PermissionDenied
