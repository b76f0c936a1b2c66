"""When was a pump last seen at work?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from databases.models.endpoint import Endpoint
from databases.models.upkeep import PumpSign

ALIVE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class PumpSeen:
    """`wanted`: there is something to be probed."""

    at: datetime | None
    wanted: bool
    silent: bool


def pump_seen(now: datetime) -> PumpSeen:
    """Two queries."""
    at = PumpSign.objects.aggregate(at=Max("seen_at"))["at"]
    wanted = Endpoint.objects.filter(paused=False).exists()
    silent = wanted and (at is None or now - at > ALIVE)
    return PumpSeen(at, wanted, silent)
