"""What does the list that a meeting looks at say of a department? Frozen, as it was issued."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from tracking.models import ProgressList
from tracking.models.bilingual import reader_language
from tracking.renderers.cells import TaskWriter, sentence
from tracking.renderers.marks import mark_of, remark_of
from tracking.renderers.plain import plain

_KEPT = (
    "code",
    "name",
    "reasons",
    "remarks",
    "times_running",
    "worst_late_calendar_days",
    "worst_late_working_days",
)
_BROKEN = (AttributeError, KeyError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Reason:
    """A task that marks a department: until when, how late, whom it waits for, and its history."""

    code: str
    title: str
    deadline: str
    late: str
    waiting: Sequence[str]
    history: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A department marked in the list. `mark`: the word, the number of tasks, the worst lateness
    and the how manieth list running."""

    code: str
    mark: str
    times_running: int
    reasons: Sequence[Reason]
    remarks: Sequence[str]


def listed_in(issued: ProgressList | None) -> dict[str, Listed]:
    """By code, in the order of the list and the reader's language; empty without a list, and for
    one that somebody broke. One query the first time that a list is asked for."""
    found = _marked_in(issued.sha256) if issued else None
    if found is None:
        return {}
    writer = TaskWriter(reader_language())
    return {row["code"]: _listed(row, found["policy"], writer) for row in found["departments"]}


@lru_cache(maxsize=8)
def _marked_in(sha256: str) -> Mapping[str, Any] | None:
    """An issued list never changes, and its hash says which one it is."""
    text = ProgressList.objects.filter(sha256=sha256).values_list("content", flat=True)[0]
    try:
        content = orjson.loads(text)
        marked = [_cut_down(row) for row in content["departments"] if row["marked"]]
        return {"policy": content["policy"], "departments": marked}
    except _BROKEN:
        return None


def _cut_down(row: Mapping[str, Any]) -> dict[str, Any]:
    reasons = frozenset(row["reasons"])
    tasks = [task for task in row["tasks"] if task["code"] in reasons]
    return {key: row.get(key, ()) for key in _KEPT} | {"tasks": tasks}


def _listed(row: Mapping[str, Any], policy: str, writer: TaskWriter) -> Listed:
    return Listed(
        row["code"],
        mark_of(row, policy, writer),
        row["times_running"],
        list(_reasons(row, writer)),
        [remark_of(remark, writer) for remark in row["remarks"]],
    )


def _reasons(row: Mapping[str, Any], writer: TaskWriter) -> Iterator[Reason]:
    tasks = {task["code"]: task for task in row["tasks"]}
    for code in row["reasons"]:
        task = tasks[code]
        late, working = task["late_calendar_days"], task["late_working_days"]
        yield Reason(
            code,
            plain(task["title"][writer.language]),
            writer.deadline(task),
            writer.late(late, working) if late else writer.status(task),
            [sentence([part]) for part in writer.waiting(task)],
            sentence(writer.history(task)),
        )
