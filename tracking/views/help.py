"""What does the portal mean by its words, and how does each reader use it?"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tracking.models.bilingual import reader_language
from tracking.pages.help import words_of_help
from tracking.permissions import Visitor
from tracking.views.page import PortalPage


def _anybody(user: Visitor) -> bool:
    return user.is_authenticated


class Help(PortalPage):
    template_name = "tracking/help.html"
    title = _("Help")
    section = "help"
    timeless = True
    may = staticmethod(_anybody)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**words_of_help(reader_language()), **kwargs)
