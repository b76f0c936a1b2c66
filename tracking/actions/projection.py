"""The projection of the ledger: written from events only, dropped and rebuilt at will."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from django.db import transaction

from tracking.models import Department, Task, TaskSituation
from tracking.models.ledger import events_of
from tracking.rules.events import Event as LedgerEvent
from tracking.rules.instants import FOREVER
from tracking.rules.ledger import history

_BATCH = 2000

Ledgers = Mapping[int, Sequence[LedgerEvent]]


def project(tasks: Mapping[int, Task], ledgers: Ledgers) -> None:
    """Replace the situations of these tasks by those of their ledgers."""
    TaskSituation.objects.filter(task_id__in=list(tasks)).delete()
    TaskSituation.objects.bulk_create(situations_of(tasks, ledgers), batch_size=1000)
    for key, task in tasks.items():
        task.last_recorded_at = max((e.recorded_at for e in ledgers[key]), default=None)
    Task.objects.bulk_update(tasks.values(), ["last_recorded_at"], batch_size=1000)


def situations_of(tasks: Mapping[int, Task], ledgers: Ledgers) -> list[TaskSituation]:
    leads = dict(Department.objects.values_list("code", "pk"))
    rows: list[TaskSituation] = []
    for key, task in tasks.items():
        stretches = history(ledgers[key], start=task.start())
        for (start, situation), (end, _next) in pairwise([*stretches, (FOREVER, task.start())]):
            rows.append(TaskSituation.of(key, (start, end), situation, leads[situation.lead]))
    return rows


def rebuild() -> int:
    """Drop the whole projection and make it again; the number of tasks."""
    done = 0
    for tasks in _batches():
        with transaction.atomic():
            project(tasks, events_of(tasks))
        done += len(tasks)
    return done


def differences() -> list[str]:
    """Codes of tasks whose stored projection is not what their ledger says."""
    found: list[str] = []
    for tasks in _batches():
        ledgers = events_of(tasks)
        stored = _by_task(TaskSituation.objects.filter(task_id__in=list(tasks)))
        fresh = _by_task(situations_of(tasks, ledgers))
        for key, task in tasks.items():
            recorded = max((e.recorded_at for e in ledgers[key]), default=None)
            if stored.get(key) != fresh.get(key) or task.last_recorded_at != recorded:
                found.append(task.code)
    return found


def _by_task(rows: Iterable[TaskSituation]) -> dict[int, list[object]]:
    found: dict[int, list[object]] = {}
    for row in sorted(rows, key=lambda row: row.valid_from):
        found.setdefault(row.task_id, []).append(row.values())
    return found


def _batches() -> Iterator[dict[int, Task]]:
    keys = list(Task.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        yield Task.objects.select_related("first_lead").in_bulk(batch)
