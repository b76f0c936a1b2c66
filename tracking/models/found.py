"""Rows in which every word of a question stands, the likeliest first, alike on both databases."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any, Generic, TypeVar

from django.db.models import CharField, F, Func, Model, Q, QuerySet, Value
from django.db.models.functions import Length, StrIndex
from django.db.models.lookups import Exact, GreaterThan, Regex

from tracking.models.pieces import first_tasks, tasks_led_by
from tracking.models.task import Task
from tracking.rules.likeliest import Likeliest
from tracking.rules.searching import Question, exactly, first_of_all, spelled

# So many are told apart; with more, the words asked for are too few.
MOST = 1_000
# Codes that differ only in their accents are one code to a question; of so many, all are taken.
_ALIKE = 20

M = TypeVar("M", bound=Model)

# The first rows by their keys of which a condition holds: (condition, how many at most).
Reading = Callable[[Q, int], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Found(Generic[M]):
    """`rows`: the first, the likeliest first; `count`: how many there are. `more`: there are more
    than that, which were not looked at; those that were are the first by their keys, with the one
    whose code was asked for."""

    rows: Sequence[M]
    count: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """`text`: without accents; `named`: those in which accents are looked for, the code first;
    `coded`: those without a twin in `text`; `order`: of rows that are as likely."""

    text: tuple[str, ...] = ("search",)
    named: tuple[str, ...] = ("code", "name_vi", "name_en")
    coded: tuple[str, ...] = ()
    order: tuple[str, ...] = ("code",)

    @property
    def read(self) -> tuple[str, ...]:
        return ("pk", *self.text, *self.named, *self.order)

    def apart(self, row: Sequence[Any]) -> tuple[str, str, Sequence[Any]]:
        """The text, the names and the order of a row that was read."""
        names = 1 + len(self.text)
        order = names + len(self.named)
        return " ".join(row[1:names]), " ".join(row[names:order]), row[order:]


USUAL = Columns()


def found(rows: QuerySet[M], question: Question, most: int, columns: Columns = USUAL) -> Found[M]:
    """Three queries at most, of which only the last reads whole rows. A question of one sign asks
    for a code. Places are found by position and by plain patterns, not by LIKE, of which each
    database has its own."""

    def read(fits: Q, most: int) -> Any:
        return _told(rows, columns).filter(fits)[:most]

    return _likeliest(rows, _Asked(question, columns), most, by_words=read, by_code=read)


def found_tasks(rows: QuerySet[Task], question: Question, most: int) -> Found[Task]:
    """The same with the index over the words of the tasks; four queries at most."""
    told = _told(rows, USUAL)
    led = tasks_led_by(question.code.partition(" ")[0])

    def by_words(fits: Q, most: int) -> Any:
        return first_tasks(told.filter(fits), question.words, most)

    def by_code(fits: Q, most: int) -> Any:
        return told.filter(led, fits)[:most]

    return _likeliest(rows, _Asked(question, USUAL), most, by_words=by_words, by_code=by_code)


class Joined(Func):
    """Columns that are never null, a space between them."""

    template = "(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = CharField()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as conditions on columns."""

    question: Question
    columns: Columns

    @property
    def begun(self) -> Q:
        """What begins with the question, as the row does whose code it is."""
        by_text = Regex(_joined(self.columns.text), first_of_all(exactly(self.question.code)))
        by_name = Regex(_joined(self.columns.named), first_of_all(spelled(self.question.text)))
        return Q(by_text) | Q(by_name)

    @property
    def code(self) -> Q:
        """The row whose code it is. Without its accents a code is as long as with them."""
        length = Length(self.columns.named[0])
        return Q(Exact(length, Value(len(self.question.code)))) & self.begun

    @property
    def words(self) -> Q:
        """Each word stands in one of the columns."""
        return reduce(and_, (self._anywhere(*pair) for pair in self.question.pairs))

    def _anywhere(self, word: str, typed: str) -> Q:
        plain = (Q(GreaterThan(StrIndex(name, Value(word)), 0)) for name in self.columns.text)
        codes = (Q(Regex(F(name), spelled(typed))) for name in self.columns.coded)
        return reduce(or_, (*plain, *codes))


def _likeliest(
    rows: QuerySet[M], asked: _Asked, most: int, *, by_words: Reading, by_code: Reading
) -> Found[M]:
    question, columns = asked.question, asked.columns
    if not question.words:
        return Found((), 0)
    if question.short:
        told = list(by_code(asked.begun, MOST + 1))
    else:
        told = list(by_words(asked.words, MOST + 1))
    more = len(told) > MOST
    if more:
        told = _each_once((*told[:MOST], *by_code(asked.code, _ALIKE)))
    likeliest = Likeliest(question)

    def place(row: Sequence[Any]) -> tuple[Any, ...]:
        text, names, order = columns.apart(row)
        return (*likeliest.place(text, names), *order)

    keys = [row[0] for row in sorted(told, key=place)[:most]]
    whole = rows.in_bulk(keys)
    return Found([whole[key] for key in keys if key in whole], min(len(told), MOST), more)


def _told(rows: QuerySet[Any], columns: Columns) -> Any:
    """By their keys, in the columns that tell them apart: so many whole ones would take longer
    than all else."""
    return rows.order_by("pk").values_list(*columns.read)


def _each_once(rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
    return list({row[0]: row for row in rows}.values())


def _joined(columns: Sequence[str]) -> Any:
    return F(columns[0]) if len(columns) == 1 else Joined(*columns)
