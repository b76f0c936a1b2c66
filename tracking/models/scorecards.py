"""Counted in SQL: how the tasks of each department stand."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

import orjson
from django.db.models import Count, Q, Sum
from django.db.models.fields.json import KT

from tracking.models.owed import projected
from tracking.models.situation import TaskSituation, TaskSituationQuerySet
from tracking.rules.instants import day_of
from tracking.rules.scorecard import Tally
from tracking.rules.standing import Standing


def tallies_at(at: datetime, known_at: datetime | None = None) -> Iterator[Tally]:
    """What rules.scorecard.tallies_of says of every task, grouped; with a K, only those of which
    nothing was recorded after it. Two queries."""
    situations = projected(at, known_at).filter(cancelled=False)
    judged: Any = situations.with_standing(at)
    rows = judged.order_by().values_list("lead__code", "standing")
    ended = Q(completed=True, judged_end_at__lte=at)
    ended |= Q(completed=False, paused=False, end_at__lte=at)
    counted = rows.annotate(
        tasks=Count("pk"),
        needed=Count("pk", filter=Q(required=True)),
        due=Count("pk", filter=ended),
        extensions=Sum("extensions"),
    )
    for row in counted:
        yield Tally(*row)
    yield from _waiting(situations, day_of(at))


def reasons_at(leads: Collection[str], at: datetime) -> list[str]:
    """Codes of the required tasks of these leads that are overdue."""
    judged: Any = TaskSituation.objects.at(at).filter(lead__code__in=leads, required=True)
    late = judged.with_standing(at).filter(standing=Standing.OVERDUE)
    return list(late.order_by("task__code").values_list("task__code", flat=True))


def _waiting(situations: TaskSituationQuerySet, as_of: date) -> Iterator[Tally]:
    """The days of waiting, of the tasks that wait only."""
    waiting = situations.filter(blocked=True, completed=False)
    keys = [KT("snapshot__blocks"), KT("snapshot__waited")]
    found: Counter[str] = Counter()
    for lead, blocks, waited in waiting.values_list("lead__code", *keys):
        found[lead] += _days(blocks, waited, as_of)
    for lead, days in found.items():
        yield Tally(lead, Standing.IN_TIME, waiting_days=days)


def _days(blocks: str, waited: str | None, as_of: date) -> int:
    """What rules.waits says, without a Situation for each of thousands of tasks; instants are
    stored in the one zone, so that their first ten characters are their day."""
    lifted = dict(orjson.loads(waited)) if waited else {}
    return sum(
        lifted.get(on, 0) + (as_of - date.fromisoformat(since[:10])).days
        for on, since, _reason in orjson.loads(blocks)
    )
