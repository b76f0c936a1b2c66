"""How does a probe reach its target? Names, guard, socket and TLS, each phase timed."""

import errno
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from time import monotonic, monotonic_ns

from databases.probes.egress import Reach
from databases.probes.loop import READ, WRITE, Loop, OutOfPatience, Run, TimedOut, ready
from databases.probes.names import Names
from databases.probes.reading import Misconfigured, Reading
from databases.rules.track import Depth

CONNECT_PATIENCE = 3.0  # seconds; a host that does not answer so long is out of reach
ADDRESSES_MOST = 4  # of a name that are tried
_MOST = 2**31 - 1  # microseconds; what the database can keep
_GREED = 32  # pieces that are read before the others have a turn

Socket = socket.socket | ssl.SSLSocket


class Line(Run):
    """One attempt's way to its target. What it raises says whose fault it looks like."""

    __slots__ = (
        "_began",
        "_phase",
        "_pieces",
        "_socket",
        "depth",
        "loop",
        "names",
        "now",
        "reach",
        "reading",
    )

    def __init__(
        self, loop: Loop, reach: Reach, names: Names, *, now: datetime, timeout: float
    ) -> None:
        """`now`: the instant against which ages and certificates are held; `timeout` in seconds."""
        super().__init__(timeout)
        self.loop, self.reach, self.names, self.now = loop, reach, names, now
        self.reading = Reading()
        self.depth = Depth.NAME
        self._socket: Socket | None = None
        self._began = self._phase = self._pieces = 0

    def begin(self) -> None:
        self.reading.waited = int((self.begun - self.added) * 1e6)
        self._began = self._phase = monotonic_ns()

    def start_over(self) -> None:
        """Another target: what was timed belongs to the one before."""
        self.close()
        reading = self.reading
        reading.names = reading.connect = reading.tls = reading.first_byte = None
        self._phase = monotonic_ns()

    def lap(self) -> int:
        """Microseconds since the last lap."""
        now = monotonic_ns()
        passed, self._phase = (now - self._phase) // 1000, now
        return min(passed, _MOST)

    def elapsed(self) -> int:
        """Microseconds since the attempt began."""
        return min((monotonic_ns() - self._began) // 1000, _MOST)

    def is_late(self) -> bool:
        """Were we ourselves slow, so that a time says nothing of the other side?"""
        return self.loop.was_late(self, monotonic())

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        """Of a name or a literal; every one of them passed the guard."""
        self.depth = Depth.NAME
        found = await self.names.resolve(self, host)
        self.reading.names = self.lap()
        for address in found:
            self.reach.require(address, port)
        return found[:ADDRESSES_MOST]

    async def connect(self, host: str, port: int) -> None:
        """To the first of its addresses that takes the connection; the first says why none did."""
        first, *others = await self.addresses(host, port)
        self.depth = Depth.CONNECT
        try:
            await self._connect(first, port)
        except (OSError, OutOfPatience):
            for address in others:
                with suppress(OSError, OutOfPatience):
                    await self._connect(address, port)
                    return
            raise

    async def _connect(self, address: str, port: int) -> None:
        self.close()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        opened = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        self._socket = opened
        code = opened.connect_ex((address, port))
        if code == errno.EINPROGRESS:
            await self.ready_within(CONNECT_PATIENCE, opened.fileno(), WRITE)
            code = opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, "")
        # The address that was judged is the one that answers.
        self.reach.require(*opened.getpeername()[:2])
        self.reading.connect = self.lap()

    async def ready_within(self, seconds: float, descriptor: int, event: int) -> None:
        """Wait for it, but no longer than that; OutOfPatience."""
        whole = self.until
        self.until = min(whole, monotonic() + seconds)
        try:
            await ready(descriptor, event)
        except TimedOut as over:
            if over.late or self.until == whole:
                raise
            raise OutOfPatience from None
        finally:
            self.until = whole

    async def secure(self, context: ssl.SSLContext, name: str) -> ssl.SSLSocket:
        """TLS with the name checked."""
        self.depth = Depth.TLS
        secured = context.wrap_socket(
            self._open(), server_hostname=name, do_handshake_on_connect=False
        )
        self._socket = secured
        while True:
            try:
                secured.do_handshake()
                break
            except ssl.SSLWantReadError:
                await ready(secured.fileno(), READ)
            except ssl.SSLWantWriteError:
                await ready(secured.fileno(), WRITE)
        self.reading.tls = self.lap()
        return secured

    async def hear_refusal(self, secured: ssl.SSLSocket, patience: float) -> None:
        """TLS 1.3 says only after the handshake that our certificate is refused: ssl.SSLError.
        Who is silent for `patience` seconds has taken it."""
        if secured.version() != "TLSv1.3":
            return
        with suppress(OutOfPatience, ssl.SSLWantReadError):
            await self.ready_within(patience, secured.fileno(), READ)
            secured.recv(1)

    async def send(self, data: bytes) -> None:
        """All of it, and wait for the first word of the answer: nobody is hindered by that."""
        self.depth = max(self.depth, Depth.REQUEST)
        opened = self._open()
        while True:
            try:
                data = data[opened.send(data) :]
            except ssl.SSLWantReadError:
                await ready(opened.fileno(), READ)
                continue
            except (ssl.SSLWantWriteError, BlockingIOError):
                pass
            except (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):
                # What they said before they hung up tells more.
                with suppress(BlockingIOError, ssl.SSLWantReadError):
                    opened.recv(1)
                raise ConnectionResetError(errno.ECONNRESET, "") from None
            if not data:
                break
            await ready(opened.fileno(), WRITE)
        self.loop.settle(self)
        await ready(opened.fileno(), READ)

    async def receive(self, most: int = 16_384) -> bytes:
        """What has arrived; nothing when the other side has ended."""
        opened = self._open()
        self._pieces += 1
        if self._pieces % _GREED == 0:
            # Whoever sends faster than we read must not keep us from the others.
            await ready(opened.fileno(), WRITE)
        while True:
            try:
                data = opened.recv(most)
                break
            except (ssl.SSLWantReadError, BlockingIOError):
                await ready(opened.fileno(), READ)
            except ssl.SSLWantWriteError:
                await ready(opened.fileno(), WRITE)
            except ssl.SSLEOFError:
                return b""
        if data and self.reading.first_byte is None:
            self.reading.first_byte = self.lap()
        return data

    def _open(self) -> Socket:
        if self._socket is None:
            raise Misconfigured("nothing_connected")
        return self._socket

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
