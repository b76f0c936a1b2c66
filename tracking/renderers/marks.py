"""How is a department printed: its mark, its reasons, its figures?"""

from collections.abc import Mapping
from typing import Any

from tracking.renderers.cells import TaskWriter
from tracking.renderers.parts import Group
from tracking.renderers.plain import plain
from tracking.renderers.vocabulary import STANDINGS
from tracking.renderers.words import counted, date_text, ordinal_text, roman, share_text

Department = Mapping[str, Any]


def group_of(department: Department, place: int, policy: str, writer: TaskWriter) -> Group:
    """The group of one department, `place` counted from 1."""
    name = plain(department["name"][writer.language])
    reasons = frozenset(department["reasons"])
    tasks = department["tasks"]
    return Group(
        numeral=roman(place),
        code=department["code"],
        name=name,
        marked=department["marked"],
        mark=mark_of(department, policy, writer) if department["marked"] else "",
        reasons=reasons_of(department, writer) if department["marked"] else (),
        remarks=tuple(remark_of(remark, writer) for remark in department.get("remarks", ())),
        summary=summary_of(department["counts"], writer),
        lines=tuple(writer.line(task, n, name, reasons) for n, task in enumerate(tasks, 1)),
        counts=tuple(department["counts"][standing] for standing in STANDINGS),
    )


def mark_of(department: Department, policy: str, writer: TaskWriter) -> str:
    """The word, the number of tasks, the worst lateness, the how manieth list running."""
    tasks = counted(len(department["reasons"]), "task", writer.language)
    text = f"{writer.say[f'mark_{policy}']}: {tasks}"
    if department["worst_late_calendar_days"]:
        days = counted(department["worst_late_calendar_days"], "day", writer.language)
        working = counted(department["worst_late_working_days"], "working_day", writer.language)
        text += ", " + writer.say["worst_late"].format(days=days, working=working)
    if department["times_running"] > 1:
        times = ordinal_text(department["times_running"], writer.language)
        text += "; " + writer.say["times_running"].format(times=times)
    return text


def reasons_of(department: Department, writer: TaskWriter) -> tuple[str, ...]:
    """One sentence per reason, in the order of the content."""
    tasks = {task["code"]: task for task in department["tasks"]}
    return tuple(reason_of(tasks[code], writer) for code in department["reasons"])


def reason_of(task: Mapping[str, Any], writer: TaskWriter) -> str:
    """Code, title, deadline, lateness or standing, extensions, what it waits for."""
    late, working = task["late_calendar_days"], task["late_working_days"]
    parts = [
        writer.say["due_by"].format(due=writer.deadline(task))
        if task["due_on"]
        else writer.deadline(task)
    ]
    standing = writer.say[task["standing"]]
    parts.append(writer.late(late, working) if late else standing[:1].lower() + standing[1:])
    if "pending_late" in task["flags"]:
        parts.append(writer.say["pending_late"])
    parts += writer.history(task)
    parts += writer.waiting(task)
    title = plain(task["title"][writer.language])
    return f"{task['code']}. {title}: {'; '.join(parts)}."


def remark_of(remark: Mapping[str, Any], writer: TaskWriter) -> str:
    """What the department answered, when, and to which of the tasks; in its own words."""
    day = date_text(remark["on"], writer.language)
    tasks = ", ".join(remark["tasks"])
    return writer.say["remark_of"].format(day=day, tasks=tasks, text=plain(remark["text"]))


def summary_of(counts: Mapping[str, int], writer: TaskWriter) -> str:
    """ "4 nhiệm vụ, đã hoàn thành 1/4 (25%): hoàn thành đúng hạn 1; …", zeros left out."""
    total = sum(counts.values())
    if not total:
        return writer.say["no_task"]
    completed = counts["completed_on_time"] + counts["completed_late"]
    share = share_text(completed, total, writer.language)
    kinds = (f"{writer.say[code].lower()} {counts[code]}" for code in STANDINGS if counts[code])
    head = counted(total, "task", writer.language)
    return f"{head}, {writer.say['completed_share'].format(share=share)}: {'; '.join(kinds)}"
