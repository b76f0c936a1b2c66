"""Placeholder while it is built."""

from tracking.views.page import PortalPage


class DatabaseDetail(PortalPage):
    template_name = "portal/base.html"
    title = "DatabaseDetail"
