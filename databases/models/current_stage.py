"""At which stage does a connection stand, for SQL?"""

from datetime import datetime

from django.db.models import OuterRef, Subquery

from databases.models.connection import StageChange
from tracking.rules.instants import in_zone


def current_stage(column: str, at: datetime) -> Subquery:
    """`stage` or `effective_on` of the declaration in force at that instant; for annotating
    connections."""
    declared = StageChange.objects.filter(connection=OuterRef("pk"))
    # visible() takes the day from the instant, so it must be that of Hà Nội.
    latest = declared.visible(at=in_zone(at), known_at=at).reverse()
    return Subquery(latest.values(column)[:1])
