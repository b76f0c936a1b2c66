"""When is a message tried again that the mail server put off, and when no more?"""

from datetime import datetime, timedelta

_FIRST_MINUTES = (1, 5, 15)
_THEN = timedelta(hours=1)
_ALTOGETHER = timedelta(hours=24)


def next_try(tries: int, now: datetime) -> datetime | None:
    """After so many tries, the last of them now: when next? None when a day of trying is over."""
    if tries <= len(_FIRST_MINUTES):
        return now + timedelta(minutes=_FIRST_MINUTES[max(tries, 1) - 1])
    hours = tries - len(_FIRST_MINUTES)
    waited = timedelta(minutes=sum(_FIRST_MINUTES)) + hours * _THEN
    return now + _THEN if waited <= _ALTOGETHER else None
