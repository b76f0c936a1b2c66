"""Which plan files, days and instants should the rules be tried on? Hypothesis strategies.

`plan_files()` gives legal `progress-plan/1` dicts, `illegal_plan_files()` pairs (rule broken, dict
with one fault), `days(plan_file)` and `instants(plan_file)` the T and K worth judging it at, and
`lists()` a whole question for the list: (plan file, keyword arguments of `progress_list`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.histories import HANOI, History, instant
from tests.illegal_steps import BROKEN, broken
from tests.ledger_steps import MOMENT, STARTS, ledgers
from tests.succession import departments

Json = dict[str, Any]

PARTNERS: tuple[Json, ...] = (
    {"code": "BCA", "name": {"vi": "Bộ Công an", "en": "Ministry of Public Security"}},
    {"code": "BHXH", "name": {"vi": "Bảo hiểm xã hội", "en": "Social Security"}},
    {"code": "BYT-BM", "name": {"vi": "Bệnh viện Bạch Mai", "en": "Bach Mai Hospital"}},
)
KINDS = ("ministry", "agency", "hospital")
PLANS: tuple[Json, ...] = (
    {"code": "02-KH/BCĐTW", "name": {"vi": "Kế hoạch 02", "en": "Plan 02"}},
    {"code": "06/QĐ-TTg", "name": {"vi": "Đề án 06", "en": "Project 06"}},
)
CALENDAR = (
    {"day": "2025-11-08", "working": True, "reason": "làm bù"},
    {"day": "2025-11-10", "working": False, "reason": "nghỉ bù"},
    {"day": "2026-01-01", "working": False, "reason": "Tết Dương lịch"},
    {"day": "2026-01-02", "working": False, "reason": "hoán đổi"},
    {"day": "2026-01-10", "working": True, "reason": "làm bù"},
    {"day": "2026-02-16", "working": False, "reason": "Tết Nguyên đán"},
    {"day": "2026-02-17", "working": False, "reason": "Tết Nguyên đán"},
    {"day": "2026-04-30", "working": False, "reason": "Ngày Chiến thắng"},
    {"day": "2026-05-01", "working": False, "reason": "Quốc tế Lao động"},
)
ZONES = (HANOI, HANOI, UTC, None)


@st.composite
def plan_files(draw: st.DrawFn) -> Json:
    """A legal plan file of one to four departments and tasks, its events in any order."""
    start = draw(st.sampled_from(STARTS))
    offices = draw(departments(start.date()))
    codes = [row["code"] for row in offices]
    partners = [
        {**row, "kind": kind}
        for row, kind in zip(PARTNERS[: draw(st.integers(1, 3))], KINDS, strict=False)
    ]
    plans = [dict(row, issued_on="2025-06-19") for row in PLANS[: draw(st.integers(1, 2))]]
    tasks: list[Json] = []
    for number in range(draw(st.integers(1, 4))):
        tasks.append(draw(task_rows(f"T{number + 1}", codes, plans)))
    named = [row["code"] for row in partners]
    histories = [draw(ledgers(task, start, codes, named)) for task in tasks]
    return {
        "format": "progress-plan/1",
        "departments": offices,
        "partners": partners,
        "plans": plans,
        "calendar": draw(st.sampled_from(([], list(CALENDAR), list(CALENDAR)))),
        "tasks": tasks,
        "events": draw(event_rows(histories)),
    }


@st.composite
def task_rows(draw: st.DrawFn, code: str, offices: list[str], plans: list[Json]) -> Json:
    """A task of the file."""
    return {
        "code": code,
        "plan": draw(st.sampled_from([row["code"] for row in plans])),
        "clause": "2a",
        "title": {"vi": f"Nhiệm vụ {code}", "en": f"Task {code}"},
        "lead": draw(st.sampled_from(offices)),
        "coordinating": draw(st.lists(st.sampled_from(offices), max_size=1)),
        "required": draw(st.sampled_from((True, True, False))),
        "product": {"vi": "báo cáo", "en": "report"},
        "parent": None,
    }


@st.composite
def event_rows(draw: st.DrawFn, histories: list[History]) -> list[Json]:
    """The rows of these histories, shuffled as far as the order in which they apply allows."""
    events = [event for history in histories for event in history]
    ranks = {id(event): place for place, event in enumerate(events)}
    shuffled = draw(st.permutations(events)) if draw(st.booleans()) else events
    groups: dict[tuple[str, datetime, datetime], History] = {}
    for event in sorted(shuffled, key=lambda event: ranks[id(event)]):
        groups.setdefault((event.task, event.at, event.recorded), []).append(event)
    zone = draw(st.sampled_from(ZONES))
    shown = draw(st.booleans())
    rows = []
    for event in shuffled:  # the ledger number decides between equal instants
        first = groups[event.task, event.at, event.recorded].pop(0)
        row: Json = {"task": first.task, "kind": first.kind, "effective_at": text(first.at, zone)}
        if shown or first.recorded != first.at:
            row["recorded_at"] = text(first.recorded, zone)
        row |= {"payload": first.payload} if first.payload else {}
        row |= {"actor": first.actor} if first.actor else {}
        row |= {"on_behalf_of": first.on_behalf_of} if first.on_behalf_of else {}
        rows.append(row)
    return rows


def text(moment: datetime, zone: Any) -> str:
    """The instant in this zone, or without an offset when it is None."""
    if zone is None:
        return moment.astimezone(HANOI).replace(tzinfo=None).isoformat()
    return moment.astimezone(zone).isoformat()


def days(plan_file: Json) -> st.SearchStrategy[str]:
    """The days on and around every event, deadline and change of a department, and much later."""
    known: set[date] = {instant(row["effective_at"]).date() for row in plan_file["events"]}
    dues = [row["payload"].get("due_on") for row in plan_file["events"] if row.get("payload")]
    limits = [row[key] for row in plan_file["departments"] for key in ("valid_from", "valid_to")]
    known |= {date.fromisoformat(day) for day in [*dues, *limits] if day}
    near = {day + timedelta(days=n) for day in known for n in (-8, -1, 0, 1)}
    latest = max(known)
    near |= {latest + timedelta(days=n) for n in (10, 16, 40)}
    ordered = sorted(day.isoformat() for day in near)
    return st.sampled_from(ordered[len(ordered) // 2 :] * 2 + ordered)


def instants(plan_file: Json) -> st.SearchStrategy[str]:
    """Instants of knowledge: long after all, and on and just before every recording."""
    rows = plan_file["events"]
    recorded = {instant(row.get("recorded_at") or row["effective_at"]) for row in rows}
    late = max(recorded) + timedelta(days=400)
    edges = sorted({edge - step for edge in recorded for step in (MOMENT, timedelta(0))})
    edges.insert(0, min(STARTS) - timedelta(days=900))
    ends_of_days = sorted({edge.replace(hour=23, minute=59, second=59) for edge in edges})
    return st.one_of(
        *[st.just(late.isoformat())] * 3,
        st.sampled_from([edge.isoformat() for edge in edges]),
        st.sampled_from([edge.astimezone(UTC).isoformat() for edge in ends_of_days]),
    )


@st.composite
def lists(draw: st.DrawFn) -> tuple[Json, Json]:
    """A legal plan file and the arguments `as_of, known_at, policy, plans` of its list."""
    plan_file = draw(plan_files())
    codes = [row["code"] for row in plan_file["plans"]]
    return plan_file, {
        "as_of": draw(days(plan_file)),
        "known_at": draw(instants(plan_file)),
        "policy": draw(st.sampled_from(("overdue", "incomplete"))),
        "plans": draw(st.sampled_from((None, None, codes, codes[:1]))),
    }


@st.composite
def illegal_plan_files(draw: st.DrawFn) -> tuple[str, Json]:
    """(rule broken, plan file with exactly one fault); `BROKEN` names the rules."""
    rule = draw(st.sampled_from(BROKEN))
    return rule, broken(draw(plan_files()), rule)
