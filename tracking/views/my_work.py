"""One thing to do, and leave: the work of the departments that a person writes for."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tracking.pages.my_work import MyWork as Work
from tracking.permissions import has_own_work
from tracking.views.page import PortalPage


class MyWork(PortalPage):
    template_name = "tracking/my_work.html"
    may = staticmethod(has_own_work)
    title = _("My work")
    section = "my-work"
    timeless = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(work=Work(self.person, self.now), **kwargs)
