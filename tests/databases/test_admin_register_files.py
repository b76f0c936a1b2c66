"""Taking register files in and writing them out, as operators do."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from databases.models import StageChange
from databases.register_files.register_export import export_register
from tests.databases.register_rows import background, counts, register_file, step, take
from tests.tracking.admin_people import signed_in

pytestmark = pytest.mark.django_db

HERE = "/admin/databases/database/"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path / "imports"


@pytest.fixture
def operator() -> Client:
    return signed_in("operator")


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def upload(client: Client, content: Any, name: str = "register.json") -> Any:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(f"{HERE}import/", {"file": SimpleUploadedFile(name, data)})


def confirm(client: Client, page: Any) -> Any:
    token = re.search(r'name="token" value="([^"]+)"', text_of(page))
    assert token
    return client.post(f"{HERE}import/confirm/", {"token": token[1]})


def test_a_preview_writes_nothing_and_confirming_writes_what_was_looked_at(
    operator: Client, folder: Path
) -> None:
    background()
    before = counts()
    page = upload(operator, register_file())
    assert "<li>connection K1</li>" in text_of(page)
    assert "<li>declared stage K1: upgrading, 18/11/2025</li>" in text_of(page)
    assert counts() == before
    answer = confirm(operator, page)
    assert answer["Location"] == HERE
    assert "11 rows added, 0 changed." in text_of(operator.get(HERE))
    assert StageChange.objects.get().actor == "operator"
    assert not list(folder.iterdir())
    assert "waits no longer" in text_of(confirm(operator, page))


def test_a_token_of_plans_does_not_confirm_a_register(operator: Client) -> None:
    background()
    page = upload(operator, register_file())
    token = re.search(r'name="token" value="([^"]+)"', text_of(page))
    assert token
    answer = operator.post("/admin/tracking/plan/import/confirm/", {"token": token[1]})
    assert "is not yours" in text_of(answer)


def test_every_fault_is_told_with_its_place(operator: Client, folder: Path) -> None:
    background()
    wrong = register_file(steps=[step("tested", "2199-01-01"), step("set_up", "x")])
    text = text_of(upload(operator, wrong))
    assert "Nothing was imported: 2 faults" in text
    assert "<li>Line 1: K1: the day lies ahead" in text
    assert not folder.exists()


def test_a_wrong_file_gets_a_sentence(operator: Client) -> None:
    assert "The file is empty" in text_of(upload(operator, b""))
    text = text_of(upload(operator, {"format": "progress-plan/1"}))
    assert "Line 1: not a register file: it must be an object with" in text
    assert "errorlist" in text_of(operator.post(f"{HERE}import/"))


@pytest.mark.parametrize(
    ("suffix", "kind"), [(".json", "application/json"), (".xlsx", "application/vnd")]
)
def test_a_file_goes_out_and_comes_in_again(operator: Client, suffix: str, kind: str) -> None:
    background()
    take(register_file())
    answer = operator.get(f"{HERE}export/", {"format": suffix})
    assert answer["Content-Type"].startswith(kind)
    assert re.fullmatch(
        rf'attachment; filename="database-register-\d{{4}}-\d\d-\d\d\{suffix}"',
        answer["Content-Disposition"],
    )
    assert answer.content == export_register(f"r{suffix}")
    assert "There is nothing to import" in text_of(upload(operator, answer.content, f"r{suffix}"))


def test_a_wrong_format_is_told(operator: Client) -> None:
    assert "errorlist" in text_of(operator.get(f"{HERE}export/", {"format": ".csv"}))
    assert operator.get(f"{HERE}export/").status_code == 200


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "clerk"])
def test_only_operators_import_and_export(role: str) -> None:
    client = signed_in(role)
    assert client.get(f"{HERE}import/").status_code == 403
    assert upload(client, register_file()).status_code == 403
    assert client.post(f"{HERE}import/confirm/", {"token": ""}).status_code == 403
    assert client.get(f"{HERE}export/", {"format": ".json"}).status_code == 403
    assert "Import the register" not in text_of(client.get(HERE))


def test_the_register_leads_there(operator: Client) -> None:
    text = text_of(operator.get(HERE))
    assert f'href="{HERE}import/"' in text
    assert f'href="{HERE}export/"' in text
