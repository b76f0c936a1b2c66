"""Does one command set everything up, print the list, serve, end cleanly, and keep the data?"""

import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config import processes
from databases.partners.roster import ROSTER
from tests.databases.running_stand_ins import free_ports, happens
from tests.processes import CLOCK
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


@pytest.fixture(scope="module")
def first() -> int:
    """The first port of the stand-ins, so that another portal on this machine does not matter."""
    return free_ports()


def portal(var_dir: Path, first: int, *arguments: str) -> subprocess.Popen[str]:
    """The command as on a fresh machine: nothing in the environment but where its files go."""
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "VAR_DIR": str(var_dir)}
    environment |= {"PARTNERS_PORT": str(first), "MAILBOX_PORT": str(free_port()), **CLOCK}
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


def states(var_dir: Path) -> dict[str, str]:
    """By endpoint, as the pump wrote it."""
    with closing(sqlite3.connect(var_dir / "portal.sqlite3", timeout=20)) as database:
        found = database.execute(
            "SELECT code, state FROM databases_endpoint JOIN databases_endpointstate "
            "ON id = endpoint_id"
        )
        return dict(found.fetchall())


def test_demo_prints_the_list_and_writes_every_document(var_dir: Path, first: int) -> None:
    told, faults = portal(var_dir, first, "--demo").communicate(timeout=120)
    assert faults == ""
    assert "18/11/2025" in told
    for language in ("vi", "en"):
        for kind, beginning in MAGIC.items():
            path = var_dir / "lists" / f"progress-list-2025-11-18-{language}.{kind}"
            assert path.read_bytes().startswith(beginning), path
            assert os.path.relpath(path, ROOT) in told


def test_portal_serves_until_it_is_told_to_end(var_dir: Path, first: int) -> None:
    port = free_port()
    process = portal(var_dir, first, "--port", str(port))
    assert process.stdout
    before = (var_dir / "secret-key").read_text()
    told = until_served(process)
    assert f"127.0.0.1:{first} to {first + 16}" in told
    assert "manage.py partners --stop GL-01" in told
    assert "in use" not in told
    assert f"http://127.0.0.1:{port}/mailbox/" in told
    assert status(port, "/healthz") == 200
    for name in ("mailbox", "watch"):
        log = var_dir / "log" / f"{name}.log"
        happens(lambda log=log: log.read_text() != "")  # type: ignore[misc]
    refused = portal(var_dir, first, "--port", str(port))
    _, faults = refused.communicate(timeout=60)
    assert (refused.returncode, faults.count("\n")) == (1, 1)
    assert f"Port {port} is in use" in faults
    # Real probes over real sockets: an endpoint that is fine, one that warns, one that fails.
    wanted = {"GL-MOC-2": "up", "GL-04": "up", "GL-06": "degraded", "GL-05": "down"}
    happens(lambda: wanted.items() <= states(var_dir).items(), seconds=90)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert list(living(var_dir)) == []
    assert (var_dir / "secret-key").read_text() == before


def test_ports_of_stand_ins_that_are_taken_do_not_keep_the_portal_from_serving(
    var_dir: Path, first: int
) -> None:
    port, taken = free_port(), ROSTER["GL-01"].port(first)
    with socket.create_server((processes.HOST, taken)):
        process = portal(var_dir, first, "--port", str(port))
        told = until_served(process)
        assert f"in use by another program: {taken};" in told
        assert status(port, "/healthz") == 200
        log = var_dir / "log" / "partners.log"
        happens(lambda: f": {taken}." in log.read_text())
    happens(lambda: f"{processes.HOST}:{taken} " in log.read_text())
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert list(living(var_dir)) == []


def until_served(process: subprocess.Popen[str]) -> str:
    """What it says from its start to the line that it can be used."""
    assert process.stdout
    lines = []
    for line in iter(process.stdout.readline, ""):
        lines.append(line)
        if "Ctrl-C" in line:
            return "".join(lines)
    raise AssertionError(process.communicate())
