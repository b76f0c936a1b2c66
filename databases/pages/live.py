"""How fresh is what a page of databases shows, and from when on does it refresh itself?"""

from dataclasses import dataclass

from databases.models.pump_seen import PumpSeen, pump_seen
from databases.pages.changes import cursor_at
from databases.pages.probe_words import to_the_second
from tracking.rules.viewpoint import Viewpoint


@dataclass(frozen=True, slots=True)
class Live:
    """`cursor`: none on a page of a past day, which nothing changes."""

    pumps: PumpSeen
    cursor: str
    shown_at: str
    last_seen: str


def live_from(viewpoint: Viewpoint) -> Live:
    """Two queries."""
    pumps = pump_seen(viewpoint.now)
    cursor = "" if viewpoint.chosen else cursor_at(viewpoint.now)
    return Live(pumps, cursor, to_the_second(viewpoint.now), to_the_second(pumps.at))
