"""Placeholder while it is built."""

from tracking.views.page import PortalPage


class DepartmentDetail(PortalPage):
    template_name = "portal/base.html"
    title = "DepartmentDetail"


class DepartmentList(PortalPage):
    template_name = "portal/base.html"
    title = "DepartmentList"
