"""What is shown of one thing that was found, and of all those of its kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from tracking.models.found import EXACT_CODE
from tracking.rules.searching import Part, Question, parts
from tracking.rules.vietnamese import folded


@dataclass(frozen=True, slots=True)
class Hit:
    """`code`, `name` in pieces, those looked for marked; `also`: the name in the other language
    where only that one holds what was asked. `address` is "" for what has no page."""

    code: Sequence[Part]
    name: Sequence[Part]
    about: str = ""
    address: str = ""
    also: Sequence[Part] = ()
    exact: bool = False
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The first of a kind; `count`: of all; `every`: the address at which all are shown, if
    there is one."""

    key: str
    name: str
    hits: Sequence[Hit]
    count: int
    every: str = ""


def hit_of(
    row: Any,
    question: Question,
    about: str = "",
    address: str = "",
    *,
    code: str | None = None,
    standing: str = "",
) -> Hit:
    """Of a row with a code and names in two languages."""
    code = row.code if code is None else code
    return Hit(
        code=parts(code, question.pairs),
        name=parts(row.name, question.pairs),
        about=about,
        address=address,
        also=_also(row, question, code),
        exact=getattr(row, "rank", None) == EXACT_CODE and folded(code) == question.code,
        standing=standing,
    )


def group_of(
    key: str, name: str, rows: QuerySet[Any], hit: Callable[[Any], Hit], most: int
) -> Group:
    """The first of the rows found and how many there are; one query."""
    first: list[Any] = list(rows[:most])
    return Group(key, name, [hit(row) for row in first], first[0].of_all if first else 0)


def _also(row: Any, question: Question, code: str) -> Sequence[Part]:
    shown = folded(f"{code} {row.name}")
    missing = [word for word in question.words if word not in shown]
    other = row.name_vi if row.name != row.name_vi else row.name_en
    if not any(word in folded(other) for word in missing):
        return ()
    return parts(other, question.pairs)
