"""The endpoints: what is probed, how each stands, its page, and what an operator does with it."""

from dataclasses import fields
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_POST

from databases.actions.endpoints import (
    Wanted,
    pause_endpoint,
    probe_now,
    resume_endpoint,
    save_endpoint,
    wanted_of,
)
from databases.admin.asking import (
    AskingAdmin,
    NothingForm,
    Question,
    by,
    require,
    sent,
    told_refusal,
)
from databases.admin.endpoint_list import EndpointColumns
from databases.forms.endpoints import EndpointForm, written
from databases.models import Check, Endpoint
from databases.models.pump_seen import pump_seen
from databases.pages.endpoint_page import CHECKS, EndpointPage, seen_check
from databases.pages.probe_words import kind_name
from databases.probes.described import FIELDS
from tracking.actions.refusals import Refused
from tracking.admin.read_only import ReadOnlyAdmin
from tracking.admin.search import FoldedSearch
from tracking.models.bilingual import reader_language
from tracking.permissions import may_keep_endpoints, may_probe

_FOLDER = "admin/databases/endpoint"
_RELATED = ("zone", "seen", "credential", "parent", "interface__connection__database__owner")


@admin.register(Endpoint)
class EndpointAdmin(EndpointColumns, FoldedSearch, AskingAdmin, ReadOnlyAdmin):
    search_fields = (
        "search",
        "interface__connection__code",
        "interface__connection__database__search",
    )
    search_help_text = gettext_lazy("Code or name of the endpoint, its connection or database.")
    ordering = ("code",)
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_keep_endpoints(request.user)

    def get_urls(self) -> list[URLPattern]:
        return [
            self.route("<int:pk>/edit/", self.edit_view, "edit"),
            self.route("<int:pk>/pause/", self.pause_view, "pause"),
            self.route("<int:pk>/resume/", self.resume_view, "resume"),
            self.route("<int:pk>/probe/", require_POST(self.probe_view), "probe"),
            self.route("<int:pk>/checks/", self.checks_view, "checks"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        more = {**(extra_context or {}), "pumps": pump_seen(timezone.now())}
        return super().changelist_view(request, more)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        endpoint = self._found(request, object_id)
        return self.page(
            request,
            f"{_FOLDER}/change_form.html",
            endpoint.code,
            page=EndpointPage(endpoint, timezone.now()),
            may_keep=may_keep_endpoints(request.user),
            may_probe=may_probe(request.user),
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        require(may_keep_endpoints(request.user))
        form = EndpointForm(sent(request), initial={"spec": "{\n}"})
        question = Question(
            _("Add an endpoint"),
            [
                _(
                    "It is unknown until it is seen. Its first probe runs at its next slot, within "
                    "one interval."
                )
            ],
            _("Save"),
            self.address("changelist"),
        )
        return self._form(request, question, form, None)

    def edit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(may_keep_endpoints(request.user))
        endpoint = self._found(request, pk)
        before = wanted_of(endpoint)
        values = {f.name: getattr(before, f.name) for f in fields(Wanted)}
        form = EndpointForm(sent(request), initial=written(values), known=endpoint.code)
        question = Question(
            _("Change %s") % endpoint.code,
            [
                _(
                    "What is probed differently counts as another version: it is unknown until it "
                    "is seen. An open outage stays open; it ends when the new version answers."
                ),
                _("Other names or another interface alone change nothing of what was seen."),
            ],
            _("Save"),
            self.address("change", endpoint.pk),
        )
        return self._form(request, question, form, before)

    def _form(
        self, request: HttpRequest, question: Question, form: EndpointForm, before: Wanted | None
    ) -> HttpResponse:
        def write() -> str:
            paused = before.paused if before else False
            wanted = Wanted(**form.values(), paused=paused)
            endpoint = save_endpoint(wanted=wanted, now=timezone.now(), by=by(request))
            return _("%s is saved.") % endpoint.code

        kinds: Any = form.fields["kind"]
        kinds.choices = [(kind, kind_name(kind)) for kind, _kind in kinds.choices]
        said = [
            (kind_name(kind), [(field, field.words()[reader_language()]) for field in described])
            for kind, described in FIELDS.items()
        ]
        return self.ask(
            request, question, form, write, template=f"{_FOLDER}/edit.html", described=said
        )

    def pause_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        says = [
            _("It is not probed any more; its state is unknown by decision until it is resumed."),
            _("An open outage stays open. The time until then is told as paused, not up or down."),
        ]
        return self._switch(request, pk, _("Pause %s"), says, _("Pause"), paused=True)

    def resume_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        says = [
            _("It is probed again from its next slot on, within one interval."),
            _("Its state is unknown until then; an open outage ends only when it answers."),
        ]
        return self._switch(request, pk, _("Resume %s"), says, _("Resume"), paused=False)

    def _switch(
        self,
        request: HttpRequest,
        pk: int,
        title: str,
        says: list[str],
        button: str,
        *,
        paused: bool,
    ) -> HttpResponse:
        require(may_keep_endpoints(request.user))
        endpoint = self._found(request, pk)
        back = self.address("change", endpoint.pk)
        question = Question(title % endpoint.code, says, button, back)

        def write() -> str:
            act = pause_endpoint if paused else resume_endpoint
            act(endpoint=endpoint, now=timezone.now(), by=by(request))
            said = _("%s is paused.") if paused else _("%s is probed again.")
            return said % endpoint.code

        return self.ask(request, question, NothingForm(sent(request)), write)

    def probe_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for a probe out of turn, and go to the page that shows what it found."""
        require(may_probe(request.user))
        endpoint = self._found(request, pk)
        page = EndpointPage(endpoint, timezone.now())
        try:
            probe_now(endpoint=endpoint, now=timezone.now(), by=by(request))
        except Refused as refused:
            told_refusal(request, refused)
        else:
            said = _("%(code)s is probed as soon as a pump is free: its result within %(length)s.")
            words = {"code": endpoint.code, "length": page.expected_within}
            messages.success(request, said % words)
        return HttpResponseRedirect(self.address("change", endpoint.pk))

    def checks_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All that is kept of its checks, newest first."""
        endpoint = self._found(request, pk)
        rows = Check.objects.filter(endpoint=endpoint).order_by("-slot_at")
        shown = Paginator(rows, 2 * CHECKS).get_page(request.GET.get("page"))
        return self.page(
            request,
            f"{_FOLDER}/checks.html",
            _("Checks of %s") % endpoint.code,
            endpoint=endpoint,
            shown=shown,
            checks=[seen_check(check) for check in shown],
        )

    def _found(self, request: HttpRequest, pk: object) -> Endpoint:
        require(self.has_view_permission(request))
        if not str(pk).isdecimal():
            raise Http404
        rows: QuerySet[Endpoint] = Endpoint.objects.select_related(*_RELATED)
        return get_object_or_404(rows, pk=pk)
