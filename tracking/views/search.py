"""Searching everything that the reader may see."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tracking.pages.search import SHOWN, findings
from tracking.permissions import Visitor, may_view_lists, may_view_work
from tracking.views.page import PortalPage


class Search(PortalPage):
    template_name = "tracking/search.html"
    title = _("Search")
    section = "search"
    timeless = True

    @staticmethod
    def may(reader: Visitor) -> bool:
        return may_view_work(reader) or may_view_lists(reader)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = findings(self.request.GET.get("q", ""), self.person, self.now)
        return super().get_context_data(
            found=found, sought=found.question.text, shown=SHOWN, **kwargs
        )
