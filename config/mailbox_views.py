"""What lies in the mailbox, for those who may see what was sent to whom."""

import re
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp, csp_update
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.generic.base import View

from config import mailbox
from tracking.permissions import may_view_mailbox
from tracking.views.page import OnPortal, PortalPage

_A_PAGE = 50
# As a mail program shows it: styles and pictures that it brings, nothing fetched, nothing run;
# links open a window of their own, since the portal stands in no frame.
SEALED = {
    "default-src": [NONE],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}
_TOP = re.compile(r"<head[^>]*>", re.IGNORECASE)


class OnMailbox(OnPortal):
    """There is none where a mail server is given."""

    may = staticmethod(may_view_mailbox)
    section = "mailbox"
    timeless = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not settings.HAS_MAILBOX:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def mail(self) -> mailbox.Mail:
        found = mailbox.read(settings.MAILBOX_DIR, self.kwargs["name"])
        if found is None:
            raise Http404
        return found


class Mailbox(OnMailbox, PortalPage):
    template_name = "mailbox/list.html"
    title = _("Mailbox")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = mailbox.names(settings.MAILBOX_DIR)
        page = Paginator(names, _A_PAGE).get_page(self.request.GET.get("page"))
        mails = mailbox.listed(settings.MAILBOX_DIR, page.object_list)
        return super().get_context_data(page=page, mails=mails, kept=mailbox.KEPT, **kwargs)


@method_decorator(csp_update({"frame-src": [SELF]}), name="dispatch")
class OneMail(OnMailbox, PortalPage):
    template_name = "mailbox/mail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mail = self.mail()
        title = mail.subject or _("No subject")
        return super().get_context_data(mail=mail, title=title, **kwargs)


@method_decorator([csp(SEALED), xframe_options_sameorigin], name="dispatch")
class MailHtml(OnMailbox, View):
    """The HTML of a mail as it came, but for where its links open."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        html = self.mail().html
        if not html:
            raise Http404
        window = '<base target="_blank">'
        shown, found = _TOP.subn(lambda head: head[0] + window, html, count=1)
        return HttpResponse(shown if found else window + html)


class RawMail(OnMailbox, View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        content = mailbox.raw(settings.MAILBOX_DIR, self.kwargs["name"])
        if content is None:
            raise Http404
        return _download(content, f"{self.kwargs['name']}.eml", "message/rfc822")


class MailFile(OnMailbox, View):
    """An attachment, by its number from 1."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        files = self.mail().files
        number: int = self.kwargs["number"]
        if not 1 <= number <= len(files):
            raise Http404
        file = files[number - 1]
        return _download(file.content, file.name, file.content_type)


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"},
    )
