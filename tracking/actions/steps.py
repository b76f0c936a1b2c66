"""Recording one step that somebody decided on while looking at a task."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tracking.actions.ledger import record
from tracking.actions.refusals import Refused
from tracking.models import KIND_NAMES, Event, Task
from tracking.models.pen import take_the_pen
from tracking.rules.events import Kind


@transaction.atomic
def record_step(
    *,
    task: Task,
    kind: Kind,
    effective_at: datetime,
    now: datetime,
    by: str,
    payload: Mapping[str, Any] | None = None,
    on_behalf_of: str = "",
    seen: int | None = None,
) -> Event:
    """Write one entry. `seen`: number of the task's newest entry when the person looked.

    Refused when something was recorded since, which a second click always is."""
    take_the_pen()
    _nothing_since(task, seen)
    return record(
        task=task,
        kind=kind,
        effective_at=effective_at,
        recorded_at=now,
        by=by,
        payload=payload,
        on_behalf_of=on_behalf_of,
    )


def newest_entry(task: Task) -> int:
    """Number of the entry of the task recorded last; 0 when there is none."""
    newest = task.events.order_by("-number").values_list("number", flat=True).first()
    return newest or 0


def _nothing_since(task: Task, seen: int | None) -> None:
    if seen is None:
        return
    since = [
        f"“{KIND_NAMES[Kind(event.kind)]}” ({event.actor or '–'})"
        for event in task.events.filter(number__gt=seen)
    ]
    if since:
        raise Refused(
            [
                _(
                    "Since this form was opened, %(entries)s was recorded for this task, and "
                    "nothing was written a second time: look at the task, and send this form "
                    "again only if it is still meant"
                )
                % {"entries": ", ".join(since)}
            ]
        )
