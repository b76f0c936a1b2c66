"""Placeholder while it is built."""

from tracking.views.page import PortalPage


class CompareLists(PortalPage):
    template_name = "portal/base.html"
    title = "CompareLists"
