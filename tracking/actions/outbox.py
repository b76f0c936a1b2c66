"""What is to leave the portal is written into the outbox, once an occasion."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction

from tracking.emails.written import Written
from tracking.models import Delivery, Message, MessageFile, ProgressList, User
from tracking.models.pen import take_the_pen


@dataclass(frozen=True, slots=True)
class Recipient:
    address: str
    name: str = ""
    person: User | None = None


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
    standing = Message.objects.filter(key=key).first()
    if standing:
        return standing
    message = Message.objects.create(
        key=key,
        kind=kind,
        language=language,
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=written.subject,
        text=written.text,
        html=written.html,
        written_at=now,
        progress_list=progress_list,
    )
    MessageFile.objects.bulk_create(
        MessageFile(
            message=message,
            name=file.name,
            content_type=file.content_type,
            content=file.content,
            sha256=hashlib.sha256(file.content).hexdigest(),
        )
        for file in files
    )
    Delivery.objects.bulk_create(
        Delivery(
            message=message,
            address=one.address,
            name=one.name,
            person=one.person,
            mail_id=_mail_id(message, one.address),
            next_try_at=now,
        )
        for one in _each_once(recipients)
    )
    return message


def _each_once(recipients: Iterable[Recipient]) -> Iterable[Recipient]:
    """An address that is named twice, however it is spelled, gets one message."""
    return {one.address.casefold(): one for one in recipients}.values()


def _mail_id(message: Message, address: str) -> str:
    """Names (message, recipient) for ever: a second try is the same message to every reader."""
    digest = hashlib.sha256(f"{message.key}\n{address}".encode()).hexdigest()[:32]
    domain = parseaddr(message.sender)[1].rpartition("@")[2] or "localhost"
    return f"<{digest}@{domain}>"
