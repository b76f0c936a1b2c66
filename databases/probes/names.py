"""Which addresses has a name? Asked of the zone's name servers, over sockets of the loop.

dnspython builds and reads the messages; its own sockets would wait where the loop cannot see it.
"""

import socket
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from time import monotonic
from typing import Protocol

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from databases.probes.loop import READ, WRITE, OutOfPatience
from databases.probes.reading import Failed, Unseen
from databases.rules.track import Blame, Depth

PATIENCE = 2.0  # seconds for one name server
PATIENCE_AFTER_ONE = 0.5  # for its second answer, when the first is there
KEPT = 30.0  # seconds for which an answer is used again, unless it says less itself
_MOST = 4_096  # names kept
_DATAGRAM = 4_096  # bytes; the rest of a longer one is cut, so that it is no answer
_ADDRESSES = (dns.rdatatype.A, dns.rdatatype.AAAA)
# These settle the matter; after anything else the next name server is asked.
_DEFINITE = {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}


class Waiting(Protocol):
    async def ready_within(self, seconds: float, descriptor: int, event: int) -> None:
        """OutOfPatience after so many seconds."""


@lru_cache(maxsize=16_384)
def literal(host: str) -> str | None:
    """The address, when the host is one already."""
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        return None


def system_servers(path: Path = Path("/etc/resolv.conf")) -> tuple[str, ...]:
    """Of the operating system; none when it names none."""
    words = (line.split() for line in _lines(path))
    return tuple(word[1] for word in words if len(word) > 1 and word[0] == "nameserver")


def hosts_file(path: Path = Path("/etc/hosts")) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in _lines(path):
        address, *names = line.split("#")[0].split() or [""]
        for name in names:
            found[name.lower()] = (*found.get(name.lower(), ()), address)
    return found


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


@dataclass(slots=True)
class Names:
    """The names of a zone. `servers`: addresses; what is none is passed over, for looking up its
    name would stop everybody. `port` is another one only where a test has its own name server."""

    servers: Sequence[str]
    hosts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    port: int = 53
    _kept: dict[str, tuple[float, tuple[str, ...]]] = field(default_factory=dict)

    async def resolve(self, line: Waiting, host: str) -> Sequence[str]:
        """Its addresses; Failed when it has none."""
        if address := literal(host):
            return (address,)
        name = host.lower().rstrip(".")
        if name in self.hosts:
            return self.hosts[name]
        until, addresses = self._kept.get(name, (0.0, ()))
        if monotonic() < until:
            return addresses
        answers = await self._answers(line, name, _ADDRESSES)
        addresses = tuple(addresses_in(answers))
        if not addresses:
            whole = len(answers) == len(_ADDRESSES)
            reason = "name_without_address" if whole else "name_server_failed"
            raise Failed(reason, Blame.THEIRS, Depth.NAME)
        self._keep(name, addresses, min(KEPT, *_lives(answers)))
        return addresses

    def _keep(self, name: str, addresses: tuple[str, ...], seconds: float) -> None:
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[name] = (monotonic() + seconds, addresses)

    async def ask(
        self, line: Waiting, name: str, kind: dns.rdatatype.RdataType
    ) -> dns.message.Message:
        """The answer of the first name server that gives one; Failed."""
        (answer,) = await self._answers(line, name, (kind,))
        return answer

    async def _answers(
        self, line: Waiting, name: str, kinds: Sequence[dns.rdatatype.RdataType]
    ) -> list[dns.message.Message]:
        """Those of the first name server that knows about the name, at least one; Failed."""
        servers = [address for text in self.servers if (address := literal(text))]
        if not servers:
            raise Unseen("no_name_server")
        try:
            queries = [dns.message.make_query(name, kind, use_edns=True) for kind in kinds]
        except dns.exception.DNSException:
            raise Failed("name_unknown", Blame.THEIRS, Depth.NAME) from None
        told: list[dns.message.Message] = []
        for server in servers:
            told = await _asked(line, (server, self.port), queries) or told
            if any(answer.rcode() in _DEFINITE for answer in told):
                break
        return _usable(told)


def _usable(told: list[dns.message.Message]) -> list[dns.message.Message]:
    """Those without an error; Failed when there is none."""
    if not told:
        raise Failed("name_timed_out", Blame.NETWORK, Depth.NAME)
    codes = {answer.rcode() for answer in told}
    if dns.rcode.NOERROR in codes:
        return [answer for answer in told if answer.rcode() == dns.rcode.NOERROR]
    reason = "name_unknown" if dns.rcode.NXDOMAIN in codes else "name_server_failed"
    raise Failed(reason, Blame.THEIRS, Depth.NAME)


async def _asked(
    line: Waiting, server: tuple[str, int], queries: Sequence[dns.message.Message]
) -> list[dns.message.Message]:
    """What that server answers, in any order; nothing when it does not answer in time."""
    told: list[tuple[dns.message.Message, dns.message.Message]] = []
    left = list(queries)
    with _socket(server, socket.SOCK_DGRAM) as opened:
        try:
            # Connected, so that the kernel drops what others send.
            opened.connect(server)
            for query in queries:
                opened.send(query.to_wire())
            while left:
                patience = PATIENCE_AFTER_ONE if told else PATIENCE
                await line.ready_within(patience, opened.fileno(), READ)
                for pair in _read(opened, left):
                    left.remove(pair[0])
                    told.append(pair)
        except (OutOfPatience, OSError):
            pass
    return [await _whole(line, server, *pair) for pair in told]


def _read(
    opened: socket.socket, queries: Sequence[dns.message.Message]
) -> Iterator[tuple[dns.message.Message, dns.message.Message]]:
    """The next datagram, when it is the answer to one of them: anybody may send one."""
    try:
        answer = _message(opened.recv(_DATAGRAM))
    except BlockingIOError:
        return
    for query in queries:
        if answer is not None and query.is_response(answer):
            yield query, answer
            return


def _message(data: bytes) -> dns.message.Message | None:
    try:
        return dns.message.from_wire(data, raise_on_truncation=False)
    except (dns.exception.DNSException, ValueError):
        return None


async def _whole(
    line: Waiting,
    server: tuple[str, int],
    query: dns.message.Message,
    answer: dns.message.Message,
) -> dns.message.Message:
    """The answer, asked for again over TCP when it did not fit into a datagram."""
    if not answer.flags & dns.flags.TC:
        return answer
    try:
        data = await _over_tcp(line, server, query.to_wire())
    except (OutOfPatience, OSError):
        return answer
    full = _message(data)
    return full if full is not None and query.is_response(full) else answer


async def _over_tcp(line: Waiting, server: tuple[str, int], asked: bytes) -> bytes:
    """What it answers, as far as it comes. OutOfPatience, OSError."""
    with _socket(server, socket.SOCK_STREAM) as opened:
        opened.connect_ex(server)
        await line.ready_within(PATIENCE, opened.fileno(), WRITE)
        opened.send(len(asked).to_bytes(2, "big") + asked)
        data = b""
        while len(data) < 2 or len(data) < 2 + int.from_bytes(data[:2], "big"):
            await line.ready_within(PATIENCE, opened.fileno(), READ)
            more = opened.recv(65_537)
            if not more:
                break
            data += more
        return data[2:]


def _socket(server: tuple[str, int], kind: socket.SocketKind) -> socket.socket:
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    return socket.socket(family, kind | socket.SOCK_NONBLOCK)


def addresses_in(answers: Iterable[dns.message.Message]) -> list[str]:
    """Of every A and AAAA record, also behind a CNAME."""
    sets = [found for answer in answers for found in answer.answer]
    return [str(record.address) for found in sets if found.rdtype in _ADDRESSES for record in found]


def _lives(answers: Iterable[dns.message.Message]) -> list[float]:
    """Seconds for which the records may be kept."""
    return [float(found.ttl) for answer in answers for found in answer.answer]
