"""What do the registers and the probes know of the connection that a task is about? For the page
of the task, which asks by the setting TASK_PANELS."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from databases.models import Connection
from databases.pages.connection_states import NOTHING, states_from
from databases.pages.seen_words import seen_tag, stage_name
from tracking.models import Task, User
from tracking.pages.task_panels import TaskPanel
from tracking.permissions import may_view_databases
from tracking.rules.viewpoint import Viewpoint


@dataclass(frozen=True, slots=True)
class Line:
    """A connection as declared and as seen."""

    connection: Connection
    stage: str
    stage_on: date | None
    seen: str
    stand_in: bool


def connection(task: Task, viewpoint: Viewpoint, reader: User) -> TaskPanel | None:
    """None where no connection belongs to the task, or the reader may not see it; two queries."""
    if not may_view_databases(reader):
        return None
    rows = Connection.objects.filter(task=task).select_related("database", "counterpart")
    found: list[Any] = list(rows.with_stage(at=viewpoint.at, known_at=viewpoint.known_at))
    if not found:
        return None
    states = states_from(viewpoint, [row.pk for row in found])
    lines = []
    for row in found:
        whole = states.get(row.pk, NOTHING)
        said = stage_name(row.stage), row.stage_on, seen_tag(whole.seen)
        lines.append(Line(row, *said, stand_in=whole.stand_in))
    return TaskPanel(_("Related connection"), "databases/task_panel.html", {"lines": lines})
