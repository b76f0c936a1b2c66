"""Placeholder while it is built."""

from tracking.views.page import PortalPage


class DecideMany(PortalPage):
    template_name = "portal/base.html"
    title = "DecideMany"
