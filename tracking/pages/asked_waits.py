"""Which waits that others declare does somebody have to answer? Of many the oldest are shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tracking.models import WaitAnswer
from tracking.models.owed import OpenWait, waits, with_keys
from tracking.models.then import Then
from tracking.pages.waits import DeclaredWait, declared_waits
from tracking.pages.work_rows import SHOWN
from tracking.rules.viewpoint import Viewpoint


@dataclass(frozen=True, slots=True)
class Asked:
    """The first of them, the oldest first, and how many there are."""

    rows: list[DeclaredWait]
    count: int


def asked_of(
    own: Collection[str], partners: Collection[str], names: Mapping[str, str], then: Then
) -> Asked:
    """Waits for `own` departments; those of others for `partners`, who cannot answer here
    themselves, until they are answered."""
    now = then.at
    sure, doubtful = _told_apart(own, partners, then)
    tasks = with_keys({wait.task for wait in sorted(sure)[:SHOWN]} | doubtful, now)
    rows = [
        row
        for row in declared_waits(tasks, names, Viewpoint(now, now, now), on={*own, *partners})
        if row.wait.on in own or (row.answer is None and row.task.situation.lead not in own)
    ]
    more = sum(row.task.pk in doubtful and row.wait.on not in own for row in rows)
    return Asked(rows[:SHOWN], len(sure) + more)


def _told_apart(
    own: Collection[str], partners: Collection[str], then: Then
) -> tuple[list[OpenWait], set[int]]:
    """(those that are asked for certain, the tasks on which somebody has answered some wait)."""
    known = waits(then)
    answered = set(WaitAnswer.objects.values_list("event__task_id", flat=True).distinct())
    sure = [wait for body in own for wait in known.get(body, ())]
    doubtful = set()
    for wait in (wait for body in partners for wait in known.get(body, ())):
        if wait.task in answered:
            doubtful.add(wait.task)
        elif wait.lead not in own:
            sure.append(wait)
    return sure, doubtful
