"""Do the portal's processes live and end together, whatever happens to whom?"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# A supervisor as the portal has it, over children given as lines of Python.
DRIVER = """
import os, sys
from pathlib import Path
from config.supervisor import Child, FailedToStart, Supervisor

folder = Path(sys.argv[1])
children = [
    Child(f"child{n}", [sys.executable, "-c", code], dict(os.environ), folder)
    for n, code in enumerate(sys.argv[2:])
]
ready = lambda: all((folder / f"ready{n}").exists() for n in range(len(children)))
try:
    with Supervisor(children, say=print, grace=1.0) as supervisor:
        supervisor.wait_until(ready, patience=10)
        print("up", flush=True)
        supervisor.watch()
except FailedToStart as error:
    sys.exit(str(error))
"""

READY = "import pathlib, time; pathlib.Path({folder!r}, 'ready{n}').touch()"
CALM = READY + "; time.sleep(60)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + CALM
# The grandchild ignores what the child is told, as an orphaned scheduler would.
PARENT = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', {deaf!r}]); " + CALM

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    begun = []

    def run(*codes: str) -> subprocess.Popen[str]:
        deaf = DEAF.format(folder=str(tmp_path), n="grandchild")
        lines = [code.format(folder=str(tmp_path), n=n, deaf=deaf) for n, code in enumerate(codes)]
        process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, str(tmp_path), *lines],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        begun.append(process)
        return process

    yield run
    for process in begun:
        process.kill()
        process.communicate()


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline()


def pid(folder: Path, name: str = "child0") -> int:
    return int((folder / f"{name}.pid").read_text())


def family(folder: Path) -> list[int]:
    """Every living process that knows this folder from its command line, zombies apart."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_end_asked_for_is_clean(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    process = start(CALM, CALM)
    assert first_line(process) == "up\n"
    process.send_signal(number)
    assert process.wait(10) == 0
    assert family(tmp_path) == []
    assert list(tmp_path.glob("*.pid")) == []


def test_a_child_deaf_to_sigterm_is_killed_after_the_grace(start: Start, tmp_path: Path) -> None:
    process = start(DEAF)
    assert first_line(process) == "up\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert family(tmp_path) == []


def test_nothing_is_left_of_a_childs_own_children(start: Start, tmp_path: Path) -> None:
    process = start(PARENT)
    assert first_line(process) == "up\n"
    wait_for((tmp_path / "readygrandchild").exists)
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    assert family(tmp_path) == []


def test_children_end_when_the_supervisor_is_killed(start: Start, tmp_path: Path) -> None:
    process = start(CALM, CALM)
    assert first_line(process) == "up\n"
    process.kill()
    process.wait()
    wait_for(lambda: family(tmp_path) == [])


def test_a_child_that_dies_is_started_again(start: Start, tmp_path: Path) -> None:
    process = start(CALM)
    assert first_line(process) == "up\n"
    former = pid(tmp_path)
    os.kill(former, signal.SIGKILL)
    wait_for(lambda: pid(tmp_path) != former)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    told, _ = process.communicate(timeout=10)
    assert told.startswith("child0 ended (-9), again in 1 s; see ")
    assert family(tmp_path) == []


def test_a_child_that_ends_before_the_portal_is_up_ends_the_start(
    start: Start, tmp_path: Path
) -> None:
    process = start(CALM.replace("ready{n}", "another"), "raise SystemExit('bad settings')")
    _, told = process.communicate(timeout=20)
    assert process.returncode == 1
    assert told == f"child1 ended at once; {tmp_path / 'child1.log'} says why.\n"
    assert (tmp_path / "child1.log").read_text() == "bad settings\n"
    assert family(tmp_path) == []
