"""Taking plan files in, looked at before they are written, and writing them out."""

import hashlib
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, URLResolver
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tracking.actions.changes import Changes
from tracking.actions.plan_import import import_plan
from tracking.actions.refusals import Refused
from tracking.actions.waiting_files import LIFETIME, discard, keep, waiting
from tracking.admin.pages import PagesAdmin
from tracking.forms.plan_files import ExportForm, UploadForm
from tracking.permissions import may_import
from tracking.plan_files.export import export_plan
from tracking.plan_files.reading import check_size, parse_plan
from tracking.plan_files.rows import FileRefused
from tracking.rules.instants import day_of

_FOLDER = "admin/tracking/plan_import"
_SALT = "tracking.plan_import"
_TYPES = {
    ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class PlanFilePages(PagesAdmin):
    """Beside the register of plans. The first step writes nothing; the second imports the very
    bytes that were looked at, which a signed token of the session names."""

    change_list_template = f"{_FOLDER}/change_list.html"

    def get_urls(self) -> list[URLResolver | URLPattern]:  # type: ignore[override]
        return [
            self.route("import/", self.import_view, "import"),
            self.route("import/confirm/", require_POST(self.confirm_view), "import_confirm"),
            self.route("export/", require_safe(self.export_view), "export"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"may_import": may_import(request.user), **(extra_context or {})}
        return super().changelist_view(request, context)

    def import_view(self, request: HttpRequest) -> HttpResponseBase:
        _let_import(request)
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if not form.is_valid():
            return self._upload(request, form)
        upload, now = form.cleaned_data["file"], timezone.now()
        try:
            check_size(upload.size)
            data = upload.read()
            rows = parse_plan(upload.name, data)
            changes = import_plan(rows, now=now, by=request.user.get_username(), dry_run=True)
        except (FileRefused, Refused) as refused:
            return self._upload(request, UploadForm(), name=upload.name, faults=refused.sentences)
        if changes.nothing:
            return self._upload(request, UploadForm(), name=upload.name, changes=changes)
        token = _token(request, keep(data, now=now), upload.name)
        title = _("Import a plan: what would change")
        context = {"name": upload.name, "changes": changes, "token": token}
        return self.page(request, f"{_FOLDER}/preview.html", title, **context)

    def confirm_view(self, request: HttpRequest) -> HttpResponseBase:
        _let_import(request)
        kept, name = _carried(request)
        data = waiting(kept)
        if data is None:
            sentence = _(
                "the file waits no longer, was imported already or is not yours: choose it again"
            )
            return self._upload(request, UploadForm(), faults=[sentence])
        try:
            changes = import_plan(
                parse_plan(name, data), now=timezone.now(), by=request.user.get_username()
            )
        except (FileRefused, Refused) as refused:
            return self._upload(request, UploadForm(), name=name, faults=refused.sentences)
        finally:
            discard(kept)
        messages.success(request, f"{name}: {_summary(changes)}")
        return HttpResponseRedirect(self.address("changelist"))

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        _let_import(request)
        form = ExportForm(request.GET if "format" in request.GET else None)
        if form.is_valid():
            codes = sorted(plan.code for plan in form.cleaned_data["plan"])
            return _exported(form.cleaned_data["format"], codes)
        return self.page(request, f"{_FOLDER}/export.html", _("Export plans"), form=form)

    def _upload(self, request: HttpRequest, form: UploadForm, **context: Any) -> HttpResponse:
        return self.page(
            request, f"{_FOLDER}/upload.html", _("Import a plan"), form=form, **context
        )


def _let_import(request: HttpRequest) -> None:
    if not may_import(request.user):
        raise PermissionDenied


def _summary(changes: Changes) -> str:
    return _("%(added)d rows added, %(changed)d changed, %(events)d events recorded.") % {
        "added": len(changes.added),
        "changed": len(changes.changed),
        "events": changes.events,
    }


def _token(request: HttpRequest, kept: str, name: str) -> str:
    """Names the file that waits, for this session alone."""
    return signing.dumps({"kept": kept, "name": name, "of": _session(request)}, salt=_SALT)


def _carried(request: HttpRequest) -> tuple[str, str]:
    """(name of the file that waits, the name it came with); empty for a token that is not ours."""
    try:
        told = signing.loads(request.POST.get("token", ""), salt=_SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return "", ""
    return (told["kept"], told["name"]) if told["of"] == _session(request) else ("", "")


def _session(request: HttpRequest) -> str:
    """Stands for the session and its user without giving its key away."""
    told = f"{request.session.session_key}|{request.user.pk}"
    return hashlib.sha256(told.encode()).hexdigest()


def _exported(suffix: str, codes: list[str]) -> HttpResponse:
    name = f"progress-plan-{day_of(timezone.now())}{suffix}"
    return HttpResponse(
        export_plan(name, plans=codes),
        headers={
            "Content-Type": _TYPES[suffix],
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
