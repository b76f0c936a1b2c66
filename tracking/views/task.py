"""Placeholder while it is built."""

from tracking.views.page import PortalPage


class EvidenceFile(PortalPage):
    template_name = "portal/base.html"
    title = "EvidenceFile"


class TakeStep(PortalPage):
    template_name = "portal/base.html"
    title = "TakeStep"


class TaskDetail(PortalPage):
    template_name = "portal/base.html"
    title = "TaskDetail"
