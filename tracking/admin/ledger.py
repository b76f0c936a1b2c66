"""The ledger as it stands: every entry of every task, to read and to search."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from tracking.admin.read_only import ReadOnlyAdmin
from tracking.admin.search import FoldedSearch
from tracking.admin.task_filters import PlanFilter
from tracking.models import Event
from tracking.pages.entries import content_of, names_of_bodies


class EventPlanFilter(PlanFilter):
    lookup = "task__plan__code"


@admin.register(Event)
class EventAdmin(FoldedSearch, ReadOnlyAdmin):
    search_fields = ("task__search",)
    search_help_text = _("Code or title of a task; accents may be left out.")
    list_display = ("number", "task_code", "kind", "effective_at", "recorded_at", "actor", "behalf")
    list_filter = ("kind", EventPlanFilter)
    list_select_related = ("task", "on_behalf_of")
    list_per_page = 50
    date_hierarchy = "effective_at"
    ordering = ("-number",)
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    fields = (
        "number",
        "task_page",
        "kind",
        "in_words",
        "effective_at",
        "recorded_at",
        "actor",
        "on_behalf_of",
        "document",
    )
    readonly_fields = ("task_page", "in_words")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        rows: QuerySet[Event] = super().get_queryset(request)
        return rows.select_related("task", "on_behalf_of", "document")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        title = _("Entry %(number)s of the ledger") % {"number": object_id}
        context = {"title": title, "subtitle": None}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    @admin.display(description=_("task"), ordering="task__code")
    def task_code(self, event: Event) -> str:
        return event.task.code

    @admin.display(description=_("on behalf of"), ordering="on_behalf_of__code")
    def behalf(self, event: Event) -> str:
        return event.on_behalf_of.code if event.on_behalf_of else ""

    @admin.display(description=_("task"))
    def task_page(self, event: Event) -> str:
        address = reverse("admin:tracking_task_change", args=[event.task_id])
        return format_html('<a href="{}">{}</a>', address, event.task)

    @admin.display(description=_("content"))
    def in_words(self, event: Event) -> Any:
        rows = content_of(event.payload, names_of_bodies())
        return format_html_join("", "<div><b>{}</b>: {}</div>", rows)
