"""What of our processes does the watch miss that tracking does not know of?"""

from datetime import datetime

from databases.models.pump_seen import pump_seen
from tracking.rules.watch import Sign


def pump(now: datetime) -> Sign:
    """Pumps are missed only where there is something to be probed."""
    seen = pump_seen(now)
    return Sign("pump", seen.at, expected=seen.silent)
