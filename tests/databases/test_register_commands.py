"""The commands that take register files in and write them out: exit status, sentences, files."""

import json
from pathlib import Path

import pytest

from databases.models import Database, StageChange
from databases.register_files.register_export import register_content
from tests.databases.register_rows import background, database, register_file
from tests.tracking.test_commands import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    background()
    path = tmp_path / "register.json"
    path.write_text(json.dumps(register_file(), ensure_ascii=False), encoding="utf-8")
    return path


def test_import_writes_once_and_says_what(file: Path) -> None:
    status, said, _told = run("import_register", str(file))
    assert status == 0
    assert "+ declared stage K1: upgrading, 18/11/2025" in said.splitlines()
    assert said.endswith("11 rows added, 0 changed.\n")
    assert StageChange.objects.get().actor == "import"
    assert run("import_register", str(file))[1] == "0 rows added, 0 changed.\n"


def test_a_dry_run_writes_nothing(file: Path) -> None:
    status, said, _told = run("import_register", str(file), "--dry-run")
    assert status == 0
    assert "11 rows added, 0 changed. Nothing was written: this was a dry run." in said
    assert not Database.objects.exists()


def test_what_changes_is_told_before_it_is_written(file: Path) -> None:
    run("import_register", str(file))
    rows = register_file(databases=[database(security_level=4)])
    file.write_text(json.dumps(rows), encoding="utf-8")
    said = run("import_register", str(file), "--dry-run")[1]
    assert "~ database D1: security level: 3 → 4" in said.splitlines()


def test_a_faulty_file_is_refused_with_every_fault(file: Path) -> None:
    rows = register_file(databases=[database(owner="X"), database("D2", security_level=7)])
    file.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    status, said, told = run("import_register", str(file))
    assert (status, said) == (1, "")
    assert [line.partition(": ")[2][:9] for line in told.splitlines()] == ['owner "X"', "security_"]
    assert not Database.objects.exists()


@pytest.mark.parametrize("name", ["missing.json", "register.docx", "empty.xlsx"])
def test_what_cannot_be_read_gets_a_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name != "missing.json":
        path.write_bytes(b"")
    status, _said, told = run("import_register", str(path))
    assert status == 1
    assert len(told.splitlines()) == 1
    assert "Traceback" not in told


@pytest.mark.parametrize("suffix", [".json", ".xlsx"])
def test_what_is_exported_imports_without_difference(file: Path, suffix: str) -> None:
    run("import_register", str(file))
    content, path = register_content(), file.with_suffix(suffix)
    status, said, _told = run("export_register", str(path))
    assert status == 0
    assert said == f"{path}: {path.stat().st_size} bytes.\n"
    assert run("import_register", str(path))[1] == "0 rows added, 0 changed.\n"
    assert register_content() == content


def test_other_files_are_not_written(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    status, _said, told = run("export_register", str(path))
    assert (status, told) == (1, "only .json and .xlsx files are written: end the name so\n")
    assert not path.exists()
