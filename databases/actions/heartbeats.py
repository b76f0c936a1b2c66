"""What the other side reports to us by itself: who may, what it must say, what is kept of it."""

import hashlib
import hmac
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from databases.models import Endpoint, HeartbeatReport
from databases.models.credential import CredentialKind
from databases.probes.surroundings import Secret
from databases.pump.secrets import opened
from tracking.actions.refusals import Refused
from tracking.rules.instants import instant_text

_log = logging.getLogger(__name__)

MOST_BYTES = 4_096
KEPT = 1_000  # reports of an endpoint
_OFF = timedelta(minutes=5)  # how far two clocks may be apart
_SPACING = timedelta(seconds=1)
_LARGEST = 2**63 - 1
_OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
_FIELDS = ("number", "watermark", "sent_at")

# Checked where there is no key, so that the time an answer takes tells nothing either.
_NOBODYS = Secret(CredentialKind.SIGNATURE, "", os.urandom(32))


class NotProven(Refused):
    """Not shown to come from whom the endpoint belongs to. Always the same sentence."""

    def __init__(self) -> None:
        super().__init__(
            [_("no endpoint takes this report: check the address, the key and the signature")]
        )


class Unusable(Refused):
    """Proven, but it says nothing that could be kept."""


class Repeated(Refused):
    """Its number is not larger than the last one."""


class TooSoon(Refused):
    """Less than a second after the last one."""


@dataclass(frozen=True, slots=True)
class _Said:
    number: int
    watermark: datetime | None


def accept_report(*, code: str, body: bytes, signature: str, now: datetime) -> HeartbeatReport:
    """Keep a report of the endpoint of that code. `body` as it was received, `signature` as in the
    header: sha256= and the HMAC in hexadecimal. Refused as one of the four above."""
    endpoint = _proven(code, body, signature)
    said = _read(body, now)
    try:
        with transaction.atomic():
            return _kept(endpoint, said, now)
    except IntegrityError:
        raise Repeated([_told_twice(said.number)]) from None


def _proven(code: str, body: bytes, signature: str) -> Endpoint:
    endpoint = _endpoint(code)
    held = endpoint.credential if endpoint else None
    secret = opened(held) if held and held.kind == CredentialKind.SIGNATURE else None
    if held and secret is None:
        _log.warning("Reports of %s: no signing key can be opened, seal it again", code)
    key = secret if secret and secret.text else None
    right = hmac.new((key or _NOBODYS).text, body, hashlib.sha256).hexdigest()
    given = signature.removeprefix("sha256=") if signature.startswith("sha256=") else ""
    same = hmac.compare_digest(right.encode(), given.lower().encode("utf-8", "replace"))
    if endpoint is None or key is None or not same:
        raise NotProven
    return endpoint


def _endpoint(code: str) -> Endpoint | None:
    if "\0" in code:  # PostgreSQL does not even compare it
        return None
    found = Endpoint.objects.filter(code=code, kind="heartbeat")
    return found.select_related("credential").first()


def _read(body: bytes, now: datetime) -> _Said:
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        content = None
    if not isinstance(content, dict):
        raise Unusable([_("the report is not a JSON object: send number, watermark and sent_at")])
    if faults := list(_faults(content, now)):
        raise Unusable(faults)
    watermark = content.get("watermark")
    return _Said(content["number"], _instant(watermark) if watermark else None)


def _faults(content: dict[str, Any], now: datetime) -> Iterator[str]:
    number = content.get("number")
    if type(number) is not int or not 0 <= number <= _LARGEST:
        yield _("number: it must be a whole number from 0 to %d") % _LARGEST
    yield from _instant_faults("sent_at", content.get("sent_at"), now, earliest=now - _OFF)
    if content.get("watermark") is not None:
        yield from _instant_faults("watermark", content["watermark"], now, earliest=_OLDEST)
    for name in sorted(content.keys() - set(_FIELDS)):
        known = ", ".join(_FIELDS)
        yield _("%(field)s: it is not known here: the fields are %(known)s") % {
            "field": name[:40],
            "known": known,
        }


def _instant_faults(name: str, value: Any, now: datetime, *, earliest: datetime) -> Iterator[str]:
    instant = _instant(value)
    if instant is None:
        yield _("%s: it must be an instant with its offset: 2026-11-25T08:00:00+07:00") % name
    elif instant > now + _OFF:
        yield _("%s: it lies more than five minutes ahead of our clock: set yours") % name
    elif instant < earliest:
        yield _("%(field)s: it lies before %(earliest)s: check it, and your clock") % {
            "field": name,
            "earliest": instant_text(earliest),
        }


def _instant(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, TypeError, OverflowError):
        return None


def _kept(endpoint: Endpoint, said: _Said, now: datetime) -> HeartbeatReport:
    # One after the other, so that numbers only grow; what refers to the endpoint is not held up.
    Endpoint.objects.select_for_update(no_key=True).only("pk").get(pk=endpoint.pk)
    last = endpoint.reports.order_by("-number").first()
    if last and said.number <= last.number:
        raise Repeated([_told_twice(said.number)])
    if last and abs(now - last.received_at) < _SPACING:
        raise TooSoon([_("at most one report a second is taken: send it again in a second")])
    report = endpoint.reports.create(number=said.number, received_at=now, watermark=said.watermark)
    _drop_old(endpoint)
    return report


def _told_twice(number: int) -> str:
    return _("number %d was told already, or a later one: numbers only grow") % number


def _drop_old(endpoint: Endpoint) -> None:
    numbers = endpoint.reports.order_by("-number").values_list("number", flat=True)
    for beyond in numbers[KEPT : KEPT + 1]:
        endpoint.reports.filter(number__lte=beyond).delete()
