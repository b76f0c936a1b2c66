"""Messages and deliveries as people find them in the admin."""

from datetime import datetime
from typing import Any

from tests.tracking.outbox_rows import NOW, post
from tracking.actions.outbox import File, Recipient
from tracking.models import Delivery, DeliveryEntry, Message


def fill_post(now: datetime) -> None:
    """Sent to one, uncertain for another, with a file."""
    message = post(
        Recipient("an@example.test", "Nguyễn Điều"),
        "binh@example.test",
        now=now,
        files=[File("a.pdf", "application/pdf", b"%PDF-1.7\n%%EOF\n")],
    )
    first, second = message.deliveries.order_by("pk")
    rows = Delivery.objects.filter(pk=second.pk)
    rows.update(state=Delivery.State.SENT, sent_at=now)
    rows = Delivery.objects.filter(pk=first.pk)
    rows.update(state=Delivery.State.UNCERTAIN, handed_at=now)
    for delivery, kind in ((first, "uncertain"), (second, "sent")):
        DeliveryEntry.objects.create(delivery=delivery, kind=kind, at=now)


def in_state(state: str, message: Message | None = None, **facts: Any) -> Delivery:
    """The delivery of this message, or of a new one, to its one recipient."""
    delivery = (message or post("an@example.test")).deliveries.get()
    if state == Delivery.State.SENT:
        facts.setdefault("sent_at", NOW)
    Delivery.objects.filter(pk=delivery.pk).update(state=state, **facts)
    delivery.refresh_from_db()
    return delivery
