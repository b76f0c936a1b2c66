"""A session that ends while somebody fills in a form loses nothing that they typed."""

import base64
import html
import re
from datetime import timedelta
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.tracking.task_pages import client_of, make_task
from tracking.forms.kept_text import SECONDS
from tracking.models import Event, User

HOST = "http://testserver"
TEXT = 'Đã họp với <b>Bộ Công an</b>; "kết nối" & thử nghiệm\r\nngày 12/11/2025'
PASSWORD = "a long enough password"
SIGN_IN = "/sign-in/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def reporter() -> Client:
    client = client_of("reporter")
    client.force_login(set_password("reporter"))
    return client


def set_password(username: str) -> User:
    """It ends the sessions that there are."""
    user = User.objects.get(username=username)
    user.set_password(PASSWORD)
    user.save()
    return user


def address(kind: str = "progress_reported") -> str:
    task = make_task()
    User.objects.filter(username="reporter").update(department=task.first_lead)
    return f"/admin/tracking/task/{task.pk}/record/{kind}/"


def hidden(response: Any, name: str) -> str:
    """Of the last form of the page: the choice of language stands before it."""
    found = re.findall(rf'name="{name}" value="([^"]*)"', response.content.decode())
    assert found, name
    return html.unescape(found[-1])


def end_session(client: Client) -> None:
    """As time does it: the row is there, and too old."""
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))


def sign_in(client: Client, answer: Any, username: str = "reporter", **more: Any) -> Any:
    sent = {"kept": hidden(answer, "kept"), "next": hidden(answer, "next")}
    return client.post(SIGN_IN, {"username": username, "password": PASSWORD, **sent, **more})


def fields(page: Any) -> dict[str, list[str]]:
    """Of the form that sends again, as a browser would read them."""
    body = page.content.decode()
    form = body[body.index('class="send-again') :]
    found: dict[str, list[str]] = {}
    texts = re.findall(r'<textarea[^>]*\sname="([^"]*)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL)
    inputs = re.findall(r'<input type="text"[^>]*\sname="([^"]*)"\s+value="([^"]*)"', form)
    empty = re.findall(r'<input type="hidden"\s+name="([^"]*)"\s+value=()""', form)
    for name, value in [*texts, *inputs, *empty]:
        found.setdefault(html.unescape(name), []).append(html.unescape(value))
    return found


def test_a_report_typed_while_the_session_ran_out_is_recorded_after_signing_in(
    reporter: Client,
) -> None:
    there = address()
    page = reporter.get(there)
    typed = {"percent": "60", "note": TEXT, "seen": hidden(page, "seen")}
    end_session(reporter)
    answer = reporter.post(there, typed, headers={"Referer": f"{HOST}{there}"})
    assert answer.status_code == 403
    assert b"Your text is kept on this page" in answer.content
    assert not Event.objects.filter(kind="progress_reported").exists()
    again = sign_in(reporter, answer)
    assert "Your text was kept; look at it and send it." in again.content.decode()
    assert f'action="{there}"' in again.content.decode()
    kept = fields(again)
    assert kept["note"] == [TEXT]
    assert not Event.objects.filter(kind="progress_reported").exists(), "only people send"
    reporter.post(there, kept)
    recorded = Event.objects.get(kind="progress_reported")
    assert recorded.payload["percent"] == 60
    assert "<b>Bộ Công an</b>" in recorded.payload["note"]
    assert recorded.actor == "reporter"


def test_fields_with_several_values_and_empty_ones_come_back_as_they_were(reporter: Client) -> None:
    sent = {"task": ["3", "5", "8"], "note": [""], "lines": ["một\r\nhai", "ba\r\nbốn"]}
    answer = Client().post("/tasks/decide/?plan=02-KH&page=2", sent)
    again = sign_in(reporter_signed_out(), answer)
    assert fields(again) == sent
    assert 'action="/tasks/decide/?plan=02-KH&amp;page=2"' in again.content.decode()


def reporter_signed_out() -> Client:
    return Client(headers={"accept-language": "en"})


def test_a_megabyte_of_text_is_kept(reporter: Client) -> None:
    long = "Tiến độ tháng mười một. " * 45_000
    assert len(long) > 1_000_000
    answer = Client().post("/tasks/1/record/progress_reported/", {"note": long})
    again = sign_in(reporter_signed_out(), answer)
    assert fields(again) == {"note": [long]}


def test_what_is_too_long_to_be_kept_is_said_before_it_is_lost() -> None:
    noise = base64.b64encode(Random(8).randbytes(2_600_000)).decode()
    client = Client(headers={"accept-language": "en"})
    answer = client.post("/tasks/1/record/submitted/", {"note": noise})
    assert b"too long to be kept. Go back with your browser" in answer.content
    assert b'name="kept"' not in answer.content


def test_passwords_and_tokens_are_not_kept(reporter: Client) -> None:
    sent = {"note": "a", "new_password1": "hidden", "secret": "s", "csrfmiddlewaretoken": "t"}
    again = sign_in(reporter_signed_out(), Client().post("/tasks/1/record/submitted/", sent))
    assert fields(again) == {"note": ["a"]}
    assert b"Passwords and secrets are never kept" in again.content


def test_files_are_asked_for_again_by_name(reporter: Client) -> None:
    file = SimpleUploadedFile("biên bản.pdf", b"%PDF-1.7")
    answer = Client().post("/tasks/1/record/evidence_recorded/", {"file": file, "note": "x"})
    page = sign_in(reporter_signed_out(), answer).content.decode()
    assert "files cannot be kept: biên bản.pdf" in page
    assert 'type="file"' in page
    assert 'enctype="multipart/form-data"' in page


def test_another_person_is_told_whose_text_it_is(reporter: Client) -> None:
    client_of("operator")
    set_password("operator")
    there = address()
    end_session(reporter)
    answer = reporter.post(there, {"note": "của tôi"})
    page = " ".join(sign_in(reporter, answer, "operator").content.decode().split())
    assert "<strong>reporter</strong> wrote this, and you are <strong>operator</strong>" in page
    assert "Send as operator" in page
    assert not Event.objects.filter(kind="progress_reported").exists()


def test_a_wrong_password_keeps_the_text(reporter: Client) -> None:
    answer = Client().post("/tasks/1/record/submitted/", {"note": TEXT})
    client = reporter_signed_out()
    refused = sign_in(client, answer, password="wrong")
    assert b"do not go together" in refused.content
    assert fields(sign_in(client, refused))["note"] == [TEXT]


def test_who_signed_in_meanwhile_in_another_tab_gets_the_text_too(reporter: Client) -> None:
    answer = Client().post("/tasks/1/record/submitted/", {"note": TEXT})
    assert fields(sign_in(reporter, answer))["note"] == [TEXT]


@pytest.mark.parametrize("change", ["x{}", "{}x", "", "{}"])
def test_what_was_tampered_with_is_not_shown(reporter: Client, change: str) -> None:
    answer = Client().post("/tasks/1/record/submitted/", {"note": "mine"})
    sealed = hidden(answer, "kept")
    other = change.format(sealed) if change != "{}" else signing.dumps({"note": "theirs"})
    went = sign_in(reporter_signed_out(), answer, kept=other)
    assert went.status_code == 302


def test_what_is_older_than_two_hours_can_be_copied_and_not_sent(reporter: Client) -> None:
    answer = Client().post("/tasks/1/record/submitted/", {"note": TEXT})
    later = timezone.now().timestamp() + SECONDS + 60
    with patch("django.core.signing.time.time", return_value=later):
        page = sign_in(reporter_signed_out(), answer)
    assert fields(page)["note"] == [TEXT]
    assert b"longer than two hours" in page.content
    assert b"Send as" not in page.content


def test_nobody_is_led_to_another_site(reporter: Client) -> None:
    elsewhere = {"Referer": "https://evil.example/tasks/"}
    answer = Client().post("/tasks/1/record/submitted/", {"note": "a"}, headers=elsewhere)
    assert hidden(answer, "next") == "/tasks/1/record/submitted/"
    client = reporter_signed_out()
    for there in ("https://evil.example/", "//evil.example/", "/sign-out/", "/sign-in/"):
        sent = {"username": "reporter", "password": PASSWORD, "next": there}
        went: Any = client.post(SIGN_IN, sent)
        assert went["Location"] == "/", there
        client.logout()


def test_a_part_of_a_page_leads_the_whole_page_to_signing_in() -> None:
    part = {"HX-Request": "true", "HX-Current-URL": f"{HOST}/my-work/?as_of=2026-11-01"}
    read = Client().get("/tasks/", headers=part)
    assert read["HX-Redirect"] == "/sign-in/?next=/my-work/%3Fas_of%3D2026-11-01"
    sent = Client().post("/tasks/1/record/submitted/", {"note": TEXT}, headers=part)
    assert (sent.status_code, sent["HX-Retarget"]) == (200, "body")
    assert hidden(sent, "next") == "/my-work/?as_of=2026-11-01"


def test_logging_out_when_it_has_happened_already_leads_to_signing_in() -> None:
    assert Client().post("/sign-out/").headers["Location"] == SIGN_IN
