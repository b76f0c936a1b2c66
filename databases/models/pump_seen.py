"""When was a pump last seen at work?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from databases.models.endpoint import Endpoint
from databases.models.upkeep import PumpSign

ALIVE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class PumpSeen:
    """`silent`: there is something to be probed, and no pump does it."""

    at: datetime | None
    silent: bool


def pump_seen(now: datetime) -> PumpSeen:
    """One query while a pump is at work, two otherwise."""
    at = PumpSign.objects.aggregate(at=Max("seen_at"))["at"]
    if at is not None and now - at <= ALIVE:
        return PumpSeen(at, silent=False)
    return PumpSeen(at, silent=Endpoint.objects.filter(paused=False).exists())
