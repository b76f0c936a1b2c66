"""How does a stand-in listen, and stop, so that it is seen from outside?"""

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from databases.partners.authority import papers
from databases.partners.conversations import Clock, Conversation, over_https, silent, welcoming
from databases.partners.heartbeat import Receiver, sending
from databases.partners.kept import PASSWORD, SIGNING_KEY, secret
from databases.partners.name_server import NameServer
from databases.partners.postgres import as_postgres
from databases.partners.roster import HOST, Behavior, StandIn

_PATIENCE = 60  # seconds that a conversation may last

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
        return await _listen(port, self._conversation(behavior))

    def _conversation(self, behavior: Behavior) -> Conversation:
        match behavior:
            case Behavior.POSTGRES:
                return as_postgres(secret(self.folder, PASSWORD), self.clock)
            case Behavior.HANGING:
                return silent
            case Behavior.TCP:
                return welcoming
            case Behavior.CLIENT_CERTIFICATE:
                return over_https(behavior, self.clock, self.demanding)
        return over_https(behavior, self.clock, self.trusting)


def _context(server: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_cert_chain(server)
    return made


async def _listen(port: int, talk: Conversation) -> Close:
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

    server = await asyncio.start_server(serve, HOST, port)

    def close() -> None:
        server.close()
        for writer in list(writers):
            writer.transport.abort()

    return close
