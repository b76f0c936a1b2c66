"""The course of a letter: what may follow what, the clerk's number, the scan, the answer."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from tests.tracking.letter_desk import ANSWER_DUE_ON, DAY, NOW, department, drafted, set_up
from tracking.actions.illustrative_letters import illustrate_letters
from tracking.actions.letter_course import (
    issue_letter,
    keep_scan,
    record_answer,
    send_for_signature,
    withdraw_letter,
)
from tracking.actions.letter_scans import opened_scan
from tracking.actions.refusals import Refused
from tracking.actions.registration import register
from tracking.models import Letter, LetterEntry, ProgressList
from tracking.rules.canonical import nfc

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\nsigned\n%%EOF\n"
NUMBER = "934/TTYQG-DA"


@pytest.fixture
def issued() -> ProgressList:
    return set_up()


@pytest.fixture
def letter(issued: ProgressList) -> Letter:
    return drafted("to_department", issued, answer_due_on=ANSWER_DUE_ON)


def scan(data: bytes = PDF, name: str = "cong-van.pdf") -> "ContentFile[bytes]":
    return ContentFile(data, name=name)


def for_signature(letter: Letter, **_more: Any) -> Letter:
    return send_for_signature(letter=letter, now=NOW, by="operator")


def issue(letter: Letter, **more: Any) -> Letter:
    given = {"number": NUMBER, "dated": NOW.date(), "now": NOW, "by": "clerk"}
    return issue_letter(letter=letter, **{**given, **more})


def answer(letter: Letter, **more: Any) -> Letter:
    given = {"answered_on": NOW.date(), "now": NOW, "by": "clerk"}
    return record_answer(letter=letter, **{**given, **more})


def withdraw(letter: Letter, **more: Any) -> Letter:
    return withdraw_letter(
        letter=letter, **{"reason": "viết lại", "now": NOW, "by": "operator", **more}
    )


def refused(call: Callable[[], object]) -> str:
    entries = LetterEntry.objects.count()
    with pytest.raises(Refused) as error:
        call()
    assert LetterEntry.objects.count() == entries, "written although refused"
    return "\n".join(error.value.sentences)


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_letter_goes_its_way_and_every_step_is_an_entry(letter: Letter) -> None:
    for step in (for_signature, issue, answer):
        step(letter)
    letter.refresh_from_db()
    entries = list(letter.entries.values_list("state", "by", "text"))
    assert entries == [
        ("drafted", "operator", ""),
        ("for_signature", "operator", ""),
        ("issued", "clerk", "number 934/TTYQG-DA of 18/11/2025"),
        ("answered", "clerk", ""),
    ]
    assert letter.state == letter.state_of_entries() == "answered"
    assert (letter.number, letter.dated) == (NUMBER, NOW.date())
    assert letter.answered_on == NOW.date()


@pytest.mark.parametrize(
    ("steps", "step", "sentence"),
    [
        ([], issue, "was not sent for signature: send it first"),
        ([], answer, "is not issued: the clerk enters its number first"),
        ([for_signature], for_signature, "that step is taken already"),
        ([for_signature], answer, "is not issued: the clerk enters its number first"),
        ([for_signature, issue], issue, "that step is taken already"),
        ([for_signature, issue], for_signature, "only its answer can follow"),
        ([for_signature, issue], withdraw, "it can no longer be withdrawn"),
        ([for_signature, issue, answer], answer, "that step is taken already"),
        ([for_signature, issue, answer], withdraw, "nothing can follow"),
        ([withdraw], for_signature, "is withdrawn: draft another"),
        ([withdraw], issue, "is withdrawn: draft another"),
        ([withdraw], withdraw, "is withdrawn: draft another"),
    ],
)
def test_an_illegal_order_is_refused_with_a_sentence(
    letter: Letter, steps: list[Any], step: Any, sentence: str
) -> None:
    for legal in steps:
        legal(letter)
    assert sentence in refused(lambda: step(letter))


@pytest.mark.parametrize("steps", [[], [for_signature]])
def test_a_letter_is_withdrawn_before_it_is_issued_with_a_reason(
    letter: Letter, steps: list[Any]
) -> None:
    for step in steps:
        step(letter)
    assert "write it" in refused(lambda: withdraw(letter, reason=" "))
    assert withdraw(letter).state == "withdrawn"
    assert letter.entries.get(state="withdrawn").text == "viết lại"


def test_what_goes_for_signature_is_no_longer_printed_as_a_draft(letter: Letter) -> None:
    assert letter.printed_as_draft
    assert not for_signature(letter).printed_as_draft
    assert withdraw(letter).printed_as_draft


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"number": "  "}, "the number is empty"),
        ({"dated": date(2025, 11, 19)}, "lies in the future"),
        ({"dated": date(2025, 11, 17)}, "lies before the day it was drafted"),
    ],
)
def test_a_number_or_a_date_that_cannot_be_is_refused(
    letter: Letter, given: dict[str, Any], sentence: str
) -> None:
    for_signature(letter)
    assert sentence in refused(lambda: issue(letter, **given))
    letter.refresh_from_db()
    assert (letter.state, letter.number, letter.dated) == ("for_signature", "", None)


def test_a_number_is_given_once_a_year(letter: Letter, issued: ProgressList) -> None:
    issue(for_signature(letter))
    other = for_signature(drafted("advice", issued))
    same = " ".join(nfc("934/TTYQG-DA").split())
    assert "is that of" in refused(lambda: issue(other, number=f" {same} "))
    register(issued, number="12/BC-TTYQG", dated=NOW.date(), now=NOW, by="clerk")
    advice = for_signature(drafted("to_department", issued, progress_list=None))
    assert "is that of List 01" in refused(lambda: issue(advice, number="12/BC-TTYQG"))
    report = for_signature(drafted("cover_report", issued))
    assert issue(report, number="12/BC-TTYQG").state == "issued"  # it is the list's own document


def test_the_signed_scan_is_kept_under_its_hash(letter: Letter, settings: Any) -> None:
    with_scan = issue(for_signature(letter), scan=scan())
    file, content_type, name = opened_scan(with_scan)
    with file:
        assert file.read() == PDF
    assert (content_type, name) == ("application/pdf", "934-TTYQG-DA.pdf")
    assert with_scan.scan_sha256 in str(with_scan.scan.name)
    assert len(kept(Path(settings.MEDIA_ROOT))) == 1


def test_a_scan_that_comes_later_is_kept_once(letter: Letter) -> None:
    early = refused(lambda: keep_scan(letter=letter, scan=scan(), now=NOW, by="clerk"))
    assert "is not issued" in early
    answer(issue(for_signature(letter)))
    keep_scan(letter=letter, scan=scan(), now=NOW, by="clerk")
    again = refused(lambda: keep_scan(letter=letter, scan=scan(), now=NOW, by="clerk"))
    assert "has its signed scan already" in again
    letter.refresh_from_db()
    assert letter.state == letter.state_of_entries() == "answered"


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "trong.pdf", "The file is empty"),
        (b"MZ\x90\x00", "virus.pdf", "is none of PDF, PNG and JPEG"),
        (b"a,b\n1,2\n", "bang.csv", "is none of PDF, PNG and JPEG"),
    ],
)
def test_a_file_that_is_no_scan_is_refused_and_not_kept(
    letter: Letter, settings: Any, data: bytes, name: str, sentence: str
) -> None:
    for_signature(letter)
    assert sentence in refused(lambda: issue(letter, scan=scan(data, name)))
    assert not kept(Path(settings.MEDIA_ROOT))


def test_a_refused_step_leaves_no_file_behind(letter: Letter, settings: Any) -> None:
    assert "send it first" in refused(lambda: issue(letter, scan=scan()))
    assert not kept(Path(settings.MEDIA_ROOT))


def test_a_scan_is_shown_to_the_scanner(letter: Letter, settings: Any) -> None:
    settings.EVIDENCE_SCANNER = "tests.tracking.test_letters_course.finds_everything"
    for_signature(letter)
    assert "Eicar" in refused(lambda: issue(letter, scan=scan()))


def finds_everything(_file: Any) -> str:
    return "Eicar"


def test_a_scan_that_was_altered_is_not_handed_out(letter: Letter, settings: Any) -> None:
    with_scan = issue(for_signature(letter), scan=scan())
    (path,) = kept(Path(settings.MEDIA_ROOT))
    path.write_bytes(b"%PDF-1.7\nforged")
    with pytest.raises(Refused, match="altered"):
        opened_scan(with_scan)
    path.unlink()
    with pytest.raises(Refused, match="no longer in the store"):
        opened_scan(with_scan)


def test_an_answer_comes_after_the_letter_and_not_tomorrow(letter: Letter) -> None:
    issue(for_signature(letter))
    before, after = NOW.date() - timedelta(days=1), NOW.date() + timedelta(days=1)
    assert "older than the letter" in refused(lambda: answer(letter, answered_on=before))
    assert "lies in the future" in refused(lambda: answer(letter, answered_on=after))
    assert answer(letter, note="12/QLD-VP").entries.get(state="answered").text == "12/QLD-VP"


def test_an_answer_is_late_from_the_day_after_it_was_due_until_it_comes(letter: Letter) -> None:
    due = ANSWER_DUE_ON

    def late(today: date) -> list[Letter]:
        return list(Letter.objects.all().overdue_answers(today))

    assert not late(due + DAY), "a draft waits for nothing"
    issue(for_signature(letter))
    assert not late(due)
    assert late(due + DAY) == [letter]
    held = Letter.objects.get()
    assert [held.answer_days_late(due + n * DAY) for n in (-1, 0, 1, 9)] == [0, 0, 1, 9]
    answer(letter, now=NOW + 30 * DAY)
    assert not late(due + DAY)
    assert Letter.objects.get().answer_days_late(due + 9 * DAY) == 0


def test_a_letter_that_asks_for_no_answer_is_never_late(issued: ProgressList) -> None:
    quiet = issue(for_signature(drafted("to_department", issued, department=department("KCB"))))
    assert quiet.answer_days_late(date(2099, 1, 1)) == 0
    assert not Letter.objects.all().overdue_answers(date(2099, 1, 1))


def test_the_demonstration_has_labelled_letters_once(issued: ProgressList) -> None:
    now = NOW + timedelta(days=10)
    illustrate_letters(now)
    illustrate_letters(now)
    letters = Letter.objects.order_by("drafted_at")
    assert [(letter.kind, letter.state) for letter in letters] == [
        ("to_department", "issued"),
        ("advice", "drafted"),
    ]
    assert all("(minh họa)" in letter.subject for letter in letters)
    assert letters[0] in Letter.objects.all().overdue_answers(now.date())
