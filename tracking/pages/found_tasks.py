"""Which tasks does a search find, and how does each stand now?"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tracking.models import Task, TaskSituation
from tracking.models.found import found
from tracking.pages.hits import Hit, hit_of
from tracking.pages.task_words import CANCELLED, NOT_ASSIGNED, day_text
from tracking.rules.searching import Question


def task_hits(question: Question, most: int, now: datetime) -> tuple[list[Hit], int]:
    """The first and how many there are; four queries at most, of which the first reads keys only.
    Of so many rows a window would have to hold all to count them."""
    rows: Any = found(Task.objects.order_by(), question)
    ranked: list[Any] = list(rows.values_list("pk", "rank")[:most])
    count = len(ranked) if len(ranked) < most else rows.order_by().count()
    keys = [key for key, _rank in ranked]
    tasks = Task.objects.select_related("plan").in_bulk(keys)
    situations = _situations(keys, now)
    hits = []
    for key, rank in ranked:
        task: Any = tasks[key]
        task.rank = rank
        hits.append(_hit(task, situations.get(key), question))
    return hits, count


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
