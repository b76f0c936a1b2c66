"""Until when do the security minutes of a connection hold, for SQL?"""

from datetime import datetime

from django.db.models import OuterRef, Subquery

from databases.models.step import Step, StepRecord


def minutes_expire_on(at: datetime) -> Subquery:
    """The last day of the latest security minutes known at that instant; for annotating
    connections."""
    signed = StepRecord.objects.filter(connection=OuterRef("pk"), step=Step.SECURITY_MINUTES)
    latest = signed.visible(at=at, known_at=at).order_by("-done_on", "-recorded_at", "-pk")
    return Subquery(latest.values("expires_on")[:1])
