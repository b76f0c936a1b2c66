"""Does every page of the admin open for those who may, quickly, and write for nobody else?"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import Model
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse

from databases.actions.seed import seed_databases
from databases.models import ZoneNetwork
from tests.databases.probe_rows import fill
from tests.tracking.admin_people import signed_in
from tests.tracking.admin_post import fill_post
from tests.tracking.alarm_rows import fill_alarms
from tests.tracking.meeting_rows import fill_meetings
from tests.tracking.reminder_people import fill_reminders
from tracking.actions.evidence import record_evidence
from tracking.actions.progress_lists import issue
from tracking.actions.seed import seed
from tracking.models import (
    Department,
    Deputation,
    LetterTemplate,
    ReportRun,
    ReportSchedule,
    Task,
    User,
)
from tracking.pages.letter_templates import by_default
from tracking.rules.instants import instant_from
from tracking.rules.progress_list import Scope

NOW = instant_from("2026-03-02T08:00:00")
CHANGELIST_QUERIES, PAGE_QUERIES = 10, 25
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
# Where people sign in and out and change their own password; and the redirects of other sites.
OWN_AFFAIRS = {"login", "logout", "password_change", "view_on_site", None}
# What stands in an address beside the key of a row.
WORDS = {"form": "json", "kind": "progress_reported"}
# How the addresses of pages that only write end.
WRITING = tuple(
    f"/{name}/"
    for name in """add delete issue declare import progress_reported edit pause resume probe
    acknowledge note judge close agree waive take decline replace end approve withdraw
    record party resend settle copy""".split()
)


def address(model: type[Model], page: str, *arguments: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


def key_of(model: type[Model]) -> Any:
    return model._default_manager.values_list("pk", flat=True).first()


def addresses() -> Iterator[str]:
    """Every page of the admin, with the key of a row that exists where one is asked for."""
    for pattern in admin.site.get_urls():
        for route in getattr(pattern, "url_patterns", [pattern]):
            if isinstance(route, URLPattern) and route.name not in OWN_AFFAIRS:
                prefix = "" if route is pattern else str(pattern.pattern)
                yield from _filled(prefix, route)


def _filled(prefix: str, route: URLPattern) -> Iterator[str]:
    model = apps.get_model(prefix.strip("/").replace("/", ".")) if prefix else Department
    names = route.pattern.converters or {"id": None} if "<" in str(route.pattern) else {}
    if route.name == "app_list":
        yield from (reverse("admin:app_list", args=[label]) for label in ("tracking", "databases"))
    else:
        keys = {**WORDS, "network": key_of(ZoneNetwork)}
        arguments = [keys.get(name, key_of(model)) for name in names]
        yield reverse(f"admin:{route.name}", args=arguments)


def rows() -> dict[str, list[Any]]:
    """Everything that an address could have written."""
    labels = ("tracking", "databases", "auth", "admin")
    models = [model for label in labels for model in apps.get_app_config(label).get_models()]
    return {m._meta.label: list(m._default_manager.order_by("pk").values()) for m in models}


class AdminTests(TestCase):
    operator: Client
    inspector: Client

    @classmethod
    def setUpTestData(cls) -> None:
        seed(now=NOW, illustrative=True)
        seed_databases()
        issued, _new = issue(Scope(as_of=date(2026, 3, 1), known_at=NOW), now=NOW, by="operator")
        ReportRun.objects.create(
            schedule=ReportSchedule.objects.all()[0],
            slot_at=NOW,
            made_at=NOW,
            progress_list=issued,
        )
        fill(NOW)
        fill_post(NOW)
        fill_alarms(NOW)
        fill_meetings(NOW)
        fill_reminders(NOW)
        LetterTemplate.objects.create(**by_default("advice"))
        cls.operator, cls.inspector = signed_in("operator"), signed_in("inspector")
        user = int(cls.operator.session["_auth_user_id"])
        Deputation.objects.create(
            deputy_id=user,
            department=Department.objects.get(code="QLD"),
            in_place_of=User.objects.get(username="inspector"),
            valid_from=NOW.date(),
            valid_to=NOW.date(),
        )
        kind = ContentType.objects.get_for_model(Task)
        LogEntry.objects.create(
            user_id=user, content_type=kind, object_id="1", object_repr="T", action_flag=CHANGE
        )

    def setUp(self) -> None:
        task = Task.objects.get(code="KL1811-03")
        file = ContentFile(b"%PDF-1.7\n%%EOF\n", name="report.pdf")
        record_evidence(task=task, file=file, effective_at=NOW, now=NOW, by="reporter")

    def opened(self, path: str, *, budget: int, **question: str) -> Any:
        self.operator.get(path, question)  # what is remembered from then on is read by now
        with CaptureQueriesContext(connection) as queries:
            page = self.operator.get(path, question)
        assert len(queries) <= budget, [q["sql"] for q in queries]
        return page

    def each_model(self, look: Callable[[type[Model]], None]) -> None:
        for model in MODELS:
            with self.subTest(model=model._meta.label):
                look(model)

    def test_every_changelist_opens_within_its_budget(self) -> None:
        def look(model: type[Model]) -> None:
            page = self.opened(address(model, "changelist"), budget=CHANGELIST_QUERIES)
            assert page.status_code == 200
            assert key_of(model) is not None, "there is no row to look at"

        self.each_model(look)

    def test_every_search_finds_the_same_with_and_without_accents(self) -> None:
        def look(model: type[Model]) -> None:
            if not admin.site._registry[model].get_search_fields(page.wsgi_request):
                return
            found = [
                self.opened(address(model, "changelist"), budget=CHANGELIST_QUERIES, q=term)
                for term in ("Điều dược", "dieu DUOC")
            ]
            counts = {answer.context["cl"].result_count for answer in found}
            assert len(counts) == 1, counts

        page = self.operator.get("/admin/")
        self.each_model(look)

    def test_every_change_page_opens_within_its_budget(self) -> None:
        def look(model: type[Model]) -> None:
            page = self.opened(address(model, "change", key_of(model)), budget=PAGE_QUERIES)
            assert page.status_code == 200

        self.each_model(look)

    def test_every_add_page_opens_or_says_that_nobody_adds(self) -> None:
        def look(model: type[Model]) -> None:
            page = self.opened(address(model, "add"), budget=PAGE_QUERIES)
            allowed = admin.site._registry[model].has_add_permission(page.wsgi_request)
            assert page.status_code == (200 if allowed else 403)

        self.each_model(look)

    def test_nothing_is_deleted_by_an_operator(self) -> None:
        def look(model: type[Model]) -> None:
            page = self.operator.post(address(model, "delete", key_of(model)), {"post": "yes"})
            assert page.status_code == 403

        self.each_model(look)

    def test_every_address_answers_everybody(self) -> None:
        for path in addresses():
            for client in (self.operator, self.inspector):
                with self.subTest(path=path):
                    page = client.get(path)
                    b"".join(page)  # a file is open until it is read
                    assert page.status_code in {200, 302, 400, 403, 405}

    def test_an_inspector_sees_every_row(self) -> None:
        def look(model: type[Model]) -> None:
            for path in (address(model, "changelist"), address(model, "change", key_of(model))):
                assert self.inspector.get(path).status_code == 200

        self.each_model(look)

    def test_an_inspector_writes_nothing_anywhere(self) -> None:
        before = rows()
        for path in addresses():
            with self.subTest(path=path):
                chosen = {"action": "delete_selected", "_selected_action": "1", "post": "yes"}
                page = self.inspector.post(path, chosen)
                b"".join(page)  # a file is open until it is read
                assert page.status_code < 500
                if path.endswith(WRITING):
                    assert page.status_code == 403
        assert rows() == before

    def test_a_stranger_is_sent_to_sign_in(self) -> None:
        for path in addresses():
            with self.subTest(path=path):
                page = Client().get(path)
                assert page.status_code == 302
                assert "/sign-in/?next=" in page.headers["Location"]
