"""A real name server on loopback whose answers a test decides."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from databases.probes.names import Names

Answer = Callable[[dns.message.Message], list[bytes]]
LIVES = 0  # seconds: every attempt asks again


def records(
    *texts: str, rcode: dns.rcode.Rcode = dns.rcode.NOERROR, ttl: int = LIVES, cut: bool = False
) -> Answer:
    """Answers with those of the texts, such as "A 10.0.0.1", that are of the kind asked for."""

    def answer(asked: dns.message.Message) -> list[bytes]:
        said = dns.message.make_response(asked)
        said.set_rcode(rcode)
        question = asked.question[0]
        kind = dns.rdatatype.to_text(question.rdtype)
        found = [text.partition(" ") for text in texts]
        matching = [text for name, _, text in found if name == kind]
        if matching:
            said.answer.append(dns.rrset.from_text(question.name, ttl, "IN", kind, *matching))
        if cut:
            said.flags |= dns.flags.TC
            said.answer.clear()
        return [said.to_wire(max_size=65_535)]

    return answer


def silent(asked: dns.message.Message) -> list[bytes]:
    return []


class NameServer:
    """`answer` may be exchanged at any time; `over_tcp` answers there when it is set. `asked`
    keeps name and kind of every question."""

    def __init__(self, answer: Answer, *, over_tcp: Answer | None = None) -> None:
        self.answer, self.over_tcp = answer, over_tcp
        self.asked: list[str] = []
        self.socket, self.listener = _on_one_port()
        self.port = int(self.socket.getsockname()[1])
        self._threads = [
            threading.Thread(target=what, daemon=True) for what in (self._datagrams, self._streams)
        ]

    def names(self, *servers: str) -> Names:
        """What a zone with this name server knows."""
        return Names(servers or ("127.0.0.1",), port=self.port)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        # Whoever waits for a datagram is woken by one.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waking:
            waking.sendto(b"", ("127.0.0.1", self.port))
        for thread in self._threads:
            thread.join(10)
        self.socket.close()
        self.listener.close()

    def _datagrams(self) -> None:
        while True:
            try:
                data, sender = self.socket.recvfrom(65_535)
            except OSError:
                return
            if not data:
                return
            for said in self._said(self.answer, data):
                self.socket.sendto(said, sender)

    def _streams(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                length = int.from_bytes(connection.recv(2, socket.MSG_WAITALL), "big")
                data = connection.recv(length, socket.MSG_WAITALL)
                for said in self._said(self.over_tcp or silent, data):
                    connection.sendall(len(said).to_bytes(2, "big") + said)

    def _said(self, answer: Answer, data: bytes) -> list[bytes]:
        asked = dns.message.from_wire(data)
        question = asked.question[0]
        self.asked.append(f"{question.name} {dns.rdatatype.to_text(question.rdtype)}")
        return answer(asked)


def _on_one_port() -> tuple[socket.socket, socket.socket]:
    """For datagrams and for streams."""
    for _ in range(50):
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagrams.bind(("127.0.0.1", 0))
        try:
            return datagrams, socket.create_server(datagrams.getsockname())
        except OSError:
            datagrams.close()
    raise OSError("no port is free for both")
