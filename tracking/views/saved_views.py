"""Placeholder while it is built."""

from tracking.views.page import PortalPage


class DropView(PortalPage):
    template_name = "portal/base.html"
    title = "DropView"


class KeepView(PortalPage):
    template_name = "portal/base.html"
    title = "KeepView"
