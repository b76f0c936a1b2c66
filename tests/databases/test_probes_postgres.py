"""The kind postgres against real servers: what it may do there, and what each refusal is called."""

import os
import resource
import selectors
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from databases.probes.kinds import postgres
from databases.probes.names import Names
from databases.probes.prober import Prepared, Way, prepare
from databases.probes.reading import Reading
from databases.probes.surroundings import Given, Secret
from tests.databases.probe_attempts import (
    HOSTS,
    NAMES,
    SOON,
    TESTS,
    TRUSTING,
    a_prober,
    phases,
    probed,
    said,
)
from tests.databases.probe_authority import authority, leaf, trusted
from tests.databases.probe_postgres_server import PASSWORD, LockedPostgreSQL
from tests.databases.probe_servers import (
    Serving,
    Socket,
    Talk,
    full,
    hangs,
    http,
    nobody,
    resets,
    server_context,
)
from tests.servers import NoServer

TRICKS = {
    "sleeps": b"select pg_sleep(30)",
    "writes": b"create table never (a int)",
    "deletes": b"delete from sync_log",
    "unknown": b"select * from no_such_table",
    "nothing": b"select 1 where false",
    "null": b"select null",
    "words": b"select 'one'",
    "many": b"select generate_series(1, 10000000)",
    "huge": b"select repeat('x', 5000000)",
    "two": b"select 1; select 2",
    "empty": b"",
}


@pytest.fixture
def url() -> str:
    if "PORTAL_TEST_POSTGRES_URL" not in os.environ:
        pytest.skip("there is no PostgreSQL")
    return os.environ["PORTAL_TEST_POSTGRES_URL"]


@pytest.fixture
def at(url: str) -> dict[str, Any]:
    """The specification of an endpoint on the server of the suite, which trusts everybody."""
    parts = urlsplit(url)
    return {
        "host": parts.hostname,
        "port": parts.port,
        "database": parts.path.strip("/"),
        "user": parts.username,
        "tls": "disable",
    }


@pytest.fixture
def tricks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements that nobody would put into the catalogue."""
    known = MappingProxyType({**postgres.STATEMENTS, **TRICKS})
    monkeypatch.setattr(postgres, "STATEMENTS", known)


@pytest.fixture
def sync_log(url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create table sync_log (updated_at timestamptz)")
        try:
            yield connection
        finally:
            connection.execute("drop table sync_log")


def test_a_server_that_is_alive(at: dict[str, Any]) -> None:
    reading = probed("postgres", at)
    assert said(reading) == "ok - - content"
    assert phases(reading) == "names connect first_byte"
    assert reading.total > 0


def test_a_clock_that_agrees_and_one_that_does_not(at: dict[str, Any]) -> None:
    spec = at | {"statement": "clock"}
    assert said(probed("postgres", spec)) == "ok - - content"
    for hours in (-1, 1):
        now = datetime.now(UTC) + timedelta(hours=hours)
        assert said(probed("postgres", spec, now=now)) == "warn clock_differs - content"


def test_the_newest_row_is_judged(at: dict[str, Any], sync_log: psycopg.Connection[Any]) -> None:
    spec = at | {"statement": "newest", "max_age": 600}
    assert said(probed("postgres", spec)) == "fail value_missing theirs content"
    sync_log.execute("insert into sync_log values (now() - interval '1 hour')")
    stale = probed("postgres", spec)
    assert said(stale) == "warn stale - content"
    assert 3_595 <= (stale.age or 0) <= 3_605
    sync_log.execute("insert into sync_log values (now() - interval '1 minute')")
    assert said(probed("postgres", spec)) == "ok - - content"


def test_without_the_table_the_contract_is_broken(at: dict[str, Any]) -> None:
    reading = probed("postgres", at | {"statement": "newest"})
    assert said(reading) == "fail statement_failed contract content"


@pytest.mark.usefixtures("tricks")
@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("writes", "fail statement_failed theirs content"),
        ("deletes", "fail statement_failed theirs content"),
        ("unknown", "fail statement_failed contract content"),
        ("nothing", "fail value_missing theirs content"),
        ("null", "fail value_missing theirs content"),
        ("words", "fail age_unreadable theirs content"),
        ("huge", "fail too_large theirs content"),
        ("empty", "fail statement_failed theirs content"),
        ("two", "warn clock_differs - content"),
    ],
)
def test_what_a_statement_gives(
    at: dict[str, Any], statement: str, expected: str, sync_log: psycopg.Connection[Any]
) -> None:
    sync_log.execute("insert into sync_log values (now())")
    assert said(probed("postgres", at | {"statement": statement})) == expected
    assert sync_log.execute("select count(*) from sync_log").fetchone() == (1,)
    assert sync_log.execute("select to_regclass('never')").fetchone() == (None,)


@pytest.mark.usefixtures("tricks")
def test_ten_million_rows_are_not_waited_for(at: dict[str, Any]) -> None:
    reading = probed("postgres", at | {"statement": "many"}, timeout=10)
    assert said(reading) == "warn clock_differs - content"
    assert reading.total < 5_000_000


@pytest.mark.usefixtures("tricks")
def test_a_statement_that_takes_too_long_is_ended_by_the_server(
    at: dict[str, Any], url: str
) -> None:
    reading = probed("postgres", at | {"statement": "sleeps"}, timeout=1)
    assert said(reading) == "fail statement_timed_out theirs content"
    assert reading.total < 1_000_000
    with psycopg.connect(url, autocommit=True) as connection:
        assert _sessions(connection) == 0


def _sessions(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute(
        "select count(*) from pg_stat_activity where application_name = 'progress-portal-probe'"
        " and state = 'active'"
    ).fetchone()
    assert row
    return int(row[0])


@pytest.mark.usefixtures("tricks")
def test_a_session_that_is_ended_in_the_middle(at: dict[str, Any], url: str) -> None:
    endpoint = prepare("postgres", at | {"statement": "sleeps"}, TRUSTING, timeout=20)
    assert isinstance(endpoint, Prepared)
    ended = (
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'progress-portal-probe' and state = 'active'"
    )
    with a_prober() as prober, psycopg.connect(url, autocommit=True) as connection:
        prober.hand_in(1, endpoint, Way(TESTS, NAMES), datetime.now(UTC))
        while not connection.execute(ended).fetchall():
            prober.loop.turn(0.01)
        prober.run_all()
        ((_, reading),) = prober.taken()
    assert said(reading) == "fail statement_failed theirs content"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"user": "nobody"}, "fail login_refused contract request"),
        ({"database": "nothing"}, "fail database_unknown contract request"),
        ({"database": "authentication failed"}, "fail database_unknown contract request"),
        ({"tls": "require"}, "fail not_tls theirs tls"),
        ({"tls": "verify-full"}, "fail not_tls theirs tls"),
    ],
)
def test_a_login_that_is_refused_says_why(
    at: dict[str, Any], change: dict[str, Any], expected: str
) -> None:
    assert said(probed("postgres", at | change)) == expected


def test_a_server_that_is_full_is_not_our_affair(at: dict[str, Any], url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create role crowded login connection limit 0")
        try:
            reading = probed("postgres", at | {"user": "crowded"})
        finally:
            connection.execute("drop role crowded")
    assert said(reading) == "fail database_refused theirs request"


def test_one_that_is_told_not_to_be_read_only_is_not_asked(at: dict[str, Any], url: str) -> None:
    """A server, or a pooler before it, that ignores what a session asks for at its start."""
    with psycopg.connect(url) as connection:
        major = connection.info.server_version // 10_000
    if major < 14:
        pytest.skip("PostgreSQL tells of it since version 14")
    parts = urlsplit(url)

    def without_options(serving: Serving, connection: Socket) -> None:
        first = connection.recv(65_536)
        assert b"default_transaction_read_only=on" in first
        changed = first.replace(
            b"default_transaction_read_only=on", b"default_transaction_read_only=no"
        )
        _relay(connection, changed, (str(parts.hostname), int(parts.port or 0)))

    with Serving(without_options) as between:
        reading = probed("postgres", at | {"host": between.host, "port": between.port})
    assert said(reading) == "config not_read_only - request"


def _relay(connection: Socket, first: bytes, to: tuple[str, int]) -> None:
    with socket.create_connection(to) as other, selectors.DefaultSelector() as selector:
        other.sendall(first)
        for one, two in ((connection, other), (other, connection)):
            selector.register(one, selectors.EVENT_READ, two)
        while True:
            for key, _ in selector.select(5):
                data = key.fileobj.recv(65_536)  # type: ignore[union-attr]
                if not data:
                    return
                key.data.sendall(data)


def there(port: int, **changes: Any) -> dict[str, Any]:
    spec = {"host": "127.0.0.1", "port": port, "database": "d", "user": "u", "tls": "disable"}
    return spec | changes


def test_nobody_there() -> None:
    with nobody() as port:
        assert said(probed("postgres", there(port))) == "fail refused theirs connect"
    with full() as port:
        reading = probed("postgres", there(port), timeout=SOON)
    assert said(reading) == "fail connect_timed_out network connect"
    assert phases(reading) == "names"


def test_the_next_address_is_tried(at: dict[str, Any]) -> None:
    names = Names((), hosts={"many.test": ("127.0.0.77", "127.0.0.78", str(at["host"]))})
    assert said(probed("postgres", at | {"host": "many.test"}, names=names)) == "ok - - content"
    names = Names((), hosts={"many.test": ("127.0.0.77", "127.0.0.78")})
    reading = probed("postgres", at | {"host": "many.test"}, names=names)
    assert said(reading) == "fail refused theirs connect"


def _long_row(serving: Serving, connection: Socket) -> None:
    """Lets everybody in, and answers with a row that never ends."""
    connection.recv(65_536)
    connection.sendall(b"R\0\0\0\x08\0\0\0\0" + b"Z\0\0\0\x05I")
    connection.recv(65_536)
    connection.sendall(b"T\0\0\0\x1a\0\x01a\0\0\0\0\0\0\0\0\0\0\x19\xff\xff\xff\xff\xff\xff\0\0")
    connection.sendall(b"D" + (1_000_000_000).to_bytes(4, "big"))
    while not serving.ended.is_set():
        connection.sendall(b"x" * 65_536)


def closes_after_a_word(serving: Serving, connection: Socket) -> None:
    connection.recv(9_999)


@pytest.mark.parametrize(
    ("talk", "tls", "expected"),
    [
        (hangs, "disable", "fail timed_out theirs request"),
        (hangs, "require", "fail tls_timed_out theirs tls"),
        (resets, "disable", "fail closed_without_answer theirs request"),
        (closes_after_a_word, "disable", "fail closed_without_answer theirs request"),
        (closes_after_a_word, "require", "fail closed_without_answer theirs request"),
    ],
)
def test_a_server_that_does_not_answer(talk: Talk, tls: str, expected: str) -> None:
    with Serving(talk) as server:
        reading = probed("postgres", there(server.port, tls=tls), timeout=SOON)
    assert said(reading) == expected
    assert phases(reading) == "names connect"


def test_an_http_server_is_no_postgresql() -> None:
    def talk(serving: Serving, connection: Socket) -> None:
        connection.recv(9_999)
        connection.sendall(http("hello"))
        connection.recv(9_999)

    with Serving(talk) as server:
        for tls, where in (("disable", "request"), ("require", "tls")):
            reading = probed("postgres", there(server.port, tls=tls))
            assert said(reading) == "fail not_postgres theirs request", where


def test_a_row_without_end_does_not_fill_our_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with Serving(_long_row) as server:
        reading = probed("postgres", there(server.port), timeout=1)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert said(reading) in {
        "fail too_large theirs content",
        "fail timed_out theirs request",
        "fail answer_cut_off theirs request",
    }
    assert grown < 200_000, f"{grown} kB"


@pytest.fixture(scope="module")
def locked() -> Iterator[LockedPostgreSQL]:
    try:
        with LockedPostgreSQL() as server:
            yield server
    except NoServer as error:
        pytest.skip(f"no PostgreSQL with TLS: {error}")


def login(locked: LockedPostgreSQL, **changes: Any) -> dict[str, Any]:
    parts = urlsplit(locked.url)
    spec = {"host": "127.0.0.1", "port": parts.port, "database": "portal", "user": "portal"}
    return spec | changes


def knowing(word: str = PASSWORD, host: str = "127.0.0.1", authorities: str = "") -> Given:
    secret = Secret("database", host, word.encode())
    return Given(authorities=authorities or trusted(), secret=secret)


def test_tls_and_a_password(locked: LockedPostgreSQL) -> None:
    reading = probed("postgres", login(locked), knowing())
    assert said(reading) == "ok - - content"
    assert phases(reading) == "names connect tls first_byte"
    for tls in ("require", "disable"):
        assert said(probed("postgres", login(locked, tls=tls), knowing())) == "ok - - content"


@pytest.mark.parametrize("tls", ["verify-full", "require", "disable"])
@pytest.mark.parametrize("given", [knowing("wrong"), TRUSTING], ids=["wrong", "none"])
def test_a_password_that_is_wrong_or_missing(
    locked: LockedPostgreSQL, given: Given, tls: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies about for the portal's own database is shown to nobody."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    monkeypatch.setenv("PGUSER", "portal")
    reading = probed("postgres", login(locked, tls=tls), given)
    assert said(reading) == "fail login_refused contract request"


def test_a_password_file_of_the_machine_is_not_read(
    locked: LockedPostgreSQL, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "pgpass"
    word = PASSWORD.replace("\\", "\\\\")
    path.write_text(f"*:*:*:*:{word}\n")
    path.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(path))
    spec = login(locked)
    with psycopg.connect(host=spec["host"], port=spec["port"], dbname="portal", user="portal"):
        pass  # it would let us in
    assert said(probed("postgres", spec, TRUSTING)) == "fail login_refused contract request"


@pytest.mark.parametrize(
    ("host", "authorities", "expected"),
    [
        ("service.test", trusted(), "ok - - content"),
        ("other.test", trusted(), "fail certificate_name theirs tls"),
    ],
)
def test_the_certificate_of_the_server_is_verified(
    locked: LockedPostgreSQL, host: str, authorities: str, expected: str
) -> None:
    names = Names((), hosts=HOSTS | {"other.test": ("127.0.0.1",)})
    given = Given(authorities=authorities, secret=Secret("database", host, PASSWORD.encode()))
    reading = probed("postgres", login(locked, host=host), given, names=names)
    assert said(reading) == expected


def test_without_authorities_of_the_zone_those_of_the_system_count(
    locked: LockedPostgreSQL, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "authorities.pem"
    path.write_text(trusted())
    given = Given(secret=Secret("database", "127.0.0.1", PASSWORD.encode()))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    assert said(probed("postgres", login(locked), given)) == "ok - - content"
    path.write_text(authority("Somebody").pem.decode())
    reading = probed("postgres", login(locked), given)
    assert said(reading) == "fail certificate_untrusted theirs tls"


def test_a_certificate_of_another_authority_is_not_trusted() -> None:
    strange = server_context(leaf("127.0.0.1", issuer="Somebody"))

    def talk(serving: Serving, connection: Socket) -> None:
        connection.recv(8)
        connection.sendall(b"S")
        strange.wrap_socket(connection, server_side=True)

    with Serving(talk) as server:
        reading = probed("postgres", there(server.port, tls="verify-full"))
    assert said(reading) == "fail certificate_untrusted theirs tls"


@pytest.mark.parametrize(
    ("secret", "reason"),
    [
        (Secret("database", "elsewhere.test", b"x"), "credential_for_another_host"),
        (Secret("bearer", "127.0.0.1", b"x"), "credential_of_another_kind"),
        (Secret("database", "127.0.0.1", b"\xff"), "credential_unreadable"),
        (Secret("database", "127.0.0.1", b"a\0b"), "credential_unreadable"),
    ],
)
def test_a_password_that_must_not_be_sent(secret: Secret, reason: str) -> None:
    with Serving(hangs) as canary:
        reading: Reading = probed("postgres", there(canary.port), Given(secret=secret))
    assert said(reading) == f"config {reason} - name"
    assert canary.accepted == 0
