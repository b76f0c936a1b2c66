"""How are operators told when the outbox itself may stand still? By ways that share nothing with
it: a mail handed straight to a server, best another one, and a POST to a webhook."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from smtplib import SMTPException
from typing import IO, Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

_PATIENCE = 10  # seconds for each step of a talk


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether that way took it, and what was said."""

    taken: bool
    said: str


@dataclass(frozen=True, slots=True)
class Words:
    """What is told: as a mail, and as `facts` for machines."""

    subject: str
    text: str
    facts: Mapping[str, Any]


Way = Callable[[Words], Answer]


def ways() -> dict[str, Way]:
    """Those that the settings give."""
    found: dict[str, Way] = {}
    if settings.ALARM_ADDRESSES:
        found["mail"] = by_mail
    if settings.ALARM_WEBHOOK:
        found["webhook"] = by_webhook
    return found


def by_mail(words: Words) -> Answer:
    """Taken when the server took it for at least one of the addresses."""
    to = list(settings.ALARM_ADDRESSES)
    try:
        mail = EmailMessage(words.subject, words.text, settings.DEFAULT_FROM_EMAIL, to)
        content = b"\r\n".join(mail.message().as_bytes().splitlines())
        with _server() as server:
            assert server.connection
            refused = server.connection.sendmail(mail.from_email, to, content)
    except (OSError, SMTPException, ValueError) as error:
        return Answer(False, _short(f"{type(error).__name__}: {error}"))
    return Answer(True, _short("; ".join(f"{who}: {why}" for who, why in refused.items())))


def _server() -> EmailBackend:
    given = settings.ALARM_EMAIL
    return EmailBackend(
        host=given["EMAIL_HOST"],
        port=given["EMAIL_PORT"],
        username=given.get("EMAIL_HOST_USER", ""),
        password=given.get("EMAIL_HOST_PASSWORD", ""),
        use_tls=given.get("EMAIL_USE_TLS", False),
        use_ssl=given.get("EMAIL_USE_SSL", False),
        timeout=_PATIENCE,
    )


class _NoDetour(urllib.request.HTTPRedirectHandler):
    """An alarm goes where the settings say, or the operators hear that it did not."""

    def redirect_request(
        self, req: Any, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


def by_webhook(words: Words) -> Answer:
    """Taken when it answers 2xx."""
    address = settings.ALARM_WEBHOOK
    if not address.startswith(("https://", "http://")):
        return Answer(False, "ALARM_WEBHOOK is no address that begins with https:// or http://")
    body = json.dumps(words.facts, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    try:
        request = urllib.request.Request(address, body, headers, method="POST")
        opener = urllib.request.build_opener(_NoDetour)
        with opener.open(request, timeout=_PATIENCE) as answer:
            return Answer(True, f"{answer.status}")
    except urllib.error.HTTPError as error:
        with error:
            return Answer(False, _short(f"{error.code} {error.reason}"))
    except (OSError, HTTPException, ValueError) as error:
        return Answer(False, _short(f"{type(error).__name__}: {error}"))


def _short(said: str) -> str:
    return " ".join(said.split())[:500]
