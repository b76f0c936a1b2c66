"""Where the peers come from: a folder of drivers that is no part of this project. It starts the
targets, and measures each peer as it measures itself; every driver prints one line of JSON."""

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.process_group import dies_with_parent, kill_family

ROOT = Path(__file__).resolve().parent.parent
OURS_ON, TARGETS_ON = "0", "1"  # processors
_PATIENCE = 240  # s for a driver
_DRIVERS = ("targets.sh", "peers.py", "benchlib.py", "storage.py", "celery_probe.py")
_PLUGINS = Path("/usr/lib/nagios/plugins")
# What a peer needs beside the drivers: programs, files, Python packages.
NEEDS: dict[str, tuple[str, ...]] = {
    "wrk": ("wrk",),
    "s_time": ("openssl",),
    "blackbox": ("prometheus-blackbox-exporter", "wrk"),
    "prometheus": ("prometheus", "prometheus-blackbox-exporter"),
    "icinga": (
        "/usr/lib/x86_64-linux-gnu/icinga2/sbin/icinga2",
        f"{_PLUGINS}/check_http",
        f"{_PLUGINS}/check_curl",
    ),
    "celery": (
        "redis-server",
        "python:celery",
        "python:redis",
        "python:requests",
        "python:packaging",
    ),
    "storage": ("python:django", "python:psycopg"),
}

Line = dict[str, Any]


class Missing(Exception):
    """Something without which nothing can be measured; the text says what, and what to do."""


class NoLine(Exception):
    """A driver that ended without its line, or did not end."""


@dataclass(slots=True)
class Peers:
    """`folder` holds the drivers, `python` has the packages of the peers, `run` is for what the
    targets leave on disk."""

    folder: Path
    python: str = sys.executable
    run: Path = ROOT / "var/bench/run"

    @property
    def drivers(self) -> Any:
        """What the drivers share: where the targets are, and how their requests are counted."""
        os.environ["RUN"] = str(self.run)
        if str(self.folder) not in sys.path:
            sys.path.insert(0, str(self.folder))
        return importlib.import_module("benchlib")

    def require(self) -> None:
        """Missing when the targets cannot be started."""
        lost = [name for name in _DRIVERS if not (self.folder / name).is_file()]
        if lost:
            raise Missing(
                f"The drivers of the peers are not in {self.folder} ({', '.join(lost)}): name "
                "their folder with --peers or in BENCH_PEERS."
            )
        absent = [name for name in ("nginx", "taskset") if not shutil.which(name)]
        absent += [] if self._imports("cryptography") else [f"cryptography in {self.python}"]
        if absent:
            raise Missing(f"The targets cannot be started without {', '.join(absent)}: install it.")
        if len(os.sched_getaffinity(0)) < 2:
            raise Missing("One processor probes and another answers: this machine has only one.")

    def lacking(self, peer: str) -> list[str]:
        """What this peer needs and is not here."""
        return [need for need in NEEDS.get(peer, ()) if not self._has(need)]

    def sentences(self) -> Iterator[str]:
        """What will be absent from the tables, and why."""
        for peer in NEEDS:
            if lacking := self.lacking(peer):
                yield f"Without {peer}: not found are {', '.join(lacking)}."

    def start(self, workers: int = 1, processors: str = TARGETS_ON) -> None:
        """The targets; those of an earlier run that was killed are ended before. Missing."""
        self.stop()
        how = {"NGINX_WORKERS": str(workers), "NGINX_CPU": processors, "SLOW_CPU": processors}
        try:
            self._targets("start", **how)
        except subprocess.CalledProcessError as error:
            raise Missing(
                "The targets did not start: is something else on the ports 9200 to 9230?"
            ) from error

    def stop(self) -> None:
        if self.run.is_dir():
            self._targets("stop")

    def remove(self) -> None:
        shutil.rmtree(self.run, ignore_errors=True)

    def peer(self, name: str, *arguments: str) -> Line:
        """The line of one peer."""
        return self.line([self.python, str(self.folder / "peers.py"), name, *arguments])

    def ours(self, module: str, *arguments: str, processors: str = OURS_ON) -> Line:
        """The line of a process of ours, on its processors, and what the targets saw of it."""
        command = ["taskset", "-c", processors, sys.executable, "-m", f"benchmarks.{module}"]
        asked = self.drivers.nginx_requests()
        line = self.line([*command, *arguments], DJANGO_SETTINGS_MODULE="config.settings")
        # The question itself is one of them.
        return {"witness": self.drivers.nginx_requests() - asked - 1, **line}

    def line(self, command: Sequence[str], **environment: str) -> Line:
        """What the command prints last; NoLine."""
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self._environment() | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGINT),
        )
        said, complained = _ended(process)
        try:
            found: Line = json.loads(said.strip().splitlines()[-1])
        except (IndexError, ValueError):
            last = (complained or said).strip().splitlines()[-1:] or ["nothing"]
            raise NoLine(f"{' '.join(command[:6])}: {last[0]}") from None
        if not found.get("n"):
            raise NoLine(f"{' '.join(command[:6])}: it did nothing at all")
        return found

    def run_quietly(self, command: Sequence[str]) -> None:
        """One that prepares something and prints no line."""
        subprocess.run(command, check=True, timeout=_PATIENCE, cwd=ROOT, env=self._environment())

    def _has(self, need: str) -> bool:
        kind, colon, name = need.partition(":")
        return self._imports(name) if colon else bool(shutil.which(kind))

    def _imports(self, package: str) -> bool:
        tried = subprocess.run([self.python, "-c", f"import {package}"], capture_output=True)
        return tried.returncode == 0

    def _environment(self) -> dict[str, str]:
        bin_of = str(Path(self.python).parent)
        paths = {"RUN": str(self.run), "PY": self.python, "PYTHONPATH": str(self.folder)}
        targets = {
            "BENCH_CA": self.drivers.CA,
            "BENCH_HTTP": " ".join(self.drivers.urls("http")),
            "BENCH_HTTPS": " ".join(self.drivers.urls("https")),
        }
        # With our settings at hand Celery would take them for the peer's.
        given = {name: os.environ[name] for name in os.environ if name != "DJANGO_SETTINGS_MODULE"}
        return given | paths | targets | {"PATH": f"{bin_of}:{given['PATH']}"}

    def _targets(self, word: str, **environment: str) -> None:
        # Their output goes nowhere: what they start would hold a pipe of ours open.
        subprocess.run(
            ["bash", str(self.folder / "targets.sh"), word],
            check=True,
            timeout=60,
            cwd=ROOT,
            env=self._environment() | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def _ended(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Its output. One that takes too long, or that we leave, ends what it started itself."""
    try:
        return process.communicate(timeout=_PATIENCE)
    except BaseException:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            kill_family(process)  # type: ignore[arg-type]
            process.wait()
        raise
