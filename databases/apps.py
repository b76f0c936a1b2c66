"""The sectoral databases: who owns them, what they are connected to, and at which stage."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DatabasesConfig(AppConfig):
    name = "databases"
    verbose_name = _("Sectoral databases")
