"""A portal of its own for one test: a database, processes on it, and its tables at hand."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import environ
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from databases.pump.claim import database_clock
from databases.pump.run import Pump
from tests.processes import ROOT, environment

PATIENCE = 90.0  # seconds for a condition; the machine may be busy with other things


def wait_until(what: str, condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Look again and again; after so many seconds say what did not happen."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"after {seconds:.0f} s still not so: {what}"
        time.sleep(0.05)


def somebody_writes() -> bool:
    """Is another process in the middle of a transaction?"""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND backend_type = 'client backend' AND pid <> pg_backend_pid() "
                "AND state <> 'idle'"
            )
            return bool(cursor.fetchone()[0])
    path = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
    return False


@dataclass
class Process:
    """A process of the portal, and what it says."""

    popen: subprocess.Popen[bytes]
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait()

    def stop(self) -> None:
        """As a machine that is suspended, until `go_on`."""
        self.popen.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.popen.send_signal(signal.SIGCONT)

    def end(self, seconds: float = PATIENCE) -> int:
        """As systemd would; its exit status."""
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(seconds)


@dataclass
class Portal:
    """`more`: what its processes find in their environment besides."""

    url: str
    folder: Path
    more: dict[str, str] = field(default_factory=dict)
    children: list[Process] = field(default_factory=list)

    def pump(self, *arguments: str) -> Process:
        """`manage.py pump`; one that is forgotten ends by itself."""
        return self.start("manage.py", "pump", "--seconds", "300", *arguments)

    def start(self, *command: str) -> Process:
        log = self.folder / f"process-{len(self.children)}.log"
        settings = {"DJANGO_SETTINGS_MODULE": "tests.databases.chaos_settings"}
        with log.open("wb") as said:
            popen = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=environment(self.url, self.folder, **settings, **self.more),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                # With the processes it starts itself it is one family, which ends together.
                start_new_session=True,
            )
        self.children.append(Process(popen, log))
        return self.children[-1]

    def end_all(self) -> None:
        for child in self.children:
            if child.popen.returncode is None:
                os.killpg(child.popen.pid, signal.SIGKILL)
                child.popen.wait()


def faster(now: datetime, times: float) -> Callable[[], datetime]:
    """A clock that shows `now` at this moment, and runs so many times as fast as real ones."""
    began = time.monotonic()
    return lambda: now + timedelta(seconds=times * (time.monotonic() - began))


def pumped(
    until: Callable[[], bool],
    *,
    clock: Callable[[], datetime] = database_clock,
    seconds: float = PATIENCE,
) -> list[str]:
    """A pump in this process until the condition holds; what it said."""
    said: list[str] = []
    deadline = time.monotonic() + seconds

    def over() -> bool:
        assert time.monotonic() < deadline, f"after {seconds:.0f} s still not so; it said {said}"
        return until()

    Pump(name="here", said=said.append, clock=clock).run(until=over)
    return said


@contextmanager
def portal_on(url: str, folder: Path, blocker: DjangoDbBlocker, **more: str) -> Iterator[Portal]:
    """The ORM of this process, in all its threads, is on that database meanwhile."""
    portal = Portal(url, folder, more)
    before, held = connections.settings["default"], connections["default"]
    address = environ.Env.db_url_config(url)
    wanted = {name: address[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    connections.settings["default"] = before | wanted
    connections["default"] = connections.create_connection("default")
    try:
        with blocker.unblock():
            yield portal
            portal.end_all()
            connections["default"].close()
    finally:
        portal.end_all()
        connections.settings["default"], connections["default"] = before, held
