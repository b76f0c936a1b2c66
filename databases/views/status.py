"""Placeholder while it is built."""

from tracking.views.page import PortalPage


class Status(PortalPage):
    template_name = "portal/base.html"
    title = "Status"
