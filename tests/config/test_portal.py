"""Does one command set everything up, print the list, serve, end cleanly, and keep the data?"""

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config import processes
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
MAGIC = {"docx": b"PK", "xlsx": b"PK", "pdf": b"%PDF", "html": b"<!"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        os.environ.get("TEST_DATABASE") == "postgresql",
        reason="make run is about the embedded default; the run on SQLite has tried it",
    ),
]


@pytest.fixture(scope="module")
def var_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


def portal(var_dir: Path, *arguments: str) -> subprocess.Popen[str]:
    """The command as on a fresh machine: nothing in the environment but where its files go."""
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "VAR_DIR": str(var_dir)}
    return subprocess.Popen(
        [sys.executable, "manage.py", "portal", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection(processes.HOST, port, timeout=10)
    with closing(connection):
        connection.request("GET", path)
        return connection.getresponse().status


def living(var_dir: Path) -> Iterator[str]:
    """The command line of every process that has this folder in its environment."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"VAR_DIR={var_dir}".encode() in (entry / "environ").read_bytes():
                yield (entry / "cmdline").read_text()
        except OSError:
            continue


def test_demo_prints_the_list_and_writes_every_document(var_dir: Path) -> None:
    told, faults = portal(var_dir, "--demo").communicate(timeout=120)
    assert faults == ""
    assert "18/11/2025" in told
    for language in ("vi", "en"):
        for kind, beginning in MAGIC.items():
            path = var_dir / "lists" / f"progress-list-2025-11-18-{language}.{kind}"
            assert path.read_bytes().startswith(beginning), path
            assert os.path.relpath(path, ROOT) in told


def test_portal_serves_until_it_is_told_to_end(var_dir: Path) -> None:
    port = free_port()
    process = portal(var_dir, "--port", str(port))
    assert process.stdout
    before = (var_dir / "secret-key").read_text()
    lines = iter(process.stdout.readline, "")
    assert any("Ctrl-C" in line for line in lines), process.communicate()
    assert status(port, "/healthz") == 200
    refused = portal(var_dir, "--port", str(port))
    _, told = refused.communicate(timeout=60)
    assert (refused.returncode, told.count("\n")) == (1, 1)
    assert f"Port {port} is in use" in told
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert list(living(var_dir)) == []
    assert (var_dir / "secret-key").read_text() == before
