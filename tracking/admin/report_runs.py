"""The times of reports that were kept or passed over, to read."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy as _

from tracking.admin.read_only import ReadOnlyAdmin
from tracking.models import ReportRun
from tracking.pages.report_runs import run_rows


class RunChangeList(ChangeList):
    """Says of the runs of the page shown how their messages fared."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        for row in run_rows(self.result_list):
            row.run.fared = row  # type: ignore[attr-defined]


@admin.register(ReportRun)
class ReportRunAdmin(ReadOnlyAdmin):
    list_display = ("slot", "schedule", "made_at", "list_made", "fared")
    list_select_related = ("schedule", "progress_list")
    list_filter = (("schedule", admin.RelatedOnlyFieldListFilter),)
    list_per_page = 50
    show_full_result_count = False
    fields = ("schedule", "slot", "made_at", "list_made", "fared")
    readonly_fields = ("slot", "list_made", "fared")
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("schedule", "progress_list").defer("progress_list__content")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RunChangeList

    @admin.display(description=_("due at"), ordering="slot_at")
    def slot(self, run: ReportRun) -> str:
        local = localtime(run.slot_at)
        return f"{date_format(local, 'D')} {date_format(local, 'SHORT_DATETIME_FORMAT')}"

    @admin.display(description=_("progress list"), ordering="progress_list__number")
    def list_made(self, run: ReportRun) -> str:
        if run.progress_list is None:
            return gettext("passed over: a later one was due as well")
        address = reverse("admin:tracking_progresslist_change", args=[run.progress_list_id])
        return format_html('<a href="{}">{}</a>', address, run.progress_list)

    @admin.display(description=_("deliveries"), empty_value="—")
    def fared(self, run: Any) -> str:
        row = run.fared if hasattr(run, "fared") else run_rows([run])[0]
        page = "admin/tracking/reportschedule/_fared.html"
        return render_to_string(page, {"row": row}) if row.fared else ""
