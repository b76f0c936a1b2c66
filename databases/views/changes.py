"""Placeholder while it is built."""

from tracking.views.page import PortalPage


class Changes(PortalPage):
    template_name = "portal/base.html"
    title = "Changes"
