"""What is to leave the portal is written into the outbox, once an occasion."""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from tracking.emails.written import Written
from tracking.mail.addresses import NotAnAddress, one_line, sender
from tracking.models import Delivery, Message, MessageFile, ProgressList, User
from tracking.models.pen import take_the_pen


@dataclass(frozen=True, slots=True)
class Recipient:
    address: str
    name: str = ""
    person: User | None = None

    @classmethod
    def of(cls, person: User) -> "Recipient":
        return cls(person.email, person.written_name, person)


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content_type: str
    content: bytes


@transaction.atomic
def enqueue(
    *,
    key: str,
    kind: str,
    written: Written,
    language: str,
    recipients: Iterable[Recipient],
    now: datetime,
    files: Sequence[File] = (),
    progress_list: ProgressList | None = None,
) -> Message:
    """The message of this occasion with one delivery a recipient; written already, it is the one
    that stands, with the recipients that it had."""
    take_the_pen()
    if standing := Message.objects.filter(key=key).first():
        return standing
    occasion = {"key": key, "kind": kind, "language": language, "progress_list": progress_list}
    message = Message.objects.create(**occasion, **_texts(written), written_at=now)
    MessageFile.objects.bulk_create(_attached(message, file) for file in files)
    Delivery.objects.bulk_create(_addressed(message, one) for one in _each_once(recipients))
    return message


def _texts(written: Written) -> dict[str, str]:
    return {
        "sender": settings.DEFAULT_FROM_EMAIL,
        "subject": _kept(written.subject, 500),
        "text": written.text.replace("\0", ""),
        "html": written.html.replace("\0", ""),
    }


def _attached(message: Message, file: File) -> MessageFile:
    return MessageFile(
        message=message,
        name=_kept(file.name, 200),
        content_type=_kept(file.content_type, 120),
        content=file.content,
        sha256=hashlib.sha256(file.content).hexdigest(),
    )


def _addressed(message: Message, one: Recipient) -> Delivery:
    return Delivery(
        message=message,
        address=one.address,
        name=one.name,
        person=one.person,
        mail_id=_mail_id(message, one.address),
        next_try_at=message.written_at,
    )


def _each_once(recipients: Iterable[Recipient]) -> Iterable[Recipient]:
    """An address that is named twice, however it is spelled, gets one message. One that is none
    gets a delivery too, which will say so: nobody is left out in silence."""
    kept = (
        Recipient(_kept(one.address, 320), _kept(one.name, 200), one.person) for one in recipients
    )
    found: dict[str, Recipient] = {}
    for one in kept:
        found.setdefault(one.address.casefold(), one)
    return found.values()


def _kept(text: str, most: int) -> str:
    """As a column takes it. What was cut ends in a sign that no address may hold."""
    line = one_line(unicodedata.normalize("NFC", text))
    return line if len(line) <= most else line[: most - 1] + "…"


def _mail_id(message: Message, address: str) -> str:
    """Names (message, recipient) for ever: a second try is the same message to every reader."""
    digest = hashlib.sha256(f"{message.key}\n{address}".encode()).hexdigest()[:32]
    try:
        domain = sender(message.sender)[1].domain
    except NotAnAddress:
        domain = "localhost"
    return f"<{digest}@{domain}>"
