"""Names, asked of a real name server: what is kept, what is believed, and what is waited for."""

from contextlib import ExitStack
from pathlib import Path

import dns.message
import dns.rcode
import dns.rdatatype
import pytest
from hypothesis import given, strategies as st

from databases.probes import names as names_module
from databases.probes.names import Names, _message, hosts_file, literal, system_servers
from tests.databases.probe_attempts import SOON, probed, said
from tests.databases.probe_name_server import Answer, NameServer, records, silent
from tests.databases.probe_servers import Serving, hangs


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names_module, "PATIENCE", 0.3)
    monkeypatch.setattr(names_module, "PATIENCE_AFTER_ONE", 0.15)


NXDOMAIN = records(rcode=dns.rcode.NXDOMAIN)
SERVFAIL = records(rcode=dns.rcode.SERVFAIL)


def of_another(asked: dns.message.Message) -> list[bytes]:
    """The answer to a question that nobody asked, and garbage; then the true one."""
    stranger = dns.message.make_query("elsewhere.test", "A")
    forged = dns.message.from_wire(records("A 127.0.0.2")(asked)[0])
    forged.id ^= 1
    return [
        b"\x00",
        b"garbage" * 20,
        records("A 127.0.0.2")(stranger)[0],
        forged.to_wire(),
        asked.to_wire(),
        *records("A 127.0.0.1")(asked),
    ]


def through_an_alias(asked: dns.message.Message) -> list[bytes]:
    said = dns.message.make_response(asked)
    name = asked.question[0].name
    said.answer.append(dns.rrset.from_text(name, 5, "IN", "CNAME", "real.test."))
    if asked.question[0].rdtype == dns.rdatatype.A:
        said.answer.append(dns.rrset.from_text("real.test.", 5, "IN", "A", "127.0.0.1"))
    return [said.to_wire()]


def only_four(asked: dns.message.Message) -> list[bytes]:
    """As some name servers do, it never answers for the other kind of address."""
    return records("A 127.0.0.1")(asked) if asked.question[0].rdtype == 1 else []


def fails_for_six(asked: dns.message.Message) -> list[bytes]:
    return (records("A 127.0.0.1") if asked.question[0].rdtype == 1 else SERVFAIL)(asked)


ANSWERS: dict[str, tuple[Answer, str]] = {
    "four": (records("A 127.0.0.1"), "ok - - connect"),
    "both": (records("A 127.0.0.1", "AAAA ::1"), "ok - - connect"),
    "an alias": (through_an_alias, "ok - - connect"),
    "strangers in between": (of_another, "ok - - connect"),
    "no answer for six": (only_four, "ok - - connect"),
    "a failure for six": (fails_for_six, "ok - - connect"),
    "unknown": (NXDOMAIN, "fail name_unknown theirs name"),
    "no address": (records("TXT x"), "fail name_without_address theirs name"),
    "server failure": (SERVFAIL, "fail name_server_failed theirs name"),
    "refused": (records(rcode=dns.rcode.REFUSED), "fail name_server_failed theirs name"),
    "silence": (silent, "fail name_timed_out network name"),
}


@pytest.mark.parametrize(("answer", "expected"), ANSWERS.values(), ids=ANSWERS)
def test_a_name_is_resolved_or_it_is_said_why_not(answer: Answer, expected: str) -> None:
    with Serving(hangs) as server, NameServer(answer) as name_server:
        spec = {"host": "it.test", "port": server.port}
        reading = probed("tcp", spec, names=name_server.names())
    assert said(reading) == expected
    assert (reading.names is None) == expected.startswith("fail")


def test_a_name_server_that_is_silent_is_followed_by_the_next() -> None:
    with Serving(hangs) as server, NameServer(records("A 127.0.0.1")) as name_server:
        for first in ("127.0.0.9", "not-an-address", "::1"):
            names = name_server.names(first, "127.0.0.1")
            reading = probed("tcp", {"host": "it.test", "port": server.port}, names=names)
            assert said(reading) == "ok - - connect"


def test_one_that_fails_is_followed_by_the_next_and_one_that_knows_is_not() -> None:
    for answer, asked in ((SERVFAIL, 4), (NXDOMAIN, 2)):
        with NameServer(answer) as name_server:
            names = name_server.names("127.0.0.1", "127.0.0.1")
            probed("tcp", {"host": "it.test", "port": 1}, names=names)
            assert len(name_server.asked) == asked


def test_without_a_name_server_we_are_blind() -> None:
    for names in (Names(()), Names(("dns.example",))):
        reading = probed("tcp", {"host": "it.test", "port": 1}, names=names)
        assert said(reading) == "blind no_name_server - name"


def test_the_time_of_the_attempt_ends_the_wait_for_names() -> None:
    with NameServer(silent) as name_server:
        names = name_server.names(*["127.0.0.1"] * 50)
        reading = probed("tcp", {"host": "it.test", "port": 1}, names=names, timeout=SOON)
    assert said(reading) == "fail name_timed_out network name"
    assert reading.total < 1_000_000


@pytest.mark.parametrize(("ttl", "questions"), [(60, 2), (0, 4)])
def test_an_answer_is_kept_as_long_as_it_says(ttl: int, questions: int) -> None:
    with Serving(hangs) as server, NameServer(records("A 127.0.0.1", ttl=ttl)) as name_server:
        names = name_server.names()
        for name in ("it.test", "IT.test."):
            reading = probed("tcp", {"host": name, "port": server.port}, names=names)
            assert said(reading) == "ok - - connect"
    assert len(name_server.asked) == questions


def test_what_is_kept_is_bounded() -> None:
    names = Names(())
    for number in range(10_000):
        names._keep(f"{number}.test", ("127.0.0.1",), 30)
    assert len(names._kept) <= 4_096


def test_an_answer_that_is_cut_is_asked_for_again_over_tcp() -> None:
    many = records(*(f"A 127.0.0.{n}" for n in range(1, 255)))
    with ExitStack() as stack:
        # In whatever order they come.
        server = stack.enter_context(Serving(hangs, host="0.0.0.0"))
        cut = NameServer(records("A 127.0.0.9", cut=True), over_tcp=many)
        name_server = stack.enter_context(cut)
        names = name_server.names()
        spec = {"host": "it.test", "port": server.port}
        assert said(probed("tcp", spec, names=names)) == "ok - - connect"
        name_server.over_tcp = None
        reading = probed("tcp", {"host": "other.test", "port": server.port}, names=names)
    assert said(reading) == "fail name_without_address theirs name"


def test_the_hosts_file_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "hosts"
    path.write_text("127.0.0.1 It.test alias # x\n\n# no\n::1 it.test\n127.0.0.2\n")
    hosts = hosts_file(path)
    assert hosts == {"it.test": ("127.0.0.1", "::1"), "alias": ("127.0.0.1",)}
    with Serving(hangs) as server, NameServer(silent) as name_server:
        names = Names(("127.0.0.1",), hosts, name_server.port)
        reading = probed("tcp", {"host": "it.test", "port": server.port}, names=names)
        assert said(reading) == "ok - - connect"
    assert name_server.asked == []


def test_the_name_servers_of_the_system_are_read(tmp_path: Path) -> None:
    path = tmp_path / "resolv.conf"
    path.write_text("search x\nnameserver 10.0.0.53\nnameserver ::1\n;nameserver 9.9.9.9\n")
    assert system_servers(path) == ("10.0.0.53", "::1")
    assert system_servers(tmp_path / "none") == ()
    assert hosts_file(tmp_path / "none") == {}


@pytest.mark.parametrize(
    ("host", "address"),
    [("10.0.0.1", "10.0.0.1"), ("[::1]", "::1"), ("2001:DB8::1", "2001:db8::1"), ("a.test", None)],
)
def test_a_literal_is_an_address_already(host: str, address: str | None) -> None:
    assert literal(host) == address


@given(st.binary(max_size=300))
def test_any_datagram_is_a_message_or_none(data: bytes) -> None:
    """Nobody can send what ends a probe with an exception of ours."""
    for tried in (data, b"\x00\x01\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00" + data):
        found = _message(tried)
        assert found is None or found.rcode() >= 0


RECORDS = records(
    "A 10.0.0.1",
    "A 10.0.0.2",
    "AAAA 2001:db8::1",
    "MX 10 Mail.test.",
    "NS ns1.test.",
    'TXT "v=one two" "three"',
    "CNAME real.test.",
)
EXPECTED = [
    ({}, "ok - - name"),
    ({"expected": ["10.0.0.2"]}, "ok - - name"),
    ({"expected": ["10.0.0.1", "10.0.0.2"]}, "ok - - name"),
    ({"expected": ["10.0.0.3"]}, "fail name_differs theirs name"),
    ({"type": "AAAA", "expected": ["2001:DB8:0::1"]}, "ok - - name"),
    ({"type": "MX", "expected": ["10 mail.test"]}, "ok - - name"),
    ({"type": "MX", "expected": ["10 mail.test."]}, "ok - - name"),
    ({"type": "MX", "expected": ["20 mail.test"]}, "fail name_differs theirs name"),
    ({"type": "NS", "expected": ["NS1.test"]}, "ok - - name"),
    ({"type": "CNAME", "expected": ["real.test"]}, "ok - - name"),
    ({"type": "TXT", "expected": ["v=one twothree"]}, "ok - - name"),
    ({"type": "TXT", "expected": ['"v=one twothree"']}, "ok - - name"),
    ({"type": "TXT", "expected": ["V=one"]}, "fail name_differs theirs name"),
]


@pytest.mark.parametrize(("more", "expected"), EXPECTED)
def test_the_kind_dns_holds_records_against_what_was_agreed(
    more: dict[str, object], expected: str
) -> None:
    with NameServer(RECORDS) as name_server:
        reading = probed("dns", {"name": "It.test", **more}, names=name_server.names())
    assert said(reading) == expected
    assert reading.names is not None
    assert reading.connect is None
    assert name_server.asked == [f"it.test. {more.get('type', 'A')}"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (records("TXT x"), "fail name_without_record theirs name"),
        (NXDOMAIN, "fail name_unknown theirs name"),
        (SERVFAIL, "fail name_server_failed theirs name"),
        (silent, "fail name_timed_out network name"),
    ],
)
def test_the_kind_dns_says_why_there_is_no_answer(answer: Answer, expected: str) -> None:
    with NameServer(answer) as name_server:
        reading = probed("dns", {"name": "it.test"}, names=name_server.names())
    assert said(reading) == expected
