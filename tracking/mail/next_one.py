"""The step from one message to the next, in one go: nearly all that a sender writes.

The server took the one before, and may have this one from now on. What tracking.mail.record says
in three queries of a transaction is one statement here on PostgreSQL, and three plain ones on
SQLite: with a commit for each recipient, this is what the speed of a report hangs on.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from tracking.mail.claim import lease
from tracking.mail.conversation import Outcome
from tracking.mail.patience import patiently
from tracking.models import Delivery, DeliveryEntry

_DELIVERIES, _ENTRIES = Delivery._meta.db_table, DeliveryEntry._meta.db_table
# "Late" is late only for the lease: whoever found it ended said "uncertain".
_TAKEN = f"""
UPDATE {_DELIVERIES}
SET state = 'sent', sent_at = %(at)s, answer = %(said)s, tries = tries + 1, lease_until = NULL
WHERE id = %(before)s AND token = %(token)s AND state IN ('sending', 'uncertain')"""
# Not twice, if a transaction was repeated whose end we did not hear of.
_ENTRY = f"""
INSERT INTO {_ENTRIES} (delivery_id, kind, at, said, "by")
SELECT %(before)s, 'sent', %(at)s, %(said)s, ''
WHERE NOT EXISTS (
    SELECT 1 FROM {_ENTRIES} WHERE delivery_id = %(before)s AND kind = 'sent' AND at = %(at)s
)"""
_HANDED = f"""
UPDATE {_DELIVERIES} SET handed_at = %(now)s, lease_until = %(until)s
WHERE id = %(this)s AND token = %(token)s AND state = 'sending'"""
_AT_ONCE = f"WITH taken AS ({_TAKEN}), entry AS ({_ENTRY}) {_HANDED}"


@dataclass(frozen=True, slots=True)
class Settled:
    """A delivery, what the server said to it and when."""

    delivery: Delivery
    outcome: Outcome
    at: datetime


def after_a_taken(this: Delivery, token: str, now: datetime, before: Settled) -> bool:
    """False: it is ours no more, and must not be sent; that the one before was taken is written
    all the same."""
    instant = connection.ops.adapt_datetimefield_value
    facts = {
        "at": instant(before.at),
        "said": before.outcome.said,
        "before": before.delivery.pk,
        "token": token,
        "now": instant(now),
        "until": instant(now + lease()),
        "this": this.pk,
    }
    one = connection.vendor == "postgresql"

    def write() -> bool:
        with connection.cursor() as cursor:
            for statement in [_AT_ONCE] if one else [_TAKEN, _ENTRY, _HANDED]:
                cursor.execute(statement, facts)
            return bool(cursor.rowcount)

    return patiently(write, one_statement=one)
