"""Which issued lists does a search find? By number, day, number of the document, or reason."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tracking.models import ProgressList
from tracking.pages.hits import Group, Hit
from tracking.pages.task_words import day_text
from tracking.rules.searching import Question, parts
from tracking.rules.vietnamese import folded

# People write "danh sách số 07" and "list 7" where the number alone is asked.
_LEADING = frozenset({"danh", "sach", "so", "list", "lists", "number", "ds"})


def list_hits(question: Question, most: int) -> Group:
    """One query of small rows: the register grows by a few lists a week."""
    pairs = [pair for pair in question.pairs if pair[0] not in _LEADING]
    words = [word for word, _typed in pairs]
    rows = ProgressList.objects.with_superseded().select_related("registration").defer("content")
    every = [row for row in rows if all(_stands(word, row) for word in words)]
    # The number alone is its code.
    every.sort(key=lambda row: not _exact(row, words))
    hits = [_hit(row, pairs, _exact(row, words)) for row in every[:most]]
    return Group("lists", _("Progress lists"), hits, len(every), reverse("tracking:list-archive"))


def _exact(row: ProgressList, words: list[str]) -> bool:
    return len(words) == 1 and words[0].isdecimal() and int(words[0]) == row.number


def _stands(word: str, row: ProgressList) -> bool:
    """A number is that of the list or a year; other words stand anywhere in what is said of it."""
    if word.isdecimal():
        return int(word) in (row.number, row.as_of.year)
    return word in folded(" ".join(_texts(row)))


def _texts(row: ProgressList) -> list[str]:
    registration: Any = getattr(row, "registration", None)
    days = [row.as_of, *([registration.dated] if registration else [])]
    told = [form for day in days for form in _written(day)]
    return [*told, row.reason, registration.number if registration else ""]


def _written(day: date) -> tuple[str, str, str]:
    return f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}", day.isoformat()


def _hit(row: Any, pairs: Sequence[tuple[str, str]], exact: bool) -> Hit:
    registration: Any = getattr(row, "registration", None)
    about = []
    if registration:
        number = {"number": registration.number, "day": day_text(registration.dated)}
        about.append(_("document %(number)s of %(day)s") % number)
    if row.superseded:
        about.append(_("superseded"))
    as_of = _("as of the end of %(day)s") % {"day": day_text(row.as_of)}
    return Hit(
        code=parts(str(row), pairs),
        name=parts(as_of, pairs),
        about="; ".join(about),
        address=reverse("tracking:list", args=[row.number]),
        exact=exact,
    )
