"""Taking plan files in, looked at before they are written, and writing them out."""

from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _, gettext_lazy

from tracking.actions.changes import Changes
from tracking.actions.plan_import import import_plan
from tracking.admin.file_pages import FilePages, file_response
from tracking.forms.plan_files import ExportForm, UploadForm
from tracking.permissions import may_import
from tracking.plan_files.export import export_plan
from tracking.plan_files.plan_layout import PLAN
from tracking.plan_files.reading import parse_plan
from tracking.plan_files.rows import Rows


class PlanFilePages(FilePages):
    """Beside the register of plans."""

    folder = "admin/tracking/plan_import"
    change_list_template = "admin/tracking/plan_import/change_list.html"
    layout = PLAN
    upload_form = UploadForm
    titles: ClassVar[dict[str, Any]] = {
        "upload": gettext_lazy("Import a plan"),
        "preview": gettext_lazy("Import a plan: what would change"),
    }

    def may_import(self, request: HttpRequest) -> bool:
        return may_import(request.user)

    def parse(self, name: str, data: bytes) -> Rows:
        return parse_plan(name, data)

    def take_in(self, rows: Rows, *, now: datetime, by: str, dry_run: bool = False) -> Changes:
        return import_plan(rows, now=now, by=by, dry_run=dry_run)

    def summary(self, changes: Changes) -> str:
        return _("%(added)d rows added, %(changed)d changed, %(events)d events recorded.") % {
            "added": len(changes.added),
            "changed": len(changes.changed),
            "events": changes.events,
        }

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        form = ExportForm(request.GET if "format" in request.GET else None)
        if not form.is_valid():
            return self.page(request, f"{self.folder}/export.html", _("Export plans"), form=form)
        codes = sorted(plan.code for plan in form.cleaned_data["plan"])
        return file_response(
            "progress-plan",
            form.cleaned_data["format"],
            lambda name: export_plan(name, plans=codes),
        )
