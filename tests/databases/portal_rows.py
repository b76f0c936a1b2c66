"""Databases for the pages of the portal: connections were declared, endpoints were seen."""

from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.test.utils import CaptureQueriesContext

from databases.actions.stages import declare_stage
from databases.models import Connection, CounterpartSystem, Database, Endpoint, Interface
from databases.rules.stage import Stage
from tests.databases.probe_rows import see
from tests.databases.probed import make_endpoint
from tracking.models import Department

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
COUNTED = "CSDLQG-DC"


def system(code: str = COUNTED) -> CounterpartSystem:
    return CounterpartSystem.objects.get_or_create(code=code, defaults={"name_vi": f"Hệ {code}"})[0]


def connect(
    code: str, stage: Stage | None, now: datetime, *, to: str = COUNTED, interfaces: int = 1
) -> Connection:
    """The database of that code to that system, declared a month ago."""
    owner, _ = Department.objects.get_or_create(
        code="QLD", defaults={"name_vi": "Cục Quản lý Dược"}
    )
    database, _ = Database.objects.get_or_create(
        code=code, defaults={"name_vi": f"CSDL {code}", "owner": owner, "placeholder": True}
    )
    made = Connection.objects.create(code=f"{code}-{to}", database=database, counterpart=system(to))
    for n in range(interfaces):
        Interface.objects.create(connection=made, code=f"{made.code}-{n}", name_vi="Giao diện")
    if stage:
        day = (now - 30 * DAY).date()
        declare_stage(connection=made, stage=stage, effective_on=day, now=now - 30 * DAY, by="an")
    return made


def probed(connection: Connection, results: str, now: datetime, code: str = "") -> Endpoint:
    """An endpoint of its first interface, seen a minute apart, last of all a minute ago."""
    interface = connection.interfaces.order_by("code")[0].code
    count = len(results.split())
    start = now - count * MINUTE
    code = code or f"E-{connection.code}"
    endpoint = make_endpoint(start - MINUTE, 443, code=code, interface=interface)
    see(endpoint, results, start)
    return endpoint


def text(response: Any) -> str:
    """Without the spaces between words of a template."""
    return " ".join(response.content.decode().split())


def statements(client: Client, address: str) -> int:
    from django.db import connection

    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code in {200, 204}
    return len(queries)
