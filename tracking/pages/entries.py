"""What does an entry of the ledger say, in words?"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _, gettext_lazy

from tracking.models import KIND_NAMES, Event, User
from tracking.models.bilingual import reader_language
from tracking.models.registers import registers
from tracking.pages.task_words import day_text
from tracking.rules.events import Event as LedgerEvent, Kind
from tracking.rules.instants import day_of
from tracking.rules.legality import DECISIONS_ON_REQUEST

Names = Mapping[str, str]  # code -> name in the reader's language


@dataclass(frozen=True, slots=True)
class Moment:
    """An entry as the timeline shows it."""

    event: Event
    kind: str
    content: list[tuple[str, str]]  # (what, value)
    ahead: bool  # takes effect later than the instant looked at
    said: list[tuple[str, str]]  # as `content`, without what `signature` tells
    signature: str  # who entered it, for whom, in whose place

    @property
    def recorded_otherwise(self) -> bool:
        """Whether it was recorded at another minute than the one it takes effect at."""
        apart = abs(self.event.recorded_at - self.event.effective_at)
        return apart.total_seconds() >= 60


def replaced_requests(effective: Iterable[LedgerEvent]) -> dict[int, LedgerEvent]:
    """Number of a request -> the one, unanswered until then, whose place it took. `effective`: in
    order."""
    found: dict[int, LedgerEvent] = {}
    waiting: LedgerEvent | None = None
    for event in effective:
        if event.kind in DECISIONS_ON_REQUEST:
            waiting = None
        elif event.kind is Kind.EXTENSION_REQUESTED:
            if waiting:
                found[event.number] = waiting
            waiting = event
    return found


def names_of_bodies() -> Names:
    """Departments and partners; one query."""
    return registers().spoken(reader_language())


def names_of_people(events: Iterable[Event]) -> dict[str, str]:
    """User name -> "Nguyễn Văn An (an.nv)", of everybody that these entries name; one query."""
    mentioned = {name for e in events for name in (e.actor, e.payload.get("in_place_of")) if name}
    rows = User.objects.filter(username__in=mentioned)
    found = rows.values_list("username", "last_name", "first_name")
    return {
        user: f"{' '.join(filter(None, names))} ({user})" if any(names) else user
        for user, *names in found
    }


def moment_of(
    event: Event,
    names: Names,
    now: datetime,
    people: Names | None = None,
    replaced: LedgerEvent | None = None,
) -> Moment:
    """`people`: what to call those who entered it, by user name; `replaced`: the request whose
    place it took."""
    told = {key: value for key, value in event.payload.items() if key != "in_place_of"}
    took = [(_("Takes the place of"), _request(replaced))] if replaced else []
    return Moment(
        event=event,
        kind=str(KIND_NAMES[Kind(event.kind)]),
        content=[*content_of(event.payload, names), *took],
        ahead=event.effective_at > now,
        said=[*content_of(told, names), *took],
        signature=signature(event, names, people or {}),
    )


def _request(asked: LedgerEvent) -> str:
    """An unanswered request in words."""
    on, until = day_text(day_of(asked.effective_at)), asked.payload.get("due_on")
    if not until:
        return _("the unanswered request of %(on)s") % {"on": on}
    said = {"on": on, "until": _as_day(until, {})}
    return _("the unanswered request of %(on)s, to %(until)s") % said


def signature(event: Event, names: Names, people: Names) -> str:
    """ "Entered by …, on behalf of …, in place of …"; "" where nobody is named."""
    stood_in = str(event.payload.get("in_place_of") or "")
    given = (
        (event.actor, _("entered by %(name)s"), people),
        (event.on_behalf_of.code if event.on_behalf_of else "", _("on behalf of %(name)s"), names),
        (stood_in, _("in place of %(name)s"), people),
    )
    parts = [said % {"name": called.get(name, name)} for name, said, called in given if name]
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def content_of(payload: Mapping[str, Any], names: Names) -> Iterator[tuple[str, str]]:
    """(what, value) of everything that is given; what we have no word for keeps its key."""
    for key, value in payload.items():
        if value in (None, ""):
            continue
        label, say = _WORDS.get(key, (key, _as_text))
        yield str(label), say(value, names)


def _as_text(value: Any, names: Names) -> str:
    return str(value)


def _as_day(value: Any, names: Names) -> str:
    try:
        return day_text(date.fromisoformat(value))
    except (TypeError, ValueError):
        return str(value)


def _as_name(value: Any, names: Names) -> str:
    return names.get(str(value), str(value))


def _as_requirement(value: Any, names: Names) -> str:
    return _("required") if value else _("optional")


def _as_period(value: Any, names: Names) -> str:
    sentence = (
        _("within %(days)s working days from %(day)s")
        if value.get("working")
        else _("within %(days)s days from %(day)s")
    )
    return sentence % {"days": value.get("days"), "day": _as_day(value.get("from"), names)}


def _as_reading(value: Any, names: Names) -> str:
    return _("before that day") if value == "before" else _("by that day")


def _as_cause(value: Any, names: Names) -> str:
    words = {"verifier": _("verifier"), "regression": _("no longer works")}
    return words.get(str(value), str(value))


def _as_size(value: Any, names: Names) -> str:
    return filesizeformat(value) if isinstance(value, int) else str(value)


_WORDS: dict[str, tuple[Any, Callable[[Any, Names], str]]] = {
    "due_on": (gettext_lazy("Date"), _as_day),
    "reading": (gettext_lazy("Reading"), _as_reading),
    "wording": (gettext_lazy("Words of the order"), _as_text),
    "period": (gettext_lazy("Period"), _as_period),
    "calendar_version": (gettext_lazy("Calendar"), _as_text),
    "reason": (gettext_lazy("Reason"), _as_text),
    "note": (gettext_lazy("Note"), _as_text),
    "cause": (gettext_lazy("Cause"), _as_cause),
    "percent": (gettext_lazy("Percent done"), lambda value, names: f"{value}%"),
    "product": (gettext_lazy("Product"), _as_text),
    "on": (gettext_lazy("Waits for"), _as_name),
    "lead": (gettext_lazy("New lead department"), _as_name),
    "required": (gettext_lazy("Requirement"), _as_requirement),
    "document": (gettext_lazy("Document"), _as_text),
    "title": (gettext_lazy("Title"), _as_text),
    "name": (gettext_lazy("File"), _as_text),
    "size": (gettext_lazy("Size"), _as_size),
    "sha256": ("SHA-256", _as_text),
    "content_type": (gettext_lazy("Type"), _as_text),
    "effective_on": (gettext_lazy("Takes effect on"), _as_day),
    "expires_on": (gettext_lazy("Expires on"), _as_day),
    "in_place_of": (gettext_lazy("In place of"), _as_text),
}
