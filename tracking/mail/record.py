"""What is written of a talk with the server: each outcome once, and the hand-over before it.

All of it is conditional on the token of the claim. An answer that comes late is proof: it settles
what was uncertain meanwhile, and is told in the ledger whatever else happened.
"""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext as _

from tracking.mail.claim import lease
from tracking.mail.conversation import Kind
from tracking.mail.next_one import Settled, after_a_taken
from tracking.mail.patience import patiently
from tracking.models import Delivery, DeliveryEntry
from tracking.rules.back_off import next_try

_STATES = Delivery.State
_KINDS = DeliveryEntry.Kind


def hand_over(delivery: Delivery, token: str, now: datetime, before: list[Settled]) -> bool:
    """In one transaction: what is known of those before it, and that the server may have this one
    from now on. False: it is ours no more, and must not be sent."""

    if [one.outcome.kind for one in before] == [Kind.TAKEN]:
        return after_a_taken(delivery, token, now, before[0])

    def write() -> bool:
        _write(before, token)
        ours = Delivery.objects.filter(pk=delivery.pk, token=token, state=_STATES.SENDING)
        return bool(ours.update(handed_at=now, lease_until=now + lease()))

    return patiently(write)


def settle(outcomes: list[Settled], token: str) -> None:
    if outcomes:
        patiently(lambda: _write(outcomes, token))


def put_back(deliveries: list[Delivery], token: str, now: datetime, said: str = "") -> None:
    """Those not handed over, and nobody's fault: due again at once, or in a minute when the server
    takes none. That it takes none is told once, however often it is asked."""
    due = now + timedelta(minutes=1) if said else now

    def write() -> None:
        pks = [delivery.pk for delivery in deliveries]
        ours = Delivery.objects.filter(
            pk__in=pks, token=token, state=_STATES.SENDING, handed_at=None
        )
        if said:
            told = [one for one in ours.select_for_update() if one.answer != said]
            DeliveryEntry.objects.bulk_create(
                DeliveryEntry(delivery=one, kind=_KINDS.PUT_OFF, at=now, said=said) for one in told
            )
            ours.update(answer=said)
        ours.update(state=_STATES.QUEUED, token="", lease_until=None, next_try_at=due)

    if deliveries:
        patiently(write)


def renew(token: str, now: datetime) -> None:
    """Those of the claim whose turn has not come yet stay ours."""
    ours = Delivery.objects.filter(token=token, state=_STATES.SENDING)
    patiently(lambda: ours.update(lease_until=now + lease()))


def _write(outcomes: list[Settled], token: str) -> None:
    for one in outcomes:
        kind, said, columns = _what_becomes(one)
        # "Late" is late only for the lease: whoever found it ended said "uncertain".
        ours = Delivery.objects.filter(
            pk=one.delivery.pk, token=token, state__in=[_STATES.SENDING, _STATES.UNCERTAIN]
        )
        if not ours.update(**columns, answer=said, tries=F("tries") + 1, lease_until=None):
            if DeliveryEntry.objects.filter(delivery=one.delivery, kind=kind, at=one.at).exists():
                continue  # written already, by a transaction whose end we did not hear of
        DeliveryEntry.objects.create(delivery=one.delivery, kind=kind, at=one.at, said=said)


def _what_becomes(one: Settled) -> tuple[str, str, dict[str, object]]:
    """The kind of the entry, what it says, and the columns of the delivery."""
    said = one.outcome.said
    match one.outcome.kind:
        case Kind.TAKEN:
            return _KINDS.SENT, said, {"state": _STATES.SENT, "sent_at": one.at}
        case Kind.PERMANENT:
            return _KINDS.FAILED, said, {"state": _STATES.FAILED, "handed_at": None}
        case Kind.UNCERTAIN:
            return _KINDS.UNCERTAIN, said, {"state": _STATES.UNCERTAIN}
    again = next_try(one.delivery.tries + 1, one.at)
    if again is None:
        said = _("given up after a day of trying; the last answer was: %(said)s") % {"said": said}
        return _KINDS.FAILED, said[:500], {"state": _STATES.FAILED, "handed_at": None}
    queued = {"state": _STATES.QUEUED, "next_try_at": again, "handed_at": None, "token": ""}
    return _KINDS.PUT_OFF, said, queued
