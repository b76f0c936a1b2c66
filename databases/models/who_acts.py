"""Which body has to act on a contradiction, on a given day?"""

from collections.abc import Collection
from datetime import date

from databases.models.connection import Connection
from databases.models.database import CounterpartSystem
from databases.models.party import Party, PartyRole
from databases.rules import contradictions as rules
from tracking.models import Department, Partner

Body = Department | Partner | CounterpartSystem


class WhoActs:
    """The parties in force on that day, of these connections or of all, one query. What the
    register does not say falls to the owner of the database, or of the counterpart system."""

    def __init__(self, day: date, connections: Collection[int] | None = None) -> None:
        rows = Party.objects.in_force(day).select_related("department", "partner")
        if connections is not None:
            rows = rows.filter(connection__in=connections)
        self._bodies: dict[tuple[int, str], Department | Partner | None] = {
            (row.connection_id, row.role): row.department or row.partner
            for row in rows.order_by("valid_from", "pk")
        }

    def of(self, connection: Connection, party: str) -> Body:
        """`party`: databases.rules.contradictions.Party. The connection comes with its database,
        its counterpart and their owners."""
        if party == rules.Party.COUNTERPART:
            return connection.counterpart.owner or connection.counterpart
        role = PartyRole.CARRIER if party == rules.Party.CARRIER else PartyRole.OWNER
        return self._bodies.get((connection.pk, role)) or connection.database.owner
