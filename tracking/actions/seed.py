"""The facts of the meeting of 18 November 2025 as data, and illustrative tasks labelled so."""

import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import models, transaction

from tracking.actions.changes import Changes
from tracking.actions.illustrative_replies import illustrate_replies
from tracking.actions.plan_import import import_plan
from tracking.models import CalendarDay, Department, Document, Partner, Plan, Task
from tracking.plan_files import json_file
from tracking.plan_files.schema import KEY_OF
from tracking.rules.instants import day_of

_FOLDER = Path(__file__).resolve().parent.parent / "seed"
_REGISTERS: dict[str, type[models.Model]] = {
    "departments": Department,
    "partners": Partner,
    "plans": Plan,
    "documents": Document,
    "calendar": CalendarDay,
    "tasks": Task,
}
_RELATIVE = re.compile(r"^D([+-]\d+)?(T\d\d:\d\d)?$")


@transaction.atomic
def seed(*, now: datetime, illustrative: bool) -> Changes:
    """Import the facts and, if asked, both illustrative portfolios. Safe to repeat: what is in
    the ledger already is passed over, and corrections by operators are kept."""
    total = Changes()
    files = ["calendar.json", "facts.json"] + ["illustrative_2025.json"] * illustrative
    for name in files:
        content = json.loads((_FOLDER / name).read_text(encoding="utf-8"))
        _take_in(content, now, total)
    if illustrative:
        _around_today(now, total)
        illustrate_replies(now)
    return total


def _take_in(content: dict[str, Any], now: datetime, total: Changes) -> None:
    content = _without_known(content)
    data = json.dumps(content, ensure_ascii=False).encode()
    changes = import_plan(json_file.read(data), now=now, by="seed")
    total.added += changes.added
    total.events += changes.events


def _without_known(content: dict[str, Any]) -> dict[str, Any]:
    """The tasks, and their events, that the register does not hold; rows of registers that
    operators may have corrected since are left to them."""
    fresh = dict(content)
    for section, model in _REGISTERS.items():
        key = KEY_OF[section]
        known = {str(value) for value in model._default_manager.values_list(key, flat=True)}
        fresh[section] = [row for row in content.get(section, []) if row[key] not in known]
    tasks = {row["code"] for row in fresh["tasks"]}
    fresh["events"] = [row for row in content.get("events", []) if row["task"] in tasks]
    return fresh


def _around_today(now: datetime, total: Changes) -> None:
    """A portfolio whose dates are counted from the day of the first seeding."""
    text = (_FOLDER / "illustrative_today.json").read_text(encoding="utf-8")
    _take_in(_dated(json.loads(text), day_of(now)), now, total)


def _dated(value: Any, today: date) -> Any:
    """The same JSON with "D-20T08:00" and "D+5" counted from today."""
    match value:
        case dict():
            return {key: _dated(item, today) for key, item in value.items()}
        case list():
            return [_dated(item, today) for item in value]
        case str() if found := _RELATIVE.match(value):
            day = today + timedelta(days=int(found[1] or 0))
            return day.isoformat() + (f"{found[2]}:00+07:00" if found[2] else "")
        case _:
            return value
