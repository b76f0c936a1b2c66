"""Placeholder while it is built."""

from tracking.views.page import PortalPage


class Help(PortalPage):
    template_name = "portal/base.html"
    title = "Help"
