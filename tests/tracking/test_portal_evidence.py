"""Evidence files in the staff portal: sent, looked at, kept once, and given back safely."""

import hashlib
import io
from pathlib import Path
from threading import Event as Signal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tests.tracking.task_pages import make_task, words
from tests.tracking.task_portal import A_PDF, client_of, page_of, step_of, take
from tracking.actions.steps import newest_entry
from tracking.models import Event, Evidence, Task

pytestmark = pytest.mark.django_db

JSON = {"accept": "application/json"}
DIGEST = hashlib.sha256(A_PDF).hexdigest()


@pytest.fixture
def task() -> Task:
    return make_task()


@pytest.fixture
def client(task: Task) -> Client:
    return client_of("reporter", "QLD")


def send(
    client: Client, task: Task, content: bytes = A_PDF, name: str = "a.pdf", **more: Any
) -> Any:
    file = SimpleUploadedFile(name, content)
    return take(client, task, "evidence_recorded", {}, file=file, **more)


def address(kept: Evidence) -> str:
    return f"/evidence/{kept.pk}/"


def kept_files(settings: Settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_without_a_script_the_form_keeps_the_file(task: Task, client: Client) -> None:
    page = words(client.get(step_of(task, "evidence_recorded")))
    assert 'enctype="multipart/form-data"' in page
    assert 'type="file" name="file"' in page
    assert send(client, task)["Location"] == page_of(task)
    assert DIGEST in words(client.get(page_of(task)))


def test_the_script_is_told_the_hash(task: Task, client: Client) -> None:
    answer = send(client, task, headers=JSON)
    assert (answer.status_code, answer.json()) == (
        200,
        {"name": "a.pdf", "size": len(A_PDF), "sha256": DIGEST, "address": page_of(task)},
    )


def test_the_script_is_told_why_a_file_is_refused(task: Task, client: Client) -> None:
    seen = newest_entry(task)
    answer = send(client, task, b"MZ\0", headers=JSON)
    assert answer.status_code == 422
    assert "by its content" in answer.json()["sentences"][0]
    assert answer.json()["seen"] == seen
    assert (
        "required"
        in take(client, task, "evidence_recorded", {}, file="", headers=JSON).json()["sentences"][0]
    )
    take(client_of("operator"), task, "progress_reported", {"note": "x"})
    answer = send(client, task, headers=JSON, seen=seen)
    assert "“progress reported” (operator) was recorded" in answer.json()["sentences"][0]
    assert answer.json()["seen"] == newest_entry(task)
    assert Evidence.objects.count() == 0


def test_other_steps_answer_with_pages(task: Task, client: Client) -> None:
    answer = take(client, task, "progress_reported", {"note": "x"}, headers=JSON)
    assert answer.status_code == 302


def test_a_second_click_keeps_one_file(task: Task, client: Client, settings: Settings) -> None:
    seen = newest_entry(task)
    answers = [send(client, task, headers=JSON, seen=seen) for _click in range(2)]
    assert [answer.json()["sha256"] for answer in answers] == [DIGEST] * 2
    assert len(kept_files(settings)) == Evidence.objects.count() == 1
    assert send(client, task, b"%PDF-1.7 other", headers=JSON, seen=seen).status_code == 422


def test_it_is_given_back_to_be_kept_and_never_shown(task: Task, client: Client) -> None:
    send(client, task, name="Biên bản “họp”; số 1.pdf")
    response = client_of("inspector").get(address(Evidence.objects.get()))
    assert b"".join(response) == A_PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Bi%C3%AAn")
    assert response["X-Content-Type-Options"] == "nosniff"
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("sandbox")
    assert "script-src" not in policy
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ('x"; filename="y.exe', "y.exe.pdf"),
        ("a.pdf\r\nSet-Cookie: stolen=1", "a.pdf"),
        ("..\\..\\boot.ini", "boot.ini.pdf"),
        ("hoa\u202efdp.exe", "hoafdp.exe.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "img src=x onerror=alert(1).pdf"),
    ],
)
def test_hostile_names_do_no_harm(task: Task, client: Client, given: str, kept: str) -> None:
    send(client, task, name=given)
    evidence = Evidence.objects.get()
    assert evidence.name == kept
    response = client.get(address(evidence))
    b"".join(response)
    assert "Set-Cookie" not in response
    assert "\n" not in response["Content-Disposition"]
    assert "<img src=x" not in words(client.get(page_of(task)))


def test_a_file_that_is_gone_or_altered_is_told_in_a_sentence(
    task: Task, client: Client, settings: Settings
) -> None:
    send(client, task)
    evidence = Evidence.objects.get()
    (path,) = kept_files(settings)
    path.write_bytes(A_PDF + b"!")
    response = client.get(address(evidence))
    assert response.status_code == 404
    assert "The file was altered in the store: ask the administrators." in words(response)
    path.unlink()
    response = client.get(address(evidence))
    assert "The file is no longer in the store: ask the administrators." in words(response)
    assert page_of(task) in words(response)


def test_an_expired_file_is_named_so_and_still_given(task: Task, client: Client) -> None:
    then = {"effective_at_0": "2025-07-01", "effective_at_1": "08:00"}
    take(client, task, "evidence_recorded", {"expires_on": "2025-11-01", **then})
    assert '<span class="tag">expired</span>' in words(client.get(page_of(task)))
    assert '<span class="tag">expired</span>' not in words(
        client.get(page_of(task, "?as_of=2025-10-01"))
    )
    response = client.get(address(Evidence.objects.get()))
    b"".join(response)
    assert response.status_code == 200


def test_evidence_that_was_imported_with_its_title_alone(task: Task, client: Client) -> None:
    titled = {
        "kind": "evidence_recorded",
        "effective_at": "2025-07-04T08:00:00",
        "payload": {"title": "Biên bản <nghiệm thu>"},
    }
    page = words(client.get(page_of(make_task((titled,)))))
    assert "Biên bản &lt;nghiệm thu&gt;" in page
    assert "(without a file)" in page


def test_who_may_take_it(task: Task, client: Client) -> None:
    send(client, task)
    there = address(Evidence.objects.get())
    for role, status in (("leader", 200), ("inspector", 200), ("clerk", 403)):
        response = client_of(role).get(there)
        b"".join(response)
        assert response.status_code == status
    assert Client().get(there).status_code == 302
    assert client.get("/evidence/999/").status_code == 404
    assert client.post(there).status_code == 405


_released = Signal()


def clean(file: io.BytesIO) -> str:
    return "" if file.read() == A_PDF else "not from its start"


def finds(file: io.BytesIO) -> str:
    return "Eicar-Test-Signature <b>"


def breaks(file: io.BytesIO) -> str:
    raise OSError("no route to the scanner")


def mutters(file: io.BytesIO) -> Any:
    return None


def hangs(file: io.BytesIO) -> str:
    _released.wait(10)
    return ""


def test_a_clean_file_is_kept(task: Task, client: Client, settings: Settings) -> None:
    settings.EVIDENCE_SCANNER = f"{__name__}.clean"
    assert send(client, task).status_code == 302
    assert [path.read_bytes() for path in kept_files(settings)] == [A_PDF]


@pytest.mark.parametrize(
    ("scanner", "sentence"),
    [
        ("finds", "The virus scanner found “Eicar-Test-Signature &lt;b&gt;” in the file"),
        ("breaks", "The virus scanner does not answer, so the file was not kept"),
        ("mutters", "The virus scanner does not answer"),
        ("hangs", "The virus scanner does not answer"),
        ("is_not_there", "The virus scanner does not answer"),
    ],
)
def test_what_was_not_found_clean_is_not_kept(
    task: Task, client: Client, settings: Settings, scanner: str, sentence: str
) -> None:
    _released.clear()
    settings.EVIDENCE_SCANNER = f"{__name__}.{scanner}"
    settings.EVIDENCE_SCANNER_SECONDS = 0.2 if scanner == "hangs" else 10
    page = words(send(client, task))
    _released.set()
    assert sentence in page
    assert (kept_files(settings), Evidence.objects.count()) == ([], 0)
    assert not Event.objects.filter(kind="evidence_recorded").exists()
