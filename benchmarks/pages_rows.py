"""A portal of any size in a migrated database: tasks with their ledger, lists, endpoints with a
year of daily sums. Prints one line of JSON: a session of an operator, and what addresses need.

    DATABASE_URL=… python -m benchmarks.pages_rows 1000 100000 10000
"""

import json
import random
import sys
from datetime import datetime, timedelta
from typing import Any

import django
from django.db import connection

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402 - models only after the set-up
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.ledgers import fill as fill_ledger  # noqa: E402
from databases.actions.seed import seed_databases  # noqa: E402
from databases.actions.worst_days import keep_worst_days  # noqa: E402
from databases.models import (  # noqa: E402
    Database,
    DayRollup,
    Endpoint,
    EndpointState,
    HourRollup,
    Interface,
    Outage,
    PumpSign,
    Transition,
    Zone,
)
from databases.rules.latency import Histogram  # noqa: E402
from databases.rules.state import created  # noqa: E402
from databases.rules.track_text import to_text  # noqa: E402
from tracking.actions.ledger import record  # noqa: E402
from tracking.actions.progress_lists import issue  # noqa: E402
from tracking.actions.roles import set_up_roles  # noqa: E402
from tracking.actions.seed import seed  # noqa: E402
from tracking.models import Department, Task, TaskSituation, User  # noqa: E402
from tracking.permissions import Role  # noqa: E402
from tracking.rules.events import Kind  # noqa: E402
from tracking.rules.instants import day_of  # noqa: E402
from tracking.rules.progress_list import Scope  # noqa: E402

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# Of each interface but one, which has the rest: so many hospitals report to one database.
FEW = 10
YEAR, HOURS = 365, 48
QUEUE = 40
STRIP = 90  # days that the status page shows

_SUMS = """
INSERT INTO {table} (endpoint_id, {column}, ok, warn, fail, blind, config, missed,
  up, degraded, down, excused, undecided, unknown, paused, latencies)
SELECT e.id, p, {checks}, 0, 3, 0, 0, 0, {seconds} - 180, 0, 180, 0, 0, 0, 0, %s
FROM databases_endpoint e, generate_series(%s::{kind}, %s::{kind}, %s::interval) p
"""


def fill(departments: int, tasks: int, endpoints: int, now: datetime) -> dict[str, Any]:
    """Everything; what the addresses of its pages need."""
    fill_ledger(departments, tasks)
    seed(now=now, illustrative=False)
    seed_databases()
    _fill_endpoints(endpoints, now)
    _fill_pump(now)
    _fill_sums(now)
    while keep_worst_days(now=now, back=STRIP):
        pass
    _issue_lists(now)
    _fill_queue(now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    crowded = Interface.objects.order_by("code").last()
    assert crowded is not None
    department = Department.objects.get(code="D0001")
    return {
        "cookie": _session(department),
        "task": Task.objects.filter(first_lead=department).values_list("pk", flat=True)[0],
        "department": department.pk,
        "database": Database.objects.order_by("code").values_list("pk", flat=True)[0],
        "crowded": crowded.connection.database_id,
    }


def _fill_endpoints(count: int, now: datetime) -> None:
    interfaces = list(Interface.objects.order_by("code"))
    zone = Zone.objects.create(code="bench", for_tests=True)
    rows = []
    for number in range(count):
        place = min(number // FEW, len(interfaces) - 1)
        row = Endpoint(code=f"e{number:05}", zone=zone, kind="http", interface=interfaces[place])
        row.name_vi, row.name_en = f"Điểm {number}", f"Endpoint {number}"
        row.spec = {"url": f"http://127.0.0.1:1/{number}"}
        rows.append(row)
    Endpoint.objects.bulk_create(rows, batch_size=2_000)
    states = random.Random(7).choices(["up", "degraded", "down", "unknown"], [90, 4, 4, 2], k=count)
    _fill_states(list(zip(rows, states, strict=True)), now)


def _fill_pump(now: datetime) -> None:
    """One that is at work for as long as anybody measures."""
    PumpSign.objects.create(name="bench", started_at=now, seen_at=now + DAY)


def _fill_states(rows: list[tuple[Endpoint, str]], now: datetime) -> None:
    """Up for a year, and since two hours in the state that is given."""
    begun, turned = now - YEAR * DAY, now - 2 * HOUR
    seen, steps, outages = [], [], []
    for row, state in rows:
        since = begun if state == "up" else turned
        track = to_text(created(begun))
        seen.append(
            EndpointState(
                endpoint=row,
                next_due_at=now + HOUR,
                state=state,
                since=since,
                track=track,
                last_at=now,
                last_result="fail" if state == "down" else "ok",
                last_total=12_345,
            )
        )
        told = [(begun, "unknown", "up"), *([(turned, "up", state)] if state != "up" else [])]
        steps += [
            Transition(endpoint=row, at=at, known_at=at, before=before, after=after)
            for at, before, after in told
        ]
        if state == "down":
            outages.append(Outage(endpoint=row, started_at=turned, blame="theirs"))
    EndpointState.objects.bulk_create(seen, batch_size=2_000)
    Transition.objects.bulk_create(steps, batch_size=5_000)
    Outage.objects.bulk_create(outages, batch_size=2_000)


def _fill_sums(now: datetime) -> None:
    """Of every day of the year and of every hour of the last two days, for every endpoint."""
    latencies = Histogram.of(range(2_000, 40_000, 50)).to_bytes()
    hour, today = now.replace(minute=0, second=0, microsecond=0), day_of(now)
    with connection.cursor() as cursor:
        days = _SUMS.format(
            table=DayRollup._meta.db_table, column="day", checks=1437, seconds=86_400, kind="date"
        )
        cursor.execute(days, [latencies, today - YEAR * DAY, today - DAY, DAY])
        hours = _SUMS.format(
            table=HourRollup._meta.db_table,
            column="hour",
            checks=57,
            seconds=3_600,
            kind="timestamptz",
        )
        cursor.execute(hours, [latencies, hour - HOURS * HOUR, hour - HOUR, HOUR])


def _issue_lists(now: datetime) -> None:
    for days in (8, 1):
        known_at = now - days * timedelta(minutes=1)
        scope = Scope(as_of=day_of(now - days * DAY), known_at=known_at)
        issue(scope, now=known_at, by="operator")


def _fill_queue(now: datetime) -> None:
    """As many results await verification in a small portal as in a big one."""
    rows = TaskSituation.objects.at(now).filter(
        cancelled=False, completed=False, paused=False, pending=False
    )
    for row in rows.select_related("task").order_by("task__code")[:QUEUE]:
        payload = {"note": "đã nộp", "product": "báo cáo"}
        by = {"by": "reporter", "payload": payload}
        record(task=row.task, kind=Kind.SUBMITTED, effective_at=now, recorded_at=now, **by)


def _session(department: Department) -> str:
    """The cookie of an operator who has signed in; also in the admin."""
    set_up_roles()
    person = User.objects.create_user(
        "operator", password=None, department=department, is_staff=True
    )
    person.groups.add(Group.objects.get(name=Role.OPERATOR.value))
    session = SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = person.get_session_auth_hash()
    session.save()
    return f"sessionid={session.session_key}"


if __name__ == "__main__":
    print(json.dumps(fill(*map(int, sys.argv[1:]), now=timezone.now())))
