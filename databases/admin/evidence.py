"""Probes as evidence: the rules, what they proposed, and what people decided."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from databases.actions.evidence import decline_proposal, take_proposal
from databases.admin.asking import AskingAdmin, Question, by, require, sent
from databases.admin.evidence_page import Bundle
from databases.forms.decisions import DeclineForm, TakeForm
from databases.models import EvidenceProposal, EvidenceRule
from databases.pages.probe_words import moment
from tracking.admin.read_only import KeptAdmin, ReadOnlyAdmin
from tracking.admin.search import FoldedSearch
from tracking.permissions import may_take_evidence

_RELATED = ("rule__connection__database", "rule__task", "decision")


@admin.register(EvidenceRule)
class EvidenceRuleAdmin(FoldedSearch, KeptAdmin):
    list_display = ("connection_code", "task_code", "successes", "hours", "active")
    list_filter = ("active",)
    list_select_related = ("connection", "task")
    search_fields = ("connection__code", "connection__database__search", "task__search")
    autocomplete_fields = ("connection", "task")
    fixed_fields = ("connection", "task")
    fieldsets = (
        (
            None,
            {
                "description": gettext_lazy(
                    "When every endpoint of the connection has answered so many times in a row, "
                    "over at least so many hours, submitting the task is proposed with what was "
                    "seen. A person takes or declines the proposal; nothing is submitted, "
                    "completed or reopened by itself."
                ),
                "fields": ("connection", "task", "successes", "hours", "active"),
            },
        ),
    )

    @admin.display(description=gettext_lazy("connection"), ordering="connection__code")
    def connection_code(self, rule: EvidenceRule) -> str:
        return rule.connection.code

    @admin.display(description=gettext_lazy("task"), ordering="task__code")
    def task_code(self, rule: EvidenceRule) -> str:
        return rule.task.code


class DecidedFilter(admin.SimpleListFilter):
    title = gettext_lazy("decision")
    parameter_name = "decision"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("none", _("awaited")), ("taken", _("taken")), ("declined", _("declined"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen: dict[str, dict[str, Any]] = {
            "none": {"decision": None},
            "taken": {"decision__taken": True},
            "declined": {"decision__taken": False},
        }
        return queryset.filter(**chosen.get(self.value() or "", {}))


@admin.register(EvidenceProposal)
class EvidenceProposalAdmin(FoldedSearch, AskingAdmin, ReadOnlyAdmin):
    list_display = ("connection_code", "task_code", "proposed", "decided")
    list_filter = (DecidedFilter,)
    list_select_related = _RELATED
    search_fields = (
        "rule__connection__code",
        "rule__connection__database__search",
        "rule__task__search",
    )
    date_hierarchy = "proposed_at"
    show_full_result_count = False

    def get_urls(self) -> list[URLPattern]:
        return [
            self.route("<int:pk>/take/", self.take_view, "take"),
            self.route("<int:pk>/decline/", self.decline_view, "decline"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        proposal = self._found(request, object_id)
        decision = getattr(proposal, "decision", None)
        return self.page(
            request,
            "admin/databases/evidenceproposal/change_form.html",
            _("Proposal to submit %s") % proposal.rule.task.code,
            proposal=proposal,
            decision=decision,
            bundle=Bundle(proposal),
            may_decide=may_take_evidence(request.user) and decision is None,
        )

    def take_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        says = [
            _("The task is submitted now, on behalf of its lead department, with this evidence."),
            _("A verifier still accepts or returns it. Later failures open a contradiction."),
        ]
        form = TakeForm(sent(request))
        return self._decide(request, pk, _("Submit %s"), says, _("Submit"), form, take_proposal)

    def decline_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        says = [_("The task stays as it is. Your reason stays beside the proposal.")]
        form = DeclineForm(sent(request))
        act = decline_proposal
        return self._decide(request, pk, _("Decline to submit %s"), says, _("Decline"), form, act)

    def _decide(
        self,
        request: HttpRequest,
        pk: int,
        title: str,
        says: list[str],
        button: str,
        form: Form,
        act: Callable[..., object],
    ) -> HttpResponse:
        require(may_take_evidence(request.user))
        proposal = self._found(request, pk)
        back = self.address("change", proposal.pk)
        question = Question(title % proposal.rule.task.code, says, button, back)

        def write() -> str:
            note = form.cleaned_data["note"]
            act(proposal=proposal, now=timezone.now(), by=by(request), note=note)
            return _("Your decision is recorded.")

        return self.ask(request, question, form, write)

    def _found(self, request: HttpRequest, pk: object) -> EvidenceProposal:
        require(self.has_view_permission(request))
        if not str(pk).isdecimal():
            raise Http404
        return get_object_or_404(EvidenceProposal.objects.select_related(*_RELATED), pk=pk)

    @admin.display(description=gettext_lazy("connection"))
    def connection_code(self, row: EvidenceProposal) -> str:
        return row.rule.connection.code

    @admin.display(description=gettext_lazy("task"))
    def task_code(self, row: EvidenceProposal) -> str:
        return row.rule.task.code

    @admin.display(description=gettext_lazy("proposed"), ordering="proposed_at")
    def proposed(self, row: EvidenceProposal) -> str:
        return moment(row.proposed_at)

    @admin.display(description=gettext_lazy("decision"))
    def decided(self, row: EvidenceProposal) -> str:
        decision = getattr(row, "decision", None)
        if decision is None:
            return _("awaited")
        word = _("taken") if decision.taken else _("declined")
        return f"{word}, {moment(decision.decided_at)}, {decision.decided_by}"
