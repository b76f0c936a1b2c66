"""One decision on many tasks: what it would do to each, and recording it for all or none."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _, gettext_lazy

from tracking.actions.ledger import Entry, last_knowledge, record_all
from tracking.actions.refusals import FAULTS, Refused
from tracking.models import KIND_NAMES, Event, Task
from tracking.models.ledger import events_of
from tracking.models.pen import take_the_pen
from tracking.rules.events import Event as LedgerEvent, Kind, visible
from tracking.rules.handing_in import passed_meanwhile
from tracking.rules.instants import MICROSECOND, instant_text
from tracking.rules.ledger import faults, fold
from tracking.rules.legality import Fault
from tracking.rules.situation import Situation

# Later than any number of the ledger, while the entry has none of its own.
_LAST = 2**62


@dataclass(frozen=True, slots=True)
class Decision:
    kind: Kind
    effective_at: datetime
    by: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    on_behalf_of: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`after` is `before` where the decision is refused; `refusals`: why, a sentence each."""

    task: Task
    before: Situation
    after: Situation
    refusals: tuple[str, ...] = ()


# What the ledger would bear but would change nothing.
_POINTLESS: Mapping[Kind, tuple[Callable[[Situation, Decision], bool], Any]] = {
    Kind.EXTENSION_REFUSED: (
        lambda situation, decision: situation.request is None,
        gettext_lazy("no extension is asked for: there is nothing to refuse"),
    ),
    Kind.REASSIGNED: (
        lambda situation, decision: situation.lead == decision.payload["lead"],
        gettext_lazy("that department leads the task already"),
    ),
    Kind.REQUIREMENT_CHANGED: (
        lambda situation, decision: situation.required == decision.payload["required"],
        gettext_lazy("its requirement is that already"),
    ),
}


def outcomes(tasks: Sequence[Task], decision: Decision, now: datetime) -> list[Outcome]:
    """What recording the decision now would do to each task; a fixed number of queries."""
    recorded_at = _recorded_at(now)
    ledgers = events_of(task.pk for task in tasks)
    return [_outcome(task, ledgers[task.pk], decision, recorded_at) for task in tasks]


@transaction.atomic
def decide_many(
    *, tasks: Sequence[Task], decision: Decision, now: datetime, seen: int
) -> list[Event]:
    """Record the decision for every one of the tasks. `seen`: number of the newest entry of the
    ledger when the person looked. Refused, and then nothing is written, when one of the tasks has
    changed since or cannot bear the decision."""
    take_the_pen()
    changed = list(_changed_since(tasks, seen))
    if changed:
        raise Refused(changed)
    refused = [
        f"{outcome.task.code}: {refusal}"
        for outcome in outcomes(tasks, decision, now)
        for refusal in outcome.refusals
    ]
    if refused:
        raise Refused(refused)
    return record_all([_entry(task, decision, _recorded_at(now)) for task in tasks])


def _entry(task: Task, decision: Decision, recorded_at: datetime) -> Entry:
    return Entry(
        task=task,
        kind=decision.kind,
        effective_at=decision.effective_at,
        recorded_at=recorded_at,
        payload=decision.payload,
        actor=decision.by,
        on_behalf_of=decision.on_behalf_of,
    )


def _recorded_at(now: datetime) -> datetime:
    """Now, or just after the list that was issued while the form was on its way."""
    issued = last_knowledge()
    return issued + MICROSECOND if issued and now <= issued else now


def _changed_since(tasks: Sequence[Task], seen: int) -> Iterator[str]:
    found: dict[str, list[str]] = {}
    rows = Event.objects.filter(task__in=tasks, number__gt=seen).order_by("task__code", "number")
    for event in rows.select_related("task"):
        said = f"“{KIND_NAMES[Kind(event.kind)]}” ({event.actor or '–'})"
        found.setdefault(event.task.code, []).append(said)
    for code, entries in found.items():
        yield _(
            "%(task)s: since you looked, %(entries)s was recorded; nothing was written for any task"
        ) % {"task": code, "entries": ", ".join(entries)}


def _outcome(
    task: Task, events: Sequence[LedgerEvent], decision: Decision, recorded_at: datetime
) -> Outcome:
    new = LedgerEvent(
        kind=decision.kind,
        effective_at=decision.effective_at,
        recorded_at=recorded_at,
        number=_LAST,
        payload=decision.payload,
        actor=decision.by,
        on_behalf_of=decision.on_behalf_of,
    )
    ledger = sorted([*events, new], key=lambda event: event.place)
    at = max(recorded_at, decision.effective_at)
    before = _folded(events, task, at, recorded_at)
    refusals = tuple(_refusals(task, events, ledger, decision, recorded_at))
    after = before if refusals else _folded(ledger, task, at, recorded_at)
    return Outcome(task, before, after, refusals)


def _folded(
    events: Sequence[LedgerEvent], task: Task, at: datetime, known_at: datetime
) -> Situation:
    return fold(visible(events, at=at, known_at=known_at), start=task.start(), at=at)


def _refusals(
    task: Task,
    events: Sequence[LedgerEvent],
    ledger: Sequence[LedgerEvent],
    decision: Decision,
    recorded_at: datetime,
) -> Iterator[str]:
    told = list(_order_refusals(task, ledger))
    yield from told
    if told:
        return
    situation = _folded(events, task, decision.effective_at, recorded_at)
    if decision.on_behalf_of and decision.on_behalf_of == situation.lead:
        yield str(FAULTS[Fault.FOR_THE_LEAD])
    if decision.kind is Kind.ACCEPTED and _dated_back(task, events, situation):
        yield _(
            "it was recorded after a deadline had ended and is dated before that: decide on its "
            "own page"
        )
    if decision.kind in _POINTLESS:
        pointless, sentence = _POINTLESS[decision.kind]
        if pointless(situation, decision):
            yield str(sentence)


def _dated_back(task: Task, events: Sequence[LedgerEvent], situation: Situation) -> bool:
    """Whether the pending submission needs to be looked at by itself."""
    made = situation.submission
    entry = next((event for event in events if made and event.number == made.number), None)
    return entry is not None and passed_meanwhile(events, entry, start=task.start()) is not None


def _order_refusals(task: Task, ledger: Sequence[LedgerEvent]) -> Iterator[str]:
    for event, fault in faults(ledger, start=task.start()):
        if event.number == _LAST:
            yield str(FAULTS[fault])
        else:
            yield _(
                "its entry %(number)d (%(kind)s, %(instant)s) would no longer be possible: give a "
                "later moment"
            ) % {
                "number": event.number,
                "kind": KIND_NAMES[event.kind],
                "instant": instant_text(event.effective_at),
            }
