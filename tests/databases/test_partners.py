"""Does the real probe see of every stand-in what it stands for?"""

import socket
import ssl
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from databases.partners import answers
from databases.partners.answers import Request
from databases.partners.name_server import DOMAIN
from databases.partners.roster import BEHAVIOR_WORDS, HOST, LABEL, ROSTER, Behavior, ports
from databases.probes.kinds.postgres import STATEMENTS
from databases.probes.surroundings import Secret
from databases.rules.track import Blame, Depth, Result
from tests.databases.running_stand_ins import Running, free_ports, happens, running
from tests.processes import on_postgresql

pytestmark = pytest.mark.skipif(
    on_postgresql(), reason="the stand-ins know no database; the run on SQLite has tried them"
)
OK: dict[str, Any] = {"json": {"$.status": "ok"}}
FRESH = {**OK, "age": "$.newest", "max_age": 600}
NOW = datetime(2025, 11, 18, 8, 0, tzinfo=UTC)
LOGIN = {"database": "sync", "user": "portal_probe", "tls": "disable"}


@pytest.fixture(scope="module")
def stand_ins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("var"), free_ports()) as begun:
        yield begun


@pytest.mark.parametrize("code", ["GL-MOC-1", "GL-MOC-3", "GL-12-1"])
def test_a_healthy_one_answers_json_over_https(stand_ins: Running, code: str) -> None:
    reading = stand_ins.probed("http", stand_ins.url(code) | OK)
    assert (reading.result, reading.status, reading.depth) == (Result.OK, 200, Depth.CONTENT)


@pytest.mark.parametrize("code", ["GL-01", "GL-10"])
def test_a_fresh_one_tells_of_data_of_a_moment_ago(stand_ins: Running, code: str) -> None:
    reading = stand_ins.probed("http", stand_ins.url(code) | FRESH)
    assert reading.result is Result.OK
    assert reading.age is not None
    assert answers.LAG.seconds - 1 <= reading.age < 600


def test_a_stale_one_answers_with_data_of_days_ago(stand_ins: Running) -> None:
    reading = stand_ins.probed("http", stand_ins.url("GL-09") | FRESH)
    assert (reading.result, reading.reason) == (Result.WARN, "stale")
    assert reading.age is not None
    assert reading.age >= answers.STALE.total_seconds() - 1


def test_a_slow_one_answers_later_than_agreed(stand_ins: Running) -> None:
    reading = stand_ins.probed("http", stand_ins.url("GL-06") | FRESH | {"slow": 1_000})
    assert (reading.result, reading.reason) == (Result.WARN, "slow")
    assert reading.total >= answers.DELAY * 1e6


def test_a_failing_one_answers_with_status_500(stand_ins: Running) -> None:
    reading = stand_ins.probed("http", stand_ins.url("GL-05") | OK)
    assert (reading.result, reading.reason) == (Result.FAIL, "status_500")
    assert (reading.blame, reading.status) == (Blame.THEIRS, 500)


def test_a_hanging_one_takes_the_connection_and_never_answers(stand_ins: Running) -> None:
    reading = stand_ins.probed("http", stand_ins.url("GL-07") | OK, timeout=0.5)
    assert (reading.result, reading.reason) == (Result.FAIL, "tls_timed_out")
    assert (reading.blame, reading.depth) == (Blame.THEIRS, Depth.TLS)


def test_a_flapping_one_answers_or_fails_as_the_clock_says(stand_ins: Running) -> None:
    before = answers.is_failing(datetime.now(UTC))
    reading = stand_ins.probed("http", stand_ins.url("GL-08") | OK)
    if before == answers.is_failing(datetime.now(UTC)):
        expected = (Result.FAIL, "status_503") if before else (Result.OK, "")
        assert (reading.result, reading.reason) == expected


def test_one_that_flaps_does_both_within_every_minute() -> None:
    minute = [NOW + timedelta(seconds=n) for n in range(60)]
    told = [answers.answer(Behavior.FLAPPING, Request("GET", "/"), at).status for at in minute]
    assert (told.count(200), told.count(503)) == (30, 30)


def test_one_that_demands_our_certificate_lets_us_in_with_it(stand_ins: Running) -> None:
    spec = stand_ins.url("GL-04-XT") | OK
    assert stand_ins.probed("http", spec, stand_ins.certificate()).result is Result.OK


def test_one_that_demands_our_certificate_refuses_us_without_it(stand_ins: Running) -> None:
    reading = stand_ins.probed("http", stand_ins.url("GL-04-XT") | OK)
    assert (reading.result, reading.reason) == (Result.FAIL, "client_certificate_missing")
    assert reading.blame is Blame.CONTRACT


def test_a_certificate_of_somebody_else_is_refused(stand_ins: Running, tmp_path: Any) -> None:
    with running(tmp_path, free_ports()) as others:
        reading = stand_ins.probed("http", stand_ins.url("GL-04-XT") | OK, others.certificate())
    assert (reading.result, reading.reason) == (Result.FAIL, "client_certificate_refused")
    assert reading.blame is Blame.CONTRACT


def test_the_certificate_of_a_stand_in_is_valid_for_years(stand_ins: Running) -> None:
    reading = stand_ins.probed("tls", stand_ins.address("GL-02"))
    assert reading.result is Result.OK
    assert reading.days_left is not None
    assert reading.days_left > 365


def test_the_fhir_server_says_what_it_can_do(stand_ins: Running) -> None:
    spec = stand_ins.url("GL-02", "/fhir/metadata") | {"version": "4.0", "resources": ["Patient"]}
    assert stand_ins.probed("fhir", spec).result is Result.OK
    reading = stand_ins.probed("fhir", spec | {"version": "5."})
    assert (reading.reason, reading.blame) == ("fhir_version_differs", Blame.CONTRACT)


def test_the_fhir_server_knows_no_other_page(stand_ins: Running) -> None:
    assert stand_ins.probed("fhir", stand_ins.url("GL-02", "/fhir/Patient")).reason == "status_404"


def test_the_soap_service_shows_its_wsdl_and_answers_an_empty_call(stand_ins: Running) -> None:
    assert stand_ins.probed("soap", stand_ins.url("GL-03", "/service?wsdl")).result is Result.OK
    called = stand_ins.url("GL-03", "/service") | {"action": "Ping"}
    assert stand_ins.probed("soap", called).result is Result.OK


@pytest.mark.parametrize("statement", STATEMENTS)
def test_postgresql_answers_every_statement_of_the_catalogue(
    stand_ins: Running, statement: str
) -> None:
    spec = stand_ins.address("GL-04") | LOGIN | {"statement": statement}
    reading = stand_ins.probed("postgres", spec, stand_ins.password())
    assert (reading.result, reading.reason, reading.depth) == (Result.OK, "", Depth.CONTENT)
    assert (reading.age is not None) == (statement == "newest")


def test_postgresql_refuses_another_password(stand_ins: Running) -> None:
    spec = stand_ins.address("GL-04") | LOGIN
    reading = stand_ins.probed("postgres", spec, Secret("database", HOST, b"guessed"))
    assert (reading.result, reading.reason) == (Result.FAIL, "login_refused")


def test_postgresql_has_no_tls(stand_ins: Running) -> None:
    spec = stand_ins.address("GL-04") | LOGIN | {"tls": "require"}
    reading = stand_ins.probed("postgres", spec, stand_ins.password())
    assert (reading.result, reading.reason) == (Result.FAIL, "not_tls")


@pytest.mark.parametrize("code", ["GL-MOC-2", "GL-12-2"])
def test_an_open_port_takes_the_connection(stand_ins: Running, code: str) -> None:
    reading = stand_ins.probed("tcp", stand_ins.address(code))
    assert (reading.result, reading.depth) == (Result.OK, Depth.CONNECT)


def test_the_name_server_gives_the_agreed_answer(stand_ins: Running) -> None:
    spec = {"name": f"dich-vu.{DOMAIN}", "expected": [HOST]}
    assert stand_ins.probed("dns", spec).result is Result.OK
    assert stand_ins.probed("dns", spec | {"name": "elsewhere.test"}).reason == "name_unknown"
    assert stand_ins.probed("dns", {"name": DOMAIN, "type": "MX"}).reason == "name_without_record"


def test_every_answer_says_that_it_comes_from_a_stand_in() -> None:
    for behavior in set(Behavior) - {Behavior.POSTGRES, Behavior.TCP, Behavior.HANGING}:
        for request in (Request("GET", "/metadata"), Request("POST", "/"), Request("GET", "/")):
            said = answers.answer(behavior, request, NOW).encoded()
            assert LABEL.encode() in said, (behavior, request)


def test_every_behavior_has_a_stand_in_with_a_port_of_its_own() -> None:
    assert {s.behavior for s in ROSTER.values()} == set(Behavior) == set(BEHAVIOR_WORDS)
    listening = [s.port(8440) for s in ROSTER.values() if s.offset is not None]
    assert sorted(listening) == list(ports(8440))


def _reset(port: int, data: bytes) -> None:
    """Send and break off, as a client that was killed does."""
    with socket.create_connection((HOST, port), timeout=5) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.sendall(data)


def _careless() -> ssl.SSLContext:
    """That looks at no certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _quarrel(port: int, data: bytes, context: ssl.SSLContext | None) -> None:
    """Send it, over TLS where that is spoken, and hang up."""
    with socket.create_connection((HOST, port), timeout=5) as client:
        try:
            with context.wrap_socket(client) if context else client as spoken:
                spoken.sendall(data)
        except OSError:
            pass  # it hung up first


SPEAK_NO_TLS = {Behavior.POSTGRES, Behavior.TCP, Behavior.HANGING}
GARBAGE = [
    b"",
    b"\0" * 100,
    b"\xff" * 40_000,
    b"GET / HTTP/1.1\r\n",
    b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\nx",
    b"PUT\r\n\r\n",
    struct.pack("!ii", 8, 80_877_103) * 9,
    struct.pack("!ii", 2**31 - 1, 196_608),
    struct.pack("!ii", 8, 131_072),
]


def test_a_bad_client_ends_no_stand_in(stand_ins: Running) -> None:
    context = _careless()
    for stand_in in ROSTER.values():
        if stand_in.offset is None or stand_in.behavior is Behavior.NAME_SERVER:
            continue
        for data in GARBAGE:
            port = stand_in.port(stand_ins.first)
            _reset(port, data)
            _quarrel(port, data, None)
            if stand_in.behavior not in SPEAK_NO_TLS:
                _quarrel(port, data, context)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for data in GARBAGE:
            sender.sendto(data[:1_000], (HOST, ROSTER["GL-TEN"].port(stand_ins.first)))
    assert stand_ins.process.poll() is None
    test_the_name_server_gives_the_agreed_answer(stand_ins)
    test_postgresql_answers_every_statement_of_the_catalogue(stand_ins, "alive")
    test_the_soap_service_shows_its_wsdl_and_answers_an_empty_call(stand_ins)
    test_one_that_demands_our_certificate_lets_us_in_with_it(stand_ins)


def test_a_stand_in_that_is_stopped_refuses_connections_until_it_is_started(
    stand_ins: Running,
) -> None:
    spec = stand_ins.url("GL-01") | FRESH
    assert stand_ins.probed("http", spec).result is Result.OK
    assert "GL-01" in stand_ins.switch("--stop", "GL-01")
    assert happens(lambda: stand_ins.probed("http", spec).reason == "refused") < 1
    assert stand_ins.probed("http", stand_ins.url("GL-10") | FRESH).result is Result.OK
    assert "GL-01" in stand_ins.switch("--start", "GL-01")
    assert happens(lambda: stand_ins.probed("http", spec).result is Result.OK) < 1
