"""Announced maintenance: what is running or to come, and what was."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from databases.actions.maintenance import announce_maintenance, end_maintenance
from databases.admin.asking import AskingAdmin, NothingForm, Question, by, require, sent
from databases.forms.maintenance import MaintenanceForm
from databases.models import Maintenance
from databases.pages.probe_words import moment
from databases.renderers.measures import lasting
from tracking.admin.read_only import ReadOnlyAdmin
from tracking.admin.search import FoldedSearch
from tracking.permissions import may_keep_endpoints


class TimeFilter(admin.SimpleListFilter):
    title = gettext_lazy("when")
    parameter_name = "time"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("now", _("running now")), ("ahead", _("to come")), ("over", _("over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = timezone.now()
        chosen: dict[str, dict[str, Any]] = {
            "now": {"start__lte": now, "end__gt": now},
            "ahead": {"start__gt": now},
            "over": {"end__lte": now},
        }
        return queryset.filter(**chosen.get(self.value() or "", {}))


@admin.register(Maintenance)
class MaintenanceAdmin(FoldedSearch, AskingAdmin, ReadOnlyAdmin):
    list_display = (
        "endpoint_code",
        "begins",
        "ends",
        "length",
        "standing",
        "document",
        "announced",
    )
    list_filter = (TimeFilter,)
    list_select_related = ("endpoint",)
    search_fields = ("endpoint__search",)
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_keep_endpoints(request.user)

    def get_urls(self) -> list[URLPattern]:
        return [self.route("<int:pk>/end/", self.end_view, "end"), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        require(may_keep_endpoints(request.user))
        asked = {"endpoint": request.GET.get("endpoint", "")}
        form = MaintenanceForm(sent(request), initial=asked)
        says = [
            _("Probing goes on. An outage within the window is told, and excused from the uptime."),
            _("What has happened already is not excused: a window begins now or later."),
        ]
        question = Question(
            _("Announce maintenance"), says, _("Announce"), self.address("changelist")
        )

        def write() -> str:
            now = timezone.now()
            rows = announce_maintenance(
                endpoints=form.endpoints(),
                start=form.cleaned_data["start"] or now,
                end=form.cleaned_data["end"],
                document=form.cleaned_data["document"],
                now=now,
                by=by(request),
            )
            for row in rows:
                self.log_addition(request, row, [{"added": {}}])
            codes = ", ".join(row.endpoint.code for row in rows)
            return _("Maintenance is announced for %s.") % codes

        return self.ask(request, question, form, write)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self._found(request, object_id)
        return self.page(
            request,
            "admin/databases/maintenance/change_form.html",
            _("Maintenance of %s") % row.endpoint.code,
            maintenance=row,
            standing=self.standing(row),
            length=self.length(row),
            may_end=may_keep_endpoints(request.user) and row.end > timezone.now(),
        )

    def end_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(may_keep_endpoints(request.user))
        row = self._found(request, pk)
        says = [
            _("A window that has begun ends at this moment: later outages are not excused."),
            _("One that has not begun is withdrawn, and is gone from the list."),
        ]
        title = _("End the maintenance of %s") % row.endpoint.code
        question = Question(title, says, _("End it"), self.address("changelist"))

        def write() -> str:
            told = f"{moment(row.start)} – {moment(row.end)}"
            begun = end_maintenance(maintenance=row, now=timezone.now(), by=by(request))
            self.log_change(request, row, f"{told}: {'ended' if begun else 'withdrawn'}")
            return _("The maintenance is ended.") if begun else _("The maintenance is withdrawn.")

        return self.ask(request, question, NothingForm(sent(request)), write)

    def _found(self, request: HttpRequest, pk: object) -> Maintenance:
        require(self.has_view_permission(request))
        if not str(pk).isdecimal():
            raise Http404
        return get_object_or_404(Maintenance.objects.select_related("endpoint"), pk=pk)

    @admin.display(description=gettext_lazy("endpoint"), ordering="endpoint__code")
    def endpoint_code(self, row: Maintenance) -> str:
        return row.endpoint.code

    @admin.display(description=gettext_lazy("from"), ordering="start")
    def begins(self, row: Maintenance) -> str:
        return moment(row.start)

    @admin.display(description=gettext_lazy("to"), ordering="end")
    def ends(self, row: Maintenance) -> str:
        return moment(row.end)

    @admin.display(description=gettext_lazy("length"))
    def length(self, row: Maintenance) -> str:
        return lasting(row.end - row.start)

    @admin.display(description=gettext_lazy("when"))
    def standing(self, row: Maintenance) -> str:
        now = timezone.now()
        if row.end <= now:
            return _("over")
        return _("running now") if row.start <= now else _("to come")

    @admin.display(description=gettext_lazy("announced"), ordering="announced_at")
    def announced(self, row: Maintenance) -> str:
        return f"{moment(row.announced_at)}, {row.announced_by}"
