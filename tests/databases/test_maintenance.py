"""Maintenance is announced ahead of its time, and ended early when it is done."""

from datetime import timedelta
from typing import Any

import pytest

from databases.actions.maintenance import announce_maintenance, end_maintenance
from databases.models import Endpoint, Maintenance
from databases.models.history import History
from tests.databases.probe_rows import MINUTE, see
from tests.databases.probed import make_endpoint
from tracking.actions.refusals import Refused
from tracking.rules.instants import instant_from

pytestmark = pytest.mark.django_db

NOW = instant_from("2026-03-02T08:00:00")
HOUR = timedelta(hours=1)


@pytest.fixture
def endpoint() -> Endpoint:
    return make_endpoint(NOW - HOUR, 443)


def announce(endpoint: Endpoint, **changes: Any) -> list[Maintenance]:
    given: dict[str, Any] = {
        "endpoints": [endpoint],
        "start": NOW + HOUR,
        "end": NOW + 2 * HOUR,
        "document": "12/TTYQG",
        "now": NOW,
        "by": "an",
    }
    return announce_maintenance(**{**given, **changes})


def test_a_window_keeps_who_announced_it_when_and_by_which_document(endpoint: Endpoint) -> None:
    announce(endpoint)
    row = Maintenance.objects.get()
    assert (row.announced_at, row.announced_by, row.document) == (NOW, "an", "12/TTYQG")
    assert (row.start, row.end) == (NOW + HOUR, NOW + 2 * HOUR)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"start": NOW - HOUR}, "begins in the past"),
        ({"end": NOW + HOUR}, "ends before it begins"),
        ({"end": NOW + HOUR + timedelta(days=31)}, "longer than 30 days"),
        ({"endpoints": []}, "no endpoint is named"),
    ],
)
def test_a_window_that_is_refused_is_not_written(
    endpoint: Endpoint, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        announce(endpoint, **changes)
    assert not Maintenance.objects.exists()


def test_a_window_that_begins_now_begins_at_the_instant_of_its_announcement(
    endpoint: Endpoint,
) -> None:
    announce(endpoint, start=NOW - MINUTE)
    assert Maintenance.objects.get().start == NOW


def test_a_running_window_ends_now_and_excuses_nothing_later(endpoint: Endpoint) -> None:
    see(endpoint, "ok " + "fail " * 70, NOW - 10 * MINUTE)
    [row] = announce(endpoint, start=NOW)
    assert end_maintenance(maintenance=row, now=NOW + 30 * MINUTE, by="an") is True
    row.refresh_from_db()
    assert row.end == NOW + 30 * MINUTE
    hours = History(endpoint, NOW + HOUR).hours
    excused = sum((period.spent.excused for period in hours), timedelta(0))
    down = sum((period.spent.down for period in hours), timedelta(0))
    assert excused == 30 * MINUTE
    assert down == (9 + 30) * MINUTE


def test_a_window_to_come_is_withdrawn(endpoint: Endpoint) -> None:
    [row] = announce(endpoint)
    assert end_maintenance(maintenance=row, now=NOW, by="an") is False
    assert not Maintenance.objects.exists()


def test_what_is_over_or_gone_cannot_be_ended(endpoint: Endpoint) -> None:
    [row] = announce(endpoint, start=NOW)
    end_maintenance(maintenance=row, now=NOW + 30 * MINUTE, by="an")
    for now in (NOW + 30 * MINUTE, NOW + 3 * HOUR):
        with pytest.raises(Refused, match="over already"):
            end_maintenance(maintenance=row, now=now, by="an")
    [other] = announce(endpoint)
    end_maintenance(maintenance=other, now=NOW, by="an")
    other.pk = 999
    with pytest.raises(Refused, match="over already"):
        end_maintenance(maintenance=other, now=NOW, by="an")
