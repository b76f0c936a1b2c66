"""Who is marked since the last issued list, who no longer, and who still?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

import orjson
from django.utils.translation import gettext as _

from tracking.models import ProgressList, TaskSituation
from tracking.models.tally import Tally
from tracking.models.then import Then
from tracking.renderers.words import ordinal_text, words_of
from tracking.rules.lines import TaskFacts
from tracking.rules.movements import movements
from tracking.rules.progress_list import Policy
from tracking.rules.viewpoint import Viewpoint

SHOWN = 20
_DAY = timedelta(days=1)
_KEPT = ("code", "lead", "required", "due_on", "standing", "title")


@dataclass(frozen=True, slots=True)
class Change:
    """A department that moved; `why`: sentences."""

    code: str
    name: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """The departments that moved in one way: so many of them, of which the first are `shown`."""

    name: str
    count: int
    shown: Sequence[Change]

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


@dataclass(frozen=True, slots=True)
class Changes:
    """Since that list; without it there is nothing to compare with."""

    since: Mapping[str, Any] | None
    fresh: tuple[Change, ...] = ()
    gone: tuple[Change, ...] = ()
    still: tuple[Change, ...] = ()

    @property
    def groups(self) -> list[Moved]:
        """Of each way that any moved."""
        ways = (
            (_("Newly marked"), self.fresh),
            (_("No longer marked"), self.gone),
            (_("Still marked"), self.still),
        )
        return [Moved(name, len(rows), rows[:SHOWN]) for name, rows in ways if rows]


def list_before(viewpoint: Viewpoint) -> Mapping[str, Any] | None:
    """What a list of that day would be compared with, cut down to the departments marked in it
    and their reasons. One query, and one more the first time that a list is asked for."""
    return _newest(_series().before(viewpoint.as_of, viewpoint.known_at))


def last_list(viewpoint: Viewpoint) -> Mapping[str, Any] | None:
    """The same of the list issued last, which may be of that very day."""
    return _newest(_series().before(viewpoint.as_of + _DAY, viewpoint.known_at))


def _series() -> Any:
    return ProgressList.objects.in_series(Policy.OVERDUE, ())


def _newest(lists: Any) -> Mapping[str, Any] | None:
    found = lists.values_list("sha256", flat=True).first()
    return _marked_in(found) if found else None


@lru_cache(maxsize=8)
def _marked_in(sha256: str) -> Mapping[str, Any]:
    """An issued list never changes, and its hash says which one it is."""
    text = ProgressList.objects.filter(sha256=sha256).values_list("content", flat=True)[0]
    content = orjson.loads(text)
    kept = {key: content[key] for key in ("number", "as_of", "sha256", "policy")}
    return {**kept, "departments": [_cut_down(d) for d in content["departments"] if d["marked"]]}


def _cut_down(department: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: department[key] for key in ("code", "name", "marked", "reasons", "times_running")}
    reasons = frozenset(department["reasons"])
    tasks = [
        {key: task[key] for key in _KEPT} for task in department["tasks"] if task["code"] in reasons
    ]
    return {**kept, "tasks": tasks}


def times_running(before: Mapping[str, Any] | None) -> dict[str, int]:
    """Department -> how many lists running it was marked by then."""
    return {d["code"]: int(d["times_running"]) for d in (before or {}).get("departments", ())}


def changes(
    then: Then,
    last: Mapping[str, Any] | None,
    times: Mapping[str, int],
    tallied: Mapping[str, Tally],
    language: str,
) -> Changes:
    """Since the list issued last, by the rules of the list; `times`: how many lists running before
    this day each department was marked. One query."""
    if last is None:
        return Changes(None)
    marked = {code for code, tally in tallied.items() if tally.marked}
    now = [
        {
            "code": code,
            "name": department.names,
            "marked": True,
            "reasons": (),
            "times_running": times.get(code, 0) + 1,
            "tasks": (),
        }
        for code, department in then.departments.items()
        if code in marked
    ]
    gone = [d for d in last["departments"] if d["code"] not in marked]
    still = [{**d, "tasks": ()} for d in last["departments"] if d["code"] in marked]
    answered = [code for department in gone for code in department["reasons"]]
    since = {**last, "departments": [*gone, *still]}
    moves = movements(since, now, _facts_of(then, answered))
    return _in_words(moves, language)


def _in_words(moves: Mapping[str, Any], language: str) -> Changes:
    say = words_of(language)

    def why(item: Mapping[str, Any]) -> str:
        answers = item["because"]
        return "; ".join(say[f"why_{a['why']}"].format(task=a["task"]) for a in answers)

    def again(item: Mapping[str, Any]) -> str:
        return say["times_running"].format(times=ordinal_text(item["times"], language))

    def told(items: Any, say_why: Any) -> tuple[Change, ...]:
        return tuple(Change(item["code"], item["name"][language], say_why(item)) for item in items)

    return Changes(
        since=moves["since"],
        fresh=told(moves["marked"], lambda item: ""),
        gone=told(moves["unmarked"], why),
        still=told(moves["still_marked"], again),
    )


def _facts_of(then: Then, codes: list[str]) -> list[TaskFacts]:
    """Of these tasks whatever became of them, the cancelled ones included."""
    if not codes:
        return []
    wanted = frozenset(codes)
    held = then.stretches.at(then.at).filter(task__code__in=wanted).select_related("task")
    folded = [row for row in then.folded_at(then.at) if row.task.code in wanted]
    return [_task_facts(row) for row in (*held, *folded)]


def _task_facts(row: TaskSituation) -> TaskFacts:
    return TaskFacts(row.task.code, "", row.task.names, row.situation())
