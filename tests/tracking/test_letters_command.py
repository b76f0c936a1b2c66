"""`manage.py draft_letter`, which other programs rely on."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.tracking.letter_desk import set_up
from tests.tracking.word_reading import opened
from tracking.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _desk() -> None:
    set_up()


def run(*options: Any) -> tuple[int, str, str]:
    """(exit status, standard output, standard error)"""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("draft_letter", *map(str, options), stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_a_letter_is_drafted_and_written_as_a_document(tmp_path: Path) -> None:
    file = tmp_path / "cong-van.docx"
    status, told, _err = run("--list", 1, "--department", "QLD", "--output", file)
    letter = Letter.objects.get()
    assert (status, letter.kind, letter.drafted_by) == (0, "to_department", "command")
    assert told == f"Letter {letter.pk} is drafted: {letter.subject}.\n"
    assert letter.answer_due_on is not None
    text = "\n".join(paragraph.text for paragraph in opened(file.read_bytes()).paragraphs)
    assert "Danh sách tiến độ số 01" in text


def test_its_kind_follows_from_whom_it_is_about(tmp_path: Path) -> None:
    pdf = tmp_path / "to-trinh.pdf"
    assert run("--list", 1, "--partner", "BNV", "--output", pdf)[0] == 0
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert run("--list", 1)[0] == 0
    assert run("--list", 1, "--department", "QLD", "--kind", "cover_report")[0] == 0
    kinds = Letter.objects.order_by("pk").values_list("kind", flat=True)
    # The last one says what the one before said: it is the draft that is there.
    assert list(kinds) == ["advice", "cover_report"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--list", 9, "--department", "QLD"), "there is no list 9"),
        (("--list", 1, "--department", "XX"), 'no department with the code "XX": the codes are'),
        (("--list", 1, "--department", "VPB"), "has no task that is not completed in List 01"),
        (("--list", 1, "--department", "QLD", "--output", "x.odt"), "neither in .docx nor in .pdf"),
        (("--list", 1, "--department", "QLD", "--output", "/no/where.docx"), "No such file"),
        (("--list", 1, "--department", "QLD", "--answer-due-on", "2020-01-01"), "that is past"),
    ],
)
def test_bad_input_is_refused_with_a_sentence_and_writes_nothing(
    options: tuple[Any, ...], sentence: str
) -> None:
    status, _out, err = run(*options)
    assert status == 1
    assert sentence in err
    assert not Letter.objects.exists()


def test_wrong_usage_is_told() -> None:
    for options in ((), ("--list", "x"), ("--list", 1, "--kind", "invitation")):
        with pytest.raises(CommandError):
            call_command("draft_letter", *map(str, options))
