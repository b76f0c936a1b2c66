"""Which departments are marked, and why? Facts in, the content of a list out (rules.md 6 to 8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from tracking.rules.calendar import WorkingCalendar
from tracking.rules.canonical import sha256_of
from tracking.rules.departments import DepartmentFacts, Name, printed_under
from tracking.rules.instants import cut_off, day_of, instant_text
from tracking.rules.legend import legend
from tracking.rules.lines import TaskFacts, line_of
from tracking.rules.movements import movements
from tracking.rules.situation import Situation
from tracking.rules.standing import COMPLETED, Judgement, Standing, Yardstick, judge

FORMAT = "progress-list/1"

Content = dict[str, Any]


class ListRefused(Exception):
    """The list contradicts itself; the message says where."""


class Policy(StrEnum):
    OVERDUE = "overdue"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked: the day judged, the instant of knowledge, the policy; no plan means all."""

    as_of: date
    known_at: datetime
    policy: Policy = Policy.OVERDUE
    plans: tuple[str, ...] = ()
    due_soon_days: int = 7
    stale_working_days: int = 10

    @property
    def at(self) -> datetime:
        return cut_off(self.as_of)

    @property
    def forecast(self) -> bool:
        return self.as_of > day_of(self.known_at)

    def yardstick(self, calendar: WorkingCalendar) -> Yardstick:
        return Yardstick(self.at, self.as_of, calendar, self.due_soon_days, self.stale_working_days)


@dataclass(frozen=True, slots=True)
class RemarkFacts:
    """What a department answered to being marked for those tasks."""

    department: str
    on: date
    tasks: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class ListFacts:
    """What the ledger and the registers say; `tasks` holds every task seen at (T, K), the
    cancelled ones included."""

    departments: Mapping[str, DepartmentFacts]
    partners: Mapping[str, Name]
    plans: Mapping[str, Mapping[str, Any]]  # code -> {"name": Name, "issued_on": ISO or None}
    calendar: WorkingCalendar
    tasks: Iterable[TaskFacts]
    annexes: Sequence[Mapping[str, Any]] = ()
    previous: Mapping[str, Any] | None = None  # the content of the list before
    remarks: Sequence[RemarkFacts] = ()  # in the order in which they were given

    @property
    def names(self) -> dict[str, Name]:
        return {**self.partners, **{d.code: d.name for d in self.departments.values()}}


@dataclass(frozen=True, slots=True)
class Issue:
    """What an issued list adds to a draft."""

    number: int
    previous: str | None  # SHA-256 of the issued list before
    supersedes: Mapping[str, Any] | None = None  # {"number", "reason"}


@dataclass
class _Section:
    """A department while the list is composed."""

    department: DepartmentFacts
    lines: list[dict[str, Any]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(map(str, Standing), 0))
    worst: tuple[int, int] = (0, 0)


def is_reason(situation: Situation, judgement: Judgement, policy: Policy) -> bool:
    """Whether a task marks the department that it is printed under."""
    if not situation.required:
        return False
    if policy is Policy.OVERDUE:
        return judgement.overdue
    if judgement.standing in COMPLETED or judgement.standing is Standing.PAUSED:
        return False
    return not (situation.pending and situation.submitted_in_time)


def compose(scope: Scope, facts: ListFacts, issue: Issue | None = None) -> Content:
    """The content of the list, `sha256` included. ListRefused if its sums do not add up."""
    seen = list(facts.tasks)
    sections = _sections(scope, facts)
    totals = _judge_all(scope, facts, sections, seen)
    remarks = _remarks(scope, facts)
    departments = [_department(s, facts.previous, remarks) for s in _in_protocol_order(sections)]
    totals["departments"] = len(departments)
    totals["departments_marked"] = sum(d["marked"] for d in departments)
    covered = sorted(set(scope.plans) or {t.plan for t in seen if t.situation.in_scope})
    content: Content = {
        "format": FORMAT,
        "as_of": scope.as_of.isoformat(),
        "known_at": instant_text(scope.known_at),
        "policy": str(scope.policy),
        "forecast": scope.forecast,
        "number": issue.number if issue else None,
        "previous": issue.previous if issue else None,
        "supersedes": dict(issue.supersedes) if issue and issue.supersedes else None,
        "plans": covered,
        "every_plan": not scope.plans,
        "plan_names": [{"code": code, **facts.plans[code]} for code in covered],
        "calendar_version": facts.calendar.version,
        "calendar": facts.calendar.rows,
        "due_soon_days": scope.due_soon_days,
        "stale_working_days": scope.stale_working_days,
        "departments": departments,
        "totals": totals,
        "movements": movements(facts.previous, departments, seen),
        "annexes": [dict(annex) for annex in facts.annexes],
        "legend": legend(),
    }
    check_sums(content)
    content["sha256"] = sha256_of(content)
    return content


def check_sums(content: Mapping[str, Any]) -> None:
    """ListRefused unless the six standings add up to the scope and to the departments."""
    totals = content["totals"]
    standings: Mapping[str, int] = totals["standings"]
    if sum(standings.values()) != totals["in_scope"]:
        raise ListRefused("the six standings do not add up to the tasks in scope")
    for standing, total in standings.items():
        if sum(d["counts"][standing] for d in content["departments"]) != total:
            raise ListRefused(f"the departments do not add up to the total of {standing}")
    for department in content["departments"]:
        if sum(department["counts"].values()) != len(department["tasks"]):
            raise ListRefused(f"the counts of {department['code']} are not those of its tasks")
        if department["marked"] != bool(department["reasons"]):
            raise ListRefused(f"{department['code']} is marked without a reason, or not with one")


def _sections(scope: Scope, facts: ListFacts) -> dict[str, _Section]:
    active = (d for d in facts.departments.values() if d.active(scope.as_of))
    return {department.code: _Section(department) for department in active}


def _judge_all(
    scope: Scope, facts: ListFacts, sections: dict[str, _Section], seen: list[TaskFacts]
) -> dict[str, Any]:
    """Put every task in scope under its department; return the totals."""
    yardstick, names = scope.yardstick(facts.calendar), facts.names
    places: dict[str, str] = {}
    due = completed = on_time = early = 0
    for task in seen:
        situation = task.situation
        if not situation.in_scope:
            continue
        lead = situation.lead
        if lead not in places:
            places[lead] = printed_under(lead, facts.departments, scope.as_of)
        place = places[lead]
        if place not in sections:
            sections[place] = _Section(facts.departments[place])
        section = sections[place]
        judgement = judge(situation, yardstick)
        section.lines.append(line_of(task, judgement, place, names, scope.as_of))
        section.counts[judgement.standing] += 1
        if is_reason(situation, judgement, scope.policy):
            _add_reason(section, task.code, judgement)
        early += judgement.early
        if judgement.due:
            due += 1
            completed += judgement.standing in COMPLETED
            on_time += judgement.standing is Standing.COMPLETED_ON_TIME
    standings = {
        str(standing): sum(s.counts[standing] for s in sections.values()) for standing in Standing
    }
    return {
        "in_scope": sum(len(s.lines) for s in sections.values()),
        "due": due,
        "completed_of_due": completed,
        "on_time_of_due": on_time,
        "completed_early": early,
        "standings": standings,
    }


def _add_reason(section: _Section, code: str, judgement: Judgement) -> None:
    section.reasons.append(code)
    section.worst = (
        max(section.worst[0], judgement.late_calendar_days),
        max(section.worst[1], judgement.late_working_days),
    )


def _in_protocol_order(sections: Mapping[str, _Section]) -> list[_Section]:
    return sorted(sections.values(), key=lambda s: (s.department.order, s.department.code))


def _remarks(scope: Scope, facts: ListFacts) -> dict[str, list[RemarkFacts]]:
    """By the department that they are printed under."""
    found: dict[str, list[RemarkFacts]] = {}
    for remark in facts.remarks:
        place = printed_under(remark.department, facts.departments, scope.as_of)
        found.setdefault(place, []).append(remark)
    return found


def _answers(remarks: Iterable[RemarkFacts], reasons: Sequence[str]) -> list[dict[str, Any]]:
    """Those to a task that is still a reason."""
    return [
        {"on": remark.on.isoformat(), "tasks": sorted(remark.tasks), "text": remark.text}
        for remark in remarks
        if not set(remark.tasks).isdisjoint(reasons)
    ]


def _department(
    section: _Section,
    previous: Mapping[str, Any] | None,
    remarks: Mapping[str, Sequence[RemarkFacts]],
) -> dict[str, Any]:
    marked = bool(section.reasons)
    before = _times_before(section.department.code, previous)
    section.lines.sort(key=lambda line: (line["due_on"] or "9999-99-99", line["code"]))
    return {
        "code": section.department.code,
        "name": dict(section.department.name),
        "order": section.department.order,
        "marked": marked,
        "reasons": sorted(section.reasons),
        "remarks": _answers(remarks.get(section.department.code, ()), section.reasons),
        "times_running": before + 1 if marked else 0,
        "worst_late_calendar_days": section.worst[0],
        "worst_late_working_days": section.worst[1],
        "counts": section.counts,
        "tasks": section.lines,
    }


def _times_before(code: str, previous: Mapping[str, Any] | None) -> int:
    for department in (previous or {}).get("departments", ()):
        if department["code"] == code:
            return int(department["times_running"])
    return 0
