"""The facts of a plan file for the rules, without a database."""

from datetime import date
from typing import Any

from tracking.rules.calendar import WorkingCalendar
from tracking.rules.departments import DepartmentFacts
from tracking.rules.events import Event, Kind, visible
from tracking.rules.instants import in_zone, instant_from
from tracking.rules.ledger import fold
from tracking.rules.lines import TaskFacts
from tracking.rules.progress_list import ListFacts, Policy, Scope
from tracking.rules.situation import Situation

Json = dict[str, Any]


def scope_of(question: Json) -> Scope:
    return Scope(
        as_of=date.fromisoformat(question["as_of"]),
        known_at=instant_from(question["known_at"]),
        policy=Policy(question["policy"]),
        plans=tuple(question["plans"] or ()),
    )


def facts_of(plan_file: Json, scope: Scope) -> ListFacts:
    rows = [t for t in plan_file["tasks"] if not scope.plans or t["plan"] in scope.plans]
    return ListFacts(
        departments={d["code"]: _department(d) for d in plan_file["departments"]},
        partners={p["code"]: p["name"] for p in plan_file.get("partners", [])},
        plans={p["code"]: {"name": p["name"]} for p in plan_file["plans"]},
        calendar=WorkingCalendar(
            {date.fromisoformat(c["day"]): c["working"] for c in plan_file.get("calendar", [])}
        ),
        tasks=[facts for row in rows if (facts := _task(row, plan_file, scope))],
    )


def events_of(plan_file: Json, task: str) -> list[Event]:
    return [
        Event(
            kind=Kind(row["kind"]),
            effective_at=in_zone(instant_from(row["effective_at"])),
            recorded_at=in_zone(instant_from(row.get("recorded_at") or row["effective_at"])),
            number=number,
            payload=row.get("payload") or {},
            actor=row.get("actor") or "",
            on_behalf_of=row.get("on_behalf_of") or "",
        )
        for number, row in enumerate(plan_file["events"], start=1)
        if row["task"] == task
    ]


def start_of(row: Json) -> Situation:
    required = row.get("required")
    return Situation(lead=row["lead"], required=True if required is None else required)


def _task(row: Json, plan_file: Json, scope: Scope) -> TaskFacts | None:
    seen = visible(events_of(plan_file, row["code"]), at=scope.at, known_at=scope.known_at)
    situation = fold(seen, start=start_of(row), at=scope.at)
    if situation.assigned_at is None:
        return None
    return TaskFacts(row["code"], row["plan"], row["title"], situation)


def _department(row: Json) -> DepartmentFacts:
    successors = row.get("succeeded_by") or []
    begun, ended = row.get("valid_from"), row.get("valid_to")
    return DepartmentFacts(
        code=row["code"],
        name=row["name"],
        order=row.get("order") or 0,
        valid_from=date.fromisoformat(begun) if begun else None,
        valid_to=date.fromisoformat(ended) if ended else None,
        successors=(successors,) if isinstance(successors, str) else tuple(successors),
    )
