"""Is a pump at work, and what has it done?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from databases.models import PumpSign
from databases.models.pump_seen import ALIVE

_FORGOTTEN = timedelta(days=1)


@dataclass(slots=True)
class Count:
    """Of everything since the start; `fenced`: results that came after the lease was another's."""

    claimed: int = 0
    finished: int = 0
    fenced: int = 0
    missed: int = 0


def give_sign(name: str, count: Count, lag: int, now: datetime) -> None:
    """Say that the pump lives; `lag` is its own delay in milliseconds."""
    told = {"finished": count.finished, "fenced": count.fenced, "missed": count.missed, "lag": lag}
    PumpSign.objects.update_or_create(
        name=name,
        defaults={"seen_at": now, **told},
        create_defaults={"seen_at": now, "started_at": now, **told},
    )
    PumpSign.objects.filter(seen_at__lt=now - _FORGOTTEN).delete()


def pumps_alive(now: datetime) -> int:
    """How many have given a sign lately."""
    return PumpSign.objects.filter(seen_at__gt=now - ALIVE / 2).count()
