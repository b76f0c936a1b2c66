"""Real servers at the other end of an alarm: a webhook, and a mail server."""

import asyncio
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from config import mailbox
from config.mailbox_server import serve
from tests.databases.running_stand_ins import happens
from tests.servers import free_port

HOST = "127.0.0.1"


class Hook(http.server.ThreadingHTTPServer):
    """Answers `status` and remembers what it was told."""

    def __init__(self, status: int) -> None:
        super().__init__((HOST, 0), _Answering)
        self.status = status
        self.told: list[dict[str, Any]] = []

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.server_address[1]}/hook"


class _Answering(http.server.BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:  # http.server finds it by this name
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append(json.loads(body))
        self.send_response(self.server.status)
        if self.server.status in {301, 302}:
            self.send_header("Location", self.server.address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002  # as it is called
        """Quietly."""


@contextmanager
def webhook(status: int = 204) -> Iterator[Hook]:
    with Hook(status) as hook:
        thread = threading.Thread(target=hook.serve_forever, args=[0.01])
        thread.start()
        try:
            yield hook
        finally:
            hook.shutdown()
            thread.join()


@contextmanager
def mail_server(folder: Path) -> Iterator[int]:
    """The port of one that keeps what it takes in the folder: mails()."""
    port, told = free_port(), list[bool]()
    loop = asyncio.new_event_loop()
    ending = asyncio.Event()
    running = serve(HOST, port, folder, until=ending, told=told.append)
    thread = threading.Thread(target=lambda: loop.run_until_complete(running))
    thread.start()
    try:
        happens(lambda: told == [True])
        yield port
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join()
        loop.close()


def mails(folder: Path) -> list[mailbox.Mail]:
    """The oldest first."""
    found = (mailbox.read(folder, name) for name in reversed(mailbox.names(folder)))
    return [mail for mail in found if mail]
