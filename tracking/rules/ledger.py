"""What do a task's events add up to? The one fold of the ledger (rules.md 2 to 5)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from tracking.rules.deadline import deadline_of
from tracking.rules.events import REPORTS, Event, Kind
from tracking.rules.instants import day_of
from tracking.rules.legality import Fault, four_eyes_fault, order_fault
from tracking.rules.situation import Block, LateExtension, Situation, Submission


def fold(events: Sequence[Event], *, start: Situation, at: datetime) -> Situation:
    """The situation at `at`. `events`: those visible, in the order of application; `start`: lead
    and requirement as first assigned. Steps whose precondition is not met have no effect."""
    effective = list(effective_events(events, start=start))
    return _with_breaches(effective, start=start, at=at)


def history(events: Sequence[Event], *, start: Situation) -> list[tuple[datetime, Situation]]:
    """The situation from each instant on at which something happened, in order of time."""
    effective = list(effective_events(events, start=start))
    instants = sorted({event.effective_at for event in effective})
    return [
        (
            instant,
            _with_breaches(
                [e for e in effective if e.effective_at <= instant], start=start, at=instant
            ),
        )
        for instant in instants
    ]


def effective_events(events: Iterable[Event], *, start: Situation) -> Iterator[Event]:
    situation = start
    for event in events:
        if order_fault(situation, event) is None:
            situation = apply(situation, event)
            yield event


def faults(events: Iterable[Event], *, start: Situation) -> Iterator[tuple[Event, Fault]]:
    """Every event that may not stand where it stands, with the reason: the whole ledger of a
    task must be legal after each record."""
    situation = start
    for event in events:
        fault = order_fault(situation, event) or four_eyes_fault(situation, event)
        if fault is None:
            situation = apply(situation, event)
        else:
            yield event, fault


def _with_breaches(effective: list[Event], *, start: Situation, at: datetime) -> Situation:
    """Fold as if submissions returned by then had never been made, collecting breaches.

    At the exact end of a deadline the passing comes before any event of that instant.
    """
    breached: set[int] = set()
    situation = start

    def look(instant: datetime) -> None:
        if situation.deadline and situation.overdue(instant):
            breached.add(situation.deadline.number)

    for instant, together in groupby(_credited(effective), key=lambda e: e.effective_at):
        look(instant)
        for event in together:
            situation = apply(situation, event)
        look(instant)
    look(at)
    late = [e.days for e in situation.late_extensions if e.replaced in breached]
    reports = [event for event in effective if event.kind in REPORTS]
    return replace(
        situation,
        reported_at=reports[-1].effective_at if reports else None,
        breaches=len(breached),
        deadline_breached=situation.deadline is not None and situation.deadline.number in breached,
        extended_late_days=tuple(late),
    )


def _credited(effective: list[Event]) -> list[Event]:
    """The events without submissions that were returned, and without their returns."""
    kept: list[Event] = []
    pending = 0
    for event in effective:
        if event.kind is Kind.RETURNED:
            del kept[pending]
            continue
        if event.kind is Kind.SUBMITTED:
            pending = len(kept)
        kept.append(event)
    return kept


def apply(situation: Situation, event: Event) -> Situation:
    """The situation after one legal event; breaches are not looked at here."""
    step = _STEPS.get(event.kind)
    return replace(situation, **step(situation, event)) if step else situation


Changes = dict[str, Any]


def _assigned(situation: Situation, event: Event) -> Changes:
    return {"assigned_at": event.effective_at}


def _deadline_set(situation: Situation, event: Event) -> Changes:
    deadline = deadline_of(event.payload, event.number)
    return {
        "original": deadline,
        "deadline": deadline,
        "deadline_set": True,
        "wording": event.payload.get("wording") or "",
    }


def _extension_requested(situation: Situation, event: Event) -> Changes:
    asked = {
        "on": day_of(event.effective_at).isoformat(),
        "due_on": event.payload.get("due_on"),
        "reason": event.payload.get("reason") or "",
    }
    actors = (*situation.requesters, event.actor) if event.actor else situation.requesters
    return {"request": asked, "requesters": actors}


def _extension_granted(situation: Situation, event: Event) -> Changes:
    new, old = deadline_of(event.payload, event.number), situation.deadline
    changes: Changes = {"deadline": new, "request": None, "requesters": ()}
    if new is None or old is None or new.last_day == old.last_day:
        return changes
    if new.last_day < old.last_day:
        return changes | {"reduced": True}
    changes["extensions"] = situation.extensions + 1
    if event.effective_at >= old.end:
        days = (day_of(event.effective_at) - old.last_day).days
        late = LateExtension(replaced=old.number, days=days)
        changes["late_extensions"] = (*situation.late_extensions, late)
    return changes


def _extension_refused(situation: Situation, event: Event) -> Changes:
    return {"request": None, "requesters": ()}


def _progress_reported(situation: Situation, event: Event) -> Changes:
    report = {
        "on": day_of(event.effective_at).isoformat(),
        "percent": event.payload.get("percent"),
        "note": event.payload.get("note") or "",
    }
    return {"report": report}


def _submitted(situation: Situation, event: Event) -> Changes:
    made = Submission(event.effective_at, event.number, event.actor, situation.deadline)
    evidence = bool(event.payload.get("evidence") or event.payload.get("product"))
    return {"submission": made, "evidence": situation.evidence or evidence}


def _accepted(situation: Situation, event: Event) -> Changes:
    assert situation.submission is not None  # guaranteed by the legal order
    return {"submission": replace(situation.submission, accepted=True)}


def _blocked(situation: Situation, event: Event) -> Changes:
    block = Block(event.payload["on"], event.effective_at, event.payload.get("reason") or "")
    return {"blocks": (*situation.blocks, block)}


def _unblocked(situation: Situation, event: Event) -> Changes:
    ended = next(b for b in situation.blocks if b.on == event.payload["on"])
    waited = dict(situation.waited)
    days = (day_of(event.effective_at) - day_of(ended.since)).days
    waited[ended.on] = waited.get(ended.on, 0) + days
    return {
        "blocks": tuple(b for b in situation.blocks if b is not ended),
        "waited": tuple(sorted(waited.items())),
    }


def _cancelled(situation: Situation, event: Event) -> Changes:
    return {"cancelled": True, "cancelled_reason": event.payload.get("reason") or ""}


_STEPS: dict[Kind, Callable[[Situation, Event], Changes]] = {
    Kind.ASSIGNED: _assigned,
    Kind.DEADLINE_SET: _deadline_set,
    Kind.EXTENSION_REQUESTED: _extension_requested,
    Kind.EXTENSION_GRANTED: _extension_granted,
    Kind.EXTENSION_REFUSED: _extension_refused,
    Kind.PROGRESS_REPORTED: _progress_reported,
    Kind.SUBMITTED: _submitted,
    Kind.RETURNED: lambda situation, event: {"submission": None},
    Kind.ACCEPTED: _accepted,
    Kind.REOPENED: lambda situation, event: {
        "submission": None,
        "reopened": True,
        "evidence": False,
    },
    Kind.PAUSED: lambda situation, event: {"paused": True},
    Kind.RESUMED: lambda situation, event: {"paused": False},
    Kind.BLOCKED: _blocked,
    Kind.UNBLOCKED: _unblocked,
    Kind.REASSIGNED: lambda situation, event: {"lead": event.payload["lead"]},
    Kind.REQUIREMENT_CHANGED: lambda situation, event: {"required": event.payload["required"]},
    Kind.CANCELLED: _cancelled,
    Kind.EVIDENCE_RECORDED: lambda situation, event: {"evidence": True},
}
