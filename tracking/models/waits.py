"""Does a declared wait still hold?"""

from datetime import datetime

from tracking.models.event import Event
from tracking.models.situation import TaskSituation
from tracking.rules.events import Kind
from tracking.rules.instants import day_of
from tracking.rules.waits import open_waits


def is_open(event: Event, at: datetime) -> bool:
    """Whether the task still waits for what that entry declared; one query."""
    if event.kind != Kind.BLOCKED:
        return False
    row = TaskSituation.objects.at(at).filter(task_id=event.task_id).first()
    if row is None:
        return False
    waits = open_waits(row.situation(), day_of(at))
    return any((w.on, w.since) == (event.payload["on"], event.effective_at) for w in waits)
