"""What does the page of one outage show? Its course, word by word."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from databases.actions.outages import asked_to_close
from databases.models import Outage, OutageEntry
from databases.models.outage import EVENT_NAMES
from databases.pages.probe_words import (
    BLAME_NAMES,
    change_text,
    reason_text,
    sentence,
    to_the_second,
)
from databases.renderers.measures import lasting
from databases.rules.outages import Event
from tracking.models.bilingual import reader_language

# Of these the note is a reason of the probes, not a sentence of a person.
_BY_MACHINE = {
    Event.CONFIRMED,
    Event.ANSWERING,
    Event.RELAPSED,
    Event.OUT_OF_SIGHT,
    Event.SEEN_AGAIN,
    Event.RECOVERED,
}


# The last word of a verdict by attempts: databases.rules.blame.
_REASON = re.compile(r"\((\w+)\)$")


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the course as it is printed."""

    entry: OutageEntry
    event: str
    at: str
    known_at: str  # where it was written down later than it became so
    note: str
    blame: str
    because: str
    until: str


class OutagePage:
    def __init__(self, outage: Outage, now: datetime) -> None:
        self.outage = outage
        self.endpoint = outage.endpoint
        self.now = now

    @property
    def open(self) -> bool:
        return self.outage.ended_at is None

    @property
    def began(self) -> str:
        return to_the_second(self.outage.started_at)

    @property
    def ended(self) -> str:
        return to_the_second(self.outage.ended_at)

    @property
    def length(self) -> str:
        return lasting((self.outage.ended_at or self.now) - self.outage.started_at)

    @property
    def blame(self) -> str:
        return blame_name(self.outage.blame)

    @cached_property
    def because(self) -> str:
        """Why it looks like that, by the last who judged."""
        said = [line.because for line in self.course if line.because]
        return sentence(said[-1]) if said else ""

    @cached_property
    def course(self) -> list[Line]:
        return [_line(entry) for entry in self.outage.course.order_by("pk")]

    @cached_property
    def acknowledged(self) -> OutageEntry | None:
        """By whom and until when, while that lasts."""
        entries = [line.entry for line in self.course if line.entry.until]
        newest = entries[-1] if entries else None
        lasts = self.open and newest and newest.until and newest.until > self.now
        return newest if lasts else None

    @cached_property
    def asked(self) -> OutageEntry | None:
        """Who wants it closed without a recovery, as long as nobody has agreed."""
        return asked_to_close(self.outage) if self.open else None

    @property
    def connection(self) -> Any:
        interface = self.endpoint.interface
        return interface.connection if interface else None


def blame_name(blame: str) -> str:
    return str(BLAME_NAMES[blame])


def because_of(row: Any) -> str:
    """In the reader's language, of anything with because_vi and because_en; the word with which
    the attempts ended as a person says it."""
    said: str = (row.because_en if reader_language() == "en" else row.because_vi) or ""
    return _REASON.sub(lambda found: f"({reason_text(found[1])})", said)


def _line(entry: OutageEntry) -> Line:
    event = Event(entry.event)
    later = (entry.known_at - entry.at).total_seconds() >= 1
    said = entry.note
    if event in _BY_MACHINE:
        said = change_text(entry.note, unseen=event is Event.OUT_OF_SIGHT)
    judged = bool(entry.because_vi) or event is Event.JUDGED
    return Line(
        entry,
        str(EVENT_NAMES[event]),
        to_the_second(entry.at),
        to_the_second(entry.known_at) if later else "",
        said,
        blame_name(entry.blame) if judged else "",
        because_of(entry),
        _("until %s") % to_the_second(entry.until) if entry.until else "",
    )
