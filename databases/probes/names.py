"""Which addresses has a name? Asked of the zone's name servers, over sockets of the loop.

dnspython builds and reads the messages; its own sockets would wait where the loop cannot see it.
"""

import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from time import monotonic
from typing import Protocol

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from databases.probes.loop import READ, TimedOut
from databases.probes.reading import Failed, Unseen
from databases.rules.track import Blame, Depth

PATIENCE = 2.0  # seconds for one name server
KEPT = 30.0  # seconds for which an answer is used again
_MOST = 4_096  # names kept


class Waiting(Protocol):
    async def ready_within(self, seconds: float, descriptor: int, event: int) -> None: ...


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
    """The names of a zone. `port` is another one only where a test has its own name server."""

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
        addresses = await self._asked(line, name)
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[name] = (monotonic() + KEPT, addresses)
        return addresses

    async def _asked(self, line: Waiting, name: str) -> tuple[str, ...]:
        found: list[str] = []
        for kind in (dns.rdatatype.A, dns.rdatatype.AAAA):
            answer = await self.ask(line, name, kind)
            found += addresses_in(answer)
        if not found:
            raise Failed("name_without_address", Blame.THEIRS, Depth.NAME)
        return tuple(found)

    async def ask(
        self, line: Waiting, name: str, kind: dns.rdatatype.RdataType
    ) -> dns.message.Message:
        """The answer of the first name server that gives one; Failed."""
        if not self.servers:
            raise Unseen("no_name_server")
        try:
            query = dns.message.make_query(name, kind, use_edns=True)
        except dns.exception.DNSException:
            raise Failed("name_unknown", Blame.THEIRS, Depth.NAME) from None
        answer = None
        for server in self.servers:
            answer = await self._ask_one(line, server, query) or answer
            if answer is not None and answer.rcode() in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
                break
        if answer is None:
            raise Failed("name_timed_out", Blame.NETWORK, Depth.NAME)
        if answer.rcode() == dns.rcode.NXDOMAIN:
            raise Failed("name_unknown", Blame.THEIRS, Depth.NAME)
        if answer.rcode() != dns.rcode.NOERROR:
            raise Failed("name_server_failed", Blame.THEIRS, Depth.NAME)
        return answer

    async def _ask_one(
        self, line: Waiting, server: str, query: dns.message.Message
    ) -> dns.message.Message | None:
        family = socket.AF_INET6 if ":" in server else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as opened:
            try:
                opened.connect((server, self.port))
                opened.send(query.to_wire())
                while True:
                    await line.ready_within(PATIENCE, opened.fileno(), READ)
                    if answer := _read(opened.recv(65_535), query):
                        return answer
            except (TimedOut, OSError):
                return None


def addresses_in(answer: dns.message.Message) -> list[str]:
    """Of every A and AAAA record, also behind a CNAME."""
    kinds = {dns.rdatatype.A, dns.rdatatype.AAAA}
    sets: Iterable[dns.rrset.RRset] = (s for s in answer.answer if s.rdtype in kinds)
    return [str(record.address) for records in sets for record in records]


def _read(data: bytes, query: dns.message.Message) -> dns.message.Message | None:
    """The answer to that query, or nothing: anybody may send a datagram."""
    try:
        answer = dns.message.from_wire(data, raise_on_truncation=False)
    except (dns.exception.DNSException, ValueError):
        return None
    return answer if query.is_response(answer) else None
