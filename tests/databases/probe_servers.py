"""Real servers on loopback that do one thing each, a thread for a connection."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from tests.databases.probe_authority import HERE, Issued, authority, leaf

Socket = socket.socket | ssl.SSLSocket
Talk = Callable[["Serving", Socket], None]
PATIENCE = 10.0  # seconds that a condition is waited for


class Serving:
    """A server for the time of a `with`. `accepted` counts connections, `open` those that are not
    closed yet, `heard` keeps what the requests said, `ended` is set when it stops."""

    def __init__(
        self,
        talk: Talk,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listener = socket.socket(family, socket.SOCK_STREAM)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((host, port))
        self.listener.listen(4_096)
        self.host, self.port = host, int(self.listener.getsockname()[1])
        self.talk, self.tls = talk, tls
        self.accepted = self.open = 0
        self.heard: list[bytes] = []
        self.ended = threading.Event()
        self._threads: list[threading.Thread] = []
        self._counting = threading.Lock()

    @property
    def url(self) -> str:
        scheme = "https" if self.tls else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in list(self._threads):
            thread.join(PATIENCE)

    def _start(self, what: Callable[..., None], *given: object) -> None:
        thread = threading.Thread(target=what, args=given, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with self._counting:
                self.accepted += 1
                self.open += 1
            self._start(self._serve, connection)

    def _serve(self, connection: Socket) -> None:
        try:
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            self.talk(self, connection)
        except OSError:
            pass
        finally:
            connection.close()
            with self._counting:
                self.open -= 1


def request_of(connection: Socket) -> bytes:
    """Head and body of what was asked."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65_536)
        if not more:
            return data
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


def says(data: bytes, *more: bytes, pause: float = 0.0) -> Talk:
    """Answers every request with these pieces."""

    def talk(serving: Serving, connection: Socket) -> None:
        serving.heard.append(request_of(connection))
        for piece in (data, *more):
            connection.sendall(piece)
            if pause:
                serving.ended.wait(pause)

    return talk


def says_then_hangs(data: bytes = b"") -> Talk:
    """Answers a part, and nothing any more until the other side gives up."""

    def talk(serving: Serving, connection: Socket) -> None:
        serving.heard.append(request_of(connection))
        connection.sendall(data)
        connection.settimeout(PATIENCE)
        connection.recv(1)

    return talk


def hangs(serving: Serving, connection: Socket) -> None:
    """Takes the connection and never says anything."""
    connection.settimeout(PATIENCE)
    while connection.recv(65_536):
        pass


def resets(serving: Serving, connection: Socket) -> None:
    """Hangs up rudely, once something was asked."""
    connection.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def resets_at_once(serving: Serving, connection: Socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def closes(serving: Serving, connection: Socket) -> None:
    """Hears the request, and hangs up politely."""
    request_of(connection)


def http(body: bytes | str = b"", status: int = 200, reason: str = "OK", **headers: str) -> bytes:
    """An answer; `_` in the name of a header stands for a hyphen."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} {reason}", f"Content-Length: {len(data)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + data


def server_context(
    shown: Issued | None = None, *, callers: str | None = None, version: str = ""
) -> ssl.SSLContext:
    """`callers`: the authority whose certificates a caller must show; `version`: the only one."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "server.pem"
        path.write_bytes((shown or leaf(*HERE)).with_key())
        made.load_cert_chain(path)
    if callers is not None:
        made.load_verify_locations(cadata=authority(callers).pem.decode())
        made.verify_mode = ssl.CERT_REQUIRED
    if version:
        made.minimum_version = made.maximum_version = ssl.TLSVersion[version]
    return made


@contextmanager
def nobody() -> Iterator[int]:
    """A port of loopback on which nothing listens, and nobody else can."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


@contextmanager
def full() -> Iterator[int]:
    """A port that takes no connection any more: whoever connects hangs."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield int(listener.getsockname()[1])


def until(condition: Callable[[], bool]) -> None:
    """Wait for it, with a deadline."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        time.sleep(0.005)
