"""Placeholder while it is built."""

from tracking.views.page import PortalPage


class Badge(PortalPage):
    template_name = "portal/base.html"
    title = "Badge"
