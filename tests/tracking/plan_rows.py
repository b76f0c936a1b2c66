"""A small plan file to change in tests, and what is in the database."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl

from tracking.actions.changes import Changes
from tracking.actions.plan_import import import_plan
from tracking.actions.refusals import Refused
from tracking.models import (
    CalendarDay,
    CalendarVersion,
    Department,
    Document,
    Event,
    Partner,
    Plan,
    Succession,
    Task,
)
from tracking.plan_files import json_file
from tracking.plan_files.reading import parse_plan
from tracking.plan_files.rows import FileRefused
from tracking.rules.instants import instant_from

Json = dict[str, Any]
_TASK = '"task": '
NOW = instant_from("2026-01-05T08:00")


def event(kind: str, day: str, task: str = "T1", **more: Any) -> Json:
    """A row of events at 08:00 of the day; keys that are not of the row are its payload."""
    own = [key for key in ("actor", "on_behalf_of", "recorded_at") if key in more]
    row: Json = {key: more.pop(key) for key in own}
    row |= {"payload": more} if more else {}
    return {"task": task, "kind": kind, "effective_at": f"{day}T08:00:00+07:00", **row}


def task(code: str = "T1", **changes: Any) -> Json:
    row = {"code": code, "plan": "KH", "title": {"vi": f"Nhiệm vụ {code}"}, "lead": "QLD"}
    return row | {"required": True} | changes


def plan_file(**sections: Any) -> Json:
    """Two departments, a partner, a plan, a document, two days, a task, its order and deadline;
    sections given replace these."""
    return {
        "format": "progress-plan/1",
        "departments": [
            {"code": "QLD", "name": {"vi": "Cục Quản lý Dược", "en": "Drug Administration"}},
            {"code": "KCB", "name": {"vi": "Cục Quản lý Khám, chữa bệnh"}, "order": 20},
        ],
        "partners": [{"code": "BCA", "name": {"vi": "Bộ Công an"}, "kind": "ministry"}],
        "plans": [{"code": "KH", "name": {"vi": "Kế hoạch"}, "issued_on": "2025-06-19"}],
        "documents": [{"number": "12/QĐ-BYT", "kind": "decision", "issued_on": "2025-06-19"}],
        "calendar": [
            {"day": "2026-01-02", "working": False, "kind": "swapped_off", "reason": "hoán đổi"},
            {"day": "2026-01-10", "working": True, "kind": "swapped_working"},
        ],
        "tasks": [task()],
        "events": [
            event("assigned", "2025-06-20"),
            event("deadline_set", "2025-06-20", due_on="2025-11-10", wording="ngày 10/11/2025"),
        ],
        **sections,
    }


def take(data: Json | bytes, **options: Any) -> Changes:
    """Import a plan file, an object or the bytes of a workbook, as the command does."""
    if isinstance(data, bytes):
        return import_plan(parse_plan("plan.xlsx", data), now=NOW, by="test", **options)
    rows = parse_plan("plan.json", json_file.write(data))
    return import_plan(rows, now=NOW, by="test", **options)


def last_line(data: Json) -> str:
    """The place of the last event of a plan file."""
    lines = json_file.write(data).decode().splitlines()
    return f"line {max(place for place, line in enumerate(lines) if _TASK in line)}"


def refused(data: Json | bytes) -> list[str]:
    """Every sentence of the refusal; nothing was written."""
    before = counts()
    try:
        take(data)
    except (FileRefused, Refused) as error:
        assert counts() == before
        return error.sentences
    raise AssertionError("the plan file was taken in")


def counts() -> dict[str, int]:
    models = (
        CalendarDay, CalendarVersion, Department, Document, Event, Partner, Plan, Succession, Task,
    )  # fmt: skip
    return {model.__name__: model._default_manager.count() for model in models}


def edited(data: bytes, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """The workbook as another program saves it after a change by hand."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_parts(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The workbook with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()
