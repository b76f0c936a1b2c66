"""Evidence files: what is kept, its hash, and the download."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from tracking.actions.refusals import Refused
from tracking.admin.read_only import ReadOnlyAdmin
from tracking.admin.search import FoldedSearch
from tracking.admin.task_filters import PlanFilter
from tracking.models import Evidence
from tracking.pages.evidence_file import evidence_file


class EvidencePlanFilter(PlanFilter):
    lookup = "event__task__plan__code"


@admin.register(Evidence)
class EvidenceAdmin(FoldedSearch, ReadOnlyAdmin):
    search_fields = ("event__task__search",)
    search_help_text = _("Code or title of a task; accents may be left out.")
    list_display = ("name", "task_code", "content_type", "kept", "recorded", "expires_on")
    list_filter = ("content_type", EvidencePlanFilter, "expires_on")
    list_select_related = ("event__task",)
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    fields = (
        "download",
        "task_page",
        "content_type",
        "kept",
        "sha256",
        "recorded",
        "actor",
        "effective_on",
        "expires_on",
    )
    readonly_fields = ("download", "task_page", "kept", "recorded", "actor")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        rows: QuerySet[Evidence] = super().get_queryset(request)
        return rows.select_related("event__task")

    def get_urls(self) -> list[URLPattern]:
        download = path(
            "<int:pk>/download/",
            self.admin_site.admin_view(self.download_view),
            name="tracking_evidence_download",
        )
        return [download, *super().get_urls()]

    def download_view(self, request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
        evidence = get_object_or_404(Evidence, pk=pk)
        if not self.has_view_permission(request, evidence):
            raise PermissionDenied
        try:
            return evidence_file(evidence)
        except Refused as refused:
            raise Http404(str(refused)) from refused

    @admin.display(description=_("task"), ordering="event__task__code")
    def task_code(self, evidence: Evidence) -> str:
        return evidence.event.task.code

    @admin.display(description=_("task"))
    def task_page(self, evidence: Evidence) -> str:
        address = reverse("admin:tracking_task_change", args=[evidence.event.task_id])
        return format_html('<a href="{}">{}</a>', address, evidence.event.task)

    @admin.display(description=_("file"))
    def download(self, evidence: Evidence) -> str:
        address = reverse("admin:tracking_evidence_download", args=[evidence.pk])
        return format_html('<a href="{}">{}</a>', address, evidence.name)

    @admin.display(description=_("size"), ordering="size")
    def kept(self, evidence: Evidence) -> str:
        return filesizeformat(evidence.size)

    @admin.display(description=_("recorded"), ordering="event__recorded_at")
    def recorded(self, evidence: Evidence) -> object:
        return evidence.event.recorded_at

    @admin.display(description=_("entered by"))
    def actor(self, evidence: Evidence) -> str:
        return evidence.event.actor
