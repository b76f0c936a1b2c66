"""The tasks that some departments owe at (T, K), and those that wait for them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db.models import TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from tracking.models.bilingual import reader_language
from tracking.models.ledger import folded
from tracking.models.remembered import remembered
from tracking.models.situation import TaskSituation, TaskSituationQuerySet
from tracking.models.task import Task
from tracking.models.then import Then
from tracking.rules.situation import Situation
from tracking.rules.snapshot import restore


@dataclass(frozen=True, slots=True)
class Owed:
    """A task, and what holds for it."""

    pk: int
    code: str
    names: Mapping[str, str]
    situation: Situation

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.names[reader_language()]


def owed_by(
    leads: Collection[str],
    at: datetime,
    *,
    known_at: datetime | None = None,
    open_only: bool = False,
) -> list[Owed]:
    """In scope, by code; with a K, only those of which nothing was recorded after it. One query."""
    rows = projected(at, known_at).filter(lead__code__in=leads, cancelled=False)
    if open_only:
        rows = rows.filter(completed=False)
    return list(_read(rows))


class OpenWait(NamedTuple):
    """`since` as a situation keeps it: instants of one zone, which sort as texts."""

    since: str
    code: str
    task: int
    lead: str


def waits(then: Then) -> Mapping[str, Sequence[OpenWait]]:
    """Body -> the waits for it that are open, of the tasks that the projection knows for K; one
    query when it is not remembered."""
    return remembered(then, "waits", lambda: _waits(then))


def _waits(then: Then) -> dict[str, list[OpenWait]]:
    rows = then.rows.filter(completed=False, blocked=True).order_by()
    columns = rows.values_list("task_id", "task__code", "lead__code", KT("snapshot__blocks"))
    found: dict[str, list[OpenWait]] = {}
    for key, code, lead, blocks in columns:
        for on, since, _reason in orjson.loads(blocks):
            found.setdefault(on, []).append(OpenWait(since, code, key, lead))
    return found


def waiting_for(bodies: Collection[str], then: Then) -> list[Owed]:
    """The tasks that wait for one of these bodies, whoever leads them; with a K, only those of
    which nothing was recorded after it. Two queries when waits are not remembered."""
    known = waits(then)
    keys = {wait.task for body in bodies for wait in known.get(body, ())}
    return with_keys(keys, then.at, known_at=then.known_at)


def with_keys(
    tasks: Collection[int], at: datetime, *, known_at: datetime | None = None
) -> list[Owed]:
    """In scope, by code; one query."""
    rows = projected(at, known_at).filter(cancelled=False, task_id__in=tasks or [0])
    return list(_read(rows))


def known_otherwise(at: datetime, known_at: datetime) -> list[Owed]:
    """The tasks in scope of which something was recorded after K, as they were known then: folded
    from the ledger, since the projection knows only what is known now. Two queries."""
    rows = {
        task.pk: task
        for task in Task.objects.filter(last_recorded_at__gt=known_at).select_related("first_lead")
    }
    starts = {pk: task.start() for pk, task in rows.items()}
    return [
        Owed(pk, rows[pk].code, rows[pk].names, situation)
        for pk, situation in folded(starts, at=at, known_at=known_at).items()
        if situation.in_scope
    ]


def projected(at: datetime, known_at: datetime | None) -> TaskSituationQuerySet:
    """No K is what is known now, which may be more than at the instant the page was asked for."""
    rows = TaskSituation.objects.at(at)
    return rows.filter(task__last_recorded_at__lte=known_at) if known_at else rows


def _read(rows: Any) -> Iterator[Owed]:
    names = ("task__name_vi", "task__name_en")
    # Read as text: Django's reader of JSON costs three times as much as the query.
    columns = ("task_id", "task__code", *names, Cast("snapshot", TextField()))
    for pk, code, vi, en, text in rows.order_by("task__code").values_list(*columns):
        yield Owed(pk, code, {"vi": vi, "en": en or vi}, restore(orjson.loads(text)))
