"""In which tasks may some words stand? On PostgreSQL an index over pieces of three letters knows,
without any extension; SQLite reads them all."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet

from tracking.models.task import Task

R = TypeVar("R")

_LENGTH = 3
# So many tasks are read without the index, which is the sooner for words that stand in most.
EARLY = 5_000
# With more than that, a list of tasks is found the sooner by its other conditions.
_FEW = 500
_MOST_KEPT = 1_000


class MayHold(Func):
    """Whether a task has all of the pieces; always true where there is no index of them."""

    output_field = BooleanField()

    def __init__(self, pieces: Iterable[str]) -> None:
        super().__init__(F("search"))
        self.pieces = sorted(pieces)

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        if connection.vendor != "postgresql":
            return "(1 = 1)", []
        sql, params = compiler.compile(self.get_source_expressions()[0])
        return f"(tracking_pieces({sql}) @> %s::text[])", [*params, self.pieces]


def pieces_of(words: Iterable[str]) -> set[str]:
    """None of a word that is shorter than a piece, nor of one across a space."""
    pieces = {w[at : at + _LENGTH] for w in words for at in range(len(w) - _LENGTH + 1)}
    return {piece for piece in pieces if " " not in piece}


def tasks_led_by(word: str) -> Q:
    """A condition that tasks whose code begins with the word meet, and hardly any others."""
    return Q(MayHold([f" {word}"]))


def first_tasks(rows: QuerySet[Task, R], words: Iterable[str], most: int) -> list[R]:
    """The first of the rows, which hold the words and are in the order of their keys; two
    queries."""
    last = _last_early()
    if last is None:
        return list(rows[:most])
    early = list(rows.filter(pk__lte=last)[:most])
    if len(early) == most:
        return early
    late = rows.filter(_may_hold(pieces_of(words)), pk__gt=last)
    return early + list(late[: most - len(early)])


def worded(words: Sequence[str]) -> Q:
    """A condition on situations: all of the words stand in the task. Where the index says that few
    tasks hold them, it names these; one query to know, and none for words known to be in many."""
    keys = _few(tuple(words))
    if keys is not None:
        return Q(task_id__in=keys)
    return Q(*(Q(task__search__contains=word) for word in words))


def _few(words: tuple[str, ...]) -> list[int] | None:
    """The keys of the tasks that hold the words; None if they are not few, or there is no index
    to tell."""
    pieces = pieces_of(words)
    if connection.vendor != "postgresql" or not pieces or words in _in_many:
        return None
    if _last_early() is not None:
        hold = Q(*(Q(search__contains=word) for word in words))
        held = Task.objects.order_by().filter(hold, MayHold(pieces))
        keys = list(held.values_list("pk", flat=True)[: _FEW + 1])
        if len(keys) <= _FEW:
            return keys
    if len(_in_many) >= _MOST_KEPT:
        _in_many.clear()
    _in_many.add(words)
    return None


# Kept in the process, since what is found does not depend on them, only how soon: any key would do,
# and words that are taken to stand in many tasks are found without the index.
_kept: dict[str, int] = {}
_in_many: set[tuple[str, ...]] = set()


def _last_early() -> int | None:
    """The key of the last task that is read without the index, if there are more; one query until
    there are."""
    if last := _kept.get("last early"):
        return last
    last = Task.objects.order_by("pk").values_list("pk", flat=True)[EARLY - 1 : EARLY].first()
    if last is not None:
        _kept["last early"] = last
    return last


def _may_hold(pieces: set[str]) -> Q:
    return Q(MayHold(pieces)) if pieces else Q()
