"""Everything the registers and the ledger hold, as a plan file that imports without difference."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from tracking.models import (
    CalendarDay,
    Department,
    Document,
    Event,
    Partner,
    Plan,
    Task,
)
from tracking.models.bilingual import Bilingual
from tracking.plan_files.plan_layout import PLAN
from tracking.plan_files.rows import FileRefused
from tracking.plan_files.writing import write_file
from tracking.rules.instants import instant_text

Rows = list[dict[str, Any]]


def export_plan(name: str, *, plans: Sequence[str] = ()) -> bytes:
    """The bytes of a file of the format that the name ends in."""
    return write_file(name, plan_content(plans), PLAN)


def plan_content(plans: Sequence[str] = ()) -> dict[str, Any]:
    """A `progress-plan/1` object; without plans everything, else the tasks of those plans."""
    wanted = Plan.objects.filter(code__in=plans) if plans else Plan.objects.all()
    missing = sorted(set(plans) - set(wanted.values_list("code", flat=True)))
    if missing:
        raise FileRefused([_('there is no plan with the code "%s": check it') % c for c in missing])
    tasks = Task.objects.of_plans(plans)
    return {
        "format": PLAN.format,
        "departments": list(_departments()),
        "partners": [
            {"code": p.code, "name": _name(p), "kind": p.kind}
            for p in Partner.objects.order_by("code")
        ],
        "plans": [
            {"code": p.code, "name": _name(p), "issued_on": _day(p.issued_on)}
            for p in wanted.order_by("code")
        ],
        "documents": [
            {
                "number": d.number,
                "kind": d.kind or None,
                "issued_on": _day(d.issued_on),
                "issuer": d.issuer or None,
                "title": _name(d) if d.name_vi else None,
            }
            for d in Document.objects.order_by("number")
        ],
        "calendar": [
            {
                "day": c.day.isoformat(),
                "working": c.working,
                "kind": c.kind,
                "reason": c.reason or None,
                "reference": c.reference or None,
            }
            for c in CalendarDay.objects.order_by("day")
        ],
        "tasks": list(_tasks(tasks.order_by("code"))),
        "events": list(_events(plans)),
    }


def _ordered(value: Any) -> Any:
    """Keys sorted: not every database keeps their order, and a file must not depend on it."""
    match value:
        case dict():
            return {key: _ordered(value[key]) for key in sorted(value)}
        case list():
            return [_ordered(item) for item in value]
        case _:
            return value


def _name(row: Bilingual) -> dict[str, str]:
    return {"vi": row.name_vi} | ({"en": row.name_en} if row.name_en else {})


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _departments() -> Iterator[dict[str, Any]]:
    facts = Department.objects.all().facts()
    for department in Department.objects.order_by("order", "code"):
        successors = facts[department.code].successors
        yield {
            "code": department.code,
            "name": _name(department),
            "order": department.order,
            "valid_from": _day(department.valid_from),
            "valid_to": _day(department.valid_to),
            # One successor is written as the contract shows it, several as a list.
            "succeeded_by": list(successors) if len(successors) > 1 else (successors or (None,))[0],
        }


def _tasks(tasks: Any) -> Iterator[dict[str, Any]]:
    related = tasks.select_related("plan", "document", "first_lead", "parent")
    for task in related.prefetch_related("coordinating"):
        yield {
            "code": task.code,
            "plan": task.plan.code,
            "document": task.document.number if task.document else None,
            "clause": task.clause or None,
            "title": _name(task),
            "lead": task.first_lead.code,
            "coordinating": sorted(d.code for d in task.coordinating.all()),
            "required": task.first_required,
            "product": {"vi": task.product_vi}
            | ({"en": task.product_en} if task.product_en else {})
            if task.product_vi
            else None,
            "parent": task.parent.code if task.parent else None,
        }


def _events(plans: Sequence[str]) -> Iterator[dict[str, Any]]:
    events = Event.objects.select_related("task", "on_behalf_of").order_by("number")
    if plans:
        events = events.filter(task__plan__code__in=plans)
    for event in events.iterator(chunk_size=2000):
        yield {
            "task": event.task.code,
            "kind": event.kind,
            "effective_at": instant_text(event.effective_at),
            "recorded_at": instant_text(event.recorded_at),
            "actor": event.actor or None,
            "on_behalf_of": event.on_behalf_of.code if event.on_behalf_of else None,
            "payload": _ordered(event.payload),
        }
