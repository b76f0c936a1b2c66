"""The NHIC operators' admin site: its titles and the order of its registers."""

from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.sites import AdminSite
from django.utils.translation import gettext_lazy as _


class PortalAdminConfig(AdminConfig):
    default_site = "config.admin.PortalAdminSite"


class PortalAdminSite(AdminSite):
    site_header = _("Health sector progress portal")
    site_title = _("Progress portal")
    index_title = _("Registers and decisions")
    enable_nav_sidebar = False
