"""A ledger of any size for measuring: departments, tasks, five events a task."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max

from tracking.actions.projection import rebuild
from tracking.models import Department, Event, Partner, Plan, Task
from tracking.rules.instants import ZONE, start_of

DAY = timedelta(days=1)
AS_OF = date(2026, 11, 18)
KNOWN_AT = datetime(2026, 11, 18, 17, tzinfo=ZONE)


def fill(departments: int, tasks: int) -> int:
    """Write the registers, the tasks and their ledger; the number of events."""
    rnd = random.Random(7)
    plan = Plan.objects.create(code="02-KH/BCĐTW", name_vi="Kế hoạch số 02", name_en="Plan 02")
    Partner.objects.create(code="BCA", name_vi="Bộ Công an", name_en="Ministry of Public Security")
    offices = Department.objects.bulk_create(
        Department(code=f"D{n:04d}", name_vi=f"Cục số {n}", name_en=f"Department {n}", order=n)
        for n in range(1, departments + 1)
    )
    rows = Task.objects.bulk_create(
        (
            Task(
                code=f"T{n:06d}",
                plan=plan,
                name_vi=f"Nhiệm vụ {n}: cập nhật chỉ tiêu thủ tục hành chính, bộ dữ liệu {n % 97}",
                name_en=f"Task {n}: update procedure indicators, data set {n % 97}",
                first_lead=rnd.choice(offices),
                first_required=rnd.random() < 0.8,
            )
            for n in range(1, tasks + 1)
        ),
        batch_size=5000,
    )
    events = _copy_events(rows, rnd)
    rebuild()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return events


def _copy_events(tasks: list[Task], rnd: random.Random) -> int:
    number = Event.objects.aggregate(last=Max("number"))["last"] or 0
    columns = "number, task_id, kind, payload, effective_at, recorded_at, actor"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY tracking_event ({columns}) FROM STDIN") as copy,
    ):
        for task in tasks:
            for kind, payload, at, actor in _history(rnd):
                number += 1
                copy.write_row((number, task.pk, kind, payload, at, at, actor))
    return number


def _history(rnd: random.Random) -> Iterator[tuple[str, str, datetime, str]]:
    """Five events: assigned, a deadline, and three of a life that ends in every standing."""
    begun = AS_OF - rnd.randint(60, 500) * DAY
    at = start_of(begun) + timedelta(hours=8)
    due = begun + rnd.randint(20, 200) * DAY

    def later(days: int) -> datetime:
        return at + days * DAY

    yield "assigned", "{}", at, ""
    yield "deadline_set", f'{{"due_on": "{due}", "reading": "by"}}', at, ""
    fate, first = rnd.random(), rnd.randint(1, 60)
    report = f'{{"percent": {rnd.randint(0, 100)}, "note": "đang thực hiện"}}'
    yield "progress_reported", report, later(first), "reporter"
    if fate < 0.70:
        yield "submitted", '{"note": "đã nộp", "product": "báo cáo"}', later(first + 5), "reporter"
        yield "accepted", "{}", later(first + 9), "verifier"
    elif fate < 0.85:
        grant = f'{{"due_on": "{due + rnd.randint(5, 40) * DAY}", "reason": "chờ dữ liệu"}}'
        yield "extension_granted", grant, later(first + 10), "verifier"
        yield "blocked", '{"on": "BCA", "reason": "chờ kết nối"}', later(first + 12), "reporter"
    else:
        yield "progress_reported", report, later(first + 10), "reporter"
        yield "progress_reported", report, later(first + 20), "reporter"


def as_scope(**changes: Any) -> dict[str, Any]:
    return {"as_of": AS_OF, "known_at": KNOWN_AT, **changes}
