"""What is shown of one thing that was found, and of all those of its kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from tracking.models.found import Found
from tracking.rules.searching import Part, Question, parts
from tracking.rules.vietnamese import folded

M = TypeVar("M", bound=Model)

# Registers without a column of their own for it are read with every search: the same texts.
plain = lru_cache(maxsize=8_192)(folded)


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
    """The first of a kind; `count`: of all, or with `more` of those that were looked at; `every`:
    the address at which all are shown, if there is one; `note`: which were looked at, if not
    all."""

    key: str
    name: str
    hits: Sequence[Hit]
    count: int
    every: str = ""
    more: bool = False
    note: str = ""

    @property
    def told(self) -> str:
        return counted(self.count, more=self.more)


def counted(count: int, *, more: bool = False) -> str:
    """How many there are; `more`: there are more than that."""
    number = number_format(count, force_grouping=True)
    return _("more than %(count)s") % {"count": number} if more else number


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
        exact=folded(code) == question.code,
        standing=standing,
    )


def group_of(
    key: str, name: str, found: Found[M], hit: Callable[[M], Hit], every: str = ""
) -> Group:
    """The first of the rows found and how many there are."""
    hits = [hit(row) for row in found.rows]
    note = ""
    if found.more:
        note = _(
            "Of the %(looked_at)s that were entered first, the likeliest %(first)s are shown."
        ) % {"looked_at": counted(found.count), "first": len(hits)}
    return Group(key, name, hits, found.count, every, found.more, note)


def newest(read: int, most: int) -> str:
    """A note where no more than `most` are read, and that many were."""
    if read < most:
        return ""
    return _("Only the newest %(count)s were looked through.") % {"count": counted(most)}


def _also(row: Any, question: Question, code: str) -> Sequence[Part]:
    shown = folded(f"{code} {row.name}")
    missing = [word for word in question.words if word not in shown]
    other = row.name_vi if row.name != row.name_vi else row.name_en
    if not any(word in folded(other) for word in missing):
        return ()
    return parts(other, question.pairs)
