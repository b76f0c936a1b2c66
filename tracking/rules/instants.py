"""Which day is it in Hà Nội? The one fixed zone and the cut-off instants of rules.md 1."""

from datetime import UTC, date, datetime, time, timedelta, timezone

# Việt Nam has kept UTC+7 without daylight saving since 1975; a fixed offset compares and formats
# several times faster than a named zone and cannot differ between machines' zone files.
ZONE = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

MICROSECOND = timedelta(microseconds=1)
# After the cut-off of the last day that a date can name, and still a date in every zone.
FOREVER = datetime(9999, 12, 31, 20, tzinfo=UTC)


def start_of(day: date) -> datetime:
    """00:00 of that day."""
    return datetime.combine(day, time.min, ZONE)


def cut_off(day: date) -> datetime:
    """T for a list of that day: its last microsecond."""
    return datetime.combine(day, time.max, ZONE)


def day_of(instant: datetime) -> date:
    return instant.astimezone(ZONE).date()


def in_zone(instant: datetime) -> datetime:
    """The same instant with +07:00; one without an offset is read as Hà Nội time."""
    return instant.replace(tzinfo=ZONE) if instant.tzinfo is None else instant.astimezone(ZONE)


def instant_from(text: str) -> datetime:
    """An ISO instant; a date alone means its last microsecond. ValueError if it is neither."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return in_zone(datetime.fromisoformat(text))
    return cut_off(day)


def instant_text(instant: datetime | None) -> str | None:
    return None if instant is None else in_zone(instant).isoformat()
