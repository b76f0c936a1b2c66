"""How may one task's ledger go on? A small machine that draws legal events one after another."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.histories import HANOI, Event, History, due_on, end_of, in_force, in_order, is_legal
from tests.plan_faults import asked_by

Json = dict[str, Any]

MOMENT = timedelta(microseconds=1)
ACTORS = (None, "clerk", "deputy", "verifier", "office")
# A kind stands here as often as it should be tried; rare ones end or freeze a task.
KINDS = (
    *("submitted", "accepted", "returned", "extension_granted") * 4,
    *("submitted", "accepted", "reopened") * 6,
    *("deadline_set", "resumed", "evidence_recorded", "paused") * 3,
    *("extension_requested", "blocked", "unblocked") * 2,
    *("extension_refused", "progress_reported", "reassigned"),
    *("requirement_changed", "cancelled"),
)
STARTS = tuple(
    datetime(*day, 8, 30, tzinfo=HANOI)
    for day in (
        (2025, 11, 7),  # a Friday
        (2025, 11, 9),  # a Sunday
        (2025, 12, 24),  # a week before the year ends
        (2025, 12, 31),
        (2026, 2, 12),  # before the Lunar New Year
        (2026, 4, 28),  # before two holidays in a row
        (2024, 2, 27),  # before a leap day
    )
)


@st.composite
def ledgers(
    draw: st.DrawFn, task: Json, start: datetime, offices: list[str], partners: list[str]
) -> History:
    """One to fourteen legal events of one task, in the order in which they apply."""
    wanted = draw(st.sampled_from((1, 2, 3, 4, *range(5, 15), *range(5, 15))))
    at = start + draw(st.sampled_from(DELAYED_STARTS))
    first = make(task["code"], "assigned", {}, (at, at + draw(st.sampled_from(DELAYS))), None)
    history: History = [first]
    for _ in range(wanted - 1):
        event = draw(next_events(task, history, offices, partners))
        if event is not None and fits(history, event):
            history.append(event)
    return history


def make(
    task: str,
    kind: str,
    payload: Json,
    when: tuple[datetime, datetime],
    actor: str | None,
    behalf: str | None = None,
) -> Event:
    """An event without its place in a file."""
    return Event(task, kind, payload, when[0], when[1], actor, behalf, 0)


def fits(history: History, event: Event) -> bool:
    """Whether the event is legal, comes last in order, and repeats no event of the history."""
    same = [old for old in history if signature(old) == signature(event)]
    return not same and in_order([*history, event])[-1] is event and is_legal(history, event)


def signature(event: Event) -> tuple[str, datetime, str]:
    """What would make an import take two rows for the same event."""
    return event.kind, event.at, json.dumps(event.payload, sort_keys=True)


@st.composite
def next_events(
    draw: st.DrawFn, task: Json, history: History, offices: list[str], partners: list[str]
) -> Event | None:
    """A legal event that follows the history, or None when there is none."""
    when = draw(moments(history[-1], ends(history)))
    kinds = [kind for kind in KINDS if possible(task, history, kind, when, partners)]
    if not kinds:
        return None
    kind = draw(st.sampled_from(kinds))
    if len(history) == 1 and draw(st.integers(0, 3)):
        kind = "deadline_set"
    payload = draw(payloads(kind, history, when[0].date(), offices, partners))
    event = make(task["code"], kind, payload, when, None)
    banned = asked_by(history, event) if kind != "extension_requested" else []
    if kind.startswith("extension_"):  # a stricter reading would ban every earlier requester
        banned = [old.actor for old in history if old.kind == "extension_requested"]
    actor = draw(st.sampled_from([name for name in ACTORS if name not in banned or name is None]))
    behalf = draw(behalves(task, history, kind, offices))
    return make(task["code"], kind, payload, when, actor, behalf)


def possible(
    task: Json,
    history: History,
    kind: str,
    when: tuple[datetime, datetime],
    partners: list[str],
) -> bool:
    """Whether some event of this kind is legal after the history."""
    options: list[Json] = [{"on": code} for code in partners] if "block" in kind else [{}]
    return any(
        is_legal(history, make(task["code"], kind, payload, when, None)) for payload in options
    )


def ends(history: History) -> list[datetime]:
    """The ends of the deadlines decided so far."""
    return [end for event in history if (end := end_of(in_force([event]))) is not None]


@st.composite
def moments(draw: st.DrawFn, last: Event, edges: list[datetime]) -> tuple[datetime, datetime]:
    """(effective_at, recorded_at), not before the last event, often on an edge."""
    now = last.at
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    near = [edge + step for edge in edges[-2:] for step in (-MOMENT, timedelta(0), MOMENT) * 2]
    steps = [timedelta(hours=h) for h in (3, 3, 20, 24, 72, 120, 24 * 17)]
    options = [now, now, now + MOMENT, midnight - MOMENT, midnight, *near]
    options += [now + step for step in steps]
    at = draw(st.sampled_from([option for option in options if option >= now]))
    recorded = at + draw(st.sampled_from(DELAYS))
    return at, max(recorded, last.recorded) if at == now else recorded


DELAYED_STARTS = tuple(timedelta(hours=h, minutes=-30) for h in (0, 0, 0.5, 15.5, 16, 40, 88))
DELAYS = (
    *(timedelta(0),) * 8,
    MOMENT,
    timedelta(hours=5),
    timedelta(days=2),
    timedelta(days=25),
    -MOMENT,
    -timedelta(days=3),
)


@st.composite
def behalves(
    draw: st.DrawFn, task: Json, history: History, kind: str, offices: list[str]
) -> str | None:
    """A department that was never the lead, for a verdict or an answer; the lead for the rest."""
    leads: list[str] = [task["lead"]]
    leads += [event.payload["lead"] for event in history if event.kind == "reassigned"]
    if kind in ("submitted", "progress_reported", "extension_requested"):
        return draw(st.sampled_from((None, leads[-1])))
    others = [code for code in offices if code not in leads]
    return draw(st.sampled_from((None, None, *others)))


def due_dates(history: History, today: date, *, empty: bool) -> st.SearchStrategy[str | None]:
    """A date around today or around the current deadline; null too when `empty`."""
    days = [today + timedelta(days=n) for n in (-9, -2, -1, 0, 1, 2, 3, 7, 8, 9, 20)]
    current = due_on(in_force(history))
    if current is not None:
        days += [current + timedelta(days=n) for n in (-6, -1, 0, 1, 2, 9)]
    texts: list[str | None] = [day.isoformat() for day in days]
    return st.sampled_from([*texts, None, None] if empty else texts)


@st.composite
def deadlines(draw: st.DrawFn, history: History, today: date, *, empty: bool) -> Json:
    """`due_on` with one of the readings, or with none, which means "by"."""
    payload: Json = {"due_on": draw(due_dates(history, today, empty=empty))}
    reading = draw(st.sampled_from((None, "by", "before", "before")))
    return {**payload, "reading": reading} if reading else payload


@st.composite
def payloads(
    draw: st.DrawFn,
    kind: str,
    history: History,
    today: date,
    offices: list[str],
    partners: list[str],
) -> Json:
    """What an event of this kind carries."""
    match kind:
        case "deadline_set":
            found = draw(deadlines(history, today, empty=True))
            return {**found, "wording": found["due_on"] or "thường xuyên"}
        case "extension_granted":
            return {**draw(deadlines(history, today, empty=False)), "reason": "chờ ý kiến"}
        case "extension_requested":
            return {"due_on": draw(due_dates(history, today, empty=False)), "reason": "chậm"}
        case "blocked" | "unblocked":
            return {"on": draw(st.sampled_from(free(kind, history, partners)))}
        case "reassigned":
            return {"lead": draw(st.sampled_from(offices)), "reason": "phân công lại"}
        case "requirement_changed":
            return {"required": draw(st.booleans()), "reason": "rà soát"}
        case "submitted":
            return draw(st.sampled_from(SUBMITTED))
    return dict(WORDS.get(kind, {}))


def free(kind: str, history: History, partners: list[str]) -> list[str]:
    """The partners on whom a block may begin or end."""
    return [
        code
        for code in partners
        if is_legal(history, make("", kind, {"on": code}, (history[-1].at,) * 2, None))
    ]


SUBMITTED: tuple[Json, ...] = (
    {"note": "trình"},
    {"note": "trình", "evidence": "biên bản"},
    {"note": "trình", "product": "báo cáo"},
)
WORDS: dict[str, Json] = {
    "extension_refused": {"reason": "không đủ căn cứ"},
    "progress_reported": {"percent": 60, "note": "đang làm"},
    "returned": {"reason": "thiếu tài liệu"},
    "accepted": {"note": "đạt"},
    "reopened": {"reason": "lỗi", "cause": "regression"},
    "paused": {"reason": "chờ nghị định"},
    "cancelled": {"reason": "trùng"},
    "evidence_recorded": {"note": "biên bản kiểm tra"},
}
