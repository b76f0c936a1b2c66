"""Placeholder while it is built."""

from tracking.views.page import PortalPage


class Home(PortalPage):
    template_name = "portal/base.html"
    title = "Home"
