"""A plan file in the database for the length of an example, and gone afterwards."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from tracking.actions.plan_import import import_plan
from tracking.plan_files import json_file
from tracking.rules.instants import instant_from

# Later than anything that generated files record.
NOW = instant_from("2027-12-31T08:00:00+07:00")


def take_in(plan_file: dict[str, Any], *, now: datetime = NOW) -> None:
    rows = json_file.read(json.dumps(plan_file, ensure_ascii=False).encode())
    import_plan(rows, now=now, by="test")


@contextmanager
def imported(plan_file: dict[str, Any]) -> Iterator[None]:
    with transaction.atomic():
        take_in(plan_file)
        yield
        transaction.set_rollback(True)
