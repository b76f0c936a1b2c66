"""What does a message say of a marked department: its mark, the reasons, its own remarks?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracking.emails.shortened import shortened
from tracking.renderers.cells import TaskWriter
from tracking.renderers.marks import mark_of, reason_of, remark_of
from tracking.renderers.plain import plain

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reason:
    """A task for which a department is marked, and how it stands."""

    task: str
    stands: str


@dataclass(frozen=True, slots=True)
class MarkedDepartment:
    """`word` and `figures` together are the mark. `more` reasons and `more_remarks` stand in the
    portal for want of room, `withheld` ones of both because they may not leave it."""

    code: str
    name: str
    word: str
    figures: str
    reasons: tuple[Reason, ...]
    remarks: tuple[str, ...]
    more: int
    more_remarks: int
    withheld: int
    withheld_remarks: int


def marked_department(
    row: Row, spoken: Row, policy: str, writer: TaskWriter, most: int
) -> MarkedDepartment:
    """The department of this row of the list, with what may be spoken of; at most so many reasons
    and remarks, the longest overdue first."""
    mark, _colon, figures = mark_of(row, policy, writer).partition(":")
    said = [shortened(plain(remark_of(r, writer)), 1100) for r in spoken.get("remarks", ())]
    reasons = spoken["reasons"]
    return MarkedDepartment(
        code=plain(row["code"]),
        name=shortened(plain(row["name"][writer.language]), 300),
        word=mark,
        figures=figures.strip(),
        reasons=tuple(_reasons(spoken, writer, most)),
        remarks=tuple(said[-most:]),
        more=max(len(reasons) - most, 0),
        more_remarks=max(len(said) - most, 0),
        withheld=len(row["reasons"]) - len(reasons),
        withheld_remarks=len(row.get("remarks", ())) - len(said),
    )


def _reasons(spoken: Row, writer: TaskWriter, most: int) -> Iterator[Reason]:
    """In the order of the list, by deadline."""
    wanted = set(spoken["reasons"])
    tasks = [task for task in spoken["tasks"] if task["code"] in wanted]
    for task in tasks[:most]:
        sentence = reason_of(task, writer)
        name = f"{task['code']}. {plain(task['title'][writer.language])}"
        stands = sentence[len(name) + 2 :]
        yield Reason(
            task=shortened(plain(name), 500),
            stands=shortened(stands[:1].upper() + stands[1:], 900),
        )
