"""Is a pump missed where there is something to probe, and only there?"""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.signs import pump
from databases.actions.seed import seed_databases
from databases.models import Endpoint, PumpSign
from tests.databases.probe_rows import fill
from tracking.actions.faults import faults
from tracking.actions.seed import seed

pytestmark = pytest.mark.django_db

NOW = timezone.now()
MINUTE = timedelta(minutes=1)


def test_a_pump_that_never_was_is_not_missed() -> None:
    assert pump(NOW).at is None
    assert faults(NOW) == []


def test_a_pump_is_missed_while_there_is_something_to_probe() -> None:
    seed(now=NOW, illustrative=True)
    seed_databases()
    fill(NOW)
    PumpSign.objects.update(seen_at=NOW - 3 * MINUTE)
    stopped = [fault.subject for fault in faults(NOW) if fault.kind == "stopped"]
    assert stopped == []
    stopped = [fault.subject for fault in faults(NOW + MINUTE) if fault.kind == "stopped"]
    assert stopped == ["pump"]
    Endpoint.objects.update(paused=True)
    assert not [fault for fault in faults(NOW + MINUTE) if fault.kind == "stopped"]
