"""PostgreSQL that is stopped without warning, and connections that it ends, under working pumps."""

import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from databases.actions.storage import keep_partitions, partitions
from databases.models import Check
from tests.databases.chaos import Portal, Process, portal_on, pumped, wait_until
from tests.databases.chaos_fleet import faults, make_fleet, states
from tests.databases.chaos_servers import OwnPostgreSQL
from tests.databases.chaos_target import target
from tests.processes import manage, on_postgresql, own_database

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not on_postgresql(), reason="SQLite has no server that could go away"),
    # A server is started again while the target answers in its thread.
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]

CUTS = 2
ONE_CHECK = """
INSERT INTO databases_check
    (endpoint_id, slot_at, started_at, version, missed, result, reason, blame, depth)
VALUES (1, %(at)s, %(at)s, 1, 0, 'ok', '', '', 3)
"""
CUT_WHILE_WRITING = """
CREATE SEQUENCE writes;
CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('writes') IN (3, 5, 6) THEN
        PERFORM pg_terminate_backend(pg_backend_pid());
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cut BEFORE INSERT ON databases_check FOR EACH ROW EXECUTE FUNCTION cut();
"""


@pytest.fixture(scope="module")
def server() -> Iterator[OwnPostgreSQL]:
    with OwnPostgreSQL() as found:
        yield found


@pytest.fixture
def portal(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker, server: OwnPostgreSQL
) -> Iterator[Portal]:
    done = manage(server.url, tmp_path, "migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr.decode()
    with portal_on(server.url, tmp_path, django_db_blocker) as found:
        yield found


def wait_for_more(checks: int) -> None:
    wanted = Check.objects.count() + checks
    wait_until(f"{checks} more checks are written", lambda: Check.objects.count() >= wanted)


def refused(pump: Process) -> bool:
    return "Connection refused" in pump.said


def cut_all(server: OwnPostgreSQL) -> int:
    """End every connection but the one that asks; how many."""
    with psycopg.connect(server.url, autocommit=True) as asking:
        cut = asking.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return len(cut.fetchall())


def test_pumps_outlive_a_database_that_goes_away(portal: Portal, server: OwnPostgreSQL) -> None:
    with target(delay=0.1) as answering:
        fleet = make_fleet(100, answering.port, datetime.now(UTC), intervals=(1, 2))
        pumps = [portal.pump(), portal.pump("--no-chores")]
        wait_until("all are up", lambda: states() == {"up": len(fleet)})
        cut = 0
        for _ in range(CUTS):
            connection.close()
            cut += cut_all(server)
            wait_for_more(len(fleet) // 2)
        assert cut > CUTS

        connection.close()
        server.halt(signal.SIGQUIT)
        wait_until("all say so", lambda: all(refused(pump) for pump in pumps))
        server.start_again()
        wait_for_more(3 * len(fleet))

        assert [pump.end() for pump in pumps] == [0, 0]
        assert faults(fleet) == []
        assert states() == {"up": len(fleet)}


def test_a_connection_that_ends_in_the_middle_of_a_batch_loses_none_of_it(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    with (
        own_database(tmp_path) as url,
        portal_on(url, tmp_path, django_db_blocker),
        target() as answering,
    ):
        fleet = make_fleet(10, answering.port, datetime.now(UTC), intervals=(1,))
        with connection.cursor() as cursor:
            cursor.execute(CUT_WHILE_WRITING)
        said = pumped(lambda: states() == {"up": len(fleet)})
        assert [sentence.split(",")[0] for sentence in said] == ["The database does not answer"] * 3
        assert faults(fleet) == []


def test_a_process_that_froze_in_its_transaction_holds_up_no_row_but_its_own(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    with (
        own_database(tmp_path) as url,
        portal_on(url, tmp_path, django_db_blocker),
        target() as answering,
        psycopg.connect(url) as frozen,
    ):
        fleet = make_fleet(10, answering.port, datetime.now(UTC), intervals=(1,))
        first = min(fleet.first)
        frozen.execute(
            "SELECT 1 FROM databases_endpointstate WHERE endpoint_id = %s FOR UPDATE", [first]
        )
        assert pumped(lambda: states() == {"up": len(fleet) - 1, "unknown": 1}) == []
        frozen.rollback()
        assert pumped(lambda: states() == {"up": len(fleet)}) == []
        assert faults(fleet) == []


def test_partitions_are_made_while_pumps_write_into_the_days_that_have_none(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    today = datetime.now(UTC)
    ended = threading.Event()

    def write(url: str) -> int:
        written = 0
        with psycopg.connect(url, autocommit=True) as other:
            while not ended.is_set():
                at = today + timedelta(microseconds=written)
                other.execute(ONE_CHECK, {"at": at})
                written += 1
        return written

    with (
        own_database(tmp_path) as url,
        portal_on(url, tmp_path, django_db_blocker),
        ThreadPoolExecutor(1) as pump,
    ):
        writing = pump.submit(write, url)
        try:
            wait_until("rows lie in no partition of a day", Check.objects.exists)
            keep_partitions(today.date())
        finally:
            ended.set()
        written = writing.result(10)
        assert Check.objects.count() == written
        assert today.date() in partitions()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM databases_check_default")
            assert cursor.fetchone() == (0,)
