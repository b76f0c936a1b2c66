"""Placeholder while it is built."""

from tracking.views.page import PortalPage


class MyWork(PortalPage):
    template_name = "portal/base.html"
    title = "MyWork"
