"""The stand-ins in a process of their own, as `manage.py partners` runs them; and a probe."""

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from databases.partners.authority import papers
from databases.partners.kept import PASSWORD, secret
from databases.partners.roster import HOST, ROSTER, ports
from databases.probes.egress import Reach
from databases.probes.names import Names
from databases.probes.prober import Prober, Way, prepare
from databases.probes.reading import Reading
from databases.probes.surroundings import Given, Secret

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20  # seconds


@dataclass
class Running:
    """`first`: their first port."""

    process: subprocess.Popen[str]
    folder: Path
    first: int

    @property
    def papers(self) -> Path:
        return self.folder / "partners"

    def address(self, code: str) -> dict[str, Any]:
        return {"host": HOST, "port": ROSTER[code].port(self.first)}

    def url(self, code: str, path: str = "/") -> dict[str, Any]:
        return {"url": f"https://{HOST}:{ROSTER[code].port(self.first)}{path}"}

    def password(self) -> Secret:
        return Secret("database", HOST, secret(self.papers, PASSWORD))

    def certificate(self) -> Secret:
        text = papers(self.papers, datetime.now(UTC)).client.read_bytes()
        return Secret("client_certificate", HOST, text)

    def probed(
        self, kind: str, spec: dict[str, Any], shown: Secret | None = None, timeout: float = 4.0
    ) -> Reading:
        """What the real probe reads, with the authority of the stand-ins as the only one."""
        now = datetime.now(UTC)
        given = Given(papers(self.papers, now).authority, shown)
        reach = Reach("GIA-LAP", stand_ins=(ip_network("127.0.0.0/8"),))
        names = Names((HOST,), port=ROSTER["GL-TEN"].port(self.first))
        prober = Prober()
        endpoint = prepare(kind, spec, given, timeout=timeout)
        prober.hand_in("it", endpoint, Way(reach, names), now)
        prober.run_all()
        prober.loop.close()
        ((_, reading),) = prober.taken()
        return reading

    def switch(self, option: str, code: str) -> str:
        """What the command says of --stop or --start."""
        done = partners(self.folder, self.first, option, code)
        told, _ = done.communicate(timeout=PATIENCE)
        return told


def partners(folder: Path, first: int, *arguments: str, **more: str) -> subprocess.Popen[str]:
    """The command, on an empty database that it never opens; in English."""
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    return subprocess.Popen(
        [sys.executable, "manage.py", "partners", "--port", str(first), *arguments],
        cwd=ROOT,
        env=kept | {"VAR_DIR": str(folder), "PYTHONUNBUFFERED": "1", **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(folder: Path, first: int, **more: str) -> Iterator[Running]:
    """All of them listen; nothing of them is left afterwards."""
    process = partners(folder, first, **more)
    try:
        assert process.stdout
        lines = [process.stdout.readline() for _ in ROSTER]
        assert all(lines), process.communicate()
        yield Running(process, folder, first)
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def free_ports() -> int:
    """The first of as many free ports in a row as the stand-ins need, outside those that the
    kernel hands out."""
    for _ in range(100):
        first = random.randrange(20_000, 32_000)
        if all(is_free(number) for number in ports(first)):
            return first
    raise AssertionError("no ports in a row are free")


def is_free(port: int) -> bool:
    with socket.socket() as listener:
        try:
            listener.bind((HOST, port))
        except OSError:
            return False
    return True


def happens(condition: Callable[[], bool], seconds: float = PATIENCE) -> float:
    """Wait until it holds; after how many seconds it did."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() < begun + seconds, "it did not happen in time"
        time.sleep(0.02)
    return time.monotonic() - begun
