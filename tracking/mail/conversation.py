"""What does the mail server say to a message for one recipient?

Until the final dot is sent the server has nothing, whatever breaks; from the dot on only its
answer tells whether it has the message, and no answer is said to be none.
"""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from tracking.mail.addresses import Address, one_line
from tracking.mail.server import Line, MailServer, line_to

_LONGEST = 500  # letters of an answer that are kept
_LOST_MOST = 3  # connections in a row that a server may lose before it is left alone
_OURS = frozenset({503, 530, 538})  # what a server answers to RCPT when it wants us to sign in


class Kind(StrEnum):
    TAKEN = "taken"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Outcome:
    kind: Kind
    said: str


class Unavailable(Exception):
    """No message goes at the moment, and no recipient is to blame; the text says why."""


class _NotNow(Exception):
    """The server takes no message on this connection."""


class Conversation:
    """One message after the other, over a connection that is kept for as long as it holds."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self._line: Line | None = None
        self._begun = False  # a message, which was neither taken nor taken back
        self._lost = 0  # connections, since the server last answered in order

    def offer(self, sender: Address, recipient: Address, size: int) -> Outcome | None:
        """Name both. None: the server waits for the message. Unavailable: it takes none."""
        line = self._begin(sender, recipient)
        most = line.esmtp_features.get("size", "")
        if most.isdigit() and 0 < int(most) < size:
            return Outcome(Kind.PERMANENT, _too_large(size, int(most)))
        if recipient.international and not line.has_extn("smtputf8"):
            return Outcome(Kind.PERMANENT, _unknown_letters(recipient))
        try:
            code, said = line.docmd("RCPT", f"TO:<{recipient}>")
        except OSError as error:
            return self._broken(error)
        if code in (250, 251):
            return None
        if code in _OURS:
            self.close()
            raise Unavailable(_answer(code, said))
        return self._refused(code, said)

    def hand(self, message: bytes, still_ours: Callable[[], bool]) -> Outcome:
        """Say the message, its dots doubled already; the dot that ends it only if it is ours."""
        line = self._line
        assert line is not None
        assert line.sock is not None
        try:
            code, said = line.docmd("DATA")
            if code != 354:
                return self._refused(code, said)
            line.sock.sendall(message)
            if line.has_spoken():
                return self._refused(*line.getreply(), ended=True)
        except OSError as error:
            return self._broken(error)
        if not still_ours():
            self.close()
            return Outcome(Kind.TEMPORARY, _("the sender was held up and took the message back"))
        return self._end(line)

    def close(self) -> None:
        """At once: nothing that matters is said in parting."""
        if self._line is not None:
            self._line.close()
        self._line, self._begun = None, False

    def leave(self) -> None:
        """As one does."""
        if self._line is not None:
            self._line.patience = min(2, self.server.patience)
            try:
                self._line.docmd("QUIT")
            except OSError:
                pass
        self.close()

    def _begin(self, sender: Address, recipient: Address) -> Line:
        """On a new connection where the old one is worn out: servers end those that served long."""
        if self._lost >= _LOST_MOST:
            raise Unavailable(
                _("The mail server lost %(many)d connections in a row.") % {"many": self._lost}
            )
        if self._line is not None:
            try:
                return self._sender_named(self._line, sender, recipient)
            except (OSError, _NotNow):
                self.close()
        try:
            self._line = line_to(self.server)
            return self._sender_named(self._line, sender, recipient)
        except (OSError, _NotNow) as error:
            self.close()
            raise Unavailable(self._why(error)) from error

    def _sender_named(self, line: Line, sender: Address, recipient: Address) -> Line:
        if self._begun:
            self._expect(250, *line.rset())
        international = sender.international or recipient.international
        more = ""
        if international and line.has_extn("smtputf8"):
            line.command_encoding = "utf-8"
            more = " SMTPUTF8"
        elif sender.international:
            raise _NotNow(_unknown_letters(sender))
        self._expect(250, *line.docmd("MAIL", f"FROM:<{sender}>{more}"))
        self._begun = True
        return line

    def _expect(self, wanted: int, code: int, said: bytes) -> None:
        if code != wanted:
            raise _NotNow(_answer(code, said))

    def _end(self, line: Line) -> Outcome:
        line.patience = self.server.last_patience
        try:
            line.rest()
            line.sock.sendall(b".\r\n")  # type: ignore[union-attr]
            code, said = line.getreply()
        except OSError as error:
            return Outcome(Kind.UNCERTAIN, self._broken(error).said)
        line.patience = self.server.patience
        line.rest()
        self._begun = False
        if 200 <= code < 300:
            self._lost = 0
            return Outcome(Kind.TAKEN, _answer(code, said))
        if not 400 <= code < 600:
            self.close()
            return Outcome(Kind.UNCERTAIN, _answer(code, said))
        return self._refused(code, said)

    def _refused(self, code: int, said: bytes, *, ended: bool = False) -> Outcome:
        """Answered, and not taken."""
        self._lost = self._lost + 1 if code == 421 else 0
        if code == 421 or ended:
            self.close()
        kind = Kind.PERMANENT if 500 <= code < 600 else Kind.TEMPORARY
        return Outcome(kind, _answer(code, said))

    def _broken(self, error: OSError) -> Outcome:
        """The connection is gone; a message that was not ended was not taken."""
        self.close()
        self._lost += 1
        return Outcome(Kind.TEMPORARY, _fault(error))

    def _why(self, error: Exception) -> str:
        said = _fault(error) if isinstance(error, OSError) else str(error)
        return _("The mail server %(server)s takes no messages: %(said)s") % {
            "server": self.server,
            "said": said,
        }


def _answer(code: int, said: bytes) -> str:
    return one_line(f"{code} {said.decode('utf-8', 'replace')}")[:_LONGEST]


def _fault(error: OSError) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return _answer(error.smtp_code, text if isinstance(text, bytes) else text.encode())
    if isinstance(error, TimeoutError):
        return _("no answer in time")
    return one_line(str(error.strerror or error) or type(error).__name__)[:_LONGEST]


def _too_large(size: int, most: int) -> str:
    return _(
        "The message has %(size)d bytes and the mail server takes %(most)d: send it without files."
    ) % {"size": size, "most": most}


def _unknown_letters(address: Address) -> str:
    return _(
        "The mail server knows only letters without marks before the @: %(address)s cannot be "
        "reached through it."
    ) % {"address": address}
