"""Placeholder while it is built."""

from tracking.views.page import PortalPage


class ListArchive(PortalPage):
    template_name = "portal/base.html"
    title = "ListArchive"


class ListFile(PortalPage):
    template_name = "portal/base.html"
    title = "ListFile"


class ListForecast(PortalPage):
    template_name = "portal/base.html"
    title = "ListForecast"


class ReadList(PortalPage):
    template_name = "portal/base.html"
    title = "ReadList"


class VerifyList(PortalPage):
    template_name = "portal/base.html"
    title = "VerifyList"
