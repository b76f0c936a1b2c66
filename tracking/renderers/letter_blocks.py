"""How do tasks, waits, meetings and lists read in a letter? Paragraphs and tables as plain JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tracking.renderers import letter_words as say
from tracking.renderers.cells import TaskWriter
from tracking.renderers.plain import plain
from tracking.renderers.report import report_of
from tracking.renderers.sheet import sheet_of
from tracking.renderers.words import date_text

MOST_IN_TEXT = 8  # rows; a longer table is an annex

Json = dict[str, Any]
Task = Mapping[str, Any]  # a task as the list tells it, with the `under` and `classified` of ours


def table(layout: str, rows: Sequence[Sequence[str]]) -> tuple[list[Json], Json | None]:
    """(what stands in the text, the annex or None)."""
    columns = list(say.TASK_COLUMNS if layout == "tasks" else say.WAIT_COLUMNS)
    told: Json = {"layout": layout, "columns": columns, "rows": [list(row) for row in rows]}
    if len(rows) <= MOST_IN_TEXT:
        return [{"kind": "table", **told}], None
    title = say.TASK_ANNEX if layout == "tasks" else say.WAIT_ANNEX
    text = say.SEE_ANNEX.format(count=two_digits(len(rows)))
    annex = {"label": say.ANNEX_LABEL, "title": title, **told}
    return [{"kind": "text", "text": text}], annex


def two_digits(number: int) -> str:
    """Numbers below ten carry a zero."""
    return f"{number:02d}"


def task_rows(tasks: Iterable[Task]) -> list[tuple[str, ...]]:
    writer = TaskWriter("vi")
    return [
        (
            str(place),
            _named(task),
            date_text(task["original_due_on"], "vi") or say.NO_DATE,
            say.EXTENDED.format(count=task["extensions"])
            if task["extensions"]
            else say.NOT_EXTENDED,
            _due(task, writer),
            standing_text(task, writer),
            _notes(task, writer),
        )
        for place, task in enumerate(tasks, 1)
    ]


def wait_rows(tasks: Iterable[Task], partner: str) -> Sequence[tuple[str, ...]]:
    """One row a task: since when it waits for the partner of that code, and for what."""
    writer = TaskWriter("vi")
    rows = []
    for place, task in enumerate(tasks, 1):
        wait = wait_for(task, partner)
        since = say.NO_WAIT
        if wait:
            day = date_text(wait["since"], "vi")
            since = say.WAITED.format(since=day, days=wait["days"])
        reason = plain(wait["reason"]) if wait else ""
        lead = plain(task["under"]["vi"])
        rows.append((str(place), _named(task), lead, _due(task, writer), since, reason))
    return rows


def wait_for(task: Task, partner: str) -> Mapping[str, Any] | None:
    return next((wait for wait in task["waiting"] if wait["code"] == partner), None)


def longest_wait(tasks: Iterable[Task], partner: str) -> str:
    """ "" when none is recorded."""
    waits = [
        (wait["days"], task["code"], wait) for task in tasks if (wait := wait_for(task, partner))
    ]
    if not waits:
        return ""
    days, code, wait = max(waits, key=lambda found: (found[0], found[1]))
    return say.LONGEST.format(days=days, code=code, since=date_text(wait["since"], "vi"))


def standing_text(task: Task, writer: TaskWriter) -> str:
    """In the words of the list: overdue by how much, or how it stands."""
    if task["standing"] == "overdue":
        return say.OVERDUE.format(days=task["late_calendar_days"])
    if task["standing"] == "in_time":
        return say.WITHIN
    return writer.say[task["standing"]]


def worst_late(tasks: Iterable[Task]) -> str:
    """ "" when none is late."""
    late = [(task["late_calendar_days"], task["late_working_days"]) for task in tasks]
    days, working = max(late, default=(0, 0))
    return f"{days} ngày ({working} ngày làm việc)" if days else ""


def _named(task: Task) -> str:
    text = f"{task['code']}. {plain(task['title']['vi'])}"
    return f"{text} ({say.CLASSIFIED})" if task["classified"] else text


def due_text(task: Task) -> str:
    return _due(task, TaskWriter("vi"))


def _due(task: Task, writer: TaskWriter) -> str:
    """The deadline in force; the original one has a column of its own, or none."""
    return writer.deadline({**task, "original_due_on": None})


def _notes(task: Task, writer: TaskWriter) -> str:
    """Whom it waits for, extensions granted too late, what awaits verification."""
    parts = [f"chờ {plain(wait['name']['vi'])} từ {date_text(wait['since'], 'vi')}"
             for wait in task["waiting"]]  # fmt: skip
    for days in task["extended_late_days"]:
        parts.append(f"gia hạn khi đã quá hạn {days} ngày")
    parts += [writer.say[flag] for flag in ("pending", "pending_late") if flag in task["flags"]]
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def list_blocks(content: Mapping[str, Any]) -> dict[str, list[Json]]:
    """`totals`, `marked` and `movements` of an issued list, as its own report says them."""
    report = report_of(sheet_of(content, language="vi"))
    sections: list[list[Json]] = []
    for passage in report.passages[1:-1]:  # less its own opening and closing
        if passage.kind == "heading":
            sections.append([])
        else:
            sections[-1].append(asdict(passage))
    _scope, totals, marked, movements = sections
    return {"totals": totals, "marked": marked, "movements": movements}


def annexes_text(content: Mapping[str, Any]) -> str:
    """What the annexes of a list are called together."""
    from_list = report_of(sheet_of(content, language="vi")).annexes
    if len(from_list) == 1:
        return from_list[0].label
    return f"các {from_list[0].label} đến {from_list[-1].label.removeprefix('Phụ lục ')}"


def invited_block(names: Iterable[str]) -> list[Json]:
    """The bodies asked to come, one a line, the last with a full stop."""
    lines = [say.INVITED.format(name=plain(name)) for name in names]
    if lines:
        lines[-1] = lines[-1].removesuffix(";") + "."
    return [{"kind": "item", "text": line} for line in lines]


def agenda_block(speakers: Sequence[tuple[str, Sequence[str]]]) -> list[Json]:
    """`speakers`: name of a department, codes of the tasks that it is to speak about."""
    if not speakers:
        return [{"kind": "text", "text": say.NOBODY_SPEAKS}]
    return [
        {
            "kind": "item",
            "text": (say.SPEAKS_ON if codes else say.SPEAKS).format(
                place=place, name=plain(name), codes=", ".join(codes)
            ),
        }
        for place, (name, codes) in enumerate(speakers, 1)
    ]


def conclusion_block(groups: Sequence[tuple[str, Sequence[str]]]) -> list[Json]:
    """`groups`: name of a department, "" for the meeting as a whole, and its conclusions."""
    block: list[Json] = []
    for place, (name, texts) in enumerate(groups, 1):
        head = say.OF_DEPARTMENT.format(name=plain(name)) if name else say.IN_GENERAL
        block.append({"kind": "heading", "text": f"{place}. {head}"})
        block += [{"kind": "item", "text": f"- {plain(text).rstrip('.')}."} for text in texts]
    return block
