"""What do the ledger and the registers say for a letter? Each a fixed number of queries."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from tracking.models.calendar import CalendarDay
from tracking.models.department import Department, Partner
from tracking.models.letter import Letter
from tracking.models.situation import TaskSituation
from tracking.models.task import Task
from tracking.rules.departments import places_taken, printed_under
from tracking.rules.instants import cut_off
from tracking.rules.lines import TaskFacts, line_of
from tracking.rules.standing import Yardstick, judge

Line = dict[str, Any]


def lines_now(tasks: Collection[Task], as_of: date) -> list[Line]:
    """The tasks in scope as a list of that day would tell them, each `under` the name of the
    department it is printed under; six queries."""
    at = cut_off(as_of)
    departments = Department.objects.all().facts()
    names = {partner.code: partner.names for partner in Partner.objects.all()}
    names |= {code: dict(facts.name) for code, facts in departments.items()}
    yardstick = Yardstick.at_instant(at, CalendarDay.objects.all().calendar())
    rows = TaskSituation.objects.at(at).filter(task__in=tasks, cancelled=False)
    related = ("task__plan", "task__document", "task__parent")
    found = rows.select_related(*related).prefetch_related("task__coordinating")
    lines = []
    for row in found.order_by("due_on", "task__code"):
        facts = _facts_of(row)
        place = printed_under(facts.situation.lead, departments, as_of)
        line = line_of(facts, judge(facts.situation, yardstick), place, names, as_of)
        lines.append({**line, "under": names[place], "under_code": place})
    return lines


def _facts_of(row: TaskSituation) -> TaskFacts:
    task = row.task
    document = task.document
    told = {
        "number": document.number,
        "title": document.names,
        "issued_on": document.issued_on.isoformat() if document.issued_on else None,
    } if document else None  # fmt: skip
    return TaskFacts(
        code=task.code,
        plan=task.plan.code,
        title=task.names,
        situation=row.situation(),
        product=task.product,
        parent=task.parent.code if task.parent else None,
        document=told,
        clause=task.clause,
        coordinating=tuple(other.code for other in task.coordinating.all()),
    )


def lines_of_list(content: Mapping[str, Any]) -> Iterable[Line]:
    """The tasks of an issued list, each `under` its department."""
    for department in content["departments"]:
        for task in department["tasks"]:
            yield {**task, "under": department["name"], "under_code": department["code"]}


def open_tasks(as_of: date, **where: Any) -> list[Task]:
    """Those neither completed nor cancelled at the end of the day; one query."""
    rows = TaskSituation.objects.at(cut_off(as_of))
    open_rows = rows.filter(cancelled=False, completed=False, **where)
    return [row.task for row in open_rows.select_related("task")]


def open_tasks_of(department: Department, as_of: date) -> list[Task]:
    """Those printed under the department that day; two queries."""
    facts = Department.objects.all().facts()
    return open_tasks(as_of, lead__code__in=places_taken(department.code, facts, as_of))


def classified(codes: Iterable[str]) -> set[str]:
    """Few tasks are: they are asked for, and not the thousands of a list."""
    secret = set(Task.objects.filter(classified=True).values_list("code", flat=True))
    return secret.intersection(codes)


def earlier_letters(
    codes: Collection[str], *, department: Department | None, partner: Partner | None
) -> list[Letter]:
    """Those issued to the same body on any of these tasks, oldest first; one query."""
    out = (Letter.State.ISSUED, Letter.State.ANSWERED)
    letters = Letter.objects.filter(state__in=out, department=department, partner=partner)
    about = letters.filter(tasks__code__in=codes).exclude(number="")
    return list(about.distinct().order_by("dated", "pk"))
