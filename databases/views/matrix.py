"""Placeholder while it is built."""

from tracking.views.page import PortalPage


class Matrix(PortalPage):
    template_name = "portal/base.html"
    title = "Matrix"
