"""Endpoints in the database by the thousand, as the action writes them one by one.

python -m benchmarks.probes_endpoints --scheme https --count 2000 --interval 1
"""

import argparse
import json
from datetime import datetime

import django
from benchlib import CA, HOSTS, PORT  # type: ignore[import-not-found]
from django.db import connection

django.setup()

from benchmarks.probes_engine import HANGING  # noqa: E402 - models only after the set-up
from databases.actions.storage import keep_partitions  # noqa: E402
from databases.models import (  # noqa: E402
    Connection,
    CounterpartSystem,
    Database,
    Endpoint,
    EndpointState,
    Interface,
    Zone,
)
from databases.pump.claim import database_clock  # noqa: E402
from databases.rules.state import created  # noqa: E402
from databases.rules.track_text import to_text  # noqa: E402
from tracking.models import Department  # noqa: E402

_OWNERS, _SENTINELS = 20, 3
_TABLES = """databases_check databases_transition databases_outageentry databases_outage
databases_endpointstate databases_endpoint databases_interface databases_connection
databases_database databases_counterpartsystem databases_zonenetwork databases_zone
tracking_department""".split()


def fill(scheme: str, count: int, hanging: float, interval: int, now: datetime) -> None:
    """Only these are there afterwards, all due at `now`; three of them are sentinels. `hanging` of
    them (0 to 1) never answer, `interval` in seconds."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(_TABLES)} CASCADE")
    keep_partitions(now.date())
    with open(CA, encoding="ascii") as file:
        zone = Zone.objects.create(code="bench", for_tests=True, authorities=file.read())
    interfaces = _interfaces()
    every = round(1 / hanging) if hanging else 0
    rows = []
    for number in range(count):
        hangs = bool(every) and number >= _SENTINELS and number % every == every - 1
        row = Endpoint(code=f"e{number}", zone=zone, kind="http", interval=interval)
        row.spec = _spec(scheme, number, hangs=hangs)
        if number < _SENTINELS:
            row.sentinel_of = f"owner {number}"
        else:
            row.interface = interfaces[number % _OWNERS]
        rows.append(row)
    _write(rows, now)


def _write(rows: list[Endpoint], now: datetime) -> None:
    track = to_text(created(now))
    for row in Endpoint.objects.bulk_create(rows, batch_size=2_000):
        row.seen = EndpointState(endpoint=row, next_due_at=now, since=now, track=track)
    EndpointState.objects.bulk_create((row.seen for row in rows), batch_size=2_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scheme", default="http", choices=["http", "https"])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--interval", type=int, default=60, help="seconds")
    parser.add_argument("--hanging", type=float, default=0.0)
    given = parser.parse_args()
    fill(given.scheme, given.count, given.hanging, given.interval, database_clock())
    print(json.dumps({"n": given.count}))


if __name__ == "__main__":
    main()
