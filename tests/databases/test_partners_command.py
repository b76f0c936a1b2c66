"""Do the stand-ins run, report and end as the command promises, whatever else holds their ports?"""

import hashlib
import hmac
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import CommandError, call_command

from databases.partners import switches
from databases.partners.heartbeat import AGAIN
from databases.partners.kept import SIGNING_KEY, secret
from databases.partners.roster import HOST, LABEL_EN, ROSTER, ports
from databases.rules.track import Result
from tests.databases.running_stand_ins import (
    PATIENCE,
    free_ports,
    happens,
    is_free,
    partners,
    running,
)
from tests.processes import on_postgresql

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        on_postgresql(), reason="the stand-ins know no database; the run on SQLite has tried them"
    ),
]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_end_asked_for_is_clean(tmp_path: Path, number: signal.Signals) -> None:
    first = free_ports()
    with running(tmp_path, first) as begun:
        begun.process.send_signal(number)
        told, faults = begun.process.communicate(timeout=PATIENCE)
        assert (begun.process.returncode, faults) == (0, "")
        assert told.count("\n") == 1
        assert not switches.are_running(tmp_path / "partners")
        assert all(is_free(port) for port in ports(first))


def test_it_ends_at_once_while_clients_wait_for_an_answer(tmp_path: Path) -> None:
    with running(tmp_path, free_ports()) as begun:
        hanging = begun.address("GL-07")
        probing = threading.Thread(target=begun.probed, args=("http", begun.url("GL-07")))
        probing.start()
        assert begun.probed("tcp", hanging).result is Result.OK
        begun.process.terminate()
        begun.process.communicate(timeout=2)
        probing.join()
        assert begun.process.returncode == 0


def test_it_says_where_it_listens_and_that_these_are_stand_ins(tmp_path: Path) -> None:
    first = free_ports()
    process = partners(tmp_path, first)
    assert process.stdout
    lines = [process.stdout.readline() for _ in ROSTER]
    process.terminate()
    process.communicate(timeout=PATIENCE)
    for stand_in, line in zip(ROSTER.values(), lines, strict=True):
        assert line.startswith(stand_in.code)
        assert stand_in.offset is None or f"{HOST}:{stand_in.port(first)} " in line
        assert stand_in.name_vi in line


def test_a_second_process_on_the_same_data_is_refused_with_a_sentence(tmp_path: Path) -> None:
    first = free_ports()
    with running(tmp_path, first) as begun:
        second = partners(tmp_path, first)
        told, faults = second.communicate(timeout=PATIENCE)
        assert (second.returncode, told, faults.count("\n")) == (1, "", 1)
        assert begun.probed("tcp", begun.address("GL-12-2")).result is Result.OK


def test_two_processes_that_fight_for_ports_say_so_and_the_second_waits(tmp_path: Path) -> None:
    first = free_ports()
    with running(tmp_path / "one", first):
        second = partners(tmp_path / "two", first)
        assert second.stdout
        lines = [second.stdout.readline() for _ in range(2)]
        [said] = [line for line in lines if f" {first}, " in line]
        assert "GL-MOC-1" in said
        assert second.poll() is None
    try:
        heard = [second.stdout.readline() for _ in range(len(ROSTER) - 1)]
        assert all(str(port) in "".join(heard) for port in ports(first))
    finally:
        second.terminate()
        _, faults = second.communicate(timeout=PATIENCE)
    assert faults == ""


def test_what_is_switched_off_stays_off_over_a_restart(tmp_path: Path) -> None:
    first = free_ports()
    switches.stop(tmp_path / "partners", "GL-02")
    process = partners(tmp_path, first)
    assert process.stdout
    lines = [process.stdout.readline() for _ in ROSTER]
    process.terminate()
    process.communicate(timeout=PATIENCE)
    assert "GL-02" in lines[0]
    assert not any(line.startswith("GL-02 ") for line in lines[1:])


def command(*arguments: str) -> str:
    told = StringIO()
    call_command("partners", *arguments, stdout=told)
    return told.getvalue()


@pytest.fixture
def var_dir(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


def test_the_list_shows_every_stand_in_and_which_are_off(var_dir: Path) -> None:
    command("--stop", "GL-03", "GL-01-BT")
    lines = command("--list").splitlines()
    assert len(lines) == len(ROSTER)
    assert all(LABEL_EN in line for line in lines)
    off = [line.split()[1] for line in lines if line.startswith("off ")]
    assert sorted(off) == ["GL-01-BT", "GL-03"]
    assert all(line.startswith(("off ", "not running ")) for line in lines)


def test_switching_while_nothing_runs_says_that_it_counts_later(var_dir: Path) -> None:
    assert "No stand-ins run" in command("--stop", "GL-01")
    assert switches.stopped(var_dir / "partners") == {"GL-01"}
    assert "No stand-ins run" in command("--start", "GL-01", "GL-02")
    assert switches.stopped(var_dir / "partners") == frozenset()


@pytest.mark.parametrize("option", ["--stop", "--start"])
def test_a_code_that_is_not_known_is_refused_and_nothing_is_switched(
    var_dir: Path, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        command(option, "GL-01", "../../evil")
    assert ended.value.code == 1
    assert "No stand-in is called ../../evil" in capsys.readouterr().err
    assert list(var_dir.rglob("*")) == []


@pytest.mark.parametrize("port", ["70000", "65520", "80", "-1", "x", ""])
def test_a_first_port_without_room_for_all_is_refused_with_a_sentence(port: str) -> None:
    with pytest.raises(CommandError, match="is no first port: give a number from 1024 to 65519"):
        command("--list", f"--port={port}")


Heard = list[tuple[str, str, bytes]]


@contextmanager
def portal(*, status: int) -> Iterator[tuple[str, Heard]]:
    """A server in place of the portal: its address, and what is posted to it."""
    heard: Heard = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((self.path, self.headers["X-Signature"], body))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer((HOST, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://{HOST}:{server.server_port}", heard
        finally:
            server.shutdown()
            thread.join()


def test_a_heartbeat_is_signed_and_tells_of_fresh_data(tmp_path: Path) -> None:
    with (
        portal(status=200) as (url, heard),
        running(tmp_path, free_ports(), BASE_URL=url) as begun,
    ):
        happens(lambda: bool(heard))
        path, signature, body = heard[0]
        key = secret(begun.papers, SIGNING_KEY)
    assert path == "/heartbeats/GL-01-BT"
    assert signature == "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest()
    said = orjson.loads(body)
    assert set(said) == {"number", "watermark", "sent_at"}
    sent, newest = (datetime.fromisoformat(said[name]) for name in ("sent_at", "watermark"))
    assert said["number"] == int(sent.timestamp())
    assert abs((datetime.now(UTC) - sent).total_seconds()) < PATIENCE
    assert 0 < (sent - newest).total_seconds() < 600


def test_a_report_that_is_not_accepted_is_soon_followed_by_another(tmp_path: Path) -> None:
    with (
        portal(status=503) as (url, heard),
        running(tmp_path, free_ports(), BASE_URL=url),
    ):
        happens(lambda: len(heard) >= 2, seconds=AGAIN + PATIENCE)
    first, second = (orjson.loads(body)["number"] for _, _, body in heard[:2])
    assert first < second


def test_a_portal_that_is_away_ends_no_stand_in(tmp_path: Path) -> None:
    with running(tmp_path, free_ports(), BASE_URL=f"http://{HOST}:1") as begun:
        assert begun.probed("tcp", begun.address("GL-MOC-2")).result is Result.OK
        assert begun.process.poll() is None


def test_a_heartbeat_that_is_stopped_reports_no_more(tmp_path: Path) -> None:
    with (
        portal(status=503) as (url, heard),
        running(tmp_path, free_ports(), BASE_URL=url) as begun,
    ):
        happens(lambda: bool(heard))
        assert begun.process.stdout
        switches.stop(begun.papers, "GL-01-BT")
        assert "GL-01-BT" in begun.process.stdout.readline()
        known = len(heard)
        with pytest.raises(AssertionError, match="did not happen"):
            happens(lambda: len(heard) > known, seconds=AGAIN + 1)
