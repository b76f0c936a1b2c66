"""Which rows of a plan file must an import into an empty ledger refuse?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.histories import (
    CONDITIONS,
    Event,
    History,
    in_order,
    is_legal,
    last,
    pending,
    read_event,
)

Json = dict[str, Any]
ANSWERS = ("extension_granted", "extension_refused")
VERDICTS = ("accepted", "returned")


def faults(plan_file: Json) -> list[str]:
    """A sentence for each refused row, `place: what is wrong`; empty when all is legal."""
    found = [*task_faults(plan_file), *unknown_codes(plan_file)]
    refused = {text.split(":")[0] for text in found}
    rows = plan_file.get("events", [])
    events = [
        read_event(row, place)
        for place, row in enumerate(rows)
        if f"events[{place}]" not in refused
    ]
    for row in plan_file.get("tasks", []):
        found += ledger_faults(row, [event for event in events if event.task == row["code"]])
    return found


def ledger_faults(row: Json, events: History) -> Iterator[str]:
    """The faults of one task's events; a refused event is passed over by those after it."""
    history: History = []
    for event in in_order(events):
        if not is_legal(history, event):
            yield f"events[{event.place}]: {event.kind}: illegal order"
        elif not seen_by_four_eyes(row, history, event):
            yield f"events[{event.place}]: {event.kind}: four eyes"
        else:
            history.append(event)


def seen_by_four_eyes(row: Json, history: History, event: Event) -> bool:
    """Whether a verdict or an answer comes from another actor, and not for the lead."""
    if event.kind not in ANSWERS + VERDICTS:
        return True
    change = last(history, "reassigned")
    leading = change.payload["lead"] if change else row["lead"]
    if event.on_behalf_of == leading:
        return False
    return event.actor is None or event.actor not in asked_by(history, event)


def asked_by(history: History, event: Event) -> list[str | None]:
    """The actors whose submission is pending, or whose requests are not yet answered."""
    if event.kind in VERDICTS:
        made = pending(history)
        return [made.actor] if made else []
    answer = last(history, *ANSWERS)
    unanswered = history[history.index(answer) + 1 :] if answer else history
    return [asked.actor for asked in unanswered if asked.kind == "extension_requested"]


def codes(plan_file: Json, key: str, name: str = "code") -> list[str]:
    """The codes of one register of the file."""
    return [row[name] for row in plan_file.get(key, [])]


def task_faults(plan_file: Json) -> Iterator[str]:
    """Tasks named twice, or naming what the file does not know."""
    known = {
        "plan": codes(plan_file, "plans"),
        "document": codes(plan_file, "documents", "number"),
        "lead": codes(plan_file, "departments"),
        "parent": codes(plan_file, "tasks"),
    }
    seen: set[str] = set()
    for place, row in enumerate(plan_file.get("tasks", [])):
        if row["code"] in seen:
            yield f"tasks[{place}]: {row['code']}: a second task with the same code"
        seen.add(row["code"])
        named = [(key, row.get(key), known[key]) for key in known]
        named += [("coordinating", code, known["lead"]) for code in row.get("coordinating", [])]
        for key, code, register in named:
            if code is not None and code not in register:
                yield f"tasks[{place}]: {key}: unknown code {code}"


def unknown_codes(plan_file: Json) -> Iterator[str]:
    """Events that name a task, a kind, a department or a partner the file does not know."""
    tasks, offices = codes(plan_file, "tasks"), codes(plan_file, "departments")
    partners = codes(plan_file, "partners")
    for place, row in enumerate(plan_file.get("events", [])):
        payload = row.get("payload") or {}
        named = [
            (row["task"], tasks),
            (row["kind"], list(CONDITIONS)),
            (row.get("on_behalf_of"), offices),
            (payload.get("lead") if row["kind"] == "reassigned" else None, offices),
            (payload.get("on"), partners),
        ]
        for code, register in named:
            if code is not None and code not in register:
                yield f"events[{place}]: unknown code {code}"
