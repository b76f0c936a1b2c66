"""The site map."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from config import mailbox_views
from config.health import health
from databases.api import heartbeat

urlpatterns = [
    path("healthz", health, name="health"),
    path("heartbeats/<path:code>", heartbeat, name="heartbeat"),
    # Language is chosen before signing in, too.
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("admin/", admin.site.urls),
    path("mailbox/", mailbox_views.Mailbox.as_view(), name="mailbox"),
    path("mailbox/<str:name>/", mailbox_views.OneMail.as_view(), name="mailbox-mail"),
    path("mailbox/<str:name>/html/", mailbox_views.MailHtml.as_view(), name="mailbox-html"),
    path("mailbox/<str:name>/raw/", mailbox_views.RawMail.as_view(), name="mailbox-raw"),
    path(
        "mailbox/<str:name>/files/<int:number>/",
        mailbox_views.MailFile.as_view(),
        name="mailbox-file",
    ),
    path("", include("databases.urls")),
    path("", include("tracking.urls")),
]
