"""Where is the mail server, and a line to it whose every wait has an end.

smtplib speaks; what it reads is bounded here, in time and in size, so that a server that drips or
never stops holds nobody.
"""

import smtplib
import socket
import ssl
from dataclasses import dataclass
from email.utils import parseaddr
from time import monotonic
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

_MOST_BYTES = 65_536  # of one answer
_READ = 4_096


@dataclass(frozen=True, slots=True)
class MailServer:
    """`patience`: seconds for each answer; `last_patience`: for the answer to the message itself,
    which costs a person's time when it is missed."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False
    certificate: str | None = None
    key: str | None = None
    patience: float = 20
    last_patience: float = 90

    @classmethod
    def of_settings(cls) -> "MailServer":
        patience = settings.EMAIL_TIMEOUT or 20
        return cls(
            host=settings.EMAIL_HOST,
            port=int(settings.EMAIL_PORT),
            user=settings.EMAIL_HOST_USER or "",
            password=settings.EMAIL_HOST_PASSWORD or "",
            starttls=bool(settings.EMAIL_USE_TLS),
            tls=bool(settings.EMAIL_USE_SSL),
            certificate=settings.EMAIL_SSL_CERTFILE,
            key=settings.EMAIL_SSL_KEYFILE,
            patience=patience,
            last_patience=max(patience, settings.MAIL_LEASE_SECONDS / 2),
        )

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Gone(OSError):
    """The other side closed the line, or says what no mail server says."""


class Line(smtplib.SMTP):
    """Reads each answer within `patience` seconds and `_MOST_BYTES`."""

    def __init__(self, *, patience: float, **more: Any) -> None:
        self.patience = patience
        self._unread = b""
        super().__init__(timeout=patience, **more)

    def getreply(self) -> tuple[int, bytes]:
        try:
            answer = self._answer(monotonic() + self.patience)
        except OSError:
            self.close()
            raise
        self.rest()
        return answer

    def _answer(self, deadline: float) -> tuple[int, bytes]:
        said: list[bytes] = []
        size = 0
        while True:
            line = self._line(deadline)
            size += len(line)
            if size > _MOST_BYTES or not line[:3].isdigit():
                raise Gone(_("it does not talk as a mail server does"))
            said.append(line[4:].strip(b" \t\r\n"))
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(said)

    def _line(self, deadline: float) -> bytes:
        assert self.sock is not None
        while b"\n" not in self._unread:
            left = deadline - monotonic()
            if left <= 0:
                raise TimeoutError
            self.sock.settimeout(left)
            more = self.sock.recv(_READ)
            if not more:
                raise Gone(_("it closed the connection"))
            self._unread += more
            if len(self._unread) > _MOST_BYTES:
                raise Gone(_("it does not talk as a mail server does"))
        line, self._unread = self._unread.split(b"\n", 1)
        return line

    def starttls(self, *, context: ssl.SSLContext | None = None) -> tuple[int, bytes]:  # type: ignore[override]
        answer = super().starttls(context=context)
        if self._unread:
            # Put into the plain part by somebody in between, to be read as said under TLS.
            raise Gone(_("it said something before TLS had begun"))
        return answer

    def rest(self) -> None:
        """What is said next has its full time again."""
        assert self.sock is not None
        self.sock.settimeout(self.patience)

    def has_spoken(self) -> bool:
        """Has the server said something, or hung up, while it was our turn to talk?"""
        assert self.sock is not None
        self.sock.settimeout(0)
        try:
            self._unread += self.sock.recv(_READ)
        except (BlockingIOError, ssl.SSLWantReadError):
            return bool(self._unread)
        except OSError:
            return True
        finally:
            self.rest()
        return True


class _TlsLine(Line, smtplib.SMTP_SSL):
    """Under TLS from the first byte on."""


def line_to(server: MailServer) -> Line:
    """Connected, greeted, under TLS when the settings say so and signed in; what goes wrong is an
    OSError (ssl and smtplib raise kinds of it). Never plain when TLS was asked for."""
    line = _connected(server)
    try:
        _greet(line)
        if server.starttls:
            line.starttls(context=_context(server))
            _greet(line)
        if server.user:
            line.login(server.user, server.password)
    except BaseException:
        line.close()
        raise
    return line


def _connected(server: MailServer) -> Line:
    where = {"host": server.host, "port": server.port, "local_hostname": _own_name()}
    line = (
        _TlsLine(patience=server.patience, context=_context(server), **where)
        if server.tls
        else Line(patience=server.patience, **where)
    )
    assert line.sock is not None
    # The dot goes alone, and is not to wait for the answer of TCP to what went before.
    line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def _greet(line: Line) -> None:
    code, said = line.ehlo()
    if code == 421:
        raise smtplib.SMTPHeloError(code, said)
    if code != 250:
        code, said = line.helo()
    if code != 250:
        raise smtplib.SMTPHeloError(code, said)


def _context(server: MailServer) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if server.certificate:
        context.load_cert_chain(server.certificate, server.key)
    return context


def _own_name() -> str:
    """How we greet: a full name of this machine, never asked of a name server, or of our sender."""
    name = socket.gethostname()
    if "." in name and name.isascii():
        return name
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return domain if "." in domain and domain.isascii() else "[127.0.0.1]"
