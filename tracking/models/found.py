"""Rows in which every word of a question stands, the likeliest first, alike on both databases."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, TypeVar

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    Func,
    IntegerField,
    Model,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan, Regex

from tracking.models.bytewise import Bytewise
from tracking.rules.searching import (
    Question,
    beginning,
    exactly,
    first_of_all,
    spelled,
    whole,
)

EXACT_CODE = 0

M = TypeVar("M", bound=Model)


class Joined(Func):
    """Columns that are never null, a space between them."""

    template = "(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = CharField()


def found(
    rows: QuerySet[M],
    question: Question,
    *,
    text: Sequence[str] = ("search",),
    named: Sequence[str] = ("code", "name_vi", "name_en"),
    coded: Sequence[str] = (),
    order: Sequence[Any] = (Bytewise("code"),),
) -> QuerySet[M]:
    """Rows with a `rank`, the likeliest first, and in `of_all` how many there are: the code asked
    for, then the accents as typed, then any; of both whole words first, then their beginnings,
    then other places; the words together before the words apart. A question of one sign asks for
    a code.

    `text`: columns without accents; `named`: those in which accents are looked for, the code
    first; `coded`: those without a twin in `text`. Places are found by position and by plain
    patterns, not by LIKE, of which each database has its own."""
    if not question.words:
        return rows.none()
    plain, names = _joined(text), _joined(named)
    is_code = _is_code(plain, names, question)
    fits = is_code if question.short else _every(text, coded, question)
    accents = [spelled(word) for word in question.typed]
    letters = [exactly(word) for word in question.words]
    rank = Case(
        When(is_code, then=Value(EXACT_CODE)),
        When(_all(names, accents), then=_place(names, accents, 1)),
        default=_place(plain, letters, 4),
        output_field=IntegerField(),
    )
    apart = _otherwise(_stands(plain, question.code), 1)
    counted: Any = rows.filter(fits).annotate(rank=rank, of_all=Window(Count("*")))
    ordered: QuerySet[M] = counted.order_by("rank", apart, *order)
    return ordered


def _joined(columns: Sequence[str]) -> Any:
    return F(columns[0]) if len(columns) == 1 else Joined(*columns)


def _all(text: Any, patterns: Iterable[str]) -> Q:
    return reduce(and_, (Q(Regex(text, pattern)) for pattern in patterns))


def _place(text: Any, patterns: Sequence[str], first: int) -> Case:
    """Whether they stand as whole words, at the beginnings of words, or elsewhere."""
    return Case(
        When(_all(text, map(whole, patterns)), then=Value(first)),
        When(_all(text, map(beginning, patterns)), then=Value(first + 1)),
        default=Value(first + 2),
        output_field=IntegerField(),
    )


def _otherwise(condition: Q, number: int) -> Case:
    """0 where the condition holds."""
    zero, other = Value(0), Value(number)
    return Case(When(condition, then=zero), default=other, output_field=IntegerField())


def _is_code(plain: Any, names: Any, question: Question) -> Q:
    by_text = Q(Regex(plain, first_of_all(exactly(question.code))))
    return by_text | Q(Regex(names, first_of_all(spelled(question.text))))


def _every(text: Sequence[str], coded: Sequence[str], question: Question) -> Q:
    """Each word stands in one of the columns."""
    return reduce(and_, (_anywhere(text, coded, *pair) for pair in question.pairs))


def _anywhere(text: Sequence[str], coded: Sequence[str], word: str, typed: str) -> Q:
    plain = (_stands(F(column), word) for column in text)
    codes = (Q(Regex(F(column), spelled(typed))) for column in coded)
    return reduce(or_, (*plain, *codes))


def _stands(text: Any, word: str) -> Q:
    return Q(GreaterThan(StrIndex(text, Value(word)), 0))
