"""A PostgreSQL of the benchmark's own that waits for the disk, and ten thousand endpoints in it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import psycopg

from benchmarks.probes_peers import ROOT, Missing
from tests.servers import NoServer, PostgreSQL

LINK = ROOT / "var/bench/pg"  # where the drivers look for the server's process id


class Durable(PostgreSQL):
    """With fsync and synchronous_commit as PostgreSQL has them; never somebody else's server, for
    its CPU is counted."""

    variable: ClassVar[str] = "BENCH_DATABASE_URL"

    def arguments(self, folder: Path, port: int) -> list[str]:
        # The last word counts.
        words = "fsync=on synchronous_commit=on full_page_writes=on shared_buffers=512MB"
        more = (word for setting in words.split() for word in ("-c", setting))
        return [*super().arguments(folder, port), *more]

    @property
    def port(self) -> str:
        return self.url.rpartition(":")[2].partition("/")[0]

    def welcome_drivers(self) -> None:
        """The role and the database that they expect."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("CREATE ROLE postgres SUPERUSER LOGIN")
            connection.execute("CREATE DATABASE perf OWNER postgres")


@contextmanager
def started() -> Iterator[Durable]:
    """Migrated, and known to our processes by the environment."""
    os.environ.pop(Durable.variable, None)
    try:
        server = Durable().start()
    except NoServer as none:
        raise Missing(f"No PostgreSQL can be started: {none}") from none
    try:
        assert server.process is not None
        assert server.folder is not None
        os.environ |= {
            "DATABASE_URL": server.url,
            "BENCH_POSTMASTER": str(server.process.pid),
            "PROBE_ALLOWED_NETWORKS": "127.0.0.0/8",
            "VAR_DIR": str(LINK.parent / "var"),
        }
        LINK.parent.mkdir(parents=True, exist_ok=True)
        LINK.unlink(missing_ok=True)
        LINK.symlink_to(server.folder)
        migrate = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
        subprocess.run(migrate, check=True, cwd=ROOT)
        yield server
    finally:
        LINK.unlink(missing_ok=True)
        shutil.rmtree(LINK.parent / "var", ignore_errors=True)
        server.stop()
