"""The tasks that some departments owe at (T, K), and those that wait for them."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db.models import Q, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import get_language

from tracking.models.ledger import events_of
from tracking.models.situation import TaskSituation, TaskSituationQuerySet
from tracking.models.task import Task
from tracking.rules.events import visible
from tracking.rules.ledger import fold
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
        return self.names["en" if (get_language() or "vi").startswith("en") else "vi"]


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


def waiting_for(
    bodies: Collection[str], at: datetime, *, known_at: datetime | None = None
) -> list[Owed]:
    """The tasks that wait for one of these bodies, whoever leads them; with a K, only those of
    which nothing was recorded after it. One query."""
    named = Q()
    for code in bodies:
        # One database keeps JSON as it was written, the other writes it anew.
        for ascii_only in (True, False):
            named |= Q(blocks__contains=f"[{json.dumps(code, ensure_ascii=ascii_only)},")
    if not named:
        return []
    waiting = projected(at, known_at).filter(completed=False, cancelled=False)
    rows = waiting.filter(snapshot__has_key="blocks").annotate(blocks=KT("snapshot__blocks"))
    return [task for task in _read(rows.filter(named)) if _waits(task, bodies)]


def known_otherwise(at: datetime, known_at: datetime) -> list[Owed]:
    """The tasks in scope of which something was recorded after K, as they were known then: folded
    from the ledger, since the projection knows only what is known now. Two queries."""
    rows = {
        task.pk: task
        for task in Task.objects.filter(last_recorded_at__gt=known_at).select_related("first_lead")
    }
    found = []
    for pk, events in events_of(rows, known_at=known_at).items():
        seen = visible(events, at=at, known_at=known_at)
        situation = fold(seen, start=rows[pk].start(), at=at)
        if situation.in_scope:
            found.append(Owed(pk, rows[pk].code, rows[pk].names, situation))
    return found


def projected(at: datetime, known_at: datetime | None) -> TaskSituationQuerySet:
    """No K is what is known now, which may be more than at the instant the page was asked for."""
    rows = TaskSituation.objects.at(at)
    return rows.filter(task__last_recorded_at__lte=known_at) if known_at else rows


def _waits(task: Owed, bodies: Collection[str]) -> bool:
    return any(block.on in bodies for block in task.situation.blocks)


def _read(rows: Any) -> Iterator[Owed]:
    names = ("task__name_vi", "task__name_en")
    # Read as text: Django's reader of JSON costs three times as much as the query.
    columns = ("task_id", "task__code", *names, Cast("snapshot", TextField()))
    for pk, code, vi, en, text in rows.order_by("task__code").values_list(*columns):
        yield Owed(pk, code, {"vi": vi, "en": en or vi}, restore(orjson.loads(text)))
