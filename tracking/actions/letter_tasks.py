"""Letters about tasks: to the department that leads them, to the leaders on whom they wait for, to
the minister about a whole list."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from tracking.actions.letter_said import (
    Asked,
    Said,
    dated_text,
    earlier_text,
    needed,
    of_list,
)
from tracking.actions.refusals import Refused
from tracking.models import Department, Task
from tracking.models.letter_facts import (
    Line,
    classified,
    earlier_letters,
    lines_now,
    lines_of_list,
    open_tasks,
    open_tasks_of,
)
from tracking.renderers import letter_blocks as blocks, letter_words as say
from tracking.rules.standing import COMPLETED, Standing


def said_to_department(asked: Asked) -> Said:
    """On the tasks that were chosen; else on those overdue; else on those not completed."""
    department: Department = needed(asked.department, _("the department"))
    lines = _chosen(asked, open_tasks_of(department, asked.as_of), of=department)
    if not asked.tasks:
        late = [line for line in lines if line["standing"] == Standing.OVERDUE]
        lines = late or lines
    if not lines:
        raise Refused([_nothing_open(asked, department)])
    codes = [line["code"] for line in lines]
    overdue = [line for line in lines if line["standing"] == Standing.OVERDUE]
    told, annex = blocks.table("tasks", blocks.task_rows(_with_secrets(lines)))
    earlier = earlier_letters(codes, department=department, partner=None)
    values = _common(asked) | {
        "department": department.name_vi,
        "task_count": blocks.two_digits(len(lines)),
        "overdue_count": blocks.two_digits(len(overdue)) if overdue else "",
        "worst_late": blocks.worst_late(overdue),
        "earlier_letters": earlier_text(earlier),
    }
    return Said(values, {"tasks": told}, codes, annex)


def said_of_waits(asked: Asked) -> Said:
    """On the tasks that were chosen; else on all that wait for the partner."""
    partner = needed(asked.partner, _("the partner"))
    open_now = [] if asked.progress_list else open_tasks(asked.as_of, blocked=True)
    lines = _chosen(asked, open_now)
    if not asked.tasks:
        lines = [line for line in lines if blocks.wait_for(line, partner.code)]
    if not lines:
        raise Refused(
            [
                _("no task waits for %(partner)s: choose the tasks, or another partner")
                % {"partner": partner.name}
            ]
        )
    codes = [line["code"] for line in lines]
    rows = blocks.wait_rows(_with_secrets(lines), partner.code)
    told, annex = blocks.table("waits", rows)
    leads = dict.fromkeys(str(line["under"]["vi"]) for line in lines)
    values = _common(asked) | {
        "partner": partner.name_vi,
        "task_count": blocks.two_digits(len(lines)),
        "departments": "; ".join(leads),
        "longest_wait": blocks.longest_wait(lines, partner.code),
        "earlier_letters": earlier_text(earlier_letters(codes, department=None, partner=partner)),
    }
    return Said(values, {"waits": told}, codes, annex)


def said_of_list(asked: Asked) -> Said:
    """The list as its own report says it, and with its own annexes."""
    issued = needed(asked.progress_list, _("the list"))
    content = issued.as_content()
    marked = content["totals"]["departments_marked"]
    values = _common(asked) | {
        "marked_count": blocks.two_digits(marked) if marked else "",
        "annexes": blocks.annexes_text(content),
    }
    codes = [code for department in content["departments"] for code in department["reasons"]]
    printed = [line["code"] for line in lines_of_list(content)]
    return Said(values, blocks.list_blocks(content), codes, annexed=issued, printed=printed)


def _common(asked: Asked) -> dict[str, str]:
    about = of_list(asked.progress_list)
    about["list_reference"] = about["list_reference"] or say.FROM_PORTAL
    return {"as_of": dated_text(asked.as_of), **about}


def _chosen(asked: Asked, open_now: Collection[Task], of: Department | None = None) -> list[Line]:
    """The open tasks of the list, or of today; of those chosen, all."""
    codes = {task.code for task in asked.tasks}
    if asked.progress_list is None:
        lines = lines_now(list(asked.tasks) or open_now, asked.as_of)
    else:
        lines = list(lines_of_list(asked.progress_list.as_content()))
    if of is not None:
        lines = [line for line in lines if line["under_code"] == of.code]
    if not codes:
        return [line for line in lines if line["standing"] not in COMPLETED]
    lines = [line for line in lines if line["code"] in codes]
    faults = [_strange(asked, code, of) for code in sorted(codes - {it["code"] for it in lines})]
    faults += [
        _("%(task)s is completed: leave it out") % {"task": line["code"]}
        for line in lines
        if line["standing"] in COMPLETED
    ]
    if faults:
        raise Refused(faults)
    return lines


def _strange(asked: Asked, code: str, of: Department | None) -> str:
    told = {"task": code, "list": asked.progress_list, "department": of.name if of else ""}
    if of and asked.progress_list:
        return _("%(task)s does not stand under %(department)s in %(list)s: leave it out") % told
    if of:
        return _("%(task)s does not stand under %(department)s: leave it out") % told
    if asked.progress_list:
        return _("%(task)s does not stand in %(list)s: leave it out") % told
    return _("%(task)s is cancelled or not assigned yet: leave it out") % told


def _with_secrets(lines: list[Line]) -> list[Line]:
    secret = classified([line["code"] for line in lines])
    return [{**line, "classified": line["code"] in secret} for line in lines]


def _nothing_open(asked: Asked, department: Department) -> str:
    if asked.progress_list:
        return _(
            "%(department)s has no task that is not completed in %(list)s: choose another "
            "department or another list"
        ) % {"department": department.name, "list": asked.progress_list}
    return _("%(department)s has no task that is not completed: choose another department") % {
        "department": department.name
    }
