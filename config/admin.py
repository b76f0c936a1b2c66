"""The NHIC operators' admin site: its titles, its first screen and the order of its registers."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.sites import AdminSite
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# In the order of the work; a model that is not named comes after these.
_ORDER = (
    "Task",
    "ProgressList",
    "ListRegistration",
    "ReportSchedule",
    "ReportRun",
    "ReminderStep",
    "Reminder",
    "Message",
    "Delivery",
    "DeliveryEntry",
    "Event",
    "Evidence",
    "Remark",
    "WaitAnswer",
    "Meeting",
    "MeetingItem",
    "Conclusion",
    "LetterTemplate",
    "Plan",
    "Document",
    "Department",
    "Partner",
    "CalendarDay",
    "CalendarVersion",
    "User",
    "Deputation",
    "Alarm",
    "Database",
    "Connection",
    "CounterpartSystem",
    "Contradiction",
    "Outage",
    "Endpoint",
    "Maintenance",
    "EvidenceProposal",
    "EvidenceRule",
    "Zone",
    "Credential",
    "Transition",
    "ProbeRequest",
    "PumpSign",
)


class PortalAdminConfig(AdminConfig):
    default_site = "config.admin.PortalAdminSite"


class PortalAdminSite(AdminSite):
    site_header = _("Health sector progress portal")
    site_title = _("Progress portal")
    index_title = _("Registers and decisions")
    enable_nav_sidebar = False
    site_url = "/"

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The registers, after what needs attention: for those who may see it."""
        # Models cannot be imported before the apps are ready, and this module names one of them.
        from databases.pages.overview import overview
        from tracking.models.attention import attention, latest_list
        from tracking.pages.alarms import alarms_now
        from tracking.permissions import may_view_mailbox

        context: dict[str, Any] = {
            "has_mailbox": settings.HAS_MAILBOX and may_view_mailbox(request.user)
        }
        if request.user.has_perm("tracking.view_alarm"):
            context["alarms"] = alarms_now(timezone.now())
        if request.user.has_perm("tracking.view_task"):
            context["attention"] = attention(timezone.now())
        if request.user.has_perm("tracking.view_progresslist"):
            context["latest_list"] = latest_list()
        if request.user.has_perm("databases.view_contradiction"):
            context["seen"] = overview(timezone.now())
        return super().index(request, context | (extra_context or {}))

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseRedirect:
        """People sign in once, to the portal."""
        there = urlencode({"next": request.GET.get("next") or reverse("admin:index")})
        return HttpResponseRedirect(f"{reverse('tracking:sign-in')}?{there}")

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        apps: list[dict[str, Any]] = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=_place)
        labels = ["tracking", "databases"]
        return sorted(
            apps, key=lambda a: labels.index(a["app_label"]) if a["app_label"] in labels else 9
        )


def _place(model: dict[str, Any]) -> int:
    name = model["object_name"]
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)
