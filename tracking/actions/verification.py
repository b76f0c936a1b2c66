"""Is an issued list still what the ledger says, and is its chain unbroken?"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tracking.models import Department, Partner, Plan, ProgressList
from tracking.models.facts import remark_facts, task_facts
from tracking.rules.calendar import WorkingCalendar
from tracking.rules.canonical import canonical, sha256_of
from tracking.rules.departments import DepartmentFacts
from tracking.rules.instants import instant_from, instant_text
from tracking.rules.lines import TaskFacts
from tracking.rules.progress_list import FORMAT, ListFacts, Policy, Scope, compose

_TASK_KEYS = (
    "standing",
    "flags",
    "original_due_on",
    "due_on",
    "reading",
    "late_calendar_days",
    "late_working_days",
    "extensions",
    "extended_late_days",
    "breaches",
    "submitted_at",
    "waiting_for",
)
_DEPARTMENT_KEYS = (
    "marked",
    "reasons",
    "remarks",
    "counts",
    "worst_late_calendar_days",
    "worst_late_working_days",
)

Content = Mapping[str, Any]


class NotAList(Exception):
    """The file does not hold a progress list; the message says why."""


def verify(issued: ProgressList) -> list[str]:
    """What differs, a sentence each; empty when the list is what it was and the ledger agrees."""
    try:
        content = json.loads(issued.content)
    except ValueError:
        return [_("the stored content is not JSON")]
    found = _told(lambda: _row_differences(issued, content))
    found += _chain_differences(issued)
    return found + _told(lambda: _recomputed_differences(content))


def verify_content(content: Content) -> list[str]:
    """The same for a list read from a file; it must be the one of the register if it has a
    number."""
    if content.get("format") != FORMAT:
        raise NotAList(_("the file is not a progress list: its format is not progress-list/1"))
    found = _told(lambda: _hash_differences(content))
    if content.get("number") is not None:
        issued = ProgressList.objects.filter(number=_number(content)).first()
        if issued is None:
            found.append(_("the register holds no list %(n)s") % {"n": content["number"]})
        elif issued.sha256 != content.get("sha256"):
            found.append(
                _("list %(n)d of the register has another hash: %(hash)s")
                % {"n": issued.number, "hash": issued.sha256}
            )
    return found + _told(lambda: _recomputed_differences(content))


def _number(content: Content) -> int:
    number = content["number"]
    if type(number) is not int or not 0 < number < 2**31:
        raise NotAList(_("the file is not a progress list: its number is not a number"))
    return number


def _told(differences: Callable[[], Iterable[str]]) -> list[str]:
    """The sentences; a content that is not built as a list is a difference, not an accident."""
    try:
        return list(differences())
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        return [_("the content is not built as a list: %(why)s") % {"why": repr(error)[:200]}]


def _hash_differences(content: Content) -> Iterator[str]:
    actual = sha256_of(content)
    if content.get("sha256") != actual:
        yield _("hash: the content has %(actual)s, the list states %(stated)s") % {
            "actual": actual,
            "stated": content.get("sha256"),
        }


def _row_differences(issued: ProgressList, content: Content) -> Iterator[str]:
    yield from _hash_differences(content)
    if canonical(content).decode() != issued.content:
        yield _("the stored text is not the canonical form of its content")
    stated = {
        "sha256": issued.sha256,
        "number": issued.number,
        "as_of": issued.as_of.isoformat(),
        "known_at": instant_text(issued.known_at),
        "previous": issued.previous_sha256 or None,
        "supersedes": {"number": issued.supersedes.number, "reason": issued.reason}
        if issued.supersedes
        else None,
    }
    for key, value in stated.items():
        if content.get(key) != value:
            yield _different(key, content.get(key), value)


def _chain_differences(issued: ProgressList) -> Iterator[str]:
    before = ProgressList.objects.filter(number=issued.number - 1).first()
    expected = before.sha256 if before else ""
    if issued.number > 1 and before is None:
        yield _("chain: the list before, %(n)d, is missing") % {"n": issued.number - 1}
    elif issued.previous_sha256 != expected:
        yield _("chain: the hash of the list before is %(actual)s, the list states %(stated)s") % {
            "actual": expected or "—",
            "stated": issued.previous_sha256 or "—",
        }


def _recomputed_differences(content: Content) -> Iterator[str]:
    """Judge again from the ledger at the list's (T, K), with the lead, requirement, names and
    calendar stored in it."""
    fresh = _recomputed(content)
    yield from _totals_differences(content, fresh)
    stored_departments = {d["code"]: d for d in content["departments"]}
    fresh_departments = {d["code"]: d for d in fresh["departments"]}
    for code, stored in stored_departments.items():
        again = fresh_departments.get(code)
        for key in _DEPARTMENT_KEYS:
            # Lists that were issued before departments could answer have no remarks.
            stated = stored.get(key, []) if key == "remarks" else stored[key]
            if again is not None and stated != again[key]:
                yield _different(f"{code}, {key}", stated, again[key])
    yield from _task_differences(_tasks(content), _tasks(fresh))


def _totals_differences(content: Content, fresh: Content) -> Iterator[str]:
    for key, value in fresh["totals"].items():
        if content["totals"].get(key, value) != value:
            yield _different(f"totals, {key}", content["totals"].get(key), value)


def _task_differences(stored: Mapping[str, Content], fresh: Mapping[str, Content]) -> Iterator[str]:
    for code in sorted(stored.keys() - fresh.keys()):
        yield _("task %(code)s is in the list but not in the ledger's scope") % {"code": code}
    for code in sorted(fresh.keys() - stored.keys()):
        yield _("task %(code)s is in the ledger's scope but not in the list") % {"code": code}
    for code in sorted(stored.keys() & fresh.keys()):
        for key in _TASK_KEYS:
            if stored[code][key] != fresh[code][key]:
                yield _different(f"{code}, {key}", stored[code][key], fresh[code][key])


def _different(what: str, stored: object, actual: object) -> str:
    return _("%(what)s: the list says %(stored)s, the ledger %(actual)s") % {
        "what": what,
        "stored": json.dumps(stored, ensure_ascii=False),
        "actual": json.dumps(actual, ensure_ascii=False),
    }


def _tasks(content: Content) -> dict[str, Content]:
    return {t["code"]: t for d in content["departments"] for t in d["tasks"]}


def _recomputed(content: Content) -> Content:
    scope = Scope(
        as_of=date.fromisoformat(content["as_of"]),
        known_at=instant_from(content["known_at"]),
        policy=Policy(content["policy"]),
        plans=() if content["every_plan"] else tuple(content["plans"]),
        due_soon_days=content["due_soon_days"],
        stale_working_days=content["stale_working_days"],
    )
    facts = ListFacts(
        departments=_stored_departments(content),
        partners={p.code: p.names for p in Partner.objects.all()},
        plans={p.code: {"name": p.names, "issued_on": None} for p in Plan.objects.all()},
        calendar=WorkingCalendar(
            {date.fromisoformat(day): working for day, working in content["calendar"].items()}
        ),
        tasks=list(_stored_tasks(content, scope)),
        remarks=remark_facts(at=scope.at, known_at=scope.known_at),
    )
    return compose(scope, facts)


def _stored_tasks(content: Content, scope: Scope) -> Iterator[TaskFacts]:
    """The ledger's tasks, with the lead and the requirement that the list states."""
    stored = _tasks(content)
    for facts in task_facts(scope.plans, at=scope.at, known_at=scope.known_at, from_ledger=True):
        line = stored.get(facts.code)
        if line:
            situation = replace(facts.situation, lead=line["lead"], required=line["required"])
            facts = replace(facts, situation=situation)
        yield facts


def _stored_departments(content: Content) -> dict[str, DepartmentFacts]:
    """Departments as the list states them: those printed are active, the others have ended and
    are succeeded by the one under which their tasks are printed."""
    known = Department.objects.all().facts()
    the_day_before = date.min
    for department in content["departments"]:
        code = department["code"]
        known[code] = DepartmentFacts(code, department["name"], department["order"])
        for task in department["tasks"]:
            former = task["taken_over_from"]
            if former:
                known[former["code"]] = DepartmentFacts(
                    former["code"], former["name"], 0, None, the_day_before, (code,)
                )
    printed = {d["code"] for d in content["departments"]}
    active = date.fromisoformat(content["as_of"])
    return {
        code: facts for code, facts in known.items() if code in printed or not facts.active(active)
    }
