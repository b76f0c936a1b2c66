"""Taking register files in, looked at before they are written, and writing them out."""

from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _, gettext_lazy

from databases.actions.register_import import import_register
from databases.forms.register_files import RegisterExportForm, RegisterUploadForm
from databases.register_files.register_export import export_register
from databases.register_files.register_layout import REGISTER
from tracking.actions.changes import Changes
from tracking.admin.file_pages import FilePages, file_response
from tracking.permissions import may_declare_stage, may_import, may_record_step
from tracking.plan_files.reading import parse
from tracking.plan_files.rows import Rows


class RegisterFilePages(FilePages):
    """Beside the register of databases."""

    folder = "admin/databases/register_import"
    change_list_template = "admin/databases/register_import/change_list.html"
    layout = REGISTER
    upload_form = RegisterUploadForm
    titles: ClassVar[dict[str, Any]] = {
        "upload": gettext_lazy("Import the register"),
        "preview": gettext_lazy("Import the register: what would change"),
    }

    def may_import(self, request: HttpRequest) -> bool:
        asked = (may_import, may_declare_stage, may_record_step)
        return all(may(request.user) for may in asked)

    def parse(self, name: str, data: bytes) -> Rows:
        return parse(name, data, REGISTER)

    def take_in(self, rows: Rows, *, now: datetime, by: str, dry_run: bool = False) -> Changes:
        return import_register(rows, now=now, by=by, dry_run=dry_run)

    def summary(self, changes: Changes) -> str:
        return _("%(added)d rows added, %(changed)d changed.") % {
            "added": len(changes.added),
            "changed": len(changes.changed),
        }

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        form = RegisterExportForm(request.GET if "format" in request.GET else None)
        if not form.is_valid():
            title = _("Export the register")
            return self.page(request, f"{self.folder}/export.html", title, form=form)
        return file_response("database-register", form.cleaned_data["format"], export_register)
