"""Which tasks have come so far that somebody is to be reminded of them? (rules.reminders)"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from django.db.models import BigIntegerField, OuterRef, Subquery, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from tracking.models.event import Event
from tracking.models.owed import Owed
from tracking.models.situation import TaskSituationQuerySet
from tracking.models.then import Then
from tracking.rules.instants import day_of
from tracking.rules.reminders import Climb, Ladder, climbs
from tracking.rules.snapshot import restore
from tracking.rules.standing import Judgement, Yardstick, judge


@dataclass(frozen=True, slots=True)
class ToRemind:
    """A task with what it has climbed; `decided_on`: when its deadline in force was decided."""

    task: Owed
    judgement: Judgement
    decided_on: date | None
    climbs: tuple[Climb, ...]

    @property
    def lead(self) -> str:
        return self.task.situation.lead

    @property
    def reason(self) -> bool:
        """Whether it marks the department that it is printed under."""
        return self.judgement.overdue and self.task.situation.required


def to_remind(then: Then, measure: Yardstick, ladder: Ladder) -> Sequence[ToRemind]:
    """By code, and all that are overdue; one query."""
    return list(_climbed(then, measure, ladder))


def may_be_reminded(then: Then) -> TaskSituationQuerySet:
    """Open, with a deadline."""
    return then.rows.filter(completed=False, paused=False, end_at__isnull=False)


def reasons_of(then: Then, tasks: Sequence[ToRemind]) -> Counter[str]:
    """How many tasks mark each department."""
    return Counter(then.place(row.lead) for row in tasks if row.reason)


def _climbed(then: Then, measure: Yardstick, ladder: Ladder) -> Iterator[ToRemind]:
    for task, decided_at in _read(then):
        judgement = judge(task.situation, measure)
        decided_on = _day(decided_at)
        found = tuple(climbs(task.situation, judgement, decided_on, ladder, measure))
        if found or judgement.overdue:
            yield ToRemind(task, judgement, decided_on, found)


def _day(instant: datetime | None) -> date | None:
    return day_of(instant) if instant else None


def _read(then: Then) -> Iterator[tuple[Owed, datetime | None]]:
    """Each with the instant of the decision on its deadline, whose number the snapshot keeps."""
    number = Cast(KT("snapshot__deadline__2"), BigIntegerField())
    decision = Event.objects.filter(number=OuterRef("decision")).values("effective_at")
    rows: Any = may_be_reminded(then).annotate(decision=number)
    # Read as text: Django's reader of JSON costs three times as much as the query.
    columns = (
        *("task_id", "task__code", "task__name_vi", "task__name_en"),
        *(Cast("snapshot", TextField()), Subquery(decision)),
    )
    for pk, code, vi, en, text, decided_at in rows.order_by("task__code").values_list(*columns):
        owed = Owed(pk, code, {"vi": vi, "en": en or vi}, restore(orjson.loads(text)))
        yield owed, decided_at
