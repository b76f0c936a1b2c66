"""What does the portal mean by its words, and how does each reader use it?"""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tracking.models.bilingual import reader_language
from tracking.pages.help import flags, legends, standings
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
        return super().get_context_data(
            standings=standings(),
            flags=flags(reader_language()),
            legends=legends(reader_language()),
            due_soon=settings.DUE_SOON_DAYS,
            stale=settings.STALE_WORKING_DAYS,
            **kwargs,
        )
