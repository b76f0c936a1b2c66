"""The only writer of the ledger: checks the step, appends, updates the projection."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tracking.actions.projection import project
from tracking.actions.refusals import FAULTS, PAYLOAD_FAULTS, Refused
from tracking.models import Department, Document, Event, Partner, ProgressList, Task
from tracking.models.ledger import events_of
from tracking.models.pen import take_the_pen
from tracking.rules.canonical import canonical, nfc
from tracking.rules.events import Event as LedgerEvent, Kind
from tracking.rules.instants import MICROSECOND, instant_text
from tracking.rules.ledger import faults
from tracking.rules.payloads import Codes, payload_faults


@dataclass(frozen=True, slots=True)
class Entry:
    """What a door asks to be written; `place` says where it stands in a file, if it does."""

    task: Task
    kind: Kind
    effective_at: datetime
    recorded_at: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)
    actor: str = ""
    on_behalf_of: str = ""
    place: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)  # where a single key stands

    def at(self, key: str) -> str:
        return self.cells.get(key) or self.place or self.task.code


@transaction.atomic
def record(
    *,
    task: Task,
    kind: Kind,
    effective_at: datetime,
    recorded_at: datetime,
    by: str,
    payload: Mapping[str, Any] | None = None,
    on_behalf_of: str = "",
) -> Event:
    """Write one entry, recorded now. Refused when the step is illegal or its content wrong."""
    take_the_pen()
    issued = last_knowledge()
    if issued and recorded_at <= issued:
        # A list was issued while the form was on its way: the entry is recorded just after it.
        recorded_at = issued + MICROSECOND
    entry = Entry(task, kind, effective_at, recorded_at, payload or {}, by, on_behalf_of)
    return _append([entry])[0]


def record_all(entries: Sequence[Entry], *, unjudged: Collection[str] = ()) -> list[Event]:
    """Write entries that state their own recorded instant, all or nothing. The caller holds the
    pen. Entries already in the ledger are passed over. Refused with every fault of every entry;
    the order is not judged for the tasks of `unjudged`, whose entries are known to lack some."""
    fresh = _not_yet_recorded(entries)
    return _append(fresh, issued=last_knowledge(), unjudged=unjudged)


def last_knowledge() -> datetime | None:
    """The latest knowledge instant of an issued list; nothing is recorded at or before it."""
    latest: datetime | None = ProgressList.objects.aggregate(latest=Max("known_at"))["latest"]
    return latest


def _append(
    entries: Sequence[Entry], issued: datetime | None = None, unjudged: Collection[str] = ()
) -> list[Event]:
    found = list(_entry_faults(entries, issued))
    # The order is judged for the tasks whose entries are sound, so that one slip is told once.
    unsound = {entry.task.pk for entry, _sentence in found}
    unsound |= {entry.task.pk for entry in entries if entry.task.code in unjudged}
    tasks = {entry.task.pk: entry.task for entry in entries}
    numbered = _numbered(entries)
    ledgers = _ledgers(tasks, numbered)
    fresh = {event.number: entry for event, entry in numbered}
    sound = {pk: events for pk, events in ledgers.items() if pk not in unsound}
    sentences = [sentence for _entry, sentence in found]
    sentences += _order_sentences(tasks, sound, fresh)
    if sentences:
        raise Refused(sentences)
    rows = _written(numbered)
    project(tasks, ledgers)
    return rows


def _ledgers(
    tasks: Mapping[int, Task], numbered: Sequence[tuple[LedgerEvent, Entry]]
) -> dict[int, list[LedgerEvent]]:
    """The ledgers of the tasks as they would be with the new entries, in order."""
    ledgers = events_of(tasks)
    for event, entry in numbered:
        ledgers[entry.task.pk].append(event)
    for events in ledgers.values():
        events.sort(key=lambda event: event.place)
    return ledgers


def _numbered(entries: Sequence[Entry]) -> list[tuple[LedgerEvent, Entry]]:
    """The ledger number follows the order in which the entries were given."""
    first = (Event.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    return [
        (
            LedgerEvent(
                kind=entry.kind,
                effective_at=entry.effective_at,
                recorded_at=entry.recorded_at,
                number=number,
                payload=nfc(entry.payload),
                actor=nfc(entry.actor),
                on_behalf_of=entry.on_behalf_of,
            ),
            entry,
        )
        for number, entry in enumerate(entries, start=first)
    ]


def _written(numbered: Sequence[tuple[LedgerEvent, Entry]]) -> list[Event]:
    departments = dict(Department.objects.values_list("code", "pk"))
    documents = dict(Document.objects.values_list("number", "pk"))
    # In the order of application, so that the database sees a submission before its acceptance.
    in_order = sorted(numbered, key=lambda pair: pair[0].place)
    rows = [
        Event(
            number=event.number,
            task=entry.task,
            kind=str(event.kind),
            payload=dict(event.payload),
            effective_at=event.effective_at,
            recorded_at=event.recorded_at,
            actor=event.actor,
            on_behalf_of_id=departments.get(event.on_behalf_of),
            document_id=documents.get(event.payload.get("document") or ""),
        )
        for event, entry in in_order
    ]
    return Event.objects.bulk_create(rows, batch_size=1000)


Identity = tuple[int, str, datetime, datetime, str, str, str]


def _not_yet_recorded(entries: Sequence[Entry]) -> list[Entry]:
    """Entries that the ledger does not hold, each once."""
    tasks = {entry.task.pk: entry.task for entry in entries}
    known = {_identity(pk, event) for pk, events in events_of(tasks).items() for event in events}
    fresh: list[Entry] = []
    for entry in entries:
        identity = _identity(entry.task.pk, entry)
        if identity not in known:
            known.add(identity)
            fresh.append(entry)
    return fresh


def _identity(task: int, event: Entry | LedgerEvent) -> Identity:
    payload = canonical(event.payload).decode()
    instants = event.effective_at, event.recorded_at
    return (task, str(event.kind), *instants, payload, nfc(event.actor), event.on_behalf_of)


def _said(entry: Entry, sentence: object, key: str = "kind") -> str:
    return f"{entry.at(key)}: {entry.task.code}, {entry.kind}: {sentence}"


def _behind(entry: Entry, issued: datetime) -> str:
    return _(
        "recorded at %(recorded)s, but a list was issued with the knowledge of %(issued)s: "
        "history cannot be written behind a list; give a recorded_at after that instant"
    ) % {"recorded": instant_text(entry.recorded_at), "issued": instant_text(issued)}


def _entry_faults(entries: Sequence[Entry], issued: datetime | None) -> Iterator[tuple[Entry, str]]:
    """What is wrong with entries by themselves, before their order is looked at, in words."""
    codes = Codes(
        departments=set(Department.objects.values_list("code", flat=True)),
        partners=set(Partner.objects.values_list("code", flat=True)),
    )
    for entry in entries:
        if issued and entry.recorded_at <= issued:
            yield entry, _said(entry, _behind(entry, issued), "recorded_at")
        for fault in payload_faults(entry.kind, nfc(entry.payload), codes):
            value = entry.payload.get(fault.key)
            shown = f' "{value}"' if value is not None else ""
            sentence = f"{fault.key}{shown} {PAYLOAD_FAULTS[fault.wrong]}"
            yield entry, _said(entry, sentence, f"payload.{fault.key}")
        if entry.on_behalf_of and entry.on_behalf_of not in codes.departments:
            sentence = f'on_behalf_of "{entry.on_behalf_of}" {PAYLOAD_FAULTS["department"]}'
            yield entry, _said(entry, sentence, "on_behalf_of")


def _order_sentences(
    tasks: Mapping[int, Task],
    ledgers: Mapping[int, Sequence[LedgerEvent]],
    fresh: Mapping[int, Entry],
) -> Iterator[str]:
    """Every entry that may not stand where it would, and every older one it would undo."""
    for pk, events in ledgers.items():
        for event, fault in faults(events, start=tasks[pk].start()):
            entry = fresh.get(event.number)
            if entry:
                yield _said(entry, FAULTS[fault])
            else:
                yield _(
                    "%(task)s: entry %(number)d of the ledger (%(kind)s, %(instant)s) would no "
                    "longer be possible: give a later effective_at"
                ) % {
                    "task": tasks[pk].code,
                    "number": event.number,
                    "kind": event.kind,
                    "instant": instant_text(event.effective_at),
                }
