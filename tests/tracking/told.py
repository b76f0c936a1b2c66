"""A task's story in a few lines, for tables of edges."""

from datetime import date, datetime
from typing import Any

from tracking.rules.calendar import WorkingCalendar
from tracking.rules.events import Event, Kind, visible
from tracking.rules.instants import cut_off, instant_from
from tracking.rules.ledger import faults, fold
from tracking.rules.legality import Fault
from tracking.rules.situation import Situation
from tracking.rules.standing import Judgement, Yardstick, judge

START = Situation(lead="QLD", required=True)
LATER = instant_from("2030-01-01")
Line = tuple[Any, ...]  # (when, kind, payload, actor, on behalf of), the last three if needed


def at(text: str) -> datetime:
    """ "11-10" is 08:00 of that day in 2025; "11-10T17:30" an instant of it."""
    text = text if text.startswith("20") else f"2025-{text}"
    return instant_from(text if "T" in text else f"{text}T08:00:00")


def story(*lines: Line) -> list[Event]:
    return [
        Event(
            kind=Kind(line[1]),
            effective_at=at(line[0]),
            recorded_at=at(line[0]),
            number=number,
            payload=line[2] if len(line) > 2 else {},
            actor=line[3] if len(line) > 3 else "",
            on_behalf_of=line[4] if len(line) > 4 else "",
        )
        for number, line in enumerate(lines, start=1)
    ]


def due(day: str, **more: Any) -> dict[str, Any]:
    return {"due_on": f"2025-{day}", **more}


def assigned(day: str | None = "11-10", **more: Any) -> tuple[Line, Line]:
    deadline = due(day, **more) if day else {"due_on": None, "wording": "thường xuyên"}
    return ("10-01", "assigned"), ("10-01", "deadline_set", deadline)


def situation(moment: datetime, *lines: Line, known_at: datetime = LATER) -> Situation:
    return fold(visible(story(*lines), at=moment, known_at=known_at), start=START, at=moment)


def judged(day: str, *lines: Line, calendar: WorkingCalendar | None = None) -> Judgement:
    """The judgement at the end of that day of 2025, or at an instant of it."""
    moment = at(day) if "T" in day else cut_off(date.fromisoformat(f"2025-{day}"))
    yardstick = Yardstick.at_instant(moment, calendar or WorkingCalendar())
    return judge(situation(moment, *lines), yardstick)


def first_fault(*lines: Line) -> Fault | None:
    events = sorted(story(*lines), key=lambda event: event.place)
    return next((fault for _event, fault in faults(events, start=START)), None)
