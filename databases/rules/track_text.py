"""A track as JSON, as it is kept between two attempts."""

from datetime import datetime
from typing import Any

import orjson

from databases.rules.track import Depth, State, Track

_INSTANTS = (
    "since",
    "confirmed_since",
    "first_failed_at",
    "first_ok_at",
    "first_warned_at",
    "last_at",
    "evidence_at",
    "run_since",
)


def to_text(track: Track) -> str:
    return orjson.dumps(track).decode()


def from_text(text: str) -> Track:
    """The track that to_text wrote."""
    read: dict[str, Any] = orjson.loads(text)
    for name in _INSTANTS:
        if read[name] is not None:
            read[name] = datetime.fromisoformat(read[name])
    read["state"] = State(read["state"])
    if read["confirmed"] is not None:
        read["confirmed"] = State(read["confirmed"])
    if read["failed_depth"] is not None:
        read["failed_depth"] = Depth(read["failed_depth"])
    return Track(**read)
