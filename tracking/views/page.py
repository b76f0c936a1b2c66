"""What every page of the staff portal has: who may see it, from when it looks, where it stands."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.generic import TemplateView
from django.views.generic.base import ContextMixin, View

from tracking.forms.viewpoint import ViewpointForm, viewpoint_asked
from tracking.models import ProgressList, User
from tracking.permissions import Visitor, may_view_work
from tracking.rules.viewpoint import Viewpoint

_STOPS = 12


class OnPortal(ContextMixin, View):
    """For any generic view. `may`: who sees the page; `section`: its place in the navigation;
    `timeless`: it shows what is now, whatever day is asked for."""

    may: Callable[[Visitor], bool] = staticmethod(may_view_work)
    title: Any = ""
    section = ""
    timeless = False

    now: datetime
    person: User
    viewpoint: Viewpoint
    viewpoint_form: ViewpointForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()
        self.viewpoint, self.viewpoint_form = viewpoint_asked(request.GET, self.now)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (isinstance(request.user, User) and type(self).may(request.user)):
            raise PermissionDenied
        self.person = request.user
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{
                "title": self.title,
                "section": self.section,
                "timeless": self.timeless,
                "viewpoint": self.viewpoint,
                "viewpoint_form": self.viewpoint_form,
                "stops": [] if self.timeless else stops(),
                **kwargs,
            }
        )


class PortalPage(OnPortal, TemplateView):
    """A page that only reads."""


def stops() -> list[ProgressList]:
    """The lists issued last, as places of the date control; one query."""
    rows = ProgressList.objects.only("number", "as_of", "known_at")
    return list(rows.order_by("-number")[:_STOPS])
