"""The yardstick of the pages: plain Django with nothing of ours, on a database of its own.

A view that says hello; a lean list of fifty rows after a sign-in; Django's own admin changelist of
the same table. `python -m benchmarks.pages_lean ROWS` fills the database and prints the cookie.
"""

import os
import sys

import django
import environ
from django.conf import settings

_DJANGO = "django.contrib."
_MIDDLEWARE = (
    "sessions.middleware.SessionMiddleware",
    "auth.middleware.AuthenticationMiddleware",
    "messages.middleware.MessageMiddleware",
)
_CONTEXT = (
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
)

if not settings.configured:
    settings.configure(
        SECRET_KEY="for-measuring-only-" * 3,
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        USE_TZ=True,
        STATIC_URL="/static/",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[
            _DJANGO + app for app in "admin auth contenttypes sessions messages".split()
        ],
        MIDDLEWARE=[_DJANGO + name for name in _MIDDLEWARE],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": _CONTEXT},
            }
        ],
        DATABASES={
            "default": environ.Env.db_url_config(os.environ["LEAN_URL"]) | {"CONN_MAX_AGE": 600}
        },
    )
    django.setup()

from django.contrib import admin  # noqa: E402 - only after the set-up
from django.contrib.auth.decorators import login_required  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import Context, Template  # noqa: E402
from django.urls import path  # noqa: E402

ROWS = 50
PAGE = Template(
    "<!doctype html><title>Tasks</title><h1>Tasks</h1><p>{{ user }}</p><table>{% for row in rows %}"
    '<tr class="{{ row.state }}"><td><a href="/{{ row.id }}/">{{ row.title }}</a></td>'
    "<td>{{ row.office__name }}</td><td>{{ row.state }}</td>"
    '<td>{{ row.due_at|date:"d/m/Y H:i" }}</td><td>{{ row.note|truncatechars:40 }}</td></tr>'
    "{% endfor %}</table>"
)


class Office(models.Model):
    name = models.CharField(max_length=100)

    class Meta:
        app_label = "auth"

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    office = models.ForeignKey(Office, models.CASCADE)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=12, db_index=True)
    due_at = models.DateTimeField(db_index=True)
    note = models.TextField()

    class Meta:
        app_label = "auth"

    def __str__(self) -> str:
        return self.title


@admin.register(Item)
class ItemAdmin(admin.ModelAdmin):
    list_display = ("title", "office", "state", "due_at")
    list_filter = ("state",)
    search_fields = ("title",)
    list_per_page = ROWS


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


@login_required
def lean(request: HttpRequest) -> HttpResponse:
    columns = ("id", "title", "office__name", "state", "due_at", "note")
    rows = Item.objects.order_by("-id").values(*columns)[:ROWS]
    return HttpResponse(PAGE.render(Context({"rows": rows, "user": request.user})))


urlpatterns = [path("admin/", admin.site.urls), path("hello/", hello), path("lean/", lean)]
application = get_wsgi_application()

_FILL = """
INSERT INTO auth_office (name) SELECT 'Department ' || n FROM generate_series(1, 500) n;
INSERT INTO auth_item (office_id, title, state, due_at, note)
SELECT 1 + n %% 500, 'Update procedure indicators, data set number ' || n,
  (ARRAY['done', 'done', 'late', 'open'])[1 + n %% 4], now() - n * interval '37 seconds',
  repeat('n', 60)
FROM generate_series(1, %s) n;
ANALYZE;
"""


def main() -> None:
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Office)
        editor.create_model(Item)
    with connection.cursor() as cursor:
        for statement in filter(str.strip, _FILL.split(";")):
            cursor.execute(statement, [int(sys.argv[1])] if "%s" in statement else None)
    person = User.objects.create_superuser("admin", password=None)
    session = SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = person.get_session_auth_hash()
    session.save()
    print(f"sessionid={session.session_key}")


if __name__ == "__main__":
    main()
