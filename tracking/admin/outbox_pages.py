"""A message and a delivery to look at; what a person decides about a delivery."""

from collections.abc import Callable
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp, csp_update
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from tracking.actions.deliveries import resend, settle
from tracking.actions.refusals import Refused
from tracking.admin.pages import PagesAdmin
from tracking.forms.deliveries import ResendForm, ResendManyForm, SettleForm
from tracking.mail.mime import exact_bytes
from tracking.models import Delivery, Message, MessageFile
from tracking.pages.outbox import BEFORE_RESENDING, MEANINGS, fared
from tracking.pages.sent_message import as_sent
from tracking.permissions import may_resend

State = Delivery.State
MOST_AT_ONCE = 500
# The message as a mail program shows it: its own styles, nothing fetched, nothing run, in a frame
# of ours alone.
_SEALED = {
    "default-src": [NONE],
    "style-src": ["'unsafe-inline'"],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": [True],
}
_FRAMING = method_decorator(csp_update({"frame-src": [SELF]}))


class MessagePages(PagesAdmin):
    """A message as it was written, with its files."""

    def get_urls(self) -> list[URLPattern]:
        own = [
            self.route("<int:pk>/html/", require_safe(self.html_view), "html"),
            self.route("<int:pk>/file/", require_safe(self.file_view), "file"),
        ]
        return [*own, *super().get_urls()]

    @_FRAMING
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        message = self._seen(request, object_id)
        return self.page(
            request,
            "admin/tracking/message/detail.html",
            message.subject,
            message=message,
            fared=fared([message]).get(message.pk, []),
            files=message.files.defer("content"),
        )

    @method_decorator([csp(_SEALED), xframe_options_sameorigin])
    def html_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        return HttpResponse(self._seen(request, pk).html)

    def file_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The file of that name, as it was sent."""
        rows = MessageFile.objects.filter(message=self._seen(request, pk))
        file = rows.filter(name=request.GET.get("name", "")).first()
        if file is None:
            return HttpResponseRedirect(self.address("change", pk))
        return _download(bytes(file.content), file.name, file.content_type)

    def _seen(self, request: HttpRequest, pk: int | str) -> Message:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not str(pk).isdecimal():
            raise Http404
        return get_object_or_404(Message.objects.select_related("progress_list"), pk=pk)


class DeliveryPages(PagesAdmin):
    """A delivery: its course and the exact message; sent again, or settled, by a person."""

    def get_urls(self) -> list[URLPattern]:
        own = [
            self.route("<int:pk>/eml/", require_safe(self.eml_view), "eml"),
            self.route("<int:pk>/resend/", self.resend_view, "resend"),
            self.route("<int:pk>/settle/", self.settle_view, "settle"),
        ]
        return [*own, *super().get_urls()]

    @_FRAMING
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        delivery = self._seen(request, object_id)
        may = may_resend(request.user)
        return self.page(
            request,
            "admin/tracking/delivery/detail.html",
            _("Delivery to %(address)s") % {"address": delivery.address},
            delivery=delivery,
            meaning=MEANINGS[State(delivery.state)],
            entries=delivery.entries.all(),
            sent=as_sent(delivery),
            files=delivery.message.files.defer("content"),
            may_resend=may and delivery.state in BEFORE_RESENDING,
            may_settle=may and delivery.state == State.UNCERTAIN,
        )

    def eml_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        delivery = self._seen(request, pk)
        return _download(exact_bytes(delivery), f"{delivery.pk}.eml", "message/rfc822")

    def resend_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        delivery = self._decided(request, pk)
        form = ResendForm(request.POST or None, initial={"seen": delivery.state})

        def send() -> str:
            if form.cleaned_data["seen"] != delivery.state:
                raise Refused([_("Its state has changed since you looked: look again.")])
            reason = form.cleaned_data["reason"]
            resend(delivery=delivery, reason=reason, **self._signed(request))
            return _("It is sent again within a minute.")

        before = BEFORE_RESENDING.get(State(delivery.state), "")
        return self._entry(request, "resend", _("Send again"), form, send, delivery, before=before)

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        delivery = self._decided(request, pk)
        form = SettleForm(request.POST or None)

        def decide() -> str:
            arrived = form.cleaned_data["outcome"] == SettleForm.ARRIVED
            reason = form.cleaned_data["reason"]
            settle(delivery=delivery, arrived=arrived, reason=reason, **self._signed(request))
            return _("It is settled.")

        return self._entry(request, "settle", _("Settle"), form, decide, delivery)

    @admin.action(
        description=gettext_lazy("Send the failed ones among them again…"), permissions=["resend"]
    )
    def resend_many(self, request: HttpRequest, rows: QuerySet[Delivery]) -> Any:
        failed = rows.filter(state=State.FAILED).order_by("pk")
        form = ResendManyForm(request.POST if "confirmed" in request.POST else None)
        if form.is_valid():
            return self._many_sent_again(request, failed, form)
        return self.page(
            request,
            "admin/tracking/delivery/resend_many.html",
            _("Send the failed ones again"),
            form=form,
            failed=failed.count(),
            others=rows.exclude(state=State.FAILED).count(),
            shown=failed.select_related("message")[:20],
            chosen=request.POST.getlist(ACTION_CHECKBOX_NAME),
            chosen_name=ACTION_CHECKBOX_NAME,
            across=request.POST.get("select_across", "0"),
        )

    def _many_sent_again(
        self, request: HttpRequest, failed: QuerySet[Delivery], form: Form
    ) -> None:
        """So many as one answer has time for; what is left is said."""
        chosen = list(failed[:MOST_AT_ONCE])
        sent = sum(self._sent_again(request, one, form) for one in chosen)
        said = ngettext(
            "%(count)s delivery is sent again.", "%(count)s deliveries are sent again.", sent
        ) % {"count": sent}
        messages.success(request, said)
        if left := failed.count():
            more = ngettext(
                "%(count)s more has failed: choose it again.",
                "%(count)s more have failed: choose them again.",
                left,
            ) % {"count": left}
            messages.warning(request, more)

    def _sent_again(self, request: HttpRequest, delivery: Delivery, form: Form) -> bool:
        """Not when somebody else was faster."""
        try:
            resend(delivery=delivery, reason=form.cleaned_data["reason"], **self._signed(request))
        except Refused:
            return False
        return True

    def _entry(
        self,
        request: HttpRequest,
        name: str,
        title: str,
        form: Form,
        write: Callable[[], str],
        delivery: Delivery,
        **context: Any,
    ) -> HttpResponseBase:
        """The form until it is sound and taken; then back to the delivery."""
        if form.is_valid():
            try:
                messages.success(request, write())
            except Refused as refused:
                form.add_error(None, refused.sentences)
            else:
                return HttpResponseRedirect(self.address("change", delivery.pk))
        template = f"admin/tracking/delivery/{name}.html"
        return self.page(request, template, title, form=form, delivery=delivery, **context)

    def _signed(self, request: HttpRequest) -> dict[str, Any]:
        return {"now": timezone.now(), "by": request.user.get_username()}

    def _decided(self, request: HttpRequest, pk: int) -> Delivery:
        if not may_resend(request.user):
            raise PermissionDenied
        return self._seen(request, pk)

    def _seen(self, request: HttpRequest, pk: int | str) -> Delivery:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not str(pk).isdecimal():
            raise Http404
        related = ("message__progress_list", "person")
        return get_object_or_404(Delivery.objects.select_related(*related), pk=pk)


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"},
    )
