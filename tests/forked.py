"""Commands of the portal, each in a process of its own, for a third of what a start costs.

Most of a start is the loading of libraries. It is done once, in a process that knows nothing of
ours; every command is a fork of it, which reads its environment and its settings and sets Django up
as it would alone. What depends on how the interpreter itself is started (its locale, its seed of
hashes) needs a true start: tests.processes.
"""

import gc
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from select import select
from typing import IO, Any

from tests.lasting import LASTING

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds for any of them
MOST = 200_000  # bytes of a request
# Some libraries put modules of their own making beside what was loaded; those have no origin.
LOADED = """
import json, sys
print(json.dumps([name for name, module in list(sys.modules.items())
                  if getattr(module, "__spec__", None) and module.__spec__.origin]))
"""
OURS = {"config", "databases", "tracking", "tests", "manage", "__main__", "__mp_main__"}
# Of ours, what a fork may find loaded.
KNOWN = {"__main__", "__mp_main__", "tests", "tests.lasting"}
# These read settings when they are loaded.
NEED_SETTINGS = (
    "csp",
    "django.contrib",
    "django.db.backends",
    "django.urls",
    "django_",
    "whitenoise",
)


class Forked:
    """One of them, with as much of subprocess.Popen as tests ask for."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        self.returncode = -1  # until it has ended
        self._printed = [_file() for _ in ("output", "complaints")]
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line.connect(_loaded())
        request = json.dumps([arguments, environment]).encode()
        socket.send_fds(self._line, [request], [file.fileno() for file in self._printed])
        self.pid = int(self._line.recv(100))

    def communicate(self, timeout: float = PATIENCE) -> tuple[bytes, bytes]:
        """What it printed and what it complained of, once it has ended."""
        self._line.settimeout(timeout)
        try:
            self.returncode = int(self._line.recv(100))
        except TimeoutError:
            os.kill(self.pid, signal.SIGKILL)
            raise
        finally:
            self._line.close()
        out, err = map(_read, self._printed)
        return out, err


def _file() -> IO[bytes]:
    return tempfile.TemporaryFile()


def _read(file: IO[bytes]) -> bytes:
    with file:
        file.seek(0)
        return file.read()


@cache
def _loaded() -> str:
    """The address of the process that has loaded the libraries."""
    from tests.servers import folder_prefix  # which loads some of ours

    folder = LASTING.enter_context(tempfile.TemporaryDirectory(prefix=folder_prefix()))
    command = [sys.executable, "-m", "tests.forked", f"{folder}/line"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        # With it Celery's app would read the settings here, and every fork would have them.
        env={name: value for name, value in os.environ.items() if name != "REDIS_URL"},
        stdin=subprocess.PIPE,  # it ends when we no longer hold the other side
        stdout=subprocess.PIPE,
        start_new_session=True,
    )

    LASTING.callback(process.communicate, timeout=PATIENCE)
    assert process.stdout is not None
    assert process.stdout.readline(), "the libraries could not be loaded"
    return f"{folder}/line"


def main(address: str) -> None:
    """Load what manage.py loads that is not ours; fork for everybody who asks."""
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", LOADED]
    for name in json.loads(subprocess.check_output(command, cwd=ROOT)):
        if name.partition(".")[0] not in OURS and not name.startswith(NEED_SETTINGS):
            import_module(name)
    ours = {name for name in sys.modules if name.partition(".")[0] in OURS}
    assert ours <= KNOWN, f"loaded before its settings are known: {sorted(ours - KNOWN)}"
    gc.freeze()  # what is loaded stays: no fork need look through it
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(address)
    listener.listen()
    sys.stdout.write("loaded\n")
    sys.stdout.flush()
    while listener in select([listener, sys.stdin], [], [])[0]:
        line, _ = listener.accept()
        if os.fork():
            line.close()
            _reap(os.WNOHANG)
            continue
        listener.close()
        if asked := _watching(line):
            _become(*asked)
        return
    _reap(0)


def _reap(how: int) -> None:
    """Those that watched a command which has ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, how)[0]:
            pass


def _watching(line: socket.socket) -> Any:
    """In the process that is to run the command: what was asked; None in the one that watches."""
    request, files, _, _ = socket.recv_fds(line, MOST, 2)
    child = os.fork()
    if not child:
        line.close()
        for number, file in enumerate([os.open(os.devnull, os.O_RDONLY), *files]):
            os.dup2(file, number)
            os.close(file)
        return json.loads(request)
    line.send(str(child).encode())
    _, status = os.waitpid(child, 0)
    with suppress(BrokenPipeError):  # nobody waits for it any more
        line.send(str(os.waitstatus_to_exitcode(status)).encode())
    return None


def _become(arguments: list[str], environment: dict[str, str]) -> None:
    """`python manage.py …` or `python -m tests.killing …`, as in a process of its own."""
    os.environ.clear()
    os.environ.update(environment)
    program, *_ = sys.argv = arguments
    if program.endswith(".py"):
        runpy.run_path(program, run_name="__main__")
    else:
        runpy.run_module(program, run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1])
