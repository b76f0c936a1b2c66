"""Sends what is due, one recipient at a time, and writes down what became of each.

Before a message is said one commit says that it is being handed over and settles the one before
it. So a sender may be killed, frozen or doubled at any moment: what was never handed over is sent
by another, and of what was the ledger says "sent" only if the server said so.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, sleep

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _

from tracking.mail import record
from tracking.mail.addresses import NotAnAddress, parsed
from tracking.mail.claim import Claim, Clock, claim, database_clock, recover, running_from
from tracking.mail.conversation import Conversation, Kind, Outcome, Unavailable
from tracking.mail.mime import Encoded, encoded, head
from tracking.mail.next_one import Settled
from tracking.mail.patience import patiently
from tracking.mail.server import MailServer
from tracking.models import Delivery, Message

_log = logging.getLogger(__name__)
_LOOK, _LOOKS = 0.2, 5  # seconds between two looks at whether to end, and how many in a rest


@dataclass(slots=True)
class Tally:
    """How many deliveries ended this run in each state. `trouble`: why the server takes none."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    uncertain: int = 0
    trouble: str = ""

    def count(self, kind: Kind) -> None:
        name = {Kind.TAKEN: "sent", Kind.PERMANENT: "failed", Kind.UNCERTAIN: "uncertain"}
        chosen = name.get(kind, "put_off")
        setattr(self, chosen, getattr(self, chosen) + 1)


def deliver(
    *, until: Callable[[], bool], clock: Clock = database_clock, server: MailServer | None = None
) -> Tally:
    """Send until nothing is due, the server takes nothing, or it is time to end."""
    sender = _Sender(Conversation(server or MailServer.of_settings()))
    try:
        while not until():
            here = running_from(clock())
            recover(here())
            ours = claim(here())
            if ours.deliveries:
                sender.send(ours, here, until)
            elif patiently(Delivery.objects.due(here()).exists):
                _rest(until)  # the minute is full, or others are at it
            else:
                break
    except Unavailable as unavailable:
        sender.tally.trouble = str(unavailable)
        _log.error("%s", unavailable)
    finally:
        sender.conversation.leave()
    return sender.tally


def _rest(until: Callable[[], bool]) -> None:
    for _look in range(_LOOKS):
        if until():
            break
        sleep(_LOOK)


class _Sender:
    """`known`: what the server said, and is not written yet."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.tally = Tally()
        self.known: list[Settled] = []
        self.content: Encoded | None = None

    def send(self, ours: Claim, clock: Clock, until: Callable[[], bool]) -> None:
        """One after the other; whatever happens, what is known is written, and what was not handed
        over is put back."""
        waiting = list(reversed(ours.deliveries))
        renewed = monotonic()
        said = ""
        try:
            while waiting and not until():
                if monotonic() - renewed > settings.MAIL_LEASE_SECONDS / 3:
                    record.renew(ours.token, clock())
                    renewed = monotonic()
                self._send_one(waiting[-1], ours.token, clock)
                waiting.pop()
        except Unavailable as unavailable:
            said = str(unavailable)
            raise
        finally:
            record.settle(self.known, ours.token)
            self.known = []
            record.put_back(waiting, ours.token, clock(), said)

    def _send_one(self, delivery: Delivery, token: str, clock: Clock) -> None:
        outcome = self._outcome(delivery, token, clock)
        if outcome is not None:
            self.tally.count(outcome.kind)
            self.known.append(Settled(delivery, outcome, clock()))

    def _outcome(self, delivery: Delivery, token: str, clock: Clock) -> Outcome | None:
        """None: it is ours no more."""
        try:
            recipient, own = parsed(delivery.address), head(delivery)
        except NotAnAddress as fault:
            return Outcome(Kind.PERMANENT, str(fault))
        content = self._content(delivery.message_id)
        if isinstance(content, Outcome):
            return content
        size = len(own) + len(content.shared)
        outcome = self.conversation.offer(content.sender, recipient, size)
        if outcome is not None:
            return outcome
        handed = monotonic()
        if not record.hand_over(delivery, token, clock(), self.known):
            return None
        self.known = []
        most = settings.MAIL_LEASE_SECONDS
        return self.conversation.hand(
            own + content.stuffed, still_ours=lambda: monotonic() - handed < most
        )

    def _content(self, message: int) -> Encoded | Outcome:
        """Encoded once for all recipients that follow each other; one message at a time is kept."""
        if self.content is None or self.content.message != message:
            self.content = None
            found = patiently(lambda: Message.objects.get(pk=message))
            try:
                self.content = patiently(lambda: encoded(found))
            except NotAnAddress as fault:
                return Outcome(Kind.TEMPORARY, str(fault))
            except DatabaseError:
                raise
            except Exception:
                # One message that cannot be written is not to hold up the others.
                _log.exception("Message %s cannot be written", message)
                return Outcome(Kind.TEMPORARY, _("the message cannot be written: see the log"))
        return self.content
