"""The portal in processes of its own, on a database of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds for any of these processes


def on_postgresql() -> bool:
    return os.environ.get("TEST_DATABASE") == "postgresql"


def environment(url: str, folder: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    return kept | {"DATABASE_URL": url, "VAR_DIR": str(folder), **more}


def manage(
    url: str, folder: Path, *arguments: str, **more: str
) -> subprocess.CompletedProcess[bytes]:
    """One command, to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(url, folder, **more),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )


def started(url: str, folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(url, folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@cache
def _migrated_file() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="portal-template-"))
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
def _own_postgresql(folder: Path) -> Iterator[str]:
    server = os.environ["PORTAL_TEST_POSTGRES_URL"]
    if server not in _templates:
        template = next(_names)
        _execute(server, "CREATE DATABASE {}", template)
        done = manage(_address(server, template), folder, "migrate", "--verbosity", "0")
        assert done.returncode == 0, done.stderr.decode()
        _templates[server] = template
    name = next(_names)
    _execute(server, "CREATE DATABASE {} TEMPLATE {}", name, _templates[server])
    try:
        yield _address(server, name)
    finally:
        _execute(server, "DROP DATABASE {} WITH (FORCE)", name)


def _address(server: str, name: str) -> str:
    return server.rpartition("/")[0] + "/" + name


def _execute(server: str, statement: str, *names: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
