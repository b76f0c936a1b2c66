"""Messages in the outbox, and what is known of them."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count

from tracking.actions.outbox import File, Recipient, enqueue
from tracking.emails.written import Written
from tracking.mail.server import MailServer
from tracking.models import Delivery, Message

WRITTEN = Written(
    "Tiến độ đến ngày 18/11/2025: 3 đơn vị bị đánh dấu",
    "Cục Quản lý Dược: **__QUÁ HẠN__**\n.\n..và hết\n",
    "<p>Cục Quản lý Dược: <b><u>QUÁ HẠN</u></b></p>",
)
NOW = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
_numbers = count(1)


def post(
    *addresses: str | Recipient,
    now: datetime = NOW,
    written: Written = WRITTEN,
    files: Sequence[File] = (),
) -> Message:
    """A message to them, each time another one."""
    return enqueue(
        key=f"test:{next(_numbers)}",
        kind=Message.Kind.REPORT,
        written=written,
        language="vi",
        recipients=[a if isinstance(a, Recipient) else Recipient(a) for a in addresses],
        now=now,
        files=files,
    )


def at_port(port: int, **more: object) -> MailServer:
    """A server of these tests, which is not waited for long."""
    patience = {"patience": 5.0, "last_patience": 5.0}
    return MailServer("127.0.0.1", port, **patience | more)  # type: ignore[arg-type]


def states(message: Message) -> dict[str, str]:
    return dict(message.deliveries.values_list("address", "state"))


def tally(message: Message) -> Counter[str]:
    return Counter(message.deliveries.values_list("state", flat=True))


def told(delivery: Delivery) -> list[str]:
    """The kinds of its entries, the oldest first."""
    return list(delivery.entries.order_by("pk").values_list("kind", flat=True))
