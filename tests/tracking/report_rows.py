"""Schedules of reports, and the plan that they report on."""

from datetime import datetime, time
from typing import Any

from tests.tracking.admin_people import plan_file
from tests.tracking.imported import take_in
from tracking.models import ReportSchedule
from tracking.rules.instants import instant_from

# A Tuesday, ten minutes before the report of 08:00.
EARLY = instant_from("2025-11-18T07:50:00")


def at(written: str) -> datetime:
    """ "18 08:00": that day of November 2025, at that time."""
    day, _, hour = written.partition(" ")
    return instant_from(f"2025-11-{day}T{hour}")


def schedule(name: str = "Báo cáo sáng", **fields: Any) -> ReportSchedule:
    """On working days at 08:00 from EARLY on, to one address, without a file."""
    given = {
        "name": name,
        "weekdays": [0, 1, 2, 3, 4],
        "at": time(8),
        "starts_at": EARLY,
        "addresses": "thu.truong@example.org",
        **fields,
    }
    return ReportSchedule.objects.create(**given)


def take_in_plan() -> None:
    take_in(plan_file(), now=at("17 09:00"))
