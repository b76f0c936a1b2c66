"""Who moved since the list before? (rules.md 8)"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tracking.rules.lines import TaskFacts
from tracking.rules.situation import Situation
from tracking.rules.standing import Standing

Row = Mapping[str, Any]


def movements(
    previous: Row | None, departments: Sequence[Row], seen: Iterable[TaskFacts]
) -> dict[str, Any]:
    """Newly marked, unmarked and why, still marked, cancelled, reassigned, totals like for like.

    `departments`: those of the new list; `seen`: every task visible, the cancelled included."""
    policy = previous["policy"] if previous else ""
    situations = {task.code: task.situation for task in seen}
    before = {d["code"]: d for d in previous["departments"]} if previous else {}
    old = {t["code"]: t for d in before.values() for t in d["tasks"]}
    new = {t["code"]: t for d in departments for t in d["tasks"]}
    marked = [d for d in departments if d["marked"]]
    still = [d for d in marked if before.get(d["code"], {}).get("marked")]
    fresh = [d for d in marked if not before.get(d["code"], {}).get("marked")]
    now = {department["code"] for department in marked}
    gone = [d for d in before.values() if d["marked"] and d["code"] not in now]
    return {
        "since": {key: previous[key] for key in ("number", "as_of", "sha256")}
        if previous
        else None,
        "marked": [_named(d) | {"tasks": d["reasons"]} for d in fresh] if previous else [],
        "unmarked": [_named(d) | {"because": _because(d, old, situations, policy)} for d in gone],
        "still_marked": [_named(d) | {"times": d["times_running"]} for d in still],
        "cancelled": _cancelled(old, situations),
        "reassigned": _reassigned(old, new),
        "like_for_like": _like_for_like(old, new) if previous else None,
    }


def _named(department: Row) -> dict[str, Any]:
    return {"code": department["code"], "name": department["name"]}


def _because(
    department: Row, old: Mapping[str, Row], situations: Mapping[str, Situation], policy: str
) -> list[dict[str, str]]:
    return [
        {"task": code, "why": _why(old[code], situations.get(code), policy)}
        for code in department["reasons"]
    ]


def _why(line: Row, situation: Situation | None, policy: str) -> str:
    """Why a task is no longer a reason; the first that fits."""
    if situation is None:
        return "other"
    due_on = situation.deadline.due_on.isoformat() if situation.deadline else None
    answers = {
        "cancelled": situation.cancelled,
        "completed": situation.completed,
        "reassigned": situation.lead != line["lead"],
        "requirement_changed": situation.required != line["required"],
        "paused": situation.paused,
        # Under "overdue" only another date takes the mark away, whatever is pending.
        "extended": policy == "overdue" and due_on != line["due_on"],
        "pending": situation.pending and situation.submitted_in_time,
    }
    return next((why for why, fits in answers.items() if fits), "other")


def _cancelled(old: Mapping[str, Row], situations: Mapping[str, Situation]) -> list[dict[str, Any]]:
    return [
        {
            "task": code,
            "title": line["title"],
            "lead": line["lead"],
            "was": line["standing"],
            "reason": situations[code].cancelled_reason,
        }
        for code, line in sorted(old.items())
        if code in situations and situations[code].cancelled
    ]


def _reassigned(old: Mapping[str, Row], new: Mapping[str, Row]) -> list[dict[str, Any]]:
    return [
        {"task": code, "title": line["title"], "from": old[code]["lead"], "to": line["lead"]}
        for code, line in sorted(new.items())
        if code in old and old[code]["lead"] != line["lead"]
    ]


def _like_for_like(old: Mapping[str, Row], new: Mapping[str, Row]) -> dict[str, Any]:
    common = old.keys() & new.keys()
    return {
        "tasks": len(common),
        "before": _count(old[code]["standing"] for code in common),
        "now": _count(new[code]["standing"] for code in common),
    }


def _count(standings: Iterable[str]) -> dict[str, int]:
    found = Counter(standings)
    return {str(standing): found[str(standing)] for standing in Standing}
