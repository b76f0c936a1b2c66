"""Placeholder while it is built."""

from tracking.views.page import PortalPage


class Search(PortalPage):
    template_name = "portal/base.html"
    title = "Search"
