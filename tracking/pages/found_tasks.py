"""Which tasks does a search find, and how does each stand now?"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tracking.models import Task, TaskSituation
from tracking.models.found import found_tasks
from tracking.pages.hits import Group, Hit, group_of, hit_of
from tracking.pages.task_words import CANCELLED, NOT_ASSIGNED, day_text
from tracking.rules.searching import Question


def task_group(question: Question, most: int, now: datetime, every: str) -> Group:
    """Five queries at most."""
    found = found_tasks(Task.objects.select_related("plan"), question, most)
    situations = _situations([task.pk for task in found.rows], now)

    def hit(task: Task) -> Hit:
        return _hit(task, situations.get(task.pk), question)

    return group_of("tasks", _("Tasks"), found, hit, every)


def _situations(keys: Sequence[int], now: datetime) -> dict[int, Any]:
    rows = TaskSituation.objects.at(now).with_standing(now).filter(task_id__in=keys)
    return {row.task_id: row for row in rows.select_related("lead").defer("snapshot")}


def _hit(task: Task, situation: Any, question: Question) -> Hit:
    about = [task.plan.code]
    if situation is None:
        about.append(str(NOT_ASSIGNED))
    else:
        about.insert(0, situation.lead.name)
        if situation.due_on:
            about.append(_("deadline %(day)s") % {"day": day_text(situation.due_on)})
        if not situation.standing:
            about.append(str(CANCELLED))
    return hit_of(
        task,
        question,
        "; ".join(about),
        reverse("tracking:task", args=[task.pk]),
        standing=situation.standing if situation else "",
    )
