"""Placeholder while it is built."""

from tracking.views.page import PortalPage


class AnswerWait(PortalPage):
    template_name = "portal/base.html"
    title = "AnswerWait"


class GiveRemark(PortalPage):
    template_name = "portal/base.html"
    title = "GiveRemark"
