"""Deadlines as a calendar file (RFC 5545) that people's own calendars subscribe to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from tracking.renderers.words import date_text, word

_PRODUCT = "-//NHIC//Health sector progress portal//{language}"
_READ_AGAIN = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Appointment:
    """`key` names task and deadline; `changed_at` comes from the ledger, never from the clock;
    `due_on` is the date of the order, `last_day` the last day in time."""

    key: str
    code: str
    title: str
    standing: str
    pending: bool
    last_day: date
    due_on: date
    wording: str
    changed_at: datetime
    address: str


def calendar_file(
    appointments: Sequence[Appointment], *, name: str, host: str, language: str
) -> bytes:
    """The same appointments give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT.format(language=language.upper()))
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    calendar.add("refresh-interval", _READ_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for appointment in appointments:
        calendar.add_component(_event(appointment, host, language))
    content: bytes = calendar.to_ical()
    return content


def _event(appointment: Appointment, host: str, language: str) -> Event:
    event = Event()
    changed_at = appointment.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("uid", f"{appointment.key}@{host}")
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("dtstart", appointment.last_day)
    event.add("dtend", appointment.last_day + timedelta(days=1))
    event.add("summary", f"{appointment.code} {appointment.title}")
    event.add("description", "\n".join(_lines(appointment, language)))
    event.add("url", appointment.address)
    # A deadline takes up no time of the day.
    event.add("transp", "TRANSPARENT")
    return event


def _lines(appointment: Appointment, language: str) -> list[str]:
    """The standing in words, the deadline in its reading, the words of the order."""
    standing = word(appointment.standing, language)
    if appointment.pending:
        standing = f"{standing}: {word('pending', language)}"
    day = date_text(appointment.due_on.isoformat(), language)
    if appointment.due_on > appointment.last_day:
        day = word("before_day", language).format(day=day)
    due = word("due_by", language).format(due=day)
    lines = [standing, due[:1].upper() + due[1:]]
    return [*lines, f"“{appointment.wording}”"] if appointment.wording else lines
