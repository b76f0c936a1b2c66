"""Taking a plan file in: what would change, every fault with its place, all or nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tracking.actions.calendar import keep_version
from tracking.actions.changes import Changes
from tracking.actions.ledger import Entry, record_all
from tracking.actions.refusals import Refused
from tracking.actions.registers import write_registers
from tracking.actions.task_rows import write_tasks
from tracking.models import Task
from tracking.models.pen import take_the_pen
from tracking.plan_files.rows import Row, Rows, in_order
from tracking.plan_files.schema import checked, codes_of
from tracking.rules.canonical import nfc
from tracking.rules.instants import instant_text


@transaction.atomic
def import_plan(rows: Rows, *, now: datetime, by: str, dry_run: bool = False) -> Changes:
    """Write everything the file says, or nothing. Refused with every fault of the file.

    `by` is kept for the calendar's version; the actors of events are those of the file."""
    take_the_pen()
    good, faults = checked(rows)
    in_file = codes_of(rows)
    changes = Changes()
    faults += write_registers(good, in_file, changes)
    known, task_faults = write_tasks(good["tasks"], in_file, changes)
    faults += task_faults
    entries = list(_entries(good["events"], in_file["tasks"], known, now, faults))
    try:
        changes.events = len(record_all(entries, unjudged=_lacking(rows, entries)))
    except Refused as refused:
        faults += refused.sentences
    if faults:
        raise Refused(in_order(faults))
    keep_version(now=now, by=by)
    if dry_run:
        transaction.set_rollback(True)
    return changes


def _lacking(rows: Rows, entries: list[Entry]) -> set[str]:
    """Codes of tasks of which a row could not be made an entry."""
    sound = Counter(entry.task.code for entry in entries)
    named = Counter(nfc(str(row.get("task"))).strip() for row in rows.get("events", ()))
    return {code for code, count in named.items() if count != sound[code]}


def _entries(
    events: list[Row],
    in_file: set[str],
    known: Mapping[str, Task],
    now: datetime,
    faults: list[str],
) -> Iterator[Entry]:
    for row in events:
        task = known.get(row["task"])
        recorded_at = row.get("recorded_at") or row["effective_at"]
        if task is None:
            if row["task"] not in in_file:  # a faulty row of that task has been told already
                faults.append(_unknown_task(row))
        elif recorded_at > now:
            faults.append(_later_than_now(row, recorded_at))
        else:
            yield _entry(row, task, recorded_at)


def _entry(row: Row, task: Task, recorded_at: datetime) -> Entry:
    payload: dict[str, Any] = dict(row.get("payload") or {})
    return Entry(
        task=task,
        kind=row["kind"],
        effective_at=row["effective_at"],
        recorded_at=recorded_at,
        payload=payload,
        actor=row.get("actor") or "",
        on_behalf_of=row.get("on_behalf_of") or "",
        place=row.place,
        cells=row.cells,
    )


def _unknown_task(row: Row) -> str:
    return f"{row.at('task')}: " + _(
        'task "%(code)s" is neither in the file nor in the register: check the code'
    ) % {"code": row["task"]}


def _later_than_now(row: Row, recorded_at: datetime) -> str:
    return f"{row.at('recorded_at')}: {row['task']}: " + _(
        "recorded_at %(instant)s lies after this import: what is announced ahead has a later "
        "effective_at but is recorded now; give a recorded_at"
    ) % {"instant": instant_text(recorded_at)}
