"""The databases on one page, for people who lead."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from databases.pages.status import StatusPage
from tracking.permissions import may_view_databases
from tracking.views.page import PortalPage


class Status(PortalPage):
    template_name = "databases/status.html"
    may = staticmethod(may_view_databases)
    title = _("The databases on one page")
    section = "databases"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        status = StatusPage(self.viewpoint)
        return super().get_context_data(status=status, live=status.live, **kwargs)
