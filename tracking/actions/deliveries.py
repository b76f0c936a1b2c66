"""What a person decides about a delivery that machines may not: send it again, or say what became
of it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tracking.actions.refusals import Refused
from tracking.models import Delivery, DeliveryEntry

_STATES = Delivery.State
_KINDS = DeliveryEntry.Kind
_LONGEST = 500


@transaction.atomic
def resend(*, delivery: Delivery, now: datetime, by: str, reason: str) -> Delivery:
    """Into the queue again as if new, as the same message with the same Message-ID."""
    known = _locked(delivery, reason)
    if known.state == _STATES.QUEUED:
        raise Refused([_("It waits to be sent already: look again in a few minutes.")])
    if known.state == _STATES.SENDING:
        raise Refused([_("It is being sent at this moment: wait until it is known how it ended.")])
    known.state, known.next_try_at, known.tries = _STATES.QUEUED, now, 0
    # Without the token no sender that is late can say anything of this try.
    known.token, known.lease_until, known.handed_at, known.sent_at = "", None, None, None
    known.answer = ""
    known.save()
    _append(known, _KINDS.RESEND, now=now, by=by, reason=reason)
    return known


@transaction.atomic
def settle(*, delivery: Delivery, arrived: bool, now: datetime, by: str, reason: str) -> Delivery:
    """An uncertain one arrived, as somebody found out, or is given up."""
    known = _locked(delivery, reason)
    if known.state != _STATES.UNCERTAIN:
        raise Refused(
            [
                _("It is not uncertain but %(state)s: load the page again and look.")
                % {"state": known.get_state_display()}
            ]
        )
    known.state = _STATES.SENT if arrived else _STATES.FAILED
    known.sent_at = (known.handed_at or now) if arrived else None
    known.token = ""
    known.save()
    kind = _KINDS.ARRIVED if arrived else _KINDS.GIVEN_UP
    _append(known, kind, now=now, by=by, reason=reason)
    return known


def _locked(delivery: Delivery, reason: str) -> Delivery:
    """As it is now, until the transaction ends: senders write to it too."""
    if not reason.strip():
        raise Refused([_("A reason is missing: say why, in a few words.")])
    if len(reason) > _LONGEST:
        raise Refused(
            [_("The reason is longer than %(most)d letters: shorten it.") % {"most": _LONGEST}]
        )
    return Delivery.objects.select_for_update().get(pk=delivery.pk)


def _append(delivery: Delivery, kind: str, *, now: datetime, by: str, reason: str) -> None:
    DeliveryEntry.objects.create(delivery=delivery, kind=kind, at=now, said=reason.strip(), by=by)
