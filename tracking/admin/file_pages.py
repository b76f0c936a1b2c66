"""Taking files in, looked at before they are written, whatever kind of file it is."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, URLResolver
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tracking.actions.changes import Changes
from tracking.actions.refusals import Refused
from tracking.actions.waiting_files import LIFETIME, discard, keep, waiting
from tracking.admin.pages import PagesAdmin
from tracking.plan_files.layout import Layout
from tracking.plan_files.reading import check_size
from tracking.plan_files.rows import FileRefused, Rows
from tracking.rules.instants import day_of

_TYPES = {
    ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class FilePages(PagesAdmin):
    """Beside a register. The first step writes nothing; the second imports the very bytes that were
    looked at, which a signed token of the session names."""

    folder: str  # of the templates upload.html, preview.html and export.html
    layout: Layout
    upload_form: type[forms.Form]
    titles: ClassVar[dict[str, Any]]  # by "upload" and "preview"

    def may_import(self, request: HttpRequest) -> bool:
        raise NotImplementedError

    def parse(self, name: str, data: bytes) -> Rows:
        raise NotImplementedError

    def take_in(self, rows: Rows, *, now: datetime, by: str, dry_run: bool = False) -> Changes:
        raise NotImplementedError

    def summary(self, changes: Changes) -> str:
        raise NotImplementedError

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        raise NotImplementedError

    def get_urls(self) -> list[URLResolver | URLPattern]:  # type: ignore[override]
        return [
            self.route("import/", self._guarded(self.import_view), "import"),
            self.route(
                "import/confirm/", require_POST(self._guarded(self.confirm_view)), "import_confirm"
            ),
            self.route("export/", require_safe(self._guarded(self.export_view)), "export"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"may_import": self.may_import(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def import_view(self, request: HttpRequest) -> HttpResponseBase:
        posted = request.method == "POST"
        form = self.upload_form(request.POST, request.FILES) if posted else self.upload_form()
        if not form.is_valid():
            return self._upload(request, form)
        upload, now = form.cleaned_data["file"], timezone.now()
        try:
            check_size(upload.size, self.layout)
            data = upload.read()
            rows = self.parse(upload.name, data)
            changes = self.take_in(rows, now=now, by=request.user.get_username(), dry_run=True)
        except (FileRefused, Refused) as refused:
            return self._upload(request, name=upload.name, faults=refused.sentences)
        if changes.nothing:
            return self._upload(request, name=upload.name, changes=changes)
        token = self._token(request, keep(data, now=now), upload.name)
        context = {"name": upload.name, "changes": changes, "token": token}
        return self.page(request, f"{self.folder}/preview.html", self.titles["preview"], **context)

    def confirm_view(self, request: HttpRequest) -> HttpResponseBase:
        kept, name = self._carried(request)
        data = waiting(kept)
        if data is None:
            sentence = _(
                "the file waits no longer, was imported already or is not yours: choose it again"
            )
            return self._upload(request, faults=[sentence])
        try:
            changes = self.take_in(
                self.parse(name, data), now=timezone.now(), by=request.user.get_username()
            )
        except (FileRefused, Refused) as refused:
            return self._upload(request, name=name, faults=refused.sentences)
        finally:
            discard(kept)
        messages.success(request, f"“{name}”: {self.summary(changes)}")
        return HttpResponseRedirect(self.address("changelist"))

    def _guarded(self, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        def guarded(request: HttpRequest) -> HttpResponseBase:
            if not self.may_import(request):
                raise PermissionDenied
            return view(request)

        return guarded

    def _upload(
        self, request: HttpRequest, form: forms.Form | None = None, **context: Any
    ) -> HttpResponse:
        context["form"] = form or self.upload_form()
        return self.page(request, f"{self.folder}/upload.html", self.titles["upload"], **context)

    def _token(self, request: HttpRequest, kept: str, name: str) -> str:
        """Names the file that waits, for this session alone."""
        told = {"kept": kept, "name": name, "of": _session(request)}
        return signing.dumps(told, salt=self.layout.format)

    def _carried(self, request: HttpRequest) -> tuple[str, str]:
        """(name of the file that waits, the name it came with); empty for a token that is not
        ours."""
        token, salt = request.POST.get("token", ""), self.layout.format
        try:
            told = signing.loads(token, salt=salt, max_age=LIFETIME)
        except signing.BadSignature:
            return "", ""
        return (told["kept"], told["name"]) if told["of"] == _session(request) else ("", "")


def _session(request: HttpRequest) -> str:
    """Stands for the session and its user without giving its key away."""
    told = f"{request.session.session_key}|{request.user.pk}"
    return hashlib.sha256(told.encode()).hexdigest()


def file_response(stem: str, suffix: str, write: Callable[[str], bytes]) -> HttpResponse:
    """A download named for today; `write` is told the name."""
    name = f"{stem}-{day_of(timezone.now())}{suffix}"
    return HttpResponse(
        write(name),
        headers={
            "Content-Type": _TYPES[suffix],
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
