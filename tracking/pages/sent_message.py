"""What exactly was sent to a recipient? Read out of the very bytes that the server is given."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from tracking.mail.mime import exact_bytes
from tracking.models import Delivery

# What a reader looks for first; all the others stand in the message as it was sent.
_READ_FIRST = ("From", "To", "Date", "Subject", "Message-ID")


@dataclass(frozen=True, slots=True)
class SentMessage:
    """`headers` in words, `head` as they were sent; `text` is the plain text."""

    headers: tuple[tuple[str, str], ...]
    head: str
    text: str
    size: int


def as_sent(delivery: Delivery) -> SentMessage:
    content = exact_bytes(delivery)
    parsed = message_from_bytes(content, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    part = parsed.get_body(("plain",))
    return SentMessage(
        headers=tuple((name, str(parsed[name])) for name in _READ_FIRST if parsed[name]),
        head=content.partition(b"\r\n\r\n")[0].decode(errors="replace").replace("\r\n", "\n"),
        text=str(part.get_content()) if part else "",
        size=len(content),
    )
