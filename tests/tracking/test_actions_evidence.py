"""Which files are kept as evidence, and what is written of them."""

import hashlib
import io
import unicodedata
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from tests.tracking.admin_people import plan_file
from tests.tracking.imported import take_in
from tracking.actions.evidence import opened, record_evidence
from tracking.actions.evidence_files import CSV, DOCX, JPEG, PDF, PNG, TEXT, XLSX, cleaned_name
from tracking.actions.refusals import Refused
from tracking.models import Event, Evidence, Task
from tracking.rules.instants import instant_from

pytestmark = pytest.mark.django_db

NOW = instant_from("2025-11-12T09:00:00")
A_PDF = b"%PDF-1.7\n%fake"
PARTS = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}


@pytest.fixture
def store(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def task(store: Path) -> Task:
    take_in(plan_file(), now=NOW)
    return Task.objects.get(code="T1")


def keep(task: Task, content: bytes = A_PDF, name: str = "a.pdf", **changes: Any) -> Evidence:
    given: dict[str, Any] = {"effective_at": NOW, "now": NOW, "by": "qld.reporter", **changes}
    return record_evidence(task=task, file=SimpleUploadedFile(name, content), **given)


def office(content_type: str, declared: str = "", bomb: int = 0) -> bytes:
    """A small OOXML file; `declared` replaces the type that it says it has, `bomb` is how many
    bytes of nothing it unpacks to."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        main = declared or f"{content_type}.main+xml"
        archive.writestr("[Content_Types].xml", f'<Types><Override ContentType="{main}"/></Types>')
        archive.writestr(PARTS[content_type], "<x/>")
        if bomb:
            archive.writestr("word/media/bomb", b"\0" * bomb)
    return kept.getvalue()


def files_in(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("content", "name", "content_type"),
    [
        (A_PDF, "a.pdf", PDF),
        (b"\x89PNG\r\n\x1a\n....", "a.png", PNG),
        (b"\xff\xd8\xff\xe0....", "a.jpg", JPEG),
        (office(DOCX), "a.docx", DOCX),
        (office(XLSX), "a.xlsx", XLSX),
        ("Biên bản họp\n".encode(), "a.txt", TEXT),
        ("\ufeffmã,tên\n1,Dược\n".encode(), "a.csv", CSV),
    ],
)
def test_the_content_tells_the_type(
    task: Task, content: bytes, name: str, content_type: str
) -> None:
    assert keep(task, content, name).content_type == content_type


def test_event_row_and_file_say_the_same(task: Task, store: Path) -> None:
    kept = keep(
        task, effective_on=date(2025, 11, 1), expires_on=date(2026, 11, 1), on_behalf_of="QLD"
    )
    digest = hashlib.sha256(A_PDF).hexdigest()
    assert kept.event.payload == {
        "name": "a.pdf",
        "size": len(A_PDF),
        "sha256": digest,
        "content_type": PDF,
        "effective_on": "2025-11-01",
        "expires_on": "2026-11-01",
    }
    assert (kept.event.kind, kept.event.actor) == ("evidence_recorded", "qld.reporter")
    (path,) = files_in(store)
    assert (path.name, path.read_bytes(), kept.sha256) == (f"{digest}.pdf", A_PDF, digest)
    with opened(kept) as file:
        assert file.read() == A_PDF


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.pdf", "empty"),
        (b"MZ\x90\x00program", "a.pdf", "by its content"),
        (b"<html>\x00</html>", "a.txt", "by its content"),
        ("Dược".encode("utf-16"), "a.txt", "by its content"),
        (b"PK\x03\x04 not really", "a.docx", "by its content"),
        (
            office(DOCX, declared="application/vnd.ms-word.document.macroEnabled"),
            "a.docx",
            "macros",
        ),
    ],
)
def test_what_is_not_kept(task: Task, store: Path, content: bytes, name: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        keep(task, content, name)
    assert (Event.objects.count(), files_in(store)) == (2, [])


def test_an_ordinary_zip_is_not_an_office_file(task: Task) -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(Refused, match="by its content"):
        keep(task, kept.getvalue(), "a.docx")


def test_21_megabytes_are_too_many(task: Task, store: Path) -> None:
    with pytest.raises(Refused, match="21 MB, more than the 20 MB"):
        keep(task, A_PDF + b" " * 20_500_000)
    assert files_in(store) == []


def test_a_bomb_is_never_expanded(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = zipfile.ZipFile.open

    def watched(self: zipfile.ZipFile, name: Any, *args: Any, **kwargs: Any) -> Any:
        read.append(getattr(name, "filename", name))
        return real(self, name, *args, **kwargs)

    content = office(DOCX, bomb=30_000_000)
    assert len(content) < 100_000
    monkeypatch.setattr(zipfile.ZipFile, "open", watched)
    assert keep(task, content, "a.docx").size == len(content)
    assert read == ["[Content_Types].xml"]


def test_a_huge_promise_is_refused(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracking.actions.evidence_files._UNPACKED_BYTES", 1_000_000)
    content = office(DOCX, bomb=2_000_000)
    with pytest.raises(Refused, match="by its content"):
        keep(task, content, "a.docx")


def test_a_huge_table_of_contents_is_not_read(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracking.actions.evidence_files._DIRECTORY_BYTES", 100)
    with pytest.raises(Refused, match="by its content"):
        keep(task, office(DOCX), "a.docx")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\hồ sơ\\biên bản.PDF", "biên bản.PDF"),
        (unicodedata.normalize("NFD", "Dược phẩm.pdf"), "Dược phẩm.pdf"),
        ("hoa\u202efdp.exe", "hoafdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ('<script>"x".pdf', "script x.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("", "evidence.pdf"),
        ("a" * 400 + ".pdf", "a" * 200 + ".pdf"),
    ],
)
def test_names_are_cleaned(given: str, kept: str) -> None:
    assert cleaned_name(given, PDF) == kept


def test_the_store_knows_no_name_of_the_user(task: Task, store: Path) -> None:
    kept = keep(task, name="../../../trộm.html")
    assert kept.name == "trộm.html.pdf"
    assert [path.name for path in files_in(store)] == [f"{kept.sha256}.pdf"]


def test_an_illegal_step_keeps_no_file(store: Path) -> None:
    cancelled = {"kind": "cancelled", "effective_at": "2025-11-11T08:00:00", "task": "T1"}
    plan = plan_file()
    take_in({**plan, "events": [*plan["events"], cancelled]}, now=NOW)
    with pytest.raises(Refused, match="cancelled"):
        keep(Task.objects.get())
    assert (files_in(store), Evidence.objects.count()) == ([], 0)


def test_a_failing_transaction_keeps_no_file(
    task: Task, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Evidence, *args: object, **kwargs: object) -> None:
        assert len(files_in(store)) == 1
        raise RuntimeError("power cut")

    monkeypatch.setattr(Evidence, "save", fail)
    with pytest.raises(RuntimeError):
        keep(task)
    assert (files_in(store), Event.objects.count()) == ([], 2)


def test_dates_in_the_wrong_order(task: Task) -> None:
    with pytest.raises(Refused, match="expires before"):
        keep(task, effective_on=date(2025, 2, 1), expires_on=date(2025, 1, 1))


def test_a_second_click_keeps_one_file(task: Task, store: Path) -> None:
    first = keep(task, seen=2)
    assert keep(task, seen=2) == first
    with pytest.raises(Refused, match="Since this form was opened"):
        keep(task, b"%PDF-1.7 another", seen=2)
    assert len(files_in(store)) == Evidence.objects.count() == 1


def test_an_altered_file_is_not_served(task: Task, store: Path) -> None:
    kept = keep(task)
    (path,) = files_in(store)
    path.write_bytes(A_PDF + b"!")
    with pytest.raises(Refused, match="altered"):
        opened(kept)
    path.unlink()
    with pytest.raises(Refused, match="no longer"):
        opened(kept)
