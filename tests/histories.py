"""What does one task's history say, read slowly and literally?

A history is a list of events that had effect, in the order of rules.md 2. Every question is
answered by reading the list again: no state is kept, so nothing can be kept wrongly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

HANOI = timezone(timedelta(hours=7))


@dataclass(frozen=True)
class Event:
    """One row of the ledger; `place` is its position in the file and its ledger number."""

    task: str
    kind: str
    payload: dict[str, Any]
    at: datetime
    recorded: datetime
    actor: str | None
    on_behalf_of: str | None
    place: int


History = list[Event]


def instant(text: str) -> datetime:
    """An instant from ISO text; one without an offset is in Hanoi."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=HANOI)).astimezone(HANOI)


def read_event(row: dict[str, Any], place: int) -> Event:
    """An event from a row of a plan file."""
    at = instant(row["effective_at"])
    recorded = row.get("recorded_at")
    return Event(
        task=row["task"],
        kind=row["kind"],
        payload=row.get("payload") or {},
        at=at,
        recorded=instant(recorded) if recorded else at,
        actor=row.get("actor") or None,
        on_behalf_of=row.get("on_behalf_of") or None,
        place=place,
    )


def in_order(events: History) -> History:
    """The events in the order in which they apply."""
    return sorted(events, key=lambda event: (event.at, event.recorded, event.place))


def last(history: History, *kinds: str) -> Event | None:
    """The last event of these kinds, or None."""
    found = [event for event in history if event.kind in kinds]
    return found[-1] if found else None


def last_is(history: History, kind: str, *others: str) -> bool:
    """Whether the last event among `kind` and `others` is a `kind`."""
    found = last(history, kind, *others)
    return found is not None and found.kind == kind


def assigned(history: History) -> bool:
    """Whether the task was assigned."""
    return last(history, "assigned") is not None


def cancelled(history: History) -> bool:
    """Whether the task was cancelled."""
    return last(history, "cancelled") is not None


def completed(history: History) -> bool:
    """Whether the current episode holds an accepted submission."""
    return last_is(history, "accepted", "reopened")


def paused(history: History) -> bool:
    """Whether a pause has begun and no resumption followed; an acceptance does not end it."""
    return last_is(history, "paused", "resumed")


def pending(history: History) -> Event | None:
    """The submission awaiting verification, or None."""
    found = last(history, "submitted", "accepted", "returned")
    return found if found is not None and found.kind == "submitted" else None


def is_open(history: History) -> bool:
    """Whether the task is neither completed, paused nor cancelled; a pending one is open."""
    return assigned(history) and not (completed(history) or paused(history) or cancelled(history))


def blocks(history: History, counterpart: object) -> bool:
    """Whether a block on this counterpart is still open."""
    about = [event for event in history if event.payload.get("on") == counterpart]
    return last_is(about, "blocked", "unblocked")


def counterparts(history: History) -> list[str]:
    """Those on whom a block is still open, by code point."""
    names = {event.payload["on"] for event in history if event.kind == "blocked"}
    return sorted(name for name in names if blocks(history, name))


def anything(history: History, event: Event) -> bool:
    """No condition of its own beyond "after the assignment, before a cancellation"."""
    return True


CONDITIONS: dict[str, Callable[[History, Event], bool]] = {
    "assigned": anything,
    "deadline_set": lambda history, event: last(history, "deadline_set") is None,
    "extension_requested": anything,
    "extension_granted": anything,
    "extension_refused": anything,
    "progress_reported": anything,
    "submitted": lambda history, event: (
        not (pending(history) or completed(history) or paused(history))
    ),
    "returned": lambda history, event: pending(history) is not None,
    "accepted": lambda history, event: pending(history) is not None,
    "reopened": lambda history, event: completed(history),
    "paused": lambda history, event: is_open(history),
    "resumed": lambda history, event: paused(history),
    "blocked": lambda history, event: not blocks(history, event.payload.get("on")),
    "unblocked": lambda history, event: blocks(history, event.payload.get("on")),
    "reassigned": anything,
    "requirement_changed": anything,
    "cancelled": lambda history, event: not completed(history),
    "evidence_recorded": anything,
}


def is_legal(history: History, event: Event) -> bool:
    """Whether the event may follow this history (legal order only, not four eyes)."""
    if cancelled(history) or event.kind not in CONDITIONS:
        return False
    if assigned(history) == (event.kind == "assigned"):
        return False
    return CONDITIONS[event.kind](history, event)


def with_effect(events: History) -> History:
    """The history made by one task's events; one whose condition is not met is left out."""
    history: History = []
    for event in in_order(events):
        if is_legal(history, event):
            history.append(event)
    return history


def in_force(history: History) -> Event | None:
    """The decision that fixes the deadline at the end of this history, or None."""
    return last(history, "deadline_set", "extension_granted")


def due_on(decision: Event | None) -> date | None:
    """The date written in a decision."""
    text = decision.payload.get("due_on") if decision else None
    return date.fromisoformat(text) if text else None


def last_day(decision: Event | None) -> date | None:
    """The last day in time: the date, or the day before it when read as "before"."""
    day = due_on(decision)
    if day is None or decision is None:
        return None
    before = decision.payload.get("reading") == "before"
    return day - timedelta(days=1) if before else day


def end_of(decision: Event | None) -> datetime | None:
    """The first instant that is too late, or None without a date."""
    day = last_day(decision)
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=HANOI)


def before(history: History, event: Event) -> History:
    """The part of the history that precedes the event."""
    return history[: history.index(event)]


def submission(history: History) -> Event | None:
    """The pending or accepted submission of the current episode, or None."""
    return last(history, "submitted") if completed(history) else pending(history)


def judging(history: History) -> Event | None:
    """The deadline judged by: at the submission if completed, else the current one."""
    made = submission(history)
    return in_force(before(history, made) if made and completed(history) else history)


def standing(history: History, moment: datetime) -> str | None:
    """The standing at `moment` of a task with this history; None when not in scope."""
    if not assigned(history) or cancelled(history):
        return None
    made, end = submission(history), end_of(judging(history))
    in_time = made is not None and (end is None or made.at < end)
    if completed(history):
        return "completed_on_time" if in_time else "completed_late"
    if paused(history):
        return "paused"
    if end is None:
        return "no_deadline"
    return "in_time" if moment < end or in_time else "overdue"


def without_returned(history: History) -> History:
    """The history as if the returned submissions had never been made."""
    undone: list[Event | None] = []
    for event in history:
        if event.kind == "returned":
            undone += [event, pending(before(history, event))]
    return [event for event in history if event not in undone]


def breached(history: History, cut_off: datetime) -> list[Event]:
    """The decisions whose deadline was in force at an instant when the task was overdue."""
    kept = without_returned(history)
    ends = [end for event in kept if (end := end_of(in_force([event]))) is not None]
    moments = {event.at for event in kept} | set(ends) | {cut_off}
    found: list[Event] = []
    for moment in sorted(moment for moment in moments if moment <= cut_off):
        earlier = [event for event in kept if event.at < moment]
        if end_of(in_force(earlier)) == moment:  # the passing comes before any event
            found += overdue_deadline(earlier, moment)
        found += overdue_deadline([event for event in kept if event.at <= moment], moment)
    return [event for event in kept if event in found]


def overdue_deadline(history: History, moment: datetime) -> list[Event]:
    """The deadline in force, in a list, when the task is overdue at `moment`; else nothing."""
    decision = in_force(history)
    late = standing(history, moment) == "overdue"
    return [decision] if decision is not None and late else []


def moved(history: History, *, later: bool) -> list[tuple[Event, Event]]:
    """(deadline replaced, grant) for every grant to a later, or an earlier, last day."""
    pairs = []
    for grant in history:
        old = in_force(before(history, grant))
        was, now = last_day(old), last_day(grant)
        if grant.kind != "extension_granted" or old is None or was is None or now is None:
            continue
        if now > was if later else now < was:
            pairs.append((old, grant))
    return pairs
