"""Letters in the portal: the register, drafting with a look at the words, each with its course."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import lxml.html  # type: ignore[import-untyped]
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.tracking.admin_people import signed_in
from tests.tracking.letter_desk import NOW, department, drafted, meeting, set_up
from tests.tracking.word_reading import opened
from tracking.actions.letter_course import issue_letter, send_for_signature
from tracking.models import Letter, LetterEntry, ProgressList, Task

pytestmark = pytest.mark.django_db

HERE = "/letters/"
DRAFT = "/letters/draft/to_department/"


@pytest.fixture
def issued() -> ProgressList:
    return set_up()


@pytest.fixture
def operator() -> Client:
    return signed_in("operator")


@pytest.fixture
def clerk() -> Client:
    return signed_in("clerk")


def page_of(response: Any) -> Any:
    assert response.status_code == 200
    return lxml.html.fromstring(response.content.decode())


def text_of(response: Any) -> str:
    return " ".join(page_of(response).text_content().split())


def rows_of(client: Client, **asked: str) -> list[str]:
    page = page_of(client.get(HERE, asked))
    return [" ".join(row.text_content().split()) for row in page.xpath("//main//tbody/tr")]


def issue(letter: Letter, number: str) -> Letter:
    send_for_signature(letter=letter, now=NOW, by="operator")
    return issue_letter(letter=letter, number=number, dated=NOW.date(), now=NOW, by="clerk")


# The register


def test_the_register_is_narrowed_by_state_kind_department_answers_and_words(
    issued: ProgressList, operator: Client
) -> None:
    late = issue(drafted("to_department", issued, answer_due_on=NOW.date()), "1/TTYQG-DA")
    tomorrow = timezone.localdate() + timedelta(days=1)
    issue(drafted("to_department", issued, answer_due_on=tomorrow), "2/TTYQG-DA")
    drafted("advice", issued)
    assert len(rows_of(operator)) == 3
    assert len(rows_of(operator, state="drafted")) == 1
    assert len(rows_of(operator, kind="advice")) == 1
    assert len(rows_of(operator, department="QLD")) == 2
    assert len(rows_of(operator, answers="awaited")) == 2
    (row,) = rows_of(operator, answers="late")
    days = (timezone.localdate() - NOW.date()).days
    assert late.number in row
    assert f"late by {days} days" in row
    assert len(rows_of(operator, q="DON doc")) == 2
    assert len(rows_of(operator, q="noi vu")) == 1
    assert "No letter that fits" in rows_of(operator, q="không có")[0]
    assert "One answer is late." in text_of(operator.get(HERE))


def test_the_register_takes_as_many_queries_for_many_letters_as_for_one(
    issued: ProgressList, operator: Client
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            operator.get(HERE)
        return len(queries)

    drafted("to_department", issued)
    asked()  # what is remembered for the process is read by now
    one = asked()
    for _ in range(6):
        drafted("advice", issued)
        drafted("cover_report", issued)
    assert asked() == one


# Drafting


def test_the_words_are_looked_at_before_anything_is_written(
    issued: ProgressList, operator: Client
) -> None:
    asked = {"department": "QLD", "progress_list": "1"}
    page = page_of(operator.get(DRAFT, asked))
    said = " ".join(page.text_content().split())
    assert "Cục Quản lý Dược chủ trì 02 nhiệm vụ chưa hoàn thành" in said
    assert [box.get("value") for box in page.xpath("//input[@type='checkbox']")] == [
        "T3",
        "T1",
        "T2",
    ]
    assert not Letter.objects.exists()
    form = page.xpath("//form[.//button[contains(., 'Draft this letter')]]")[0]
    sent = dict(form.fields)
    answer = operator.post(DRAFT, sent)
    letter = Letter.objects.get()
    assert answer.headers["Location"] == f"/letters/{letter.pk}/"
    assert (letter.drafted_by, letter.state) == ("operator", "drafted")
    assert letter.answer_due_on is not None
    assert letter.answer_due_on > timezone.localdate()


def test_chosen_tasks_are_what_is_drafted(issued: ProgressList, operator: Client) -> None:
    asked = [("department", "QLD"), ("progress_list", "1"), ("tasks", "T2"), ("tasks", "T1")]
    page = page_of(operator.get(f"{DRAFT}?{urlencode(asked)}"))
    checked = page.xpath("//input[@type='checkbox' and @checked]/@value")
    assert sorted(checked) == ["T1", "T2"]
    operator.post(DRAFT, {"department": "QLD", "progress_list": "1", "tasks": ["T2"]})
    assert [task.code for task in Letter.objects.get().tasks.all()] == ["T2"]


def test_nothing_to_write_about_is_said_on_the_form(issued: ProgressList, operator: Client) -> None:
    said = text_of(operator.get(DRAFT, {"department": "VPB"}))
    assert "Văn phòng Bộ has no task that is not completed: choose another department." in said
    assert "Draft this letter" not in said
    answer = operator.post(DRAFT, {"department": "VPB"})
    assert "has no task that is not completed" in text_of(answer)
    assert not Letter.objects.exists()


def test_bad_choices_get_sentences(issued: ProgressList, operator: Client) -> None:
    answer = operator.get(DRAFT, {"department": "NOBODY", "answer_due_on": "never"})
    assert "Select a valid choice" in text_of(answer)
    assert "Enter a valid date" in text_of(answer)
    assert operator.get("/letters/draft/poem/").status_code == 404


def test_a_day_on_which_nobody_works_is_pointed_out(issued: ProgressList, operator: Client) -> None:
    day = timezone.localdate() + timedelta(days=1)
    while day.weekday() != 6:
        day += timedelta(days=1)
    said = text_of(operator.get(DRAFT, {"department": "QLD", "answer_due_on": day.isoformat()}))
    assert "Nobody works on the day" in said


def test_classified_tasks_are_pointed_out_before_and_after(
    issued: ProgressList, operator: Client
) -> None:
    caution = "The letter names classified tasks: K1. It leaves on paper only"
    assert caution in text_of(operator.get(DRAFT, {"department": "KCB"}))
    letter = drafted("to_department", issued, department=department("KCB"))
    assert caution in text_of(operator.get(f"/letters/{letter.pk}/"))


def test_lists_departments_tasks_and_meetings_lead_to_letters(
    issued: ProgressList, operator: Client
) -> None:
    held = meeting(issued)
    task = Task.objects.get(code="T1")
    doors = {
        "/lists/1/": "/letters/draft/cover_report/?progress_list=1",
        f"/departments/{department().pk}/": f"{DRAFT}?department=QLD",
        f"/tasks/{task.pk}/": f"{DRAFT}?department=QLD&tasks=T1",
    }
    for page, door in doors.items():
        assert door in page_of(operator.get(page)).xpath("//main//a/@href"), page
        assert operator.get(door).status_code == 200
    for kind in ("invitation", "conclusions"):
        said = text_of(operator.get(f"/letters/draft/{kind}/", {"meeting": held.pk}))
        assert "Draft this letter" in said
    reader = page_of(signed_in("inspector").get("/lists/1/"))
    assert not [link for link in reader.xpath("//a/@href") if "/letters/draft/" in link]


# A letter


def test_a_letter_takes_its_course_on_its_page(
    issued: ProgressList, operator: Client, clerk: Client
) -> None:
    letter = drafted("to_department", issued)
    here = f"/letters/{letter.pk}/"
    assert "Send for signature" in text_of(operator.get(here))
    assert "Enter number and date" not in text_of(clerk.get(here))
    operator.post(f"{here}step/for_signature/")
    today = timezone.localdate().isoformat()
    sent = {
        "issue-number": "934/TTYQG-DA",
        "issue-dated": today,
        "issue-scan": SimpleUploadedFile("ky.pdf", b"%PDF-1.7\n%%EOF\n"),
    }
    clerk.post(f"{here}step/issue/", sent)
    assert "Số: 934/TTYQG-DA" in text_of(operator.get(here))
    scan: Any = clerk.get(f"{here}scan/")
    assert b"".join(scan.streaming_content) == b"%PDF-1.7\n%%EOF\n"
    assert scan.headers["Content-Disposition"] == 'attachment; filename="934-TTYQG-DA.pdf"'
    assert "sandbox" in scan.headers["Content-Security-Policy"]
    clerk.post(f"{here}step/answer/", {"answer-answered_on": today, "answer-note": "12/QLD"})
    letter.refresh_from_db()
    assert letter.state == letter.state_of_entries() == "answered"
    assert "12/QLD" in text_of(operator.get(here))


def test_a_refused_step_is_said_on_its_form_and_writes_nothing(
    issued: ProgressList, operator: Client, clerk: Client
) -> None:
    letter = drafted("to_department", issued)
    here = f"/letters/{letter.pk}/"
    today = timezone.localdate().isoformat()
    early = clerk.post(f"{here}step/issue/", {"issue-number": "1/A", "issue-dated": today})
    assert "The letter was not sent for signature: send it first." in text_of(early)
    empty = operator.post(f"{here}step/withdraw/", {})
    assert "This field is required." in text_of(empty)
    assert operator.post(f"{here}step/issue/", {}).status_code == 403
    assert operator.post(f"{here}step/sign/", {}).status_code == 404
    assert LetterEntry.objects.count() == 1


def test_files_are_attachments_in_the_state_of_the_letter(
    issued: ProgressList, operator: Client
) -> None:
    letter = drafted("to_department", issued)
    here = f"/letters/{letter.pk}/file/"
    draft = operator.get(f"{here}docx/")
    name = f'attachment; filename="cong-van-du-thao-{letter.pk}.docx"'
    assert draft.headers["Content-Disposition"] == name
    assert draft.headers["X-Content-Type-Options"] == "nosniff"
    words = [
        paragraph.text for paragraph in opened(draft.content).tables[0].rows[1].cells[0].paragraphs
    ]
    assert words[-1] == "DỰ THẢO"
    issue(letter, "09/TTYQG-DA")
    final = operator.get(f"{here}docx/")
    assert final.headers["Content-Disposition"].endswith('"cong-van-09-TTYQG-DA.docx"')
    printed = opened(final.content)
    assert not printed.sections[0].footer.paragraphs[0].text
    assert printed.tables[0].rows[1].cells[0].paragraphs[0].text == "Số: 09/TTYQG-DA"
    pdf = operator.get(f"{here}pdf/")
    assert pdf.content.startswith(b"%PDF-")
    assert operator.get(f"{here}odt/").status_code == 404
    assert operator.get(f"/letters/{letter.pk}/scan/").status_code == 404
    assert operator.get("/letters/999999/").status_code == 404


def test_a_scan_that_is_gone_gets_a_sentence(issued: ProgressList, clerk: Client) -> None:
    letter = issue(drafted("to_department", issued), "1/TTYQG-DA")
    letter.scan, letter.scan_sha256 = "letters/gone.pdf", "0" * 64
    letter.save()
    answer = clerk.get(f"/letters/{letter.pk}/scan/")
    assert answer.status_code == 404
    assert "no longer in the store" in answer.content.decode()


def test_the_clerk_is_led_only_where_the_clerk_may_go(issued: ProgressList, clerk: Client) -> None:
    letter = drafted("to_department", issued)
    page = page_of(clerk.get(f"/letters/{letter.pk}/"))
    for link in page.xpath("//main//a/@href"):
        assert clerk.get(link).status_code == 200, link
