"""The register of contradictions: what is declared against what is seen, whose it is, how old."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _, gettext_lazy

from databases.actions.contradictions import waive
from databases.admin.asking import AskingAdmin, Question, by, require, sent
from databases.forms.decisions import WaiveForm
from databases.models import Contradiction, ContradictionEntry, Endpoint
from databases.models.contradiction import RULE_NAMES
from databases.pages.contradiction_words import rule_name, say_who_acts
from databases.pages.probe_words import moment, to_the_second
from databases.renderers.measures import lasting
from tracking.admin.read_only import ReadOnlyAdmin
from tracking.admin.search import FoldedSearch
from tracking.permissions import may_waive
from tracking.rules.instants import day_of

# Why a rule closed it: databases.rules.contradictions.
_CLOSED_BECAUSE = {
    "stage": gettext_lazy("declared otherwise"),
    "seen": gettext_lazy("what is seen agrees again"),
}


class StandingFilter(admin.SimpleListFilter):
    title = gettext_lazy("open or closed")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("yes", _("open")),
            ("unwaived", _("open and not accepted")),
            ("no", _("closed")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        unwaived = Q(waived_until=None) | Q(waived_until__lte=timezone.now())
        chosen = {
            "yes": Q(closed_at=None),
            "unwaived": Q(closed_at=None) & unwaived,
            "no": Q(closed_at__isnull=False),
        }.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(chosen)


class RuleFilter(admin.SimpleListFilter):
    title = gettext_lazy("contradiction")
    parameter_name = "rule"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(rule.value, name) for rule, name in RULE_NAMES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(rule=self.value()) if self.value() else queryset


class ActedUpon(ChangeList):
    """Says of the rows of the page shown who has to act, from one reading of the parties."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        say_who_acts(self.result_list, day_of(timezone.now()))


@admin.register(Contradiction)
class ContradictionAdmin(FoldedSearch, AskingAdmin, ReadOnlyAdmin):
    list_display = ("what", "place", "acts_now", "age", "endpoints_named", "standing")
    list_filter = (StandingFilter, RuleFilter)
    search_fields = ("connection__code", "connection__database__search")
    search_help_text = gettext_lazy("Code of the connection, code or name of the database.")
    ordering = (F("closed_at").desc(nulls_first=True), "since")
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return Contradiction.objects.with_facts().order_by(*self.ordering)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ActedUpon

    def get_urls(self) -> list[URLPattern]:
        return [self.route("<int:pk>/waive/", self.waive_view, "waive"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        found = self._found(request, object_id)
        say_who_acts([found], day_of(timezone.now()))
        return self.page(
            request,
            "admin/databases/contradiction/change_form.html",
            f"{found.connection.code}: {rule_name(found.rule)}",
            contradiction=found,
            since=to_the_second(found.since),
            age=lasting((found.closed_at or timezone.now()) - found.since),
            standing=self.standing(found),
            course=[_line(entry) for entry in found.course.order_by("pk")],
            endpoints=Endpoint.objects.filter(code__in=found.endpoint_codes or []),
            may_waive=may_waive(request.user) and found.closed_at is None,
        )

    def waive_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(may_waive(request.user))
        found = self._found(request, pk)
        form = WaiveForm(sent(request))
        says = [
            _("It stays open; the lists print until when it is accepted, and count it by itself."),
            _("It closes only when what is declared and what is seen agree."),
        ]
        title = _("Accept for a while: %s") % f"{found.connection.code}, {rule_name(found.rule)}"
        question = Question(title, says, _("Accept"), self.address("change", found.pk))

        def write() -> str:
            waive(
                contradiction=found,
                until=form.cleaned_data["until"],
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
                by=by(request),
            )
            return _("The contradiction is accepted for a while.")

        return self.ask(request, question, form, write)

    def _found(self, request: HttpRequest, pk: object) -> Any:
        require(self.has_view_permission(request))
        if not str(pk).isdecimal():
            raise Http404
        return get_object_or_404(Contradiction.objects.with_facts(), pk=pk)

    @admin.display(description=gettext_lazy("contradiction"), ordering="rule")
    def what(self, row: Contradiction) -> str:
        return rule_name(row.rule)

    @admin.display(description=gettext_lazy("connection"), ordering="connection__code")
    def place(self, row: Contradiction) -> str:
        return format_html(
            '{}<span class="under">{}</span>', row.connection.code, row.connection.database.name
        )

    @admin.display(description=gettext_lazy("who has to act"))
    def acts_now(self, row: Any) -> str:
        return str(row.acts)

    @admin.display(description=gettext_lazy("age"), ordering="since")
    def age(self, row: Contradiction) -> str:
        length = lasting((row.closed_at or timezone.now()) - row.since)
        since = _("since %(at)s") % {"at": moment(row.since)}
        return format_html('{}<span class="under">{}</span>', length, since)

    @admin.display(description=gettext_lazy("endpoints"))
    def endpoints_named(self, row: Any) -> str:
        return ", ".join(row.endpoint_codes or ())

    @admin.display(description=gettext_lazy("open or closed"), ordering="closed_at")
    def standing(self, row: Any) -> str:
        if row.closed_at is not None:
            return _("closed on %s") % moment(row.closed_at)
        if row.waived_until is not None and row.waived_until > timezone.now():
            return _("open, accepted until %s") % moment(row.waived_until)
        return _("open")


def _line(entry: ContradictionEntry) -> dict[str, Any]:
    """An entry of the course as it is printed."""
    closed = entry.event == ContradictionEntry.CLOSED
    because = str(_CLOSED_BECAUSE.get(entry.reason, entry.reason)) if closed else entry.reason
    return {
        "entry": entry,
        "at": to_the_second(entry.at),
        "event": entry.get_event_display(),
        "reason": because,
        "until": moment(entry.until) if entry.until else "",
        "endpoints": ", ".join(entry.endpoints),
    }
