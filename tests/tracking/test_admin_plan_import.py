"""Taking plan files in and writing them out, as operators do."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tests.tracking.admin_people import plan_file, signed_in
from tests.tracking.imported import take_in
from tracking.models import Department, Event, Task
from tracking.plan_files.export import export_plan
from tracking.rules.instants import instant_from

pytestmark = pytest.mark.django_db

NOW = instant_from("2025-11-01T08:00")
HERE = "/admin/tracking/plan/"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path / "imports"


def upload(client: Client, content: Any, name: str = "plan.json") -> Any:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(f"{HERE}import/", {"file": SimpleUploadedFile(name, data)})


def confirm(client: Client, page: Any) -> Any:
    token = re.search(r'name="token" value="([^"]+)"', text_of(page))
    assert token
    return client.post(f"{HERE}import/confirm/", {"token": token[1]})


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def written() -> tuple[int, int, int]:
    return Department.objects.count(), Task.objects.count(), Event.objects.count()


def test_a_preview_writes_nothing(folder: Path) -> None:
    page = upload(signed_in("operator"), plan_file())
    assert written() == (0, 0, 0)
    context = page.context
    assert (len(context["changes"].added), context["changes"].events) == (4, 2)
    assert "<li>task T1</li>" in text_of(page)
    (kept,) = folder.iterdir()
    assert (folder.stat().st_mode & 0o777, kept.stat().st_mode & 0o777) == (0o700, 0o600)


def test_confirming_writes_what_was_looked_at(folder: Path) -> None:
    client = signed_in("operator")
    response = confirm(client, upload(client, plan_file()))
    assert written() == (2, 1, 2)
    assert response["Location"] == HERE
    assert "4 rows added, 0 changed, 2 events recorded" in text_of(client.get(HERE))
    assert not list(folder.iterdir())


def test_confirming_twice_writes_once() -> None:
    client = signed_in("operator")
    page = upload(client, plan_file())
    confirm(client, page)
    assert "waits no longer" in text_of(confirm(client, page))
    assert written() == (2, 1, 2)


def test_what_is_here_already_is_nothing_to_import() -> None:
    take_in(plan_file(), now=NOW)
    page = upload(signed_in("operator"), plan_file())
    assert "There is nothing to import" in text_of(page)
    assert 'name="token"' not in text_of(page)


def test_every_fault_is_told_with_its_place(folder: Path) -> None:
    content = plan_file()
    content["tasks"] += [
        {"code": "T2", "plan": "none", "title": {"vi": "Hai"}, "lead": "QLD"},
        {"code": "T3", "plan": "02-KH", "title": {"vi": "Ba"}, "lead": "none"},
    ]
    data = json.dumps(content, indent=1).encode()
    page = text_of(upload(signed_in("operator"), data))
    lines = data.decode().splitlines()
    for fault in ('"T2"', '"T3"'):
        place = next(at for at, line in enumerate(lines) if fault in line)
        assert re.search(rf"<li>Line {place}: ", page)
    assert "Nothing was imported: 2 faults" in page
    assert written() == (0, 0, 0)
    assert not folder.exists()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("plan.json", b"", "The file is empty"),
        ("plan.json", b"{", "not JSON"),
        ("plan.json", b'{"format": "other"}', "not a plan file"),
        ("plan.json", b"PK\x03\x04rest", "not what the name says"),
        ("plan.xlsx", b"{}", "not what the name says"),
        ("plan.doc", b"text", "Only .json and .xlsx files are read"),
        ("<b>.json", b"{", "not JSON"),
    ],
)
def test_a_wrong_file_gets_a_sentence(name: str, data: bytes, sentence: str) -> None:
    page = text_of(upload(signed_in("operator"), data, name))
    assert sentence in page
    assert "Nothing was imported: 1 fault" in page
    assert "<b>" not in page
    assert written() == (0, 0, 0)


def test_no_file_gets_a_sentence() -> None:
    page = text_of(signed_in("operator").post(f"{HERE}import/"))
    assert 'class="errorlist' in page


def test_a_large_file_is_refused_before_it_is_read(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.IMPORT_MAX_BYTES = 100
    read = monkeypatch.setattr
    read("tracking.admin.plan_import.parse_plan", lambda *_: pytest.fail("it was read"))
    page = text_of(upload(signed_in("operator"), b" " * 101))
    assert "The file has 101 bytes, at most 100 are read" in page


def test_a_token_of_another_session_is_refused(folder: Path) -> None:
    client = signed_in("operator")
    page = upload(client, plan_file())
    other = Client(headers={"accept-language": "en"})
    other.force_login(page.wsgi_request.user)
    assert "is not yours" in text_of(confirm(other, page))
    assert written() == (0, 0, 0)
    assert len(list(folder.iterdir())) == 1
    confirm(client, page)
    assert written() == (2, 1, 2)


@pytest.mark.parametrize("token", ["", "none", "../../etc/passwd"])
def test_a_token_that_is_none_is_refused(token: str) -> None:
    response = signed_in("operator").post(f"{HERE}import/confirm/", {"token": token})
    assert "choose it again" in text_of(response)


def test_files_that_nobody_confirmed_go_after_a_day(folder: Path) -> None:
    client = signed_in("operator")
    upload(client, plan_file())
    (old,) = folder.iterdir()
    os.utime(old, (0, 0))
    upload(client, plan_file())
    (kept,) = folder.iterdir()
    assert kept != old


def test_what_became_impossible_meanwhile_is_told(folder: Path) -> None:
    client = signed_in("operator")
    page = upload(client, plan_file())
    content = plan_file()
    content["tasks"][0]["lead"] = "KCB"
    take_in(content, now=NOW)
    assert "Nothing was imported" in text_of(confirm(client, page))
    assert not list(folder.iterdir())


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "clerk"])
def test_only_operators_import_and_export(role: str) -> None:
    client = signed_in(role)
    assert client.get(f"{HERE}import/").status_code == 403
    assert upload(client, plan_file()).status_code == 403
    assert client.post(f"{HERE}import/confirm/", {"token": ""}).status_code == 403
    assert client.get(f"{HERE}export/", {"format": ".json"}).status_code == 403
    assert "Import a plan" not in text_of(client.get(HERE))


def test_strangers_are_asked_to_sign_in() -> None:
    for there in ("import/", "import/confirm/", "export/"):
        assert "/sign-in/" in Client().get(HERE + there)["Location"]


def test_the_register_of_plans_leads_there() -> None:
    page = text_of(signed_in("operator").get(HERE))
    assert f'href="{HERE}import/"' in page
    assert f'href="{HERE}export/"' in page


def test_export() -> None:
    take_in(plan_file(), now=NOW)
    take_in(plan_file(plans=[{"code": "06", "name": {"vi": "Đề án 06"}}]), now=NOW)
    client = signed_in("operator")
    assert client.get(f"{HERE}export/").status_code == 200
    for plans in ([], ["02-KH"]):
        response = client.get(f"{HERE}export/", {"format": ".json", "plan": plans})
        assert response["Content-Type"] == "application/json"
        assert re.fullmatch(
            r'attachment; filename="progress-plan-\d{4}-\d\d-\d\d\.json"',
            response["Content-Disposition"],
        )
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response.content == export_plan("plan.json", plans=plans)


@pytest.mark.parametrize("wrong", [{"format": ".csv"}, {"format": ".json", "plan": "none"}])
def test_a_wrong_export_is_told(wrong: dict[str, str]) -> None:
    assert "errorlist" in text_of(signed_in("operator").get(f"{HERE}export/", wrong))


def test_a_workbook_goes_out_and_comes_in_again() -> None:
    take_in(plan_file(), now=NOW)
    client = signed_in("operator")
    response = client.get(f"{HERE}export/", {"format": ".xlsx"})
    assert response.content.startswith(b"PK")
    assert "There is nothing to import" in text_of(upload(client, response.content, "plan.xlsx"))
