"""The site map."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from config.health import health
from databases.api import heartbeat

urlpatterns = [
    path("healthz", health, name="health"),
    path("heartbeats/<path:code>", heartbeat, name="heartbeat"),
    # Language is chosen before signing in, too.
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("admin/", admin.site.urls),
    path("", include("databases.urls")),
    path("", include("tracking.urls")),
]
