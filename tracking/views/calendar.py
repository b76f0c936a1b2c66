"""Placeholder while it is built."""

from tracking.views.page import PortalPage


class DeadlineCalendar(PortalPage):
    template_name = "portal/base.html"
    title = "DeadlineCalendar"


class DeadlineFeed(PortalPage):
    template_name = "portal/base.html"
    title = "DeadlineFeed"
