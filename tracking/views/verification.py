"""Placeholder while it is built."""

from tracking.views.page import PortalPage


class Verification(PortalPage):
    template_name = "portal/base.html"
    title = "Verification"


class Verify(PortalPage):
    template_name = "portal/base.html"
    title = "Verify"
