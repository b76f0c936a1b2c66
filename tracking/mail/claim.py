"""Which deliveries are due, and who sends them now? The database is the queue.

A claim holds for a lease. Who did not hand over within it lost it, and nothing else; who did and
was not heard of again leaves an uncertain delivery, which only a person or the server's own late
answer can settle.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from tracking.mail.patience import patiently
from tracking.models import Delivery, DeliveryEntry

_LOCK = 0x6D61696C  # names the lock of those who claim; spells "mail"
_MINUTE = timedelta(minutes=1)
_BATCH = 50
_QUEUED, _SENDING = Delivery.State.QUEUED, Delivery.State.SENDING
_UNCERTAIN = Delivery.State.UNCERTAIN

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Claim:
    """Deliveries of ours, in the order of their messages. `token` fences: who claims them after us
    has another one."""

    token: str
    deliveries: list[Delivery]


def lease() -> timedelta:
    return timedelta(seconds=settings.MAIL_LEASE_SECONDS)


def claim(now: datetime) -> Claim:
    """At most so many of what is due as the minute allows, the longest waiting first."""
    token = uuid4().hex

    def take() -> list[Delivery]:
        _alone()
        due = Delivery.objects.due(now).select_for_update(skip_locked=True)
        chosen = list(due.values_list("pk", flat=True)[: min(_BATCH, _allowed(now))])
        ours = Delivery.objects.filter(pk__in=chosen)
        ours.update(state=_SENDING, token=token, lease_until=now + lease(), handed_at=None)
        return list(ours.order_by("message_id", "pk"))

    return Claim(token, patiently(take))


def recover(now: datetime) -> None:
    """What senders left behind: queued again if it never reached the server, else uncertain."""
    fields = ["state", "tries", "next_try_at", "lease_until", "token", "answer"]

    def look_after() -> None:
        left = list(Delivery.objects.left_behind(now).select_for_update(skip_locked=True))
        for delivery in left:
            _leave(delivery, now)
        Delivery.objects.bulk_update(left, fields)
        DeliveryEntry.objects.bulk_create(_entry_of(delivery, now) for delivery in left)

    if patiently(Delivery.objects.left_behind(now).exists):
        patiently(look_after)


def _leave(delivery: Delivery, now: datetime) -> None:
    """An uncertain one keeps its token: a late answer is to find it."""
    delivery.tries += 1
    delivery.lease_until = None
    if delivery.handed_at is None:
        delivery.state, delivery.next_try_at, delivery.token = _QUEUED, now, ""
        delivery.answer = _("the sender went away before it handed the message over")
    else:
        delivery.state = _UNCERTAIN
        delivery.answer = _("the sender went away before it heard the server's answer")


def _entry_of(delivery: Delivery, now: datetime) -> DeliveryEntry:
    kinds = DeliveryEntry.Kind
    kind = kinds.UNCERTAIN if delivery.state == _UNCERTAIN else kinds.PUT_OFF
    return DeliveryEntry(delivery=delivery, kind=kind, at=now, said=delivery.answer)


def _allowed(now: datetime) -> int:
    """How many more this minute: what was asked for within it is told by the last entries, and
    what others hold is going to be."""
    most: int = settings.MAIL_PER_MINUTE
    newest = DeliveryEntry.objects.of_senders().order_by("-pk").values_list("at", flat=True)
    asked = sum(now - _MINUTE < at for at in newest[:most])
    return max(0, most - asked - Delivery.objects.filter(state=_SENDING).count())


def _alone() -> None:
    """Counting and taking are one step. Whoever freezes in it is thrown out by PostgreSQL; on
    SQLite a writing transaction is alone already (transaction_mode IMMEDIATE)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '10s'")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10s'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def database_clock() -> datetime:
    """The one clock that all senders share: PostgreSQL's, or this machine's with SQLite."""
    if connection.vendor != "postgresql":
        return datetime.now(UTC)  # noqa: TID251 - a lease runs by itself; nobody could tell it
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (found,) = cursor.fetchone()
    return found.astimezone(UTC)  # type: ignore[no-any-return]


def running_from(instant: datetime) -> Clock:
    """That instant, and the time that passes from now on."""
    began = monotonic()
    return lambda: instant + timedelta(seconds=monotonic() - began)
