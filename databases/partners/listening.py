"""How does a stand-in listen, and stop, so that it is seen from outside?"""

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from databases.partners.authority import papers
from databases.partners.conversations import Clock, Conversation, over_http, silent, welcoming
from databases.partners.heartbeat import Receiver, sending
from databases.partners.kept import PASSWORD, SIGNING_KEY, secret
from databases.partners.name_server import NameServer
from databases.partners.postgres import as_postgres
from databases.partners.roster import HOST, Behavior, StandIn

_PATIENCE = 60  # seconds that a conversation may last
_HANDSHAKE = 10  # seconds
_HEAD_MOST = 16_384
_WITHOUT_TLS = {Behavior.POSTGRES, Behavior.HANGING, Behavior.TCP}

Close = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Place:
    """`folder` keeps their papers and secrets, `base` is the first port, `portal` is where
    heartbeats go; `trusting` takes any caller, `demanding` only one with a certificate of ours."""

    folder: Path
    base: int
    portal: str
    clock: Clock
    trusting: ssl.SSLContext
    demanding: ssl.SSLContext

    @classmethod
    def at(cls, folder: Path, base: int, portal: str, clock: Clock) -> "Place":
        held = papers(folder, clock())
        trusting, demanding = (_context(held.server) for _ in range(2))
        demanding.load_verify_locations(cadata=held.authority)
        demanding.verify_mode = ssl.CERT_REQUIRED
        return cls(folder, base, portal, clock, trusting, demanding)

    async def open(self, stand_in: StandIn) -> Close:
        """It listens, or reports, until what is returned is called; OSError when it cannot."""
        behavior = stand_in.behavior
        if behavior is Behavior.HEARTBEAT:
            key = secret(self.folder, SIGNING_KEY)
            return sending(Receiver(self.portal, stand_in.code, key), self.clock)
        port = stand_in.port(self.base)
        if behavior is Behavior.NAME_SERVER:
            loop = asyncio.get_running_loop()
            transport, _ = await loop.create_datagram_endpoint(NameServer, (HOST, port))
            return transport.close
        return await _listen(port, self._conversation(behavior), self._context(behavior))

    def _conversation(self, behavior: Behavior) -> Conversation:
        match behavior:
            case Behavior.POSTGRES:
                return as_postgres(secret(self.folder, PASSWORD), self.clock)
            case Behavior.HANGING:
                return silent
            case Behavior.TCP:
                return welcoming
        return over_http(behavior, self.clock)

    def _context(self, behavior: Behavior) -> ssl.SSLContext | None:
        if behavior in _WITHOUT_TLS:
            return None
        return self.demanding if behavior is Behavior.CLIENT_CERTIFICATE else self.trusting


def _context(server: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_cert_chain(server)
    return made


async def _listen(port: int, talk: Conversation, context: ssl.SSLContext | None) -> Close:
    writers: set[StreamWriter] = set()

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        writers.add(writer)
        try:
            async with asyncio.timeout(_PATIENCE):
                await talk(reader, writer)
        except (OSError, EOFError, ValueError):
            # A bad client ends its own conversation and nothing else.
            pass
        finally:
            writers.discard(writer)
            writer.close()

    handshake = _HANDSHAKE if context else None
    server = await asyncio.start_server(
        serve, HOST, port, limit=_HEAD_MOST, ssl=context, ssl_handshake_timeout=handshake
    )

    def close() -> None:
        server.close()
        for writer in list(writers):
            writer.transport.abort()

    return close
