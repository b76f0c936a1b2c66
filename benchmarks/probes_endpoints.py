"""Endpoints in the database by the thousand, as the action writes them one by one."""

from datetime import datetime

from benchlib import CA, HOSTS, PORT  # type: ignore[import-not-found]
from django.db import connection

from benchmarks.probes_engine import HANGING
from databases.actions.storage import keep_partitions
from databases.models import (
    Connection,
    CounterpartSystem,
    Database,
    Endpoint,
    EndpointState,
    Interface,
    Zone,
)
from databases.rules.state import created
from databases.rules.track_text import to_text
from tracking.models import Department

_OWNERS = 20
_TABLES = """databases_check databases_transition databases_outageentry databases_outage
databases_endpointstate databases_endpoint databases_interface databases_connection
databases_database databases_counterpartsystem databases_zonenetwork databases_zone
tracking_department""".split()


def fill(scheme: str, count: int, hanging: float, interval: int, now: datetime) -> list[int]:
    """Only these are there afterwards, all due at `now`; three more are sentinels. Their ids.
    `hanging` of them (0 to 1) never answer, `interval` in seconds."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(_TABLES)} CASCADE")
    keep_partitions(now.date())
    with open(CA, encoding="ascii") as file:
        zone = Zone.objects.create(code="bench", for_tests=True, authorities=file.read())
    interfaces = _interfaces()
    every = round(1 / hanging) if hanging else 0
    rows = [
        Endpoint(
            code=f"e{number}",
            interface=interfaces[number % _OWNERS],
            spec=_spec(scheme, number, hangs=bool(every) and number % every == 0),
            zone=zone,
            kind="http",
            interval=interval,
        )
        for number in range(count)
    ]
    rows += [
        Endpoint(
            code=f"s{number}",
            sentinel_of=f"owner {number}",
            spec=_spec(scheme, number, hangs=False),
            zone=zone,
            kind="http",
            interval=max(interval, 10),
        )
        for number in range(3)
    ]
    rows = Endpoint.objects.bulk_create(rows, batch_size=2_000)
    track = created(now)
    EndpointState.objects.bulk_create(
        (
            EndpointState(endpoint=row, next_due_at=now, since=now, track=to_text(track))
            for row in rows
        ),
        batch_size=2_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [row.pk for row in rows]


def _interfaces() -> list[Interface]:
    system = CounterpartSystem.objects.create(code="dc", name_vi="Dân cư", name_en="Population")
    found = []
    for number in range(_OWNERS):
        words = {"name_vi": f"Số {number}", "name_en": f"Number {number}"}
        office = Department.objects.create(code=f"D{number}", order=number, **words)
        database = Database.objects.create(code=f"DB{number}", owner=office, **words)
        link = Connection.objects.create(code=f"C{number}", database=database, counterpart=system)
        found.append(Interface.objects.create(code=f"I{number}", connection=link, **words))
    return found


def _spec(scheme: str, number: int, *, hangs: bool) -> dict[str, str]:
    host = HOSTS[number % len(HOSTS)]
    base = f"http://{host}:{HANGING}" if hangs else f"{scheme}://{host}:{PORT[scheme]}"
    return {"url": f"{base}/?e={number}", "contains": '"status":"ok"'}
