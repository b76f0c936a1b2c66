"""What goes to the server for a delivery? The same bytes every time they are asked for.

All that the recipients of a message have in common is encoded once; what differs, `To` and
`Message-ID`, stands before it.
"""

import hashlib
from base64 import encodebytes
from binascii import b2a_qp
from dataclasses import dataclass
from email.utils import format_datetime
from functools import cached_property
from re import ASCII, compile as pattern
from urllib.parse import quote

from tracking.mail.addresses import (
    Address,
    NotAnAddress,
    header_address,
    header_text,
    one_line,
    parsed,
    sender,
)
from tracking.models import Delivery, Message, MessageFile
from tracking.rules.instants import ZONE

_LINE_END = pattern(r"\r\n|\r|\n")
_CONTENT_TYPE = pattern(r"[\w.+-]+/[\w.+-]+(; ?charset=[\w-]+)?", ASCII)
_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True)
class Encoded:
    """What the recipients of a message share. `sender`: to whom the server returns it."""

    message: int
    sender: Address
    shared: bytes

    @cached_property
    def stuffed(self) -> bytes:
        """As it is said after DATA: a line that begins with a dot has one more."""
        return self.shared.replace(b"\r\n.", b"\r\n..")


def encoded(message: Message) -> Encoded:
    """NotAnAddress when its sender is none: then it can be sent to nobody."""
    name, address = sender(message.sender)
    return Encoded(message.pk, address, _shared(message, header_address(name, address, "From")))


def _shared(message: Message, from_whom: str) -> bytes:
    headers = [
        ("From", from_whom),
        ("Date", format_datetime(message.written_at.astimezone(ZONE))),
        ("Subject", header_text(message.subject, "Subject")),
        ("MIME-Version", "1.0"),
        ("Content-Language", header_text(message.language, "Content-Language")),
        # Robots that answer, and absent people's, are to leave it alone (RFC 3834; Exchange).
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
    ]
    return _lines(headers) + _body(message)


def head(delivery: Delivery) -> bytes:
    """The headers that are this recipient's. NotAnAddress when there is none."""
    return _own(delivery, header_address(delivery.name, parsed(delivery.address), "To"))


def _own(delivery: Delivery, to: str) -> bytes:
    return _lines([("To", to), ("Message-ID", one_line(delivery.mail_id))])


def exact_bytes(delivery: Delivery) -> bytes:
    """The message of this delivery as a server is given it, byte for byte; with an address that is
    none it was never sent, and this is what would have been."""
    message = delivery.message
    try:
        own = head(delivery)
    except NotAnAddress:
        own = _own(delivery, header_text(delivery.address, "To"))
    try:
        return own + encoded(message).shared
    except NotAnAddress:
        return own + _shared(message, header_text(message.sender, "From"))


def _lines(headers: list[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode()


def _body(message: Message) -> bytes:
    alternative = _multipart(
        "alternative",
        _boundary(message, "alternative"),
        [_text("plain", message.text), _text("html", message.html)],
    )
    files = [_file(file) for file in message.files.all()]
    if not files:
        return alternative
    return _multipart("mixed", _boundary(message, "mixed"), [alternative, *files])


def _boundary(message: Message, kind: str) -> str:
    """ "=_" stands neither in quoted-printable nor in Base64, so it is in no part."""
    return f"=_{kind}_{hashlib.sha256(message.key.encode()).hexdigest()[:24]}"


def _multipart(kind: str, boundary: str, parts: list[bytes]) -> bytes:
    line = f"\r\n--{boundary}".encode()
    start = _lines([("Content-Type", f'multipart/{kind};\r\n boundary="{boundary}"')])
    return start + b"".join(line + b"\r\n" + part for part in parts) + line + b"--\r\n"


def _text(kind: str, text: str) -> bytes:
    headers = [
        ("Content-Type", f"text/{kind}; charset=utf-8"),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ]
    lines = _LINE_END.sub("\r\n", f"{text.rstrip()}\n")
    return _lines(headers) + b"\r\n" + b2a_qp(lines.encode(), istext=True)


def _file(file: MessageFile) -> bytes:
    """The name in two ways: RFC 2231, and in words for readers that know only the older one."""
    kind = file.content_type if _CONTENT_TYPE.fullmatch(file.content_type) else _UNKNOWN
    name = one_line(file.name).replace("/", "_").replace("\\", "_").replace('"', "'")
    older = header_text(name, "Content-Type")
    headers = [
        ("Content-Type", f'{kind};\r\n name="{older}"'),
        ("Content-Disposition", f"attachment;\r\n {_extended('filename', name)}"),
        ("Content-Transfer-Encoding", "base64"),
    ]
    content = encodebytes(bytes(file.content)).replace(b"\n", b"\r\n")
    return _lines(headers) + b"\r\n" + content


def _extended(parameter: str, value: str) -> str:
    """RFC 2231, in pieces that keep lines short; plain where plain will do."""
    if value.isascii() and len(value) < 60 and "%" not in value:
        return f'{parameter}="{value}"'
    pieces = ["utf-8''"]
    for letter in value:
        written = quote(letter, safe="")
        if len(pieces[-1]) + len(written) > 56:
            pieces.append("")
        pieces[-1] += written
    if len(pieces) == 1:
        return f"{parameter}*={pieces[0]}"
    return ";\r\n ".join(f"{parameter}*{n}*={piece}" for n, piece in enumerate(pieces))
