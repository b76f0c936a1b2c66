"""Placeholder while it is built."""

from tracking.views.page import PortalPage


class TaskExport(PortalPage):
    template_name = "portal/base.html"
    title = "TaskExport"


class TaskList(PortalPage):
    template_name = "portal/base.html"
    title = "TaskList"
