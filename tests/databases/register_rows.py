"""A small register file to change in tests, and what is in the database."""

from typing import Any

from databases.actions.register_import import import_register
from databases.models import (
    Connection,
    CounterpartSystem,
    Database,
    Interface,
    Party,
    StageChange,
    StepRecord,
)
from databases.register_files.register_layout import REGISTER
from tracking.actions.changes import Changes
from tracking.actions.refusals import Refused
from tracking.models import Department, Document, Partner, Plan, Task
from tracking.plan_files import json_file
from tracking.plan_files.reading import parse
from tracking.plan_files.rows import FileRefused
from tracking.rules.instants import instant_from

Json = dict[str, Any]
NOW = instant_from("2026-03-02T08:00")
_MODELS = (
    CounterpartSystem,
    Database,
    Connection,
    Interface,
    StageChange,
    StepRecord,
    Party,
)


def background() -> None:
    """What a register names but does not hold."""
    for code in ("QLD", "KCB", "TTYQG"):
        Department.objects.create(code=code, name_vi=f"Đơn vị {code}")
    for code in ("BCA", "VPCP"):
        Partner.objects.create(code=code, name_vi=f"Đối tác {code}")
    Document.objects.create(number="12/QĐ-BYT", kind="decision")
    plan = Plan.objects.create(code="KH", name_vi="Kế hoạch")
    lead = Department.objects.get(code="QLD")
    Task.objects.create(code="T1", plan=plan, name_vi="Việc", first_lead=lead)


def database(code: str = "D1", **changes: Any) -> Json:
    return {"code": code, "name": {"vi": f"CSDL {code}"}, "owner": "QLD"} | changes


def connection(code: str = "K1", **changes: Any) -> Json:
    return {"code": code, "database": "D1", "counterpart": "DC"} | changes


def stage(said: str, day: str, of: str = "K1", **more: Any) -> Json:
    return {"connection": of, "stage": said, "effective_on": day, **more}


def step(said: str, day: str, of: str = "K1", **more: Any) -> Json:
    return {"connection": of, "step": said, "done_on": day, **more}


def party(role: str, begins: str, of: str = "K1", **more: Any) -> Json:
    body = {} if "partner" in more else {"department": "QLD"}
    return {"connection": of, "role": role, "valid_from": begins, **body, **more}


def register_file(**sections: Any) -> Json:
    """Two counterparts, a database, a connection with two interfaces, a stage, two steps and two
    parties; sections given replace these."""
    return {
        "format": "database-register/1",
        "counterparts": [
            {"code": "DC", "name": {"vi": "Dân cư", "en": "Population"}, "owner": "BCA"},
            {"code": "DVC", "name": {"vi": "Dịch vụ công"}},
        ],
        "databases": [database(operator="TTYQG", security_level=3, placeholder=True)],
        "connections": [connection(task="T1")],
        "interfaces": [
            {"code": "G1", "connection": "K1", "name": {"vi": "Giao diện 1"}},
            {"code": "G2", "connection": "K1", "name": {"vi": "Giao diện 2"}},
        ],
        "stages": [stage("upgrading", "2025-11-18", document="12/QĐ-BYT", note="báo cáo")],
        "steps": [
            step("scope_agreed", "2025-05-01"),
            step("security_minutes", "2025-06-01", expires_on="2025-12-01"),
        ],
        "parties": [
            party("owner", "2025-03-01"),
            party("carrier", "2025-03-01", partner="VPCP", valid_to="2026-01-01"),
        ],
        **sections,
    }


def of(**sections: Any) -> Json:
    """A file with these sections only."""
    return {"format": "database-register/1", **sections}


def take(data: Json | bytes, **options: Any) -> Changes:
    """Import a register file, an object or the bytes of a workbook, as the command does."""
    given = {"now": NOW, "by": "an", **options}
    if isinstance(data, bytes):
        return import_register(parse("register.xlsx", data, REGISTER), **given)
    return import_register(parse("register.json", json_file.write(data), REGISTER), **given)


def refused(data: Json | bytes) -> list[str]:
    """Every sentence of the refusal; nothing was written."""
    before = counts()
    try:
        take(data)
    except (FileRefused, Refused) as error:
        assert counts() == before
        return error.sentences
    raise AssertionError("the register file was taken in")


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in _MODELS}
