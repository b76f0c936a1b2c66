"""Applications behind gunicorn with one synchronous worker each, and pages fetched from them one
after the other, as one person sees them."""

import http.client
import os
import statistics
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from benchmarks.probes_peers import ROOT, NoLine
from tests.servers import free_port

PATIENCE = 60  # seconds until it answers
WARM = 3
NOW = "{now}"
# As a browser asks: pages may be compressed on the way by the front, never by us.
HEADERS = {"Accept": "text/html", "Accept-Language": "vi"}


@dataclass(frozen=True)
class Site:
    """One of the applications; `cookie` is of somebody who has signed in."""

    port: int
    cookie: str

    def get(self, path: str, **headers: str) -> tuple[float, http.client.HTTPResponse, bytes]:
        """(milliseconds, answer, body)"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        begun = time.perf_counter()
        connection.request("GET", path, headers={**HEADERS, "Cookie": self.cookie, **headers})
        response = connection.getresponse()
        body = response.read()
        taken = 1000 * (time.perf_counter() - begun)
        connection.close()
        return taken, response, body


@dataclass(frozen=True)
class Page:
    """An address of a site; NOW in it stands for a minute ago, as a page asks after a while."""

    site: Site
    path: str

    def get(self, **headers: str) -> tuple[float, http.client.HTTPResponse, bytes]:
        shown = datetime.now(UTC) - timedelta(minutes=1)
        return self.site.get(self.path.replace(NOW, quote(shown.isoformat())), **headers)

    def measure(self, count: int) -> dict[str, Any]:
        """One line: times of so many GETs in milliseconds, and what one of them costs."""
        for _ in range(WARM):
            _, response, body = self.get()
        if response.status not in (200, 204):  # a poll that finds nothing new
            raise NoLine(f"{self.path} answers {response.status}: {body[:200]!r}")
        times = sorted(self.get()[0] for _ in range(count))
        _, counted, _ = self.get(**{"X-Count": "yes"})
        return {
            "n": count,
            "ms": statistics.median(times),
            "p95": times[min(int(0.95 * count), count - 1)],
            "statements": int(counted.headers["X-Statements"]),
            "db_ms": 1000 * float(counted.headers["X-Database"]),
            "bytes": len(body),
            "deflated": len(zlib.compress(body, 6)),
        }


@contextmanager
def served(application: str, cookie: str, **environment: str) -> Iterator[Site]:
    """`application`: the module that has it."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "benchmarks.pages_site", "--no-control-socket"]
    server = subprocess.Popen(
        [*command, "--workers", "1", "--bind", f"127.0.0.1:{port}", "--timeout", "300"],
        cwd=ROOT,
        env=os.environ | {"COUNTED": application, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    site = Site(port, cookie)
    try:
        _wait(site)
        yield site
    finally:
        server.terminate()
        server.wait()


def _wait(site: Site) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            site.get("/")
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
