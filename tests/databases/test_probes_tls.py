"""TLS against a real handshake: what is wrong with their certificate, and what they say of ours."""

import socket
import ssl
from datetime import UTC, datetime, timedelta

import pytest

from databases.probes.prober import Unprepared, prepare
from databases.probes.reading import Reading
from databases.probes.surroundings import Given, Secret
from databases.probes.tls import context
from tests.databases.probe_attempts import SOON, TRUSTING, phases, probed, said
from tests.databases.probe_authority import AUTHORITY, HERE, Issued, leaf, trusted
from tests.databases.probe_servers import (
    Serving,
    Socket,
    Talk,
    hangs,
    http,
    request_of,
    resets,
    resets_at_once,
    says,
    server_context,
)

OK = says(http("ok"))
SERVER_CERTIFICATES: dict[str, tuple[Issued, str]] = {
    "fine": (leaf(*HERE), "ok - -"),
    "expired": (leaf(*HERE, begins=-20, ends=-1), "fail certificate_expired theirs"),
    "not yet valid": (leaf(*HERE, begins=5), "fail certificate_not_yet_valid theirs"),
    "of another name": (leaf("elsewhere.test"), "fail certificate_name theirs"),
    "of another address": (leaf("127.0.0.9"), "fail certificate_name theirs"),
    # An address in the common name, or as a name, vouches for no address.
    "with the address as a name": (leaf("127.0.0.1.test"), "fail certificate_name theirs"),
    "without any name": (leaf(), "fail certificate_name theirs"),
    "of an unknown authority": (
        leaf(*HERE, issuer="Somebody"),
        "fail certificate_untrusted theirs",
    ),
    "signed by itself": (leaf(*HERE, issuer=None), "fail certificate_self_signed theirs"),
}


@pytest.mark.parametrize("kind", ["tls", "http"])
@pytest.mark.parametrize(
    ("shown", "expected"), SERVER_CERTIFICATES.values(), ids=SERVER_CERTIFICATES
)
def test_what_is_wrong_with_their_certificate_is_told(
    shown: Issued, expected: str, kind: str
) -> None:
    with Serving(OK, tls=server_context(shown)) as server:
        spec: dict[str, object] = {"host": "127.0.0.1", "port": server.port}
        reading = probed(kind, spec if kind == "tls" else {"url": server.url})
    success = "tls" if kind == "tls" else "request"
    assert said(reading) == f"{expected} {'tls' if reading.reason else success}"
    if reading.reason:
        assert phases(reading) == "names connect"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_certificate_may_vouch_for_an_address(host: str) -> None:
    with Serving(OK, host=host, tls=server_context()) as server:
        reading = probed("tls", {"host": host, "port": server.port})
    assert said(reading) == "ok - - tls"
    assert phases(reading) == "names connect tls"


def test_the_name_that_is_checked_is_the_one_that_is_sent() -> None:
    sent: list[str | None] = []
    serving = server_context()
    serving.sni_callback = lambda secured, name, context: sent.append(name)
    with Serving(OK, tls=serving) as server:
        spec = {"host": "127.0.0.1", "port": server.port, "name": "Service.Test."}
        assert said(probed("tls", spec)) == "ok - - tls"
        assert said(probed("http", {"url": f"https://service.test:{server.port}"})) == (
            "ok - - request"
        )
    assert sent == ["service.test", "service.test"]


@pytest.mark.parametrize(
    ("ends", "expected", "left"),
    [
        (31.5, "ok - - tls", 31),
        (29.5, "warn certificate_ends - tls", 29),
        (6.5, "fail certificate_ends theirs tls", 6),
    ],
)
def test_the_days_that_are_left_are_counted(ends: float, expected: str, left: int) -> None:
    with Serving(OK, tls=server_context(leaf(*HERE, ends=ends))) as server:
        reading = probed("tls", {"host": "127.0.0.1", "port": server.port})
    assert said(reading) == expected
    assert reading.days_left == left


def test_http_warns_of_a_certificate_that_ends_and_goes_on() -> None:
    with Serving(OK, tls=server_context(leaf(*HERE, ends=6.5))) as server:
        reading = probed("http", {"url": server.url})
        careless = probed("http", {"url": server.url, "warn_days": 0})
    assert said(reading) == "warn certificate_ends - request"
    assert reading.status == 200
    assert said(careless) == "ok - - request"


def hears_and_closes(serving: Serving, connection: Socket) -> None:
    connection.recv(4_096)
    connection.shutdown(socket.SHUT_WR)


def speaks_http(serving: Serving, connection: Socket) -> None:
    connection.recv(4_096)
    connection.sendall(http("no TLS here"))
    connection.recv(4_096)


@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        (hangs, "fail tls_timed_out theirs tls"),
        (resets, "fail reset theirs tls"),
        (resets_at_once, "fail reset theirs"),
        (hears_and_closes, "fail tls_failed theirs tls"),
        (speaks_http, "fail not_tls theirs tls"),
    ],
)
def test_a_handshake_that_fails_says_how(talk: Talk, expected: str) -> None:
    with Serving(talk) as server:
        reading = probed("tls", {"host": "127.0.0.1", "port": server.port}, timeout=SOON)
    assert said(reading).startswith(expected)
    assert reading.tls is None


@pytest.mark.parametrize("version", ["TLSv1_2", "TLSv1_3"])
def test_both_versions_are_spoken(version: str) -> None:
    with Serving(OK, tls=server_context(version=version)) as server:
        assert said(probed("http", {"url": server.url})) == "ok - - request"


@pytest.mark.parametrize("version", ["TLSv1_2", "TLSv1_3"])
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nokay", "ok - - content"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nokay", "fail answer_cut_off theirs request"),
        (b"HTTP/1.1 200 OK\r\nContent-", "fail not_http theirs request"),
        (b"", "fail closed_without_answer theirs request"),
    ],
)
def test_who_hangs_up_without_a_word_has_ended(version: str, answer: bytes, expected: str) -> None:
    """No server that is asked to close says farewell as TLS demands it."""
    with Serving(says(answer), tls=server_context(version=version)) as server:
        reading = probed("http", {"url": server.url, "contains": "okay"})
    assert said(reading) == expected


def test_who_closes_only_its_own_half_is_read_to_the_end() -> None:
    def talk(serving: Serving, connection: Socket) -> None:
        request_of(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nokay")
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(10)
        connection.recv(1)

    with Serving(talk) as server:
        reading = probed("http", {"url": server.url, "contains": "okay"}, timeout=SOON)
    assert said(reading) == "ok - - content"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
def test_an_old_version_is_not_spoken() -> None:
    demanding = server_context(version="TLSv1_1")
    demanding.set_ciphers("ALL:@SECLEVEL=0")
    with Serving(OK, tls=demanding) as server:
        reading = probed("tls", {"host": "127.0.0.1", "port": server.port})
    assert said(reading) == "fail tls_version contract tls"


OURS = leaf()


def shown(issued: Issued, host: str = "127.0.0.1") -> Given:
    secret = Secret("client_certificate", host, issued.with_key())
    return Given(authorities=trusted(), secret=secret)


CLIENTS: list[tuple[str, Given, str]] = [
    ("TLSv1_3", shown(OURS), "ok - -"),
    ("TLSv1_2", shown(OURS), "ok - -"),
    ("TLSv1_3", TRUSTING, "fail client_certificate_missing contract tls"),
    ("TLSv1_2", TRUSTING, "fail tls_failed theirs tls"),  # TLS 1.2 does not say why
    ("TLSv1_3", shown(leaf(issuer="Somebody")), "fail client_certificate_refused contract tls"),
    ("TLSv1_2", shown(leaf(issuer="Somebody")), "fail client_certificate_refused contract tls"),
    ("TLSv1_3", shown(leaf(begins=-9, ends=-1)), "fail client_certificate_refused contract tls"),
    ("TLSv1_2", shown(leaf(begins=-9, ends=-1)), "fail client_certificate_refused contract tls"),
]


@pytest.mark.parametrize(("version", "given", "expected"), CLIENTS)
def test_what_they_say_of_our_certificate_is_told(
    version: str, given: Given, expected: str
) -> None:
    demanding = server_context(callers=AUTHORITY, version=version)
    for _ in range(5):
        with Serving(OK, tls=demanding) as server:
            reading = probed("http", {"url": server.url}, given)
        assert said(reading).startswith(expected)


@pytest.mark.parametrize("version", ["TLSv1_2", "TLSv1_3"])
def test_the_kind_tls_hears_that_our_certificate_is_refused(version: str) -> None:
    demanding = server_context(callers=AUTHORITY, version=version)
    refused, taken = shown(leaf(issuer="Somebody")), shown(OURS)
    with Serving(hangs, tls=demanding) as server:
        spec = {"host": "127.0.0.1", "port": server.port}
        assert said(probed("tls", spec, refused)) == "fail client_certificate_refused contract tls"
        assert said(probed("tls", spec, taken)) == "ok - - tls"


def test_the_kind_tls_does_not_wait_long_for_a_refusal_that_does_not_come() -> None:
    demanding = server_context(callers=AUTHORITY, version="TLSv1_3")
    demanding.num_tickets = 0
    with Serving(hangs, tls=demanding) as server:
        reading = probed("tls", {"host": "127.0.0.1", "port": server.port}, shown(OURS))
    assert said(reading) == "ok - - tls"
    assert reading.total < 2_000_000


def test_the_end_of_our_own_certificate_is_a_warning() -> None:
    with Serving(OK, tls=server_context()) as server:
        spec = {"host": "127.0.0.1", "port": server.port}
        reading = probed("tls", spec, shown(leaf(ends=10.5)))
    assert said(reading) == "warn own_certificate_ends - tls"


UNREADABLE: dict[str, tuple[Given, str]] = {
    "authorities": (Given(authorities="nonsense"), "authorities_unreadable"),
    "authorities in other letters": (Given(authorities="chứng thư"), "authorities_unreadable"),
    "certificate": (
        Given(secret=Secret("client_certificate", "127.0.0.1", b"nonsense")),
        "certificate_unreadable",
    ),
    "no key": (
        Given(secret=Secret("client_certificate", "127.0.0.1", OURS.pem)),
        "certificate_unreadable",
    ),
    "key of another": (
        Given(
            secret=Secret("client_certificate", "127.0.0.1", leaf("x.test").pem + OURS.with_key())
        ),
        "certificate_unreadable",
    ),
    # OpenSSL would ask the terminal for the password, and everybody would wait.
    "locked key": (
        Given(secret=Secret("client_certificate", "127.0.0.1", OURS.with_key(b"word"))),
        "certificate_unreadable",
    ),
}


@pytest.mark.parametrize(("given", "reason"), UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("kind", ["tls", "http"])
def test_papers_that_cannot_be_read_are_our_own_affair(
    given: Given, reason: str, kind: str
) -> None:
    with Serving(OK, tls=server_context()) as server:
        at: dict[str, object] = {"host": server.host, "port": server.port}
        reading = probed(kind, at if kind == "tls" else {"url": server.url}, given)
    assert said(reading).startswith(f"config {reason} -")


def test_our_certificate_is_shown_to_its_own_host_only() -> None:
    given = shown(OURS, host="elsewhere.test")
    for kind, spec in (
        ("tls", {"host": "127.0.0.1", "port": 443}),
        ("http", {"url": "https://127.0.0.1/"}),
    ):
        found = prepare(kind, dict(spec), given, timeout=1)
        assert found == Unprepared("credential_for_another_host")


def test_ages_of_certificates_are_held_against_the_instant_that_is_told() -> None:
    with Serving(OK, tls=server_context()) as server:
        later = datetime.now(UTC) + timedelta(days=350)
        spec = {"host": "127.0.0.1", "port": server.port}
        reading: Reading = probed("tls", spec, now=later)
    assert said(reading) == "warn certificate_ends - tls"


def test_tls_is_verified_by_default_and_never_below_1_2() -> None:
    made = context(trusted())
    assert made.verify_mode == ssl.CERT_REQUIRED
    assert made.check_hostname
    assert made.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context(trusted()) is made
