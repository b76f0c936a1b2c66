"""The commands that other programs rely on: exit status, sentences, files."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command, load_command_class

from tests.tracking.test_progress_lists import SCOPE, event, plan_file
from tracking.actions.progress_lists import draft
from tracking.models import Event, ProgressList, Task, TaskSituation
from tracking.rules.canonical import canonical, sha256_of

pytestmark = pytest.mark.django_db
THEN = ("--as-of", "2025-11-18", "--known-at", "2025-11-18T17:00")


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output, standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=err)
        status = 0
    except SystemExit as ended:
        status = int(ended.code or 0)
    return status, out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan_file(), ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture
def plan(file: Path) -> None:
    assert run("import_plan", str(file))[0] == 0


def test_import_writes_once_and_says_what(file: Path) -> None:
    status, said, _ = run("import_plan", str(file))
    assert status == 0
    assert "4 events recorded" in said
    assert "0 rows added, 0 changed, 0 events" in run("import_plan", str(file))[1]


def test_a_dry_run_writes_nothing(file: Path) -> None:
    status, said, _ = run("import_plan", str(file), "--dry-run")
    assert status == 0
    assert "dry run" in said
    assert not Task.objects.exists()


def test_a_faulty_file_is_refused_with_every_fault_and_its_line(tmp_path: Path) -> None:
    wrong = plan_file(events=(event("T9", "submitted", "2025-10-05"),))
    wrong["tasks"][0]["lead"] = "XYZ"
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps(wrong, ensure_ascii=False, indent=1), encoding="utf-8")
    status, _, said = run("import_plan", str(path))
    assert status == 1
    lines = said.splitlines()
    assert any("XYZ" in line and line.startswith("line ") for line in lines)
    assert any("T9" in line for line in lines)
    assert not Task.objects.exists()


@pytest.mark.parametrize("name", ["missing.json", "plan.docx"])
def test_what_cannot_be_read_gets_a_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name != "missing.json":
        path.write_bytes(b"PK\x03\x04")
    status, _, said = run("import_plan", str(path))
    assert status == 1
    assert said.strip()
    assert "Traceback" not in said


@pytest.mark.usefixtures("plan")
def test_the_json_of_a_list_is_canonical_and_carries_its_hash() -> None:
    status, said, _ = run("progress_list", *THEN, "--format", "json")
    content: dict[str, Any] = json.loads(said)
    assert status == 0
    assert said.encode().strip() == canonical(content)
    assert content["sha256"] == sha256_of(content)
    assert content["known_at"] == "2025-11-18T17:00:00+07:00"
    assert not ProgressList.objects.exists()


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize("kind", ["text", "json", "html", "docx", "xlsx", "pdf"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_format_goes_to_a_file(tmp_path: Path, kind: str, language: str) -> None:
    path = tmp_path / f"list.{kind}"
    options = ("--format", kind, "--language", language, "--output", str(path))
    assert run("progress_list", *THEN, *options)[0] == 0
    assert path.stat().st_size > 500


@pytest.mark.usefixtures("plan")
def test_a_piped_text_marks_with_stars_and_the_word() -> None:
    said = run("progress_list", *THEN)[1]
    assert "**__Cục Quản lý Dược__**" in said
    assert "QUÁ HẠN" in said


@pytest.mark.usefixtures("plan")
def test_issue_verify_supersede() -> None:
    assert run("issue_list", *THEN)[0] == 0
    status, said, _ = run("issue_list", *THEN)
    assert (status, "already" in said) == (0, True)
    assert run("issue_list", *THEN, "--supersedes", "1")[0] == 1
    assert run("issue_list", *THEN, "--supersedes", "1", "--reason", "x")[0] == 0
    status, said, told = run("issue_list", *THEN, "--format", "json")
    assert (status, json.loads(said)["number"], "2" in told) == (0, 2, True)
    assert run("verify_list", "2")[0] == 0
    assert run("verify_list", "--all")[0] == 0
    assert run("verify_list", "9")[0] == 1


@pytest.mark.usefixtures("plan")
def test_the_last_day_that_a_date_can_name_still_has_its_tasks() -> None:
    said = run("progress_list", "--as-of", "9999-12-31", "--format", "json")[1]
    assert json.loads(said)["totals"]["in_scope"] == 2


@pytest.mark.usefixtures("plan")
def test_a_forecast_is_not_issued() -> None:
    status, _, said = run("issue_list", "--as-of", "2025-11-20", "--known-at", "2025-11-18")
    assert status == 1
    assert "forecast" in said


@pytest.mark.usefixtures("plan")
def test_a_list_file_is_verified_and_a_difference_exits_with_three(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    run("progress_list", *THEN, "--format", "json", "--output", str(path))
    assert run("verify_list", "--file", str(path))[0] == 0
    path.write_text(path.read_text().replace('"breaches":1', '"breaches":0', 1), encoding="utf-8")
    status, _, said = run("verify_list", "--file", str(path))
    assert status == 3
    assert "T1, breaches: the list says 0, the ledger 1" in said
    for content in ("[]", "{", '{"a": NaN}', '{"format": "x"}'):
        path.write_text(content, encoding="utf-8")
        assert run("verify_list", "--file", str(path))[0] == 1


@pytest.mark.usefixtures("plan")
def test_the_projection_is_checked_and_rebuilt() -> None:
    assert run("rebuild_tasks", "--check")[0] == 0
    TaskSituation.objects.filter(task__code="T1").update(paused=True)
    status, _, said = run("rebuild_tasks", "--check")
    assert (status, "T1" in said, "T2" in said) == (3, True, False)
    assert run("rebuild_tasks")[0] == 0
    assert run("rebuild_tasks", "--check")[0] == 0


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize("suffix", ["json", "xlsx"])
def test_an_export_imports_without_difference(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"all.{suffix}"
    assert run("export_plan", str(path))[0] == 0
    events = Event.objects.count()
    status, said, _ = run("import_plan", str(path))
    assert (status, "0 rows added, 0 changed, 0 events" in said) == (0, True)
    assert Event.objects.count() == events
    assert run("export_plan", str(tmp_path / "all.odt"))[0] == 1


@pytest.mark.usefixtures("plan")
def test_an_unknown_plan_is_refused() -> None:
    status, _, said = run("progress_list", "--plan", "07")
    assert status == 1
    assert '"07"' in said


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize(
    "changes",
    [
        {"departments": None},
        {"departments": [{"code": "QLD"}]},
        {"as_of": "yesterday"},
        {"known_at": 5},
        {"policy": "kind"},
        {"totals": {}},
        {"calendar": {"x": 1}},
        {"due_soon_days": 1.5},
        {"due_soon_days": 10**30},
        {"note": "\ud800"},
        {"plans": "02", "every_plan": False},
    ],
    ids=repr,
)
def test_a_list_that_is_built_wrongly_is_a_difference_and_no_accident(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    path = tmp_path / "list.json"
    run("progress_list", *THEN, "--format", "json", "--output", str(path))
    path.write_text(json.dumps(json.loads(path.read_text()) | changes), encoding="utf-8")
    status, _, said = run("verify_list", "--file", str(path))
    assert status == 3
    assert said.strip()
    path.write_text(json.dumps({"format": "progress-list/1", "number": "x"}), encoding="utf-8")
    assert run("verify_list", "--file", str(path))[0] == 1


@pytest.mark.parametrize(
    "line",
    [
        "progress_list --as-of 2025-13-01",
        "progress_list --as-of yesterday",
        "progress_list --known-at noon",
        "progress_list --policy kind",
        "progress_list --format odt",
        "issue_list --supersedes first",
        "verify_list",
        "verify_list one",
        "verify_list 1 --all",
        "import_plan",
        "rebuild_tasks --now",
    ],
)
def test_wrong_usage_exits_with_two_and_says_what_is_wrong(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name, *options = line.split()
    command = load_command_class("tracking", name)
    with pytest.raises(SystemExit) as ended:
        command.run_from_argv(["manage.py", name, *options])
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert f"manage.py {name}: error: " in said.err


EARLIEST, LATEST = "0001-01-01T00:00", "9999-12-31T23:59-12:00"


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize("known_at", ["0001-01-01", EARLIEST, f"{EARLIEST}+14:00", LATEST])
def test_no_instant_that_can_be_written_makes_an_accident(known_at: str) -> None:
    try:
        status = run("progress_list", "--as-of", "2025-11-18", "--known-at", known_at)[0]
    except CommandError:
        return  # wrong usage, said in words
    assert status in {0, 1}


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize(
    "line",
    [
        "import_plan {}/missing.json",
        "import_plan {}",
        "verify_list --file {}/missing.json",
        "verify_list --file {}",
        "progress_list --output {}",
        "progress_list --format docx --output {}/no/list.docx",
        "export_plan {}/no/plan.json",
        "export_plan {}/plan.json --plan 07",
        "verify_list 999999999999999999999999",
        "issue_list --as-of 2025-11-18 --supersedes 999999999999999999999999 --reason x",
        "issue_list --as-of 2025-11-18 --plan 07",
    ],
)
def test_what_cannot_be_done_exits_with_one_and_a_sentence(tmp_path: Path, line: str) -> None:
    status, out, said = run(*line.format(tmp_path).split())
    assert (status, out) == (1, "")
    assert said.strip()
    assert "Traceback" not in said
    assert not ProgressList.objects.exists()


@pytest.mark.usefixtures("plan")
def test_a_list_that_cannot_be_handed_over_is_not_issued(tmp_path: Path) -> None:
    status, _, said = run("issue_list", *THEN, "--output", str(tmp_path / "no" / "list.json"))
    assert (status, "No such file" in said) == (1, True)
    assert not ProgressList.objects.exists()  # exit status 1: refused, nothing changed


@pytest.mark.usefixtures("plan")
def test_the_json_of_the_command_is_the_draft() -> None:
    assert json.loads(run("progress_list", *THEN, "--format", "json")[1]) == draft(SCOPE)


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize("number", ["1e999", "1e3", "0.5", "-0.0"])
def test_a_number_that_is_no_integer_in_a_list_file_is_a_difference(
    tmp_path: Path, number: str
) -> None:
    path = tmp_path / "list.json"
    run("progress_list", *THEN, "--format", "json", "--output", str(path))
    told = path.read_text(encoding="utf-8").replace('"product":null', f'"product":{number}', 1)
    path.write_text(told, encoding="utf-8")
    assert run("verify_list", "--file", str(path))[0] == 3
