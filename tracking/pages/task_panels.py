"""What do others know of a task? `tracking` knows nothing of databases: the setting `TASK_PANELS`
names providers by dotted path, each told the task, the viewpoint and the reader."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from tracking.models import Task, User
from tracking.rules.viewpoint import Viewpoint


@dataclass(frozen=True, slots=True)
class TaskPanel:
    """`template` is included with `panel`, and finds in its `context` what it shows."""

    title: Any
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Provider = Callable[[Task, Viewpoint, User], TaskPanel | None]


def panels_of(task: Task, viewpoint: Viewpoint, reader: User) -> Iterator[TaskPanel]:
    """Those that have something to show this reader."""
    for path in settings.TASK_PANELS:
        provider: Provider = import_string(path)
        panel = provider(task, viewpoint, reader)
        if panel:
            yield panel
