"""The main pages of the staff portal, in the order of the work, for those who may see each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tracking.permissions import (
    Visitor,
    has_own_work,
    may_decide,
    may_view_databases,
    may_view_letters,
    may_view_lists,
    may_view_meetings,
    may_view_work,
)


@dataclass(frozen=True, slots=True)
class Place:
    """`key`: pressed after g, leads there."""

    name: str
    section: str
    label: Any
    key: str
    may: Callable[[Visitor], bool]


PLACES = (
    Place("tracking:home", "home", _("Overview"), "o", may_view_work),
    Place("tracking:my-work", "my-work", _("My work"), "m", has_own_work),
    Place("tracking:task-list", "tasks", _("Tasks"), "t", may_view_work),
    Place("tracking:department-list", "departments", _("Departments"), "d", may_view_work),
    Place("tracking:verification", "verification", _("Verification"), "v", may_decide),
    Place("databases:matrix", "databases", _("Databases"), "c", may_view_databases),
    Place("tracking:list-archive", "lists", _("Progress lists"), "l", may_view_lists),
    Place("tracking:letter-list", "letters", _("Letters"), "w", may_view_letters),
    Place("tracking:meeting-list", "meetings", _("Meetings"), "h", may_view_meetings),
    Place("tracking:calendar", "calendar", _("Calendar"), "k", may_view_work),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `ways`."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"ways": [place for place in PLACES if place.may(user)]}
