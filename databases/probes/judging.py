"""Is what was read as good as agreed? Shared by the kinds of probe."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from databases.probes.line import Line
from databases.probes.reading import Failed
from databases.rules.track import Blame, Depth

# An instant without a zone is one of Hà Nội, which has no summer time.
_HA_NOI = timezone(timedelta(hours=7))
_AHEAD = timedelta(minutes=5)
_AGE_MOST = 2**31 - 1  # seconds; what the database can keep
_MILLISECONDS = 1e11  # from here on a number counts milliseconds: seconds would be the year 5138


def judge_days(line: Line, left: int | None, warn: int, fail: int = 0) -> None:
    """Whole days left of their certificate, against what was agreed."""
    line.reading.days_left = left
    if left is not None and left < fail:
        raise Failed("certificate_ends", Blame.THEIRS, Depth.TLS)
    if left is not None and left < warn:
        line.reading.warn("certificate_ends")


def judge_age(line: Line, newest: datetime, most: int | None) -> None:
    """The age of the newest data in seconds, against what was agreed."""
    if newest > line.now + _AHEAD:
        line.reading.warn("from_the_future")
    age = int((line.now - newest).total_seconds())
    line.reading.age = min(max(0, age), _AGE_MOST)
    if most is not None and age > most:
        line.reading.warn("stale")


def judge_time(line: Line, most: int | None) -> None:
    """The time of the whole attempt in milliseconds, against what was agreed."""
    if most is not None and line.elapsed() > most * 1000 and not line.is_late():
        line.reading.warn("slow")


def instant_of(value: Any) -> datetime:
    """An instant as ISO 8601, a day, or seconds or milliseconds since 1970; Failed for anything
    else."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value.strip())
            return found if found.tzinfo else found.replace(tzinfo=_HA_NOI)
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = value / 1000 if abs(value) >= _MILLISECONDS else value
            return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise Failed("age_unreadable", Blame.THEIRS, Depth.CONTENT)
