"""How did the tasks come along in time: planned against completed, overdue month by month?"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate

from tracking.models.remembered import remembered
from tracking.models.then import Then, is_overdue, late_stretches
from tracking.rules.instants import ZONE, cut_off, day_of


def planned_and_done(then: Then) -> tuple[Counter[date], Counter[date]]:
    """Of the tasks with a deadline: how many are due on each day, and how many of them were
    completed by a submission on each day; two queries."""
    known = remembered(then, "planned and done", lambda: _planned_and_done(then))
    planned, done = map(Counter, known)
    for row in then.folded:
        if row.due_on is not None:
            planned[row.due_on] += 1
            if row.completed and row.submitted_at:
                done[day_of(row.submitted_at)] += 1
    return planned, done


def _planned_and_done(then: Then) -> tuple[dict[date, int], dict[date, int]]:
    dated = then.rows.filter(due_on__isnull=False).order_by()
    submitted = TruncDate("submitted_at", tzinfo=ZONE)
    done: Any = dated.filter(completed=True).annotate(day=submitted)
    return (
        dict(dated.values_list("due_on").annotate(Count("pk"))),
        dict(done.values_list("day").annotate(Count("pk"))),
    )


def month_ends(then: Then, months: int) -> list[datetime]:
    """The ends of the months before that of T, oldest first, and T itself for its own month."""
    ends, first = [then.at], then.day.replace(day=1)
    for _month in range(months - 1):
        last = first - timedelta(days=1)
        ends.append(cut_off(last))
        first = last.replace(day=1)
    return ends[::-1]


def overdue_at(then: Then, instants: Sequence[datetime]) -> list[Counter[str]]:
    """At each instant: department -> overdue tasks, each under the department that printed it on
    that day; one query for all of them."""
    days = [day_of(instant) for instant in instants]
    # Now is of no matter, the days are.
    name = ("overdue", *days)
    found = list(map(Counter, remembered(then, name, lambda: _overdue_at(then, instants))))
    for counter, instant, day in zip(found, instants, days, strict=True):
        for row in then.folded_at(instant):
            if not row.cancelled and is_overdue(row):
                counter[then.place(row.lead.code, day)] += 1
    return found


def _overdue_at(then: Then, instants: Sequence[datetime]) -> list[Counter[str]]:
    columns = {
        f"at_{n}": Count(
            "pk", filter=Q(valid_from__lte=instant, valid_to__gt=instant, end_at__lte=instant)
        )
        for n, instant in enumerate(instants)
    }
    first, last = min(instants), max(instants)
    ever = late_stretches(then.stretches).filter(
        end_at__lte=last, end_at__lt=F("valid_to"), valid_from__lte=last, valid_to__gt=first
    )
    found: list[Counter[str]] = [Counter() for _instant in instants]
    for lead, *numbers in ever.order_by().values_list("lead__code").annotate(**columns):
        for counter, number, instant in zip(found, numbers, instants, strict=True):
            if number:
                counter[then.place(lead, day_of(instant))] += number
    return found
