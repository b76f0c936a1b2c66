"""How does a probe reach its target? Names, guard, socket and TLS, each phase timed."""

import errno
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from time import monotonic_ns

from databases.probes.egress import EgressRefused, Reach
from databases.probes.loop import READ, WRITE, Loop, Run, TimedOut, ready
from databases.probes.names import Names
from databases.probes.reading import Failed, Misconfigured, Reading, Unseen
from databases.rules.track import Blame, Depth, Result

CONNECT_PATIENCE = 3.0  # seconds; a host that does not answer so long is out of reach

Socket = socket.socket | ssl.SSLSocket

_OUR_LIMITS = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL}
_REASONS = {errno.ECONNREFUSED: "refused", errno.ECONNRESET: "reset", errno.EPIPE: "reset"}
_CERTIFICATE = {10: "certificate_expired", 62: "certificate_name", 64: "certificate_name"}


class Line(Run):
    """One attempt's way to its target. What it raises says whose fault it looks like."""

    __slots__ = ("_began", "_phase", "_socket", "depth", "loop", "names", "now", "reach", "reading")

    def __init__(
        self, loop: Loop, reach: Reach, names: Names, *, now: datetime, timeout: float
    ) -> None:
        """`now`: the instant against which ages and certificates are held; `timeout` in seconds."""
        super().__init__(timeout)
        self.loop, self.reach, self.names, self.now = loop, reach, names, now
        self.reading = Reading()
        self.depth = Depth.NAME
        self._socket: Socket | None = None
        self._began = self._phase = 0

    def begin(self) -> None:
        self.reading.waited = int((self.begun - self.added) * 1e6)
        self._began = self._phase = monotonic_ns()

    def lap(self) -> int:
        """Microseconds since the last lap."""
        now = monotonic_ns()
        passed, self._phase = (now - self._phase) // 1000, now
        return passed

    def elapsed(self) -> int:
        """Microseconds since the attempt began."""
        return (monotonic_ns() - self._began) // 1000

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        """Of a name or a literal; every one of them passed the guard."""
        self.depth = Depth.NAME
        found = await self.names.resolve(self, host)
        self.reading.names = self.lap()
        for address in found:
            self.reach.require(address, port)
        return found

    async def connect(self, host: str, port: int) -> None:
        """To the first of its addresses that takes the connection."""
        found = await self.addresses(host, port)
        self.depth = Depth.CONNECT
        for address in found[:-1]:
            try:
                await self._connect(address, port)
                return
            except (OSError, TimedOut):
                if self._left() <= 0:
                    raise
        await self._connect(found[-1], port)

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
        """Wait for it, but no longer than that; TimedOut."""
        whole = self.until
        self.until = min(whole, whole - self._left() + seconds)
        try:
            await ready(descriptor, event)
        finally:
            self.until = whole

    def _left(self) -> float:
        """Seconds until the time of the attempt is over."""
        return self.timeout - self.elapsed() / 1e6

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

    async def send(self, data: bytes) -> None:
        """All of it; from here on the attempt merely waits."""
        self.depth = max(self.depth, Depth.REQUEST)
        opened = self._open()
        while True:
            try:
                sent = opened.send(data)
            except (ssl.SSLWantReadError, BlockingIOError):
                sent = 0
            if sent == len(data):
                break
            data = data[sent:]
            await ready(opened.fileno(), WRITE)
        self.loop.settle(self)

    async def receive(self, most: int = 16_384) -> bytes:
        """What has arrived; nothing when the other side has ended."""
        opened = self._open()
        while True:
            try:
                data = opened.recv(most)
                break
            except (ssl.SSLWantReadError, BlockingIOError):
                await ready(opened.fileno(), READ)
            except ssl.SSLEOFError:
                data = b""
                break
        if self.reading.first_byte is None:
            self.reading.first_byte = self.lap()
        return data

    def _open(self) -> Socket:
        if self._socket is None:
            raise Misconfigured("nothing is connected")
        return self._socket

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


async def attempt(line: Line, probe: Callable[[Line], Awaitable[None]]) -> None:
    """Run the probe and write into line.reading what it says, whatever happens."""
    reading = line.reading
    line.begin()
    try:
        await probe(line)
    except Failed as failed:
        _fail(reading, failed.reason, failed.blame, failed.depth)
        reading.status = failed.status or reading.status
    except TimedOut as over:
        _timed_out(reading, line.depth, late=over.late)
    except (EgressRefused, Misconfigured) as refused:
        reading.result, reading.depth = Result.CONFIG, line.depth
        reading.reason = getattr(refused, "reason", "") or str(refused)[:60]
    except Unseen as unseen:
        reading.result, reading.reason, reading.depth = Result.BLIND, str(unseen), line.depth
    except ssl.SSLError as error:
        _not_secured(reading, error, line.depth)
    except OSError as error:
        _not_reached(reading, error, line.depth)
    finally:
        line.close()
        reading.total = line.elapsed()


def _fail(reading: Reading, reason: str, blame: Blame | None, depth: Depth) -> None:
    reading.result, reading.reason = Result.FAIL, reason
    reading.blame, reading.depth = blame, depth


def _timed_out(reading: Reading, depth: Depth, *, late: bool) -> None:
    if late:
        reading.result, reading.reason, reading.depth = Result.BLIND, "prober_late", depth
        return
    out_of_reach = depth <= Depth.CONNECT
    reason = "connect_timed_out" if depth is Depth.CONNECT else "timed_out"
    _fail(reading, reason, Blame.NETWORK if out_of_reach else Blame.THEIRS, depth)


def _not_secured(reading: Reading, error: ssl.SSLError, depth: Depth) -> None:
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = _CERTIFICATE.get(error.verify_code, "certificate_untrusted")
        _fail(reading, reason, Blame.THEIRS, Depth.TLS)
        return
    word = error.reason or ""
    if "ALERT" in word and ("CERTIFICATE" in word or "UNKNOWN_CA" in word or "ACCESS" in word):
        # They looked at ours and refused it.
        _fail(reading, "client_certificate_refused", Blame.CONTRACT, Depth.TLS)
        return
    _fail(reading, "tls_failed", Blame.THEIRS, max(depth, Depth.TLS))


def _not_reached(reading: Reading, error: OSError, depth: Depth) -> None:
    if error.errno in _OUR_LIMITS:
        reading.result, reading.reason, reading.depth = Result.BLIND, "our_limits", depth
        return
    reason = _REASONS.get(error.errno or 0, "unreachable")
    blame = Blame.NETWORK if reason == "unreachable" else Blame.THEIRS
    _fail(reading, reason, blame, depth)
