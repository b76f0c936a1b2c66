"""The portal in processes of its own, on a database of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

from tests.forked import PATIENCE as PATIENCE, Forked
from tests.lasting import LASTING
from tests.servers import folder_prefix

ROOT = Path(__file__).resolve().parent.parent


def on_postgresql() -> bool:
    return os.environ.get("TEST_DATABASE") == "postgresql"


# Who starts a process with an environment of its own gives it the clock of this run too:
# .ci/clock.py.
CLOCK = {k: v for k, v in os.environ.items() if k in {"LD_PRELOAD", "CLOCK_MOVED"}}


def environment(url: str, folder: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    return kept | {"DATABASE_URL": url, "VAR_DIR": str(folder), **more}


def manage(
    url: str, folder: Path, *arguments: str, **more: str
) -> subprocess.CompletedProcess[bytes]:
    """One command, to its end; with an environment of its own started, not forked."""
    if not more:
        running = started(url, folder, *arguments)
        out, err = running.communicate(PATIENCE)
        return subprocess.CompletedProcess(arguments, running.returncode, out, err)
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(url, folder, **more),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )


def started(url: str, folder: Path, *arguments: str) -> Forked:
    return Forked(["manage.py", *arguments], environment(url, folder))


def killed(url: str, folder: Path, line: int, *command: str) -> tuple[int, int]:
    """The command, killed at that line of the code that writes: (exit status, lines run). The
    status is -9 where it was killed; line 0 kills nothing."""
    arguments = ["tests.killing", str(line), *command]
    running = Forked(arguments, environment(url, folder))
    out, err = running.communicate(PATIENCE)
    assert running.returncode in {0, -signal.SIGKILL}, err.decode()
    return running.returncode, int(out or 0)


def lasting_folder() -> Path:
    made = tempfile.TemporaryDirectory(prefix=folder_prefix())
    return Path(LASTING.enter_context(made))


@cache
def _migrated_file() -> Path:
    folder = lasting_folder()
    path = folder / "template.sqlite3"
    done = manage(f"sqlite:///{path}", folder, "migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr.decode()
    return path


@contextmanager
def own_database(folder: Path) -> Iterator[str]:
    """The address of a migrated, empty database of the back-end of this run; gone afterwards."""
    if on_postgresql():
        with _own_postgresql(folder) as url:
            yield url
        return
    path = folder / f"{next(_names)}.sqlite3"
    shutil.copy(_migrated_file(), path)
    yield f"sqlite:///{path}"


def _counting() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"own_{os.getpid()}_{number}"


_names = _counting()
_templates: dict[str, str] = {}


@contextmanager
def copied(url: str, folder: Path) -> Iterator[str]:
    """The address of a copy of one of these databases, which nobody has open."""
    if on_postgresql():
        with _copied_postgresql(url.rpartition("/")[2]) as copy:
            yield copy
        return
    path = folder / f"{next(_names)}.sqlite3"
    shutil.copy(url.removeprefix("sqlite:///"), path)
    yield f"sqlite:///{path}"


@contextmanager
def _own_postgresql(folder: Path) -> Iterator[str]:
    server = os.environ["PORTAL_TEST_POSTGRES_URL"]
    if server not in _templates:
        template = next(_names)
        _execute(server, "CREATE DATABASE {}", template)
        done = manage(_address(server, template), folder, "migrate", "--verbosity", "0")
        assert done.returncode == 0, done.stderr.decode()
        _templates[server] = template
    with _copied_postgresql(_templates[server]) as url:
        yield url


@contextmanager
def _copied_postgresql(template: str) -> Iterator[str]:
    server, name = os.environ["PORTAL_TEST_POSTGRES_URL"], next(_names)
    _execute(server, "CREATE DATABASE {} TEMPLATE {}", name, template)
    try:
        yield _address(server, name)
    finally:
        _execute(server, "DROP DATABASE {} WITH (FORCE)", name)


def _address(server: str, name: str) -> str:
    return server.rpartition("/")[0] + "/" + name


def _execute(server: str, statement: str, *names: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
