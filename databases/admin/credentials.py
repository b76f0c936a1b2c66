"""Credentials: which there are and whose, written here and read by probes alone."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from databases.actions.credentials import seal_credential
from databases.admin.asking import AskingAdmin, Question, by, require, sent
from databases.forms.credentials import CredentialForm
from databases.models import Credential
from databases.pages.probe_words import moment
from tracking.actions.refusals import Refused
from tracking.admin.read_only import ReadOnlyAdmin
from tracking.permissions import may_keep_endpoints

_hide = method_decorator(sensitive_post_parameters())


@admin.register(Credential)
class CredentialAdmin(AskingAdmin, ReadOnlyAdmin):
    list_display = ("code", "kind", "host", "entered", "used")
    list_filter = ("kind",)
    search_fields = ("code", "host")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).defer("sealed")
        counted: QuerySet[Any] = rows.annotate(uses=Count("endpoints"))
        return counted

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_keep_endpoints(request.user)

    def get_urls(self) -> list[URLPattern]:
        return [self.route("<int:pk>/replace/", self.replace_view, "replace"), *super().get_urls()]

    @_hide
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        require(may_keep_endpoints(request.user))
        says = [_("It is sealed for its host when it is saved, and is never shown again.")]
        question = Question(_("Add a credential"), says, _("Seal"), self.address("changelist"))
        return self._seal(request, question, CredentialForm(sent(request)), None)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self._found(request, object_id)
        return self.page(
            request,
            "admin/databases/credential/change_form.html",
            row.code,
            credential=row,
            endpoints=row.endpoints.order_by("code"),
            may_keep=may_keep_endpoints(request.user),
        )

    @_hide
    def replace_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(may_keep_endpoints(request.user))
        row = self._found(request, pk)
        asked = {"code": row.code, "kind": row.kind, "host": row.host}
        form = CredentialForm(sent(request), initial=asked, known=True)
        says = [
            _("Another secret takes the place of the one that is sealed, which is gone for good."),
            _("Whoever changes the host must enter the secret again: it is bound to its host."),
        ]
        title, back = _("Replace %s") % row.code, self.address("change", row.pk)
        return self._seal(request, Question(title, says, _("Seal"), back), form, row)

    @sensitive_variables()  # a report of a crash holds none of what is below
    def _seal(
        self,
        request: HttpRequest,
        question: Question,
        form: CredentialForm,
        known: Credential | None,
    ) -> HttpResponse:
        def write() -> str:
            given = form.cleaned_data
            code = known.code if known else given["code"]
            if known is None and Credential.objects.filter(code=code).exists():
                raise Refused([_("code: there is one of this code already: choose another")])
            row = seal_credential(
                code=code,
                kind=given["kind"],
                host=given["host"],
                secret=form.sealing(),
                now=timezone.now(),
                by=by(request),
            )
            self.log_change(request, row, f"{row.kind} · {row.host}: sealed")
            return _("%s is sealed.") % row.code

        return self.ask(request, question, form, write)

    def _found(self, request: HttpRequest, pk: object) -> Any:
        require(self.has_view_permission(request))
        if not str(pk).isdecimal():
            raise Http404
        return get_object_or_404(Credential.objects.defer("sealed"), pk=pk)

    @admin.display(description=gettext_lazy("entered"), ordering="sealed_at")
    def entered(self, row: Credential) -> str:
        return f"{moment(row.sealed_at)}, {row.sealed_by}"

    @admin.display(description=gettext_lazy("endpoints"), ordering="uses")
    def used(self, row: Any) -> int:
        return int(row.uses)
