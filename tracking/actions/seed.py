"""The facts of the meeting of 18 November 2025 as data, and illustrative tasks labelled so."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import models, transaction

from tracking.actions.changes import Changes
from tracking.actions.illustrative_days import FACTS_UNTIL, dated
from tracking.actions.illustrative_letters import illustrate_letters
from tracking.actions.illustrative_meetings import illustrate_meetings
from tracking.actions.illustrative_replies import illustrate_replies
from tracking.actions.illustrative_schedules import illustrate_schedules
from tracking.actions.ledger import last_knowledge
from tracking.actions.plan_import import import_plan
from tracking.models import CalendarDay, Department, Document, Partner, Plan, Task
from tracking.plan_files import json_file
from tracking.plan_files.schema import KEY_OF
from tracking.rules.instants import day_of, instant_from, instant_text

_FOLDER = Path(__file__).resolve().parent.parent / "seed"
_REGISTERS: dict[str, type[models.Model]] = {
    "departments": Department,
    "partners": Partner,
    "plans": Plan,
    "documents": Document,
    "calendar": CalendarDay,
    "tasks": Task,
}


@transaction.atomic
def seed(*, now: datetime, illustrative: bool) -> Changes:
    """Import the facts and, if asked, the illustrative portfolios. Safe to repeat: what is in
    the ledger already is passed over, and corrections by operators are kept."""
    total = Changes()
    for name in ("calendar.json", "facts.json"):
        _take_in(_read(name), now, total)
    if illustrative:
        for content in _illustrative(day_of(now)):
            _take_in(_after_the_lists(content, now), now, total)
        illustrate_replies(now)
        illustrate_schedules(now)
        illustrate_meetings(now)
        illustrate_letters(now)
    return total


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((_FOLDER / name).read_text(encoding="utf-8"))
    return content


def _illustrative(today: date) -> Iterator[dict[str, Any]]:
    """One portfolio of 2025, and two whose days are counted from that of the first seeding: tasks
    in hand, and those of the year before it, unless that would reach into the facts of 2025."""
    yield _read("illustrative_2025.json")
    yield dated(_read("illustrative_today.json"), today)
    year: dict[str, Any] = dated(_read("illustrative_year.json"), today)
    if all(instant_from(row["effective_at"]) > FACTS_UNTIL for row in year["events"]):
        yield year


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


def _after_the_lists(content: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What would lie behind an issued list becomes known now: a portal that is at work already may
    be given more to show."""
    issued = last_knowledge()
    if issued is None:
        return content
    events = [
        row
        if instant_from(row.get("recorded_at") or row["effective_at"]) > issued
        else row | {"recorded_at": instant_text(now)}
        for row in content["events"]
    ]
    return content | {"events": events}
