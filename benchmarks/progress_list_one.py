"""The measurements of one size; benchmarks.progress_list starts it once per size."""

import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta

from tests.servers import PostgreSQL

ROUNDS = 5

_FLAT = """
CREATE TABLE flat AS
SELECT t.id, d.code AS department, d.name_vi AS department_name, t.code, t.name_vi AS title,
       s.due_on, s.required, s.completed, s.submitted_at, s.cancelled, s.paused
FROM tracking_task t
JOIN tracking_tasksituation s ON s.task_id = t.id AND s.valid_to > '9999-01-01'
JOIN tracking_department d ON d.id = s.lead_id;
CREATE INDEX flat_overdue ON flat (due_on) WHERE required AND NOT completed AND NOT cancelled;
ANALYZE flat;
"""
_CURRENT = """
SELECT department, department_name, code, title, due_on, %(day)s::date - due_on AS late
FROM flat WHERE required AND NOT completed AND NOT cancelled AND NOT paused AND due_on < %(day)s
ORDER BY department, due_on, code
"""
_FULL = """
SELECT department, department_name, code, title, due_on, required, completed, submitted_at, paused,
       CASE WHEN NOT completed AND due_on < %(day)s THEN %(day)s::date - due_on END AS late
FROM flat WHERE NOT cancelled ORDER BY department, due_on, code
"""


def median(call: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds; the first call warms up and is not counted."""
    call()
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        call()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def peak() -> int:
    """Peak memory of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def row(what: str, seconds: float, floor: float, name: str) -> None:
    ratio = f"{seconds / floor:.1f}x {name}"
    print(f"| {what} | {1000 * seconds:,.1f} | {ratio} | {peak():,} |", flush=True)


def measure(departments: int, tasks: int) -> None:
    from django.db import connection

    from benchmarks.ledgers import AS_OF, KNOWN_AT, fill
    from tracking.actions.progress_lists import draft
    from tracking.models import Task
    from tracking.renderers import render
    from tracking.rules.progress_list import Scope

    fill(departments, tasks)
    with connection.cursor() as cursor:
        cursor.execute(_FLAT)

    def fetched(query: str) -> Callable[[], object]:
        def call() -> object:
            with connection.cursor() as cursor:
                cursor.execute(query, {"day": AS_OF})
                return cursor.fetchall()

        return call

    def overdue(scope: Scope) -> Callable[[], object]:
        rows = Task.objects.overdue(scope.at).filter(situation__required=True)
        columns = ("lead_code", "lead_name", "code", "name_vi", "due_on")
        ordered = rows.order_by("lead_code", "due_on", "code").values_list(*columns)
        return lambda: list(ordered.all())

    today, past = Scope(AS_OF, KNOWN_AT), Scope(AS_OF - timedelta(days=200), KNOWN_AT)
    rounds = ROUNDS if tasks <= 10_000 else 2
    print("| what | ms | ratio | peak MB |\n|---|---:|---:|---:|")
    current, full = median(fetched(_CURRENT)), median(fetched(_FULL))
    row("peer: overdue rows of a flat table (current)", current, current, "current")
    row("peer: all rows of a flat table (full)", full, full, "full")
    row("overdue today, SQL form", median(overdue(today)), current, "current")
    row("overdue 200 days ago, SQL form", median(overdue(past)), current, "current")
    row("the whole list today", median(lambda: draft(today), rounds), full, "full")
    row("the whole list 200 days ago", median(lambda: draft(past), rounds), full, "full")
    content = draft(today)
    together = 0.0
    for name in ("json", "text", "html", "docx", "xlsx", "pdf"):
        if name == "pdf" and tasks > 10_000:
            continue  # one table of 78,000 rows is not a document; see the renderer
        seconds = median(lambda n=name: render(content, format=n, language="vi"), rounds)  # type: ignore[misc]
        together += seconds
        row(f"{name} of it", seconds, full, "full")
    row("all formats of it together", together, full, "full")


def main() -> None:
    with PostgreSQL() as server, tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DATABASE_URL": server.url,
            "VAR_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        measure(int(sys.argv[1]), int(sys.argv[2]))


if __name__ == "__main__":
    main()
