"""What is known of what was sent: how far a message came, and what a state means for people."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from tracking.models import Delivery, Message

State = Delivery.State

# What a state says, and what a person may do about it.
MEANINGS = {
    State.QUEUED: _("It waits to be sent. Nothing need be done."),
    State.SENDING: _("It is being sent at this moment."),
    State.SENT: _("The mail server took it. What happened after that it did not tell."),
    State.UNCERTAIN: _(
        "The connection ended after the message was handed over and before the server answered, "
        "so that it may have arrived. It is not sent again by itself: ask the recipient, or look "
        "for the Message-ID in the log of the server, and settle it."
    ),
    State.FAILED: _(
        "It was refused for good, or given up. Put right what the answer names, then send it again."
    ),
}
# What a person should know before it is sent again.
BEFORE_RESENDING = {
    State.SENT: _("The server took it already: the recipient may have it twice."),
    State.UNCERTAIN: _(
        "It may have arrived: the recipient may have it twice. Both carry the same Message-ID, by "
        "which most mail programs show one."
    ),
    State.FAILED: _("The recipient does not have it."),
}


@dataclass(frozen=True, slots=True)
class Fared:
    """How many deliveries of a message are in a state."""

    state: Delivery.State
    count: int


def fared(messages: Iterable[Message]) -> dict[int, list[Fared]]:
    """Key of each message -> its states that have a delivery, in the order of their course; one
    query."""
    rows = (
        Delivery.objects.filter(message__in=[message.pk for message in messages])
        .order_by()
        .values_list("message", "state")
        .annotate(number=Count("pk"))
    )
    counts = {(message, state): number for message, state, number in rows}
    keys = {message for message, _state in counts}
    return {
        key: [Fared(state, counts[key, state]) for state in State if (key, state) in counts]
        for key in keys
    }
