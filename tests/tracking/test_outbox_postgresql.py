"""PostgreSQL that goes away between what the mail server took and what is written of it."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.databases.chaos import portal_on
from tests.databases.chaos_servers import OwnPostgreSQL
from tests.processes import manage, on_postgresql
from tests.smtp_server import ScriptedServer
from tests.tracking.outbox_rows import at_port, post, states, told
from tests.tracking.outbox_senders import Senders, senders
from tracking.mail.sender import deliver

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not on_postgresql(), reason="SQLite has no server that could go away"),
    # A server is started again while the mail server answers in its threads.
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def mail() -> Iterator[ScriptedServer]:
    with ScriptedServer() as found:
        yield found


@pytest.fixture(scope="module")
def database() -> Iterator[OwnPostgreSQL]:
    with OwnPostgreSQL() as found:
        yield found


@pytest.fixture(scope="module")
def processes(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
    database: OwnPostgreSQL,
    mail: ScriptedServer,
) -> Iterator[Senders]:
    folder: Path = tmp_path_factory.mktemp("outbox")
    done = manage(database.url, folder, "migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr.decode()
    with (
        portal_on(database.url, folder, django_db_blocker),
        senders(database.url, folder, mail.port) as found,
    ):
        yield found


@pytest.fixture(autouse=True)
def taken_now(mail: ScriptedServer) -> None:
    mail.taken.clear()


def test_a_sender_waits_for_the_database_and_writes_what_it_knows(
    processes: Senders, mail: ScriptedServer, database: OwnPostgreSQL
) -> None:
    message = post("a@x.vn", "b@x.vn", now=datetime.now(UTC))
    taken = mail.hold("answer", to="a@x.vn")
    processes.start()
    taken.wait()
    connection.close()
    database.halt(signal.SIGQUIT)
    taken.go.set()
    named = mail.hold("RCPT", to="b@x.vn")
    named.wait()
    named.go.set()
    database.start_again()
    processes.end()
    assert states(message) == {"a@x.vn": "sent", "b@x.vn": "sent"}
    assert [one.recipient for one in mail.taken] == ["a@x.vn", "b@x.vn"]
    assert all(told(delivery) == ["sent"] for delivery in message.deliveries.all())


def test_what_it_could_not_write_is_uncertain_and_not_sent_again(
    processes: Senders, mail: ScriptedServer, database: OwnPostgreSQL
) -> None:
    message = post("a@x.vn", "b@x.vn", now=datetime.now(UTC))
    taken = mail.hold("answer", to="a@x.vn")
    processes.start(lease=0.5)
    taken.wait()
    connection.close()
    database.halt(signal.SIGQUIT)
    taken.go.set()
    assert processes.end() == "OperationalError"
    database.start_again()
    later = datetime.now(UTC) + timedelta(minutes=5)
    deliver(until=lambda: False, clock=lambda: later, server=at_port(mail.port))
    assert states(message) == {"a@x.vn": "uncertain", "b@x.vn": "sent"}
    assert [one.recipient for one in mail.taken] == ["a@x.vn", "b@x.vn"]
