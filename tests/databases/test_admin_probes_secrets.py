"""Credentials are written and never read, and the pages of the probes open for whom they should."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.log import AdminEmailHandler
from django.utils.translation import override

from databases.actions.credentials import seal_credential
from databases.actions.seed import seed_databases
from databases.forms.credentials import CredentialForm
from databases.models import Credential, Endpoint, Outage, ZoneNetwork
from databases.partners.authority import papers
from databases.pump.secrets import opened
from tests.databases.probe_rows import SECRET, fill
from tests.tracking.admin_people import signed_in
from tests.tracking.task_pages import words
from tracking.actions.seed import seed

pytestmark = pytest.mark.django_db

HERE = "/admin/databases/credential/"
PROBED = """Zone Endpoint Credential Maintenance Outage Contradiction EvidenceRule EvidenceProposal
Transition ProbeRequest PumpSign""".split()
ROLES = ("operator", "reporter", "leader", "inspector", "clerk")
# What reporters do not see: how and where we probe.
KEPT = {"zone", "endpoint", "credential", "maintenance"}


@pytest.fixture
def filled() -> Endpoint:
    now = timezone.now()
    seed(now=now, illustrative=True)
    seed_databases()
    return fill(now)


def values(**changes: str) -> dict[str, str]:
    given = {"code": "C-2", "kind": "bearer", "host": "example.vn", "secret": SECRET}
    return {**given, **changes}


def secret_of(code: str) -> bytes:
    found = opened(Credential.objects.get(code=code))
    assert found is not None
    return found.text


def test_a_secret_is_sealed_and_shown_nowhere() -> None:
    operator = signed_in("operator")
    page = operator.post(f"{HERE}add/", values(), follow=True)
    assert "C-2 is sealed." in words(page)
    row = Credential.objects.get()
    assert secret_of("C-2") == SECRET.encode()
    assert SECRET.encode() not in bytes(row.sealed)
    pages = [page, *(operator.get(path) for path in (HERE, f"{HERE}{row.pk}/change/"))]
    pages += [operator.get(f"{HERE}{row.pk}/{name}/") for name in ("replace", "history")]
    for shown in pages:
        assert shown.status_code == 200
        assert SECRET not in shown.content.decode()
    assert SECRET not in repr(row)
    assert not any(SECRET in str(vars(entry)) for entry in LogEntry.objects.all())


def test_a_mistake_beside_the_secret_does_not_put_it_back_on_the_page() -> None:
    operator = signed_in("operator")
    for changes in (
        {"host": "a b"},
        {"code": ""},
        {"kind": "basic"},
        {"kind": "client_certificate"},
    ):
        page = operator.post(f"{HERE}add/", values(**changes))
        assert page.status_code == 200
        assert "Nothing was saved." in words(page)
        assert SECRET not in page.content.decode()
    assert not Credential.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"secret": ""}, "This field is required."),
        ({"secret": "  "}, "It is empty: enter it."),
        ({"kind": "basic"}, "Write it as user:password."),
        ({"kind": "client_certificate"}, "Give the certificate and its unencrypted key in PEM"),
        ({"host": "https://example.vn"}, "is no host name or address"),
    ],
)
def test_what_cannot_be_sealed_is_told_beside_its_field(
    changes: dict[str, str], sentence: str
) -> None:
    page = words(signed_in("operator").post(f"{HERE}add/", values(**changes)))
    assert sentence in page
    assert not Credential.objects.exists()


def test_another_secret_takes_the_place_of_the_sealed_one() -> None:
    operator = signed_in("operator")
    operator.post(f"{HERE}add/", values())
    row = Credential.objects.get()
    operator.post(f"{HERE}{row.pk}/replace/", values(code="OTHER", secret="another"))
    assert [found.code for found in Credential.objects.all()] == ["C-2"]
    assert secret_of("C-2") == b"another"


def test_changing_the_host_asks_for_the_secret_again() -> None:
    operator = signed_in("operator")
    operator.post(f"{HERE}add/", values())
    row = Credential.objects.get()
    page = operator.post(f"{HERE}{row.pk}/replace/", values(host="other.vn", secret=""))
    assert "This field is required." in words(page)
    row.refresh_from_db()
    assert row.host == "example.vn"
    operator.post(f"{HERE}{row.pk}/replace/", values(host="other.vn"))
    row.refresh_from_db()
    assert row.host == "other.vn"
    assert secret_of("C-2") == SECRET.encode()


def test_a_code_that_is_taken_is_not_sealed_over() -> None:
    operator = signed_in("operator")
    operator.post(f"{HERE}add/", values())
    page = operator.post(f"{HERE}add/", values(secret="another"))
    assert "There is one of this code already: choose another." in words(page)
    assert secret_of("C-2") == SECRET.encode()


def test_a_certificate_is_pasted_as_browsers_send_it(tmp_path: Any) -> None:
    text = papers(tmp_path, timezone.now()).client.read_text()
    sent = values(kind="client_certificate", secret=text.replace("\n", "\r\n"))
    assert signed_in("operator").post(f"{HERE}add/", sent).status_code == 302
    assert secret_of("C-2").decode() == text.strip("\n")


def test_a_form_that_was_sent_shows_no_secret_in_html() -> None:
    form = CredentialForm(values(code=""))
    assert not form.is_valid()
    assert SECRET not in str(form)


def test_a_crash_while_sealing_is_reported_without_the_secret(
    settings: Any, monkeypatch: Any, caplog: Any
) -> None:
    settings.ADMINS = [("an", "an@example.vn")]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def crash(row: object, secret: bytes) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("databases.actions.credentials.sealed", crash)
    operator = signed_in("operator")
    operator.raise_request_exception = False
    handler = AdminEmailHandler(include_html=True)
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        assert operator.post(f"{HERE}add/", values()).status_code == 500
    finally:
        logger.removeHandler(handler)
    everything = " ".join(str(vars(told)) for told in mail.outbox)
    assert "seal_credential" in everything
    assert "the disk is full" in everything
    assert SECRET not in everything
    assert SECRET not in caplog.text


def addresses(endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    """(model, address) of every page that shows what is probed and what was seen."""
    for name in PROBED:
        model = apps.get_model("databases", name)
        label = f"admin:databases_{model._meta.model_name}"
        yield str(model._meta.model_name), reverse(f"{label}_changelist")
        for pk in model._default_manager.values_list("pk", flat=True)[:1]:
            yield str(model._meta.model_name), reverse(f"{label}_change", args=[pk])
    yield "endpoint", reverse("admin:databases_endpoint_checks", args=[endpoint.pk])


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_opens_for_whom_it_should_in_both_languages_and_shows_no_secret(
    filled: Endpoint, role: str, language: str
) -> None:
    client = signed_in(role)
    hidden = {"clerk": {name.lower() for name in PROBED}, "reporter": KEPT}
    for model, path in addresses(filled):
        with override(language):
            page = client.get(path, headers={"accept-language": language})
        assert page.status_code == (403 if model in hidden.get(role, ()) else 200), path
        assert f'<html lang="{language}"' in page.content.decode()
        assert SECRET not in page.content.decode(), path


def test_every_page_that_writes_asks_for_a_token(filled: Endpoint) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in("operator").cookies
    outage, network = Outage.objects.get(), ZoneNetwork.objects.get()
    paths = [f"/admin/databases/outage/{outage.pk}/{name}/" for name in ("note", "agree")]
    paths += [f"/admin/databases/zone/{network.zone_id}/networks/{network.pk}/approve/"]
    paths += [f"{HERE}add/", f"/admin/databases/endpoint/{filled.pk}/probe/"]
    for path in paths:
        assert strict.post(path, {"note": "x"}).status_code == 403, path


def test_nobody_writes_what_machines_write() -> None:
    operator = signed_in("operator")
    request = operator.get("/admin/").wsgi_request
    for name in ("Transition", "ProbeRequest", "PumpSign", "Outage", "Contradiction"):
        page = admin.site._registry[apps.get_model("databases", name)]
        assert not page.has_add_permission(request)
        assert not page.has_change_permission(request)
        assert not page.has_delete_permission(request)


def test_sealing_elsewhere_is_told_like_sealing_here() -> None:
    seal_credential(
        code="C-3", kind="database", host="10.1.1.1", secret=b"x", now=timezone.now(), by="seed"
    )
    page = words(signed_in("inspector").get(HERE))
    assert "C-3" in page
    assert "seed" in page
    assert "/replace/" not in page
