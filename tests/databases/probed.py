"""Endpoints to probe, on servers of this process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from databases.actions.endpoints import Wanted, save_endpoint
from databases.models import (
    Connection,
    CounterpartSystem,
    Database,
    Endpoint,
    EndpointState,
    Interface,
    Zone,
)
from tracking.models import Department


@dataclass
class Answers:
    """What the local server says, and how often it was asked."""

    status: int = 200
    body: bytes = b'{"status": "ok"}'
    asked: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def http_server(answers: Answers) -> Iterator[int]:
    """Its port on 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with answers.lock:
                answers.asked += 1
            self.send_response(answers.status)
            self.send_header("Content-Length", str(len(answers.body)))
            self.end_headers()
            self.wfile.write(answers.body)

        def log_message(self, *args: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def make_interface(code: str = "CSDL-01-DC", owner: str = "QLD") -> Interface:
    department, _ = Department.objects.get_or_create(code=owner, defaults={"name_vi": owner})
    database, _ = Database.objects.get_or_create(
        code=f"DB-{code}", defaults={"name_vi": code, "owner": department}
    )
    system, _ = CounterpartSystem.objects.get_or_create(code="BCA-DC", defaults={"name_vi": "x"})
    connection = Connection.objects.create(code=code, database=database, counterpart=system)
    return Interface.objects.create(code=code, connection=connection, name_vi=code)


def make_zone(code: str = "STAND-INS", *, for_tests: bool = True) -> Zone:
    return Zone.objects.get_or_create(
        code=code, defaults={"name_vi": code, "for_tests": for_tests}
    )[0]


WANTED = Wanted(
    code="E-1",
    name_vi="Điểm kết nối 1",
    name_en="Endpoint 1",
    zone="STAND-INS",
    kind="http",
    spec={"url": "http://127.0.0.1:1/"},
    interface="CSDL-01-DC",
    interval=60,
    timeout=5_000,
)


def make_endpoint(now: datetime, port: int, **changes: Any) -> Endpoint:
    """With its zone, interface and connection; due at `now`."""
    make_zone()
    wanted = replace(WANTED, spec={"url": f"http://127.0.0.1:{port}/"})
    wanted = replace(wanted, **changes)
    if wanted.interface and not Interface.objects.filter(code=wanted.interface).exists():
        make_interface(wanted.interface)
    endpoint = save_endpoint(wanted=wanted, now=now, by="tests")
    EndpointState.objects.filter(pk=endpoint.pk).update(next_due_at=now)
    return endpoint
