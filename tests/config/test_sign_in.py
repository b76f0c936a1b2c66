"""Signing in, forms whose token is out of date, and the pages that say why there is nothing."""

import re
from typing import Any

import pytest
from django.core.exceptions import BadRequest
from django.test import Client
from django.urls import path

from config.urls import urlpatterns as ours
from tests.config.test_kept_text import PASSWORD, SIGN_IN, fields, set_password
from tests.tracking.task_pages import client_of, make_task
from tracking.models import Event, User

HOST = "http://testserver"
FROM_HERE = {"Origin": HOST}
STRANGER = {"Origin": "https://evil.example"}

pytestmark = pytest.mark.django_db


def fails(request: Any) -> Any:
    raise RuntimeError("the innards of the portal")


def is_bad(request: Any) -> Any:
    raise BadRequest


urlpatterns = [*ours, path("fails/", fails), path("bad/", is_bad)]


def strict(username: str = "") -> Client:
    """A client whose forms need their token, as those of a browser."""
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    if username:
        client.force_login(User.objects.get(username=username))
    return client


def test_the_page_is_filled_in_by_password_managers_and_says_what_was_wrong() -> None:
    client = Client(headers={"accept-language": "en"})
    page = client.get(SIGN_IN).content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    refused = client.post(SIGN_IN, {"username": "reporter", "password": "no"}).content.decode()
    assert "This user name and password do not go together." in refused
    assert 'value="reporter"' in refused
    assert "no" not in re.findall(r'type="password"[^>]*value="([^"]*)"', refused)


def test_a_closed_account_does_not_sign_in() -> None:
    client_of("reporter")
    set_password("reporter")
    User.objects.filter(username="reporter").update(is_active=False)
    answer = Client().post(SIGN_IN, {"username": "reporter", "password": PASSWORD})
    assert answer.status_code == 200


@pytest.mark.parametrize(("role", "first"), [("leader", "/"), ("clerk", "/lists/")])
def test_everybody_begins_on_a_page_that_they_may_see(role: str, first: str) -> None:
    make_task()
    client = client_of(role)
    went: Any = client.get(SIGN_IN)
    assert went["Location"] == first
    assert client.get(first).status_code == 200


def test_who_is_signed_in_goes_on_to_where_they_wanted() -> None:
    client = client_of("leader")
    went: Any = client.get(f"{SIGN_IN}?next=/calendar/%3Fmonth%3D2026-11")
    assert went["Location"] == "/calendar/?month=2026-11"


def test_logging_out_ends_at_signing_in() -> None:
    client = client_of("leader")
    went: Any = client.post("/sign-out/")
    assert went["Location"] == SIGN_IN
    assert client.get("/").status_code == 302


def test_a_form_with_an_old_token_shows_its_text_and_sends_it_at_a_press() -> None:
    client_of("reporter")
    task = make_task()
    User.objects.filter(username="reporter").update(department=task.first_lead)
    client = strict("reporter")
    there = f"/admin/tracking/task/{task.pk}/record/progress_reported/"
    typed = {"note": "nội dung", "csrfmiddlewaretoken": "a" * 64}
    answer = client.post(there, typed, headers=FROM_HERE)
    assert answer.status_code == 403
    assert b"Send as reporter" in answer.content
    kept = fields(answer)
    assert kept == {"note": ["nội dung"]}
    assert not Event.objects.filter(kind="progress_reported").exists()
    token = re.search(
        rb'send-again.*?csrfmiddlewaretoken" value="(\w+)"', answer.content, re.DOTALL
    )
    assert token
    fresh = {"csrfmiddlewaretoken": token[1].decode()}
    assert client.post(there, {**kept, **fresh}, headers=FROM_HERE).status_code != 403


def test_what_another_site_sends_is_neither_taken_nor_shown() -> None:
    client_of("operator")
    for client in (strict("operator"), strict()):
        for headers in (STRANGER, {"Origin": "null"}, {}):
            answer = client.post("/tasks/1/record/cancelled/", {"reason": "x1x"}, headers=headers)
            assert answer.status_code == 403
            assert b"This was not sent from the portal" in answer.content
            assert b"x1x" not in answer.content


def test_signing_in_with_an_old_token_asks_once_more_and_keeps_what_was_kept() -> None:
    sent = {"username": "reporter", "password": "p4ss", "kept": "sealed", "next": "/tasks/"}
    answer = strict().post(SIGN_IN, sent, headers=FROM_HERE)
    assert answer.status_code == 403
    assert b'name="kept" value="sealed"' in answer.content
    assert b'name="next" value="/tasks/"' in answer.content
    assert b"p4ss" not in answer.content


def test_a_button_with_an_old_token_is_offered_again() -> None:
    client_of("leader")
    answer = strict("leader").post("/sign-out/", headers=FROM_HERE)
    assert b"nothing was done" in answer.content
    assert b'action="/sign-out/"' in answer.content


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/no-such-page/", 404, "There is no such page"),
        ("/verification/", 403, "This page is not open to you"),
        ("/bad/", 400, "The request cannot be read"),
        ("/fails/", 500, "The portal has made an error"),
    ],
)
@pytest.mark.urls("tests.config.test_sign_in")
def test_refusals_say_why_and_lead_back_to_the_overview(
    address: str, status: int, sentence: str
) -> None:
    client = client_of("reporter")
    client.raise_request_exception = False
    answer = client.get(address)
    page = answer.content.decode()
    assert answer.status_code == status
    assert sentence in page
    assert '<a class="button" href="/">To the overview</a>' in page
    assert "portal.css" in page
    assert "Traceback" not in page
    assert "innards" not in page
    # Where the portal is well, its navigation is there too.
    assert ('data-key="o"' in page) is (status in (403, 404))


@pytest.mark.parametrize("address", ["/", "/no-such-page/"])
def test_a_refusal_leads_to_a_page_that_the_person_may_see(address: str) -> None:
    client = client_of("clerk")
    page = client.get(address).content.decode()
    (way,) = re.findall(r'<a class="button" href="([^"]+)"', page)
    assert way == "/lists/"
    assert client.get(way).status_code == 200
    assert 'href="/"' not in page
