"""A mail server that does what a test tells it, and knows what it took and where senders stand.

    with ScriptedServer() as server:
        server.will("RCPT", "550 no such user", to="b@x.vn")
        server.will("dot", TAKE_AND_DROP)

Steps: greeting, EHLO, STARTTLS, AUTH, MAIL, RSET, RCPT, DATA, body (its first bytes are there), dot
(all of it is), answer (it is taken, and not said yet).
"""

import re
import socket
import ssl
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

DROP = "drop"
TAKE_AND_DROP = "take and drop"
HANG = "hang"
DRIP = "drip"  # a byte now and then, never a line
ENDLESS = "endless"  # lines of an answer that never ends
ALWAYS = 1_000_000
PATIENCE = 30

_USUAL = {
    "greeting": "220 test",
    "STARTTLS": "220 go on",
    "AUTH": "235 welcome",
    "DATA": "354 go on",
    "QUIT": "221 bye",
}


@dataclass
class Taken:
    """A message for which this server is answerable now."""

    recipient: str
    mail_id: str
    content: bytes


@dataclass
class Hold:
    """A step at which the server waits until it is told to go on."""

    reached: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

    def wait(self) -> None:
        assert self.reached.wait(PATIENCE), "no sender came to this step"


@dataclass
class _Rule:
    step: str
    says: str
    to: str | None
    times: int


class _Hangup(Exception):
    """This connection ends now."""


class ScriptedServer:
    def __init__(
        self,
        *features: str,
        certificate: str = "",
        implicit_tls: bool = False,
    ) -> None:
        self.features = [*features, *(["STARTTLS"] if certificate and not implicit_tls else [])]
        self.context: ssl.SSLContext | None = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        self.implicit_tls = implicit_tls
        self.taken: list[Taken] = []
        self.steps: Counter[str] = Counter()
        self.heard: list[str] = []
        self._rules: list[_Rule] = []
        self._holds: list[tuple[str, str | None, Hold]] = []
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for _step, _to, hold in self._holds:
            hold.go.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for opened in list(self._open):
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)

    def will(self, step: str, says: str, *, to: str | None = None, times: int = 1) -> None:
        """Say so at this step, of any recipient or of this one, so many times."""
        self._rules.append(_Rule(step, says, to, times))

    def hold(self, step: str, *, to: str | None = None) -> Hold:
        """Wait there, once."""
        hold = Hold()
        self._holds.append((step, to, hold))
        return hold

    def taken_by(self, recipient: str) -> int:
        return sum(one.recipient == recipient for one in self.taken)

    def _start(self, what: "object", *arguments: object) -> None:
        thread = threading.Thread(target=what, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._ending.is_set():
            try:
                opened, _ = self._listener.accept()
            except OSError:
                return
            self._open.add(opened)
            self._start(self._serve, opened)

    def _serve(self, opened: socket.socket) -> None:
        talk = _Talk(self, opened)
        with suppress(OSError, _Hangup):
            if self.implicit_tls:
                talk.begin_tls()
            talk.run()
        talk.opened.close()
        self._open.discard(opened)

    def says(self, step: str, to: str | None) -> str:
        """What is said at a step, after whoever holds it lets go."""
        with self._lock:
            self.steps[step] += 1
            holds = [held for held in self._holds if held[0] == step and held[1] in (None, to)]
            for held in holds[:1]:
                self._holds.remove(held)
        for _step, _to, hold in holds[:1]:
            hold.reached.set()
            hold.go.wait(PATIENCE)
        with self._lock:
            for rule in self._rules:
                if rule.times and rule.step == step and rule.to in (None, to):
                    rule.times -= 1
                    return rule.says
        return _USUAL.get(step, "250 ok")

    def wait_for_the_end(self) -> None:
        self._ending.wait(PATIENCE)

    @property
    def ending(self) -> threading.Event:
        return self._ending


class _Talk:
    """With one sender, on one connection."""

    def __init__(self, server: ScriptedServer, opened: socket.socket) -> None:
        self.server = server
        self.opened = opened
        self.unread = b""
        self.to: str | None = None

    def run(self) -> None:
        self._say("greeting")
        while line := self._line():
            self.server.heard.append(line)
            verb = line.split(" ")[0].split(":")[0].upper()
            if verb == "EHLO":
                self._greet()
            elif verb == "DATA":
                self._data()
            else:
                if verb == "RCPT":
                    self.to = line[line.index("<") + 1 : line.rindex(">")]
                self._say(verb)
                if verb == "STARTTLS":
                    self.begin_tls()
                if verb == "QUIT":
                    return

    def begin_tls(self) -> None:
        if self.server.context:
            self.opened = self.server.context.wrap_socket(self.opened, server_side=True)

    def _greet(self) -> None:
        said = self.server.says("EHLO", None)
        if said.startswith("250"):
            lines = ["test", *self.server.features]
            said = "\r\n".join(f"250-{line}" for line in lines) + "\r\n250 8BITMIME"
        self._do(said)

    def _data(self) -> None:
        if not self._say("DATA").startswith("354"):
            return
        self._more()
        said = self.server.says("body", self.to)
        if said != "250 ok":
            self._do(said)
        looked = 0
        while self.unread.find(b"\r\n.\r\n", looked) < 0:
            looked = max(0, len(self.unread) - 5)
            self._more()
        content, _, self.unread = self.unread.partition(b"\r\n.\r\n")
        said = self.server.says("dot", self.to)
        if said.startswith("2") or said == TAKE_AND_DROP:
            found = re.search(rb"^Message-ID: (.*?)\r$", content, re.M)
            mail_id = found[1].decode() if found else ""
            plain = (content + b"\r\n").replace(b"\r\n..", b"\r\n.")
            self.server.taken.append(Taken(self.to or "", mail_id, plain))
            self.server.says("answer", self.to)
        self._do(said)

    def _say(self, step: str) -> str:
        said = self.server.says(step, self.to)
        self._do(said)
        return said

    def _do(self, said: str) -> None:
        if said in (DROP, TAKE_AND_DROP):
            raise _Hangup
        if said == HANG:
            self.server.wait_for_the_end()
            raise _Hangup
        while said == DRIP and not self.server.ending.wait(0.05):
            self.opened.sendall(b"2")
        while said == ENDLESS and not self.server.ending.is_set():
            self.opened.sendall(b"250-and another thing\r\n" * 100)
        self.opened.sendall(said.encode() + b"\r\n")
        if said.startswith("421"):
            raise _Hangup

    def _line(self) -> str:
        while b"\r\n" not in self.unread:
            try:
                self._more()
            except _Hangup:
                return ""
        line, _, self.unread = self.unread.partition(b"\r\n")
        return line.decode("utf-8", "replace")

    def _more(self) -> None:
        more = self.opened.recv(65_536)
        if not more:
            raise _Hangup
        self.unread += more
