"""What differs between two progress lists? Told over their contents alone."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tracking.rules.standing import COMPLETED, Standing

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Placed:
    """A task of a list, and the department that it is printed under."""

    line: Row
    department: Row


@dataclass(frozen=True, slots=True)
class Change:
    """A task of both lists that is told differently; `of` names what differs: standing, due_on,
    lead, department, required, flags."""

    code: str
    old: Placed
    new: Placed
    of: frozenset[str]

    @property
    def gained(self) -> tuple[str, ...]:
        return _without(self.new, self.old)

    @property
    def lost(self) -> tuple[str, ...]:
        return _without(self.old, self.new)


@dataclass(frozen=True, slots=True)
class LikeForLike:
    """The tasks of both lists: how they stood in the one and stand in the other."""

    tasks: int
    before: Mapping[str, int]
    after: Mapping[str, int]

    @property
    def completed(self) -> tuple[int, int]:
        return _completed(self.before), _completed(self.after)


@dataclass(frozen=True, slots=True)
class Comparison:
    """From one list to another. `marked`, `unmarked`, `still`: departments of the other list,
    of the one, and of the other; the two `same_…` say whether the lists ask the same."""

    same_policy: bool
    same_plans: bool
    added: tuple[Placed, ...]
    removed: tuple[Placed, ...]
    changed: tuple[Change, ...]
    marked: tuple[Row, ...]
    unmarked: tuple[Row, ...]
    still: tuple[Row, ...]
    both: LikeForLike

    @property
    def nothing(self) -> bool:
        return not (self.added or self.removed or self.changed or self.marked or self.unmarked)


def compare(one: Row, other: Row) -> Comparison:
    """What has to be told of `other` to somebody who knows `one`; in the order of task codes."""
    old, new = _tasks(one), _tasks(other)
    common = sorted(old.keys() & new.keys())
    changes = (_change(code, old[code], new[code]) for code in common)
    before, after = _marked(one), _marked(other)
    return Comparison(
        same_policy=one["policy"] == other["policy"],
        same_plans=_plans(one) == _plans(other),
        added=tuple(new[code] for code in sorted(new.keys() - old.keys())),
        removed=tuple(old[code] for code in sorted(old.keys() - new.keys())),
        changed=tuple(change for change in changes if change.of),
        marked=tuple(d for code, d in after.items() if code not in before),
        unmarked=tuple(d for code, d in before.items() if code not in after),
        still=tuple(d for code, d in after.items() if code in before),
        both=LikeForLike(
            tasks=len(common),
            before=_count(old[code] for code in common),
            after=_count(new[code] for code in common),
        ),
    )


def _tasks(content: Row) -> dict[str, Placed]:
    return {
        line["code"]: Placed(line, department)
        for department in content["departments"]
        for line in department["tasks"]
    }


def _marked(content: Row) -> dict[str, Row]:
    return {d["code"]: d for d in content["departments"] if d["marked"]}


def _plans(content: Row) -> list[str] | None:
    """None for every plan, whichever those were then."""
    return None if content["every_plan"] else sorted(content["plans"])


def _change(code: str, old: Placed, new: Placed) -> Change:
    before, after = _told(old), _told(new)
    of = frozenset(aspect for aspect, value in before.items() if value != after[aspect])
    return Change(code, old, new, of)


def _told(placed: Placed) -> dict[str, Any]:
    line = placed.line
    return {
        "standing": line["standing"],
        "due_on": (line["due_on"], line.get("reading", "by")),
        "lead": line["lead"],
        "department": placed.department["code"],
        "required": line["required"],
        "flags": sorted(line["flags"]),
    }


def _without(placed: Placed, other: Placed) -> tuple[str, ...]:
    return tuple(flag for flag in placed.line["flags"] if flag not in other.line["flags"])


def _count(tasks: Iterable[Placed]) -> dict[str, int]:
    found = Counter(task.line["standing"] for task in tasks)
    return {str(standing): found[str(standing)] for standing in Standing}


def _completed(standings: Mapping[str, int]) -> int:
    return sum(standings[str(standing)] for standing in COMPLETED)
