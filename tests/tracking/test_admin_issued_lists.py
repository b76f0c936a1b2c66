"""The page of an issued list: its files, its verification, its successor, its number."""

import re
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone

from tests.tracking.admin_people import plan_file, signed_in
from tests.tracking.imported import take_in
from tracking.actions.ledger import Entry, record_all
from tracking.actions.progress_lists import draft, issue
from tracking.actions.refusals import Refused
from tracking.actions.registration import register
from tracking.models import ListRegistration, ProgressList, Task
from tracking.renderers import FORMATS, render
from tracking.rules.canonical import canonical
from tracking.rules.events import Kind
from tracking.rules.instants import instant_from
from tracking.rules.progress_list import Scope

pytestmark = pytest.mark.django_db

NOW = instant_from("2025-11-01T08:00")
HERE = "/admin/tracking/progresslist/"
K = instant_from("2025-11-18T17:00:00")
SCOPE = Scope(as_of=date(2025, 11, 18), known_at=K)
QUESTION = {"as_of": "2025-11-18", "known_at": "2025-11-18T17:00:00+07:00", "lang": "en"}
NAMES = {
    "text": ("txt", "text/plain; charset=utf-8"),
    "json": ("json", "application/json"),
    "html": ("html", "text/html; charset=utf-8"),
    "docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": ("pdf", "application/pdf"),
}


@pytest.fixture(autouse=True)
def plan() -> None:
    take_in(plan_file(), now=NOW)


@pytest.fixture
def issued() -> ProgressList:
    return issue(SCOPE, now=K, by="operator")[0]


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


# An issued list


def test_the_page_of_a_list_says_what_it_says(issued: ProgressList) -> None:
    page = text_of(signed_in("leader").get(f"{HERE}{issued.pk}/change/"))
    assert "<h1>List 01</h1>" in page
    assert issued.sha256 in page
    assert '<strong class="word"><u>Drug Administration</u></strong>' in page
    assert "T1. Việc một: due 10/11/2025; 8 days" in page


def test_nobody_edits_adds_or_deletes(issued: ProgressList) -> None:
    client = signed_in("operator")
    assert client.get(f"{HERE}add/").status_code == 403
    assert client.post(f"{HERE}{issued.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(f"{HERE}{issued.pk}/change/", {"number": 9})
    assert ProgressList.objects.get().number == 1


def test_a_list_that_is_not_there(issued: ProgressList) -> None:
    client = signed_in("operator")
    for there in ("99/change/", "abc/change/", "99/document/", f"{issued.pk}/file/doc/"):
        assert client.get(HERE + there).status_code == 404


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_files(form: str, language: str, issued: ProgressList) -> None:
    client = signed_in("clerk")
    extension, content_type = NAMES[form]
    end = "" if language == "vi" else "-en"
    asked = {**QUESTION, "lang": language}
    of_draft = client.get(f"{HERE}preview/file/{form}/", asked)
    of_list = client.get(f"{HERE}{issued.pk}/file/{form}/", {"lang": language})
    for response, content, name in (
        (of_draft, draft(SCOPE), f"DSTD-DU-THAO-2025-11-18{end}.{extension}"),
        (of_list, issued.as_content(), f"DSTD-01-2025-11-18{end}.{extension}"),
    ):
        assert response["Content-Type"] == content_type
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response.content == render(content, format=form, language=language)


def test_verifying_says_the_same(issued: ProgressList) -> None:
    client = signed_in("inspector")
    assert client.get(f"{HERE}{issued.pk}/verify/").status_code == 405
    assert "Verified: the same." in text_of(client.post(f"{HERE}{issued.pk}/verify/"))


def test_verifying_a_tampered_row_says_what_differs(issued: ProgressList) -> None:
    content = issued.as_content()
    content.update(number=2, previous=issued.sha256)
    content["departments"][0]["marked"] = not content["departments"][0]["marked"]
    tampered = copied(issued, canonical(content).decode(), issued.sha256)
    page = text_of(signed_in("inspector").post(f"{HERE}{tampered.pk}/verify/"))
    assert "Verified: differences were found" in page
    assert "Hash: the content has" in page
    assert re.search(r"<li>\w+, marked", page)


def test_a_row_that_is_no_list_is_still_shown(issued: ProgressList) -> None:
    broken = copied(issued, "not JSON", issued.sha256)
    client = signed_in("inspector")
    assert "cannot be read: verify" in text_of(client.get(f"{HERE}{broken.pk}/change/"))
    assert "not JSON" in text_of(client.post(f"{HERE}{broken.pk}/verify/"))
    assert "List 02" in text_of(client.get(HERE))
    assert client.get(f"{HERE}{broken.pk}/file/pdf/").status_code == 404


def copied(issued: ProgressList, content: str, previous: str) -> ProgressList:
    """A row written past the portal, as somebody with the database's password could."""
    return ProgressList.objects.create(
        number=2,
        as_of=issued.as_of,
        known_at=issued.known_at,
        series=issued.series + "|tampered",
        content=content,
        sha256=issued.sha256,
        previous_sha256=previous,
        issued_at=K,
    )


# Superseding


def correct_the_ledger() -> None:
    """Entered today: T1 was extended on 1 November."""
    task = Task.objects.get(code="T1")
    entry = Entry(
        task=task,
        kind=Kind.EXTENSION_GRANTED,
        effective_at=instant_from("2025-11-01T09:00"),
        recorded_at=timezone.now(),
        payload={"due_on": "2025-12-31", "reason": "văn bản đến chậm"},
        actor="leader",
        on_behalf_of="",
        place="",
    )
    record_all([entry])


def test_superseding_issues_the_next_number(issued: ProgressList) -> None:
    correct_the_ledger()
    client = signed_in("operator")
    address = f"{HERE}{issued.pk}/supersede/"
    assert client.get(address).status_code == 200
    response = client.post(address, {"reason": "Gia hạn ghi chậm"})
    newer = ProgressList.objects.get(number=2)
    assert response["Location"] == f"{HERE}{newer.pk}/change/"
    assert (newer.supersedes, newer.reason) == (issued, "Gia hạn ghi chậm")
    assert newer.as_content()["totals"]["departments_marked"] == 0
    page = text_of(client.get(f"{HERE}{issued.pk}/change/"))
    assert "Superseded by" in page
    assert "Supersede…" not in page
    again = text_of(client.post(address, {"reason": "lần nữa"}))
    assert "superseded already" in again
    assert ProgressList.objects.count() == 2


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_superseding_wants_a_reason(reason: str, issued: ProgressList) -> None:
    address = f"{HERE}{issued.pk}/supersede/"
    assert "errorlist" in text_of(signed_in("operator").post(address, {"reason": reason}))
    assert ProgressList.objects.count() == 1


# The number of the document


def test_the_clerk_enters_number_and_date_once(issued: ProgressList) -> None:
    client = signed_in("clerk")
    address = f"{HERE}{issued.pk}/registration/"
    assert client.get(address).status_code == 200
    entry = {"number": "123/BC-TTYQG", "dated": "19/11/2025"}
    assert client.post(address, entry)["Location"] == f"{HERE}{issued.pk}/change/"
    again = client.post(address, {**entry, "number": "124/BC-TTYQG"})
    assert "has its number already" in text_of(again)
    registration = ListRegistration.objects.get()
    assert (registration.number, registration.entered_by) == ("123/BC-TTYQG", "clerk")
    page = text_of(client.get(f"{HERE}{issued.pk}/change/"))
    assert "123/BC-TTYQG, 19/11/2025" in page
    assert "Enter number and date…" not in page
    assert "123/BC-TTYQG (19/11/2025)" in text_of(client.get(HERE))


@pytest.mark.parametrize("role", ["operator", "leader", "inspector", "reporter"])
def test_only_the_clerk_numbers(role: str, issued: ProgressList) -> None:
    response = signed_in(role).post(
        f"{HERE}{issued.pk}/registration/", {"number": "1", "dated": "19/11/2025"}
    )
    assert response.status_code == 403
    assert not ListRegistration.objects.exists()


def test_a_number_is_given_once_a_year(issued: ProgressList) -> None:
    later = Scope(as_of=date(2025, 11, 25), known_at=instant_from("2025-11-25T17:00"))
    other = issue(later, now=later.known_at, by="operator")[0]
    now = instant_from("2026-01-05T09:00")
    register(issued, number=" 7/BC ", dated=date(2025, 11, 26), now=now, by="clerk")
    with pytest.raises(Refused, match="is that of"):
        register(other, number="7/BC", dated=date(2025, 11, 27), now=now, by="clerk")
    register(other, number="7/BC", dated=date(2026, 1, 5), now=now, by="clerk")


@pytest.mark.parametrize(
    ("number", "dated"),
    [("  ", date(2025, 11, 19)), ("7", date(2025, 11, 17)), ("7", date(2025, 11, 21))],
)
def test_a_number_that_cannot_be(number: str, dated: date, issued: ProgressList) -> None:
    now = datetime(2025, 11, 20, 9, tzinfo=K.tzinfo)
    with pytest.raises(Refused):
        register(issued, number=number, dated=dated, now=now, by="clerk")


def test_the_page_of_a_list_asks_little(
    issued: ProgressList, django_assert_max_num_queries: Any
) -> None:
    client = signed_in("operator")
    with django_assert_max_num_queries(25):
        client.get(f"{HERE}{issued.pk}/change/")
