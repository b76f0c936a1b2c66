"""Does the set-up say what is wrong when it cannot go on, and nothing when all is done?"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the set-up alone, with an empty lock, so that nothing is fetched."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "prepare.py", tmp_path / ".ci")
    (tmp_path / "requirements").mkdir()
    for name in ("uv", "base", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").touch()
    return tmp_path


def prepare(
    project: Path, lock: str = "base", **environment: str
) -> subprocess.CompletedProcess[str]:
    # A network that is not there: what is tested here must not need it.
    offline = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PYTHON": ""}
    return subprocess.run(
        [sys.executable, ".ci/prepare.py", lock],
        cwd=project,
        env=os.environ | offline | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def make_venv(project: Path) -> None:
    """What `python -m venv` makes, without the seconds that pip takes to come in."""
    venv.create(project / ".venv", with_pip=False)


def mark_ready(project: Path, *locks: str) -> None:
    code = (
        "import prepare, sys; [prepare.stamp(n).write_text(prepare.key(n)) for n in sys.argv[1:]]"
    )
    subprocess.run([sys.executable, "-c", code, *locks], cwd=project / ".ci", check=True)


def is_ready(project: Path) -> bool:
    code = "import prepare; print(prepare.is_ready('base'))"
    told = subprocess.check_output([sys.executable, "-c", code], cwd=project / ".ci", text=True)
    return told == "True\n"


def test_ready_environment_is_left_alone_and_nothing_is_said(project: Path) -> None:
    make_venv(project)
    mark_ready(project, "base")
    done = prepare(project)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_changed_lock_is_not_ready(project: Path) -> None:
    make_venv(project)
    mark_ready(project, "base")
    (project / "requirements" / "base.txt").write_text("# changed\n")
    assert not is_ready(project)


def test_moved_environment_is_not_ready(project: Path, tmp_path: Path) -> None:
    make_venv(project)
    mark_ready(project, "base")
    moved = tmp_path / "moved"
    for name in (".ci", "requirements", ".venv"):
        shutil.copytree(project / name, moved / name, symlinks=True)
    assert is_ready(project)
    assert not is_ready(moved)


def test_python_that_is_none_is_named(project: Path) -> None:
    done = prepare(project, PYTHON="/nowhere/python")
    assert done.returncode == 1
    assert done.stderr.startswith("PYTHON=/nowhere/python is not a Python 3.11 or newer.")


def test_machine_without_python_is_told_what_to_install(project: Path) -> None:
    done = prepare(project, PATH="/nowhere")
    assert done.returncode == 1
    assert done.stderr.startswith("No Python 3.11 or newer was found")


def test_python_without_venv_names_the_package_to_install(project: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bin" / "python3"
    bare.parent.mkdir()
    bare.write_text("#!/bin/sh\necho 3.11.2 no /usr/bin/python3\n")
    bare.chmod(0o755)
    done = prepare(project, PATH=str(bare.parent))
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr


def test_unknown_lock_is_refused(project: Path) -> None:
    assert prepare(project, "nonsense").stderr == (
        "There is no lock requirements/nonsense.txt; say base or dev.\n"
    )
