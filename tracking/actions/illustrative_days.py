"""Days of what is illustrative, counted from the day on which it is entered."""

import re
from datetime import date, timedelta
from typing import Any

from tracking.rules.instants import cut_off

# The meeting's figures and the portfolio around it tell of this time.
FACTS_UNTIL = cut_off(date(2025, 12, 31))
_RELATIVE = re.compile(r"^D([+-]\d+)?(T\d\d:\d\d)?$")


def dated(value: Any, today: date) -> Any:
    """The same JSON with "D-20T08:00" and "D+5" counted from today."""
    match value:
        case dict():
            return {key: dated(item, today) for key, item in value.items()}
        case list():
            return [dated(item, today) for item in value]
        case str() if found := _RELATIVE.match(value):
            day = today + timedelta(days=int(found[1] or 0))
            return day.isoformat() + (f"{found[2]}:00+07:00" if found[2] else "")
        case _:
            return value
