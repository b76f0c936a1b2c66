"""`manage.py endpoints`: what it prints, what it writes, and its exit status."""

import os
from pathlib import Path

import pytest
from django.core.management import CommandError

from databases.models import Endpoint, Zone, ZoneNetwork
from tests.databases.probed import make_interface
from tests.databases.test_endpoint_files import FILE, NETWORKS, SECRET
from tests.processes import manage, own_database, started
from tests.tracking.test_commands import run
from tracking.models import User

ONLY_ZONES = FILE[: FILE.index("endpoints:\n")]


@pytest.fixture
def file(db: None, tmp_path: Path) -> Path:
    make_interface()
    return written(tmp_path, FILE)


def written(folder: Path, text: str | bytes, name: str = "endpoints.yaml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_plan_prints_what_would_be_added_and_writes_nothing(file: Path) -> None:
    status, said, wrong = run("endpoints", "plan", str(file))
    assert (status, wrong) == (0, "")
    assert said.splitlines() == [
        "+ zone TSLCD",
        "+ endpoint E-1",
        "+ endpoint E-2",
        "3 added, 0 changed, 0 paused, 0 not in the file. Nothing was written: this was a plan.",
    ]
    assert not Zone.objects.exists()


def test_applying_prints_the_same_and_writes_it(file: Path) -> None:
    planned = run("endpoints", "plan", str(file))[1]
    status, said, _ = run("endpoints", "apply", str(file), "--by", "an")
    assert status == 0
    assert said.strip() + " Nothing was written: this was a plan." == planned.strip()
    assert Endpoint.objects.count() == 2
    assert run("endpoints", "plan", str(file))[:2] == (0, "No difference.\n")


def test_changes_are_printed_field_by_field(file: Path, tmp_path: Path) -> None:
    run("endpoints", "apply", str(file))
    changed = FILE.replace("interval: 30", "paused: true").replace("$.share: 0.5", "$.share: 0.75")
    other = written(tmp_path, changed.replace("vi: Điểm", "en: One, vi: Điểm"), "changed.yaml")
    assert run("endpoints", "apply", str(other))[1].splitlines() == [
        "~ endpoint E-1",
        "    name.en: none → One",
        "    interval: 30 → 60",
        "    paused: none → true",
        "~ endpoint E-2",
        '    spec.json: {"$.share": 0.5, "$.status": "ok"} → {"$.share": 0.75, "$.status": "ok"}',
        "0 added, 2 changed, 0 paused, 0 not in the file.",
    ]


def test_a_secret_that_was_in_the_register_is_not_printed(file: Path) -> None:
    run("endpoints", "apply", str(file))
    Endpoint.objects.filter(code="E-2").update(spec={"headers": {"X-Api-Key": SECRET}})
    said = run("endpoints", "plan", str(file))[1]
    assert 'spec.headers: {"X-Api-Key": "***"} → none' in said
    assert SECRET not in said


def test_what_is_not_in_the_file_is_told_and_paused_when_asked_for(
    file: Path, tmp_path: Path
) -> None:
    run("endpoints", "apply", str(file))
    zones = str(written(tmp_path, ONLY_ZONES, "zones.yaml"))
    assert run("endpoints", "apply", zones)[1].splitlines()[:2] == [
        "? endpoint E-1: not in the file",
        "? endpoint E-2: not in the file",
    ]
    assert not Endpoint.objects.filter(paused=True).exists()
    said = run("endpoints", "apply", zones, "--pause-absent")[1]
    assert said.splitlines() == [
        "= endpoint E-1: not in the file, paused",
        "= endpoint E-2: not in the file, paused",
        "0 added, 0 changed, 2 paused, 0 not in the file.",
    ]
    assert Endpoint.objects.filter(paused=True).count() == 2


@pytest.mark.django_db
def test_a_network_is_proposed_by_the_account_that_is_named(tmp_path: Path) -> None:
    User.objects.create(username="an")
    path = str(written(tmp_path, NETWORKS))
    status, _, wrong = run("endpoints", "apply", path)
    assert status == 1
    assert "give --by with the name of your account" in wrong
    status, said, _ = run("endpoints", "apply", path, "--by", "an")
    assert status == 0
    assert "proposed, another person approves it in the admin" in said
    assert ZoneNetwork.objects.get().proposed_by == "an"


@pytest.mark.parametrize("step", ["plan", "apply"])
def test_a_refused_file_says_where_and_writes_nothing(
    file: Path, tmp_path: Path, step: str
) -> None:
    path = written(tmp_path, FILE.replace("kind: http", "kind: fax"), "wrong.yaml")
    status, said, wrong = run("endpoints", step, str(path))
    assert (status, said) == (1, "")
    assert wrong.startswith(f'{path}:12: E-2: kind: there is no "fax": choose one of ')
    assert not Zone.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["missing", "a folder", "no rights", "a picture", "endless"])
def test_what_cannot_be_read_gets_a_sentence(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.yaml"
    match kind:
        case "a folder":
            path.mkdir()
        case "no rights":
            path.symlink_to(path)
        case "a picture":
            path.write_bytes(b"\x89PNG\r\n\x1a\n")
        case "endless":
            path = Path(os.devnull).with_name("zero")
    status, _, wrong = run("endpoints", "plan", str(path))
    assert status == 1
    assert str(path) in wrong
    assert "Traceback" not in wrong


@pytest.mark.parametrize(
    "arguments", [(), ("plan",), ("apply",), ("plan", "a", "b"), ("delete", "x"), ("plan", "-x")]
)
def test_wrong_usage_is_told(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run("endpoints", *arguments)


def test_an_export_planned_shows_no_difference(file: Path, tmp_path: Path) -> None:
    run("endpoints", "apply", str(file))
    path = tmp_path / "out.yaml"
    status, said, _ = run("endpoints", "export", str(path))
    assert status == 0
    assert said == f"{path}: {path.stat().st_size} bytes.\n"
    assert run("endpoints", "plan", str(path))[1] == "No difference.\n"
    assert run("endpoints", "export")[1] == path.read_text(encoding="utf-8")


def test_an_export_to_where_nothing_can_be_written_gets_a_sentence(
    file: Path, tmp_path: Path
) -> None:
    status, _, wrong = run("endpoints", "export", str(tmp_path / "no" / "out.yaml"))
    assert status == 1
    assert "No such file" in wrong


def test_as_a_process_it_ends_with_the_status_of_the_contract(tmp_path: Path) -> None:
    path = written(tmp_path, ONLY_ZONES)
    wrong = written(tmp_path, ONLY_ZONES.replace("[10.0.0.53]", "5"), "wrong.yaml")
    with own_database(tmp_path) as url:
        statuses = [
            manage(url, tmp_path, "endpoints", *arguments).returncode
            for arguments in (
                ("apply", str(path)),
                ("plan", str(path)),
                ("plan", str(wrong)),
                ("apply",),
            )
        ]
        exported = manage(url, tmp_path, "endpoints", "export")
    assert statuses == [0, 0, 1, 2]
    assert exported.stdout.decode().startswith("format: endpoints/1\n\nzones:\n  - code: TSLCD\n")
    assert exported.stderr == b""


def test_a_file_applied_by_two_at_once_is_written_once(tmp_path: Path) -> None:
    path = str(written(tmp_path, ONLY_ZONES))
    with own_database(tmp_path) as url:
        running = [started(url, tmp_path, "endpoints", "apply", path) for _ in range(2)]
        ended = [process.communicate(timeout=60) for process in running]
        assert [process.returncode for process in running] == [0, 0], ended
        exported = manage(url, tmp_path, "endpoints", "export").stdout
    assert exported.count(b"code: TSLCD") == 1
