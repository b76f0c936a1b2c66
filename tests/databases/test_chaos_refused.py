"""One row that cannot be stored, or cannot be read, holds up no other."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from databases.models import Check, Endpoint, EndpointState
from tests.databases.chaos import Portal, faster, portal_on, pumped
from tests.databases.chaos_fleet import Fleet, faults, make_fleet
from tests.databases.chaos_target import Target, target
from tests.processes import own_database

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
MANY = 12

_FUNCTION = """CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'no room for this row'; END $$"""
_ON_POSTGRESQL = """CREATE TRIGGER refused BEFORE {event} ON {table} FOR EACH ROW
    WHEN ({condition}) EXECUTE FUNCTION refuse()"""
_ON_SQLITE = """CREATE TRIGGER refused BEFORE {event} ON {table} WHEN {condition}
    BEGIN SELECT RAISE(ABORT, 'no room for this row'); END"""


@pytest.fixture
def portal(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Portal]:
    with own_database(tmp_path) as url, portal_on(url, tmp_path, django_db_blocker) as found:
        yield found


@pytest.fixture
def answering() -> Iterator[Target]:
    with target() as found:
        yield found


def refuse(event: str, table: str, condition: str) -> None:
    """Have the database itself refuse such rows."""
    statements = [_FUNCTION, _ON_POSTGRESQL] if connection.vendor == "postgresql" else [_ON_SQLITE]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.format(event=event, table=table, condition=condition))


def refuse_check(pk: int) -> None:
    refuse("INSERT", "databases_check", f"NEW.endpoint_id = {pk}")


def refuse_to_let_go(pk: int) -> None:
    """Neither what was seen of it is taken, nor that its slot counts as missed."""
    gone = "NEW.lease_until IS NULL"
    refuse("UPDATE", "databases_endpointstate", f"NEW.endpoint_id = {pk} AND {gone}")


def tear_track(pk: int) -> None:
    EndpointState.objects.filter(pk=pk).update(track="{")


def probed_after(spoil: Callable[[int], None], fleet: Fleet) -> tuple[EndpointState, list[str]]:
    """The row of the endpoint that is spoiled, after the others were probed twice, and what the
    pump said."""
    bad, *good = fleet.first
    spoil(bad)

    def all_others_twice() -> bool:
        return all(Check.objects.filter(endpoint=pk).count() > 1 for pk in good)

    said = pumped(all_others_twice, clock=faster(NOW, 5))
    others = EndpointState.objects.exclude(pk=bad)
    assert set(others.values_list("state", flat=True)) == {"up"}
    assert not Check.objects.filter(endpoint=bad).exists()
    return EndpointState.objects.get(pk=bad), said


@pytest.mark.parametrize("spoil", [refuse_check, tear_track])
def test_a_result_that_cannot_be_stored_is_told_and_its_slot_missed(
    portal: Portal, answering: Target, spoil: Callable[[int], None]
) -> None:
    fleet = make_fleet(MANY, answering.port, NOW, intervals=(1,))
    seen, said = probed_after(spoil, fleet)
    assert seen.missed > 0
    assert seen.state == "unknown"
    assert any(sentence.startswith("E-0: what was seen cannot be stored") for sentence in said)
    assert faults(fleet) == []


def test_a_row_that_cannot_even_be_given_up_waits_for_its_lease_to_end(
    portal: Portal, answering: Target
) -> None:
    fleet = make_fleet(MANY, answering.port, NOW, intervals=(1,))
    seen, said = probed_after(refuse_to_let_go, fleet)
    assert seen.lease_until is not None
    assert any(sentence.startswith("E-0: ") for sentence in said)
    assert faults(fleet) == []


def test_an_endpoint_that_cannot_be_read_is_told_and_left(
    portal: Portal, answering: Target, caplog: pytest.LogCaptureFixture
) -> None:
    fleet = make_fleet(MANY, answering.port, NOW, intervals=(1,))

    def without_interval(pk: int) -> None:
        Endpoint.objects.filter(pk=pk).update(interval=0)

    seen, _said = probed_after(without_interval, fleet)
    assert seen.lease_until is not None
    assert "E-0 cannot be probed as it stands: ValueError" in caplog.messages
