"""What is probed: a server of this process that counts, waits, hangs and goes away."""

import random
import selectors
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from heapq import heappop, heappush
from time import monotonic

_END = b"\r\n\r\n"
_LOOK = 0.05  # seconds within which it notices that it is told to stop


def quiet_port() -> int:
    """A free port that the kernel gives to nobody: who connects to it while nothing listens must
    not meet itself, and it must be free still when it is wanted again."""
    while True:
        port = random.randrange(12_000, 30_000)
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


class Target:
    """Answers on 127.0.0.1 after `delay` seconds with `status`, or never while it `hangs`. One
    thread, so that hundreds of askers cost this process little."""

    def __init__(self, delay: float = 0.0) -> None:
        self.delay = delay
        self.status = 200
        self.hangs = False
        self.asked: Counter[str] = Counter()  # by path
        self.port = quiet_port()
        self._heads: dict[socket.socket, bytes] = {}
        self._due: list[tuple[float, int, socket.socket]] = []
        self._ending = threading.Event()
        self._thread: threading.Thread
        self._selector: selectors.BaseSelector

    @property
    def busy(self) -> bool:
        """Is somebody connected?"""
        return bool(self._heads)

    def start(self) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(1024)
        listener.setblocking(False)
        self._ending.clear()
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._serve, args=[listener], daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Nobody listens any more; what is under way is cut."""
        self._ending.set()
        self._thread.join(10)

    def _serve(self, listener: socket.socket) -> None:
        while not self._ending.is_set():
            wait = self._due[0][0] - monotonic() if self._due else _LOOK
            for key, _ in self._selector.select(max(0.0, min(wait, _LOOK))):
                if key.fileobj is listener:
                    self._accept(listener)
                elif isinstance(key.fileobj, socket.socket):
                    self._read(key.fileobj)
            while self._due and self._due[0][0] <= monotonic():
                self._answer(heappop(self._due)[2])
        for opened in [*self._heads, listener]:
            self._close(opened)
        self._due.clear()
        self._selector.close()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(BlockingIOError):
            while True:
                opened, _ = listener.accept()
                opened.setblocking(False)
                self._heads[opened] = b""
                self._selector.register(opened, selectors.EVENT_READ)

    def _read(self, opened: socket.socket) -> None:
        try:
            data = opened.recv(4096)
        except ConnectionError:
            data = b""
        if not data:
            self._close(opened)
            return
        self._heads[opened] += data
        if _END in self._heads[opened]:
            self.asked[self._heads[opened].split()[1].decode()] += 1
            if not self.hangs:
                heappush(self._due, (monotonic() + self.delay, id(opened), opened))

    def _answer(self, opened: socket.socket) -> None:
        if opened in self._heads:
            with suppress(ConnectionError):
                opened.send(b"HTTP/1.1 %d x\r\nContent-Length: 2\r\n\r\nok" % self.status)
            self._close(opened)

    def _close(self, opened: socket.socket) -> None:
        self._heads.pop(opened, None)
        self._selector.unregister(opened)
        opened.close()


@contextmanager
def target(delay: float = 0.0) -> Iterator[Target]:
    """One that listens, and is gone afterwards."""
    found = Target(delay)
    found.start()
    try:
        yield found
    finally:
        found.stop()
