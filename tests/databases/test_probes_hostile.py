"""Whatever the other side sends, the attempt ends with a reading that is no fault of our own."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from databases.probes.reading import Reading
from databases.rules.track import Result
from tests.databases.probe_attempts import probed, said
from tests.databases.probe_servers import Serving, Socket, http

_SAME_SERVER = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class Hostile(Serving):
    """Hears something, says `answer`, and hangs up."""

    def __init__(self) -> None:
        super().__init__(self._talk)
        self.answer = b""
        self.turns = 1

    def _talk(self, serving: Serving, connection: Socket) -> None:
        for _ in range(self.turns):
            connection.recv(65_536)
            connection.sendall(self.answer)


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    with Hostile() as server:
        yield server


def require_no_fault(reading: Reading) -> None:
    assert reading.reason != "prober_fault", said(reading)
    assert reading.result in {Result.OK, Result.WARN, Result.FAIL}, said(reading)
    if reading.result is Result.FAIL:
        assert reading.blame is not None


_LINES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.0 500",
        b"HTTP/1.1 100 Continue",
        b"HTTP/1.1 302 Found",
        b"Content-Length: 5",
        b"Content-Length: 99",
        b"Content-Length: ",
        b"Transfer-Encoding: chunked",
        b"Content-Encoding: gzip",
        b"Content-Encoding: deflate",
        b"Location: //[::1%25lo]:99999/",
        b"Location: http://\xff\xfe/",
        b"Location: ?",
        b"Age: \xb2",
        b"",
        b"5",
        b"0",
        b"hello",
        b'{"a": {"b": [1e999]}}',
        b'{"a": "2025-11-18T00:00:00+25:00"}',
        b'{"a": 99999999999999999999999999}',
        b'{"a": "\xed\xa0\x80"}',
        b"<a xmlns='x:y'/>",
    ]
)
_ANSWERS = st.one_of(
    st.binary(max_size=200),
    st.lists(st.one_of(_LINES, st.binary(max_size=20)), max_size=9).map(b"\r\n".join),
    st.tuples(
        st.lists(_LINES, max_size=4), st.lists(st.one_of(_LINES, st.binary(max_size=9)), max_size=5)
    ).map(lambda parts: b"\r\n".join([b"HTTP/1.1 200 OK", *parts[0], b"", *parts[1]])),
)


@_SAME_SERVER
@given(_ANSWERS)
@example(http('{"a": 1e400}'))
@example(http('{"a": "2025-11-18T00:00:00.000000000000000000000Z"}'))
@example(http("\ud800".encode("utf-8", "surrogatepass")))
def test_whatever_is_answered_over_http(hostile: Hostile, answer: bytes) -> None:
    hostile.answer = answer
    spec = {"url": hostile.url, "age": "$.a", "contains": "h", "answered": {"x": "y"}}
    for kind, asked in (
        ("http", spec | {"redirects": 0}),
        ("http", {"url": hostile.url, "age": "$.a"}),
        ("fhir", {"url": hostile.url, "resources": ["Patient"]}),
        ("soap", {"url": hostile.url}),
        ("soap", {"url": hostile.url, "action": "urn:ping"}),
    ):
        require_no_fault(probed(kind, asked, timeout=2))


@_SAME_SERVER
@given(
    st.one_of(
        st.binary(max_size=100),
        st.binary(max_size=60).map(lambda tail: b"\x16\x03\x03\0\x30" + tail),
    )
)
def test_whatever_is_answered_to_a_handshake(hostile: Hostile, answer: bytes) -> None:
    hostile.answer = answer
    reading = probed("tls", {"host": "127.0.0.1", "port": hostile.port}, timeout=2)
    require_no_fault(reading)
    assert reading.result is Result.FAIL


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + (len(body) + 4).to_bytes(4, "big") + body


_MESSAGES = st.tuples(
    st.sampled_from([b"R", b"Z", b"E", b"N", b"S", b"K", b"T", b"D", b"C", b"G", b"A", b"I"]),
    st.one_of(
        st.binary(max_size=30),
        st.sampled_from(
            [
                b"\0\0\0\0",
                b"I",
                b"SFATAL\0C28000\0Mpassword authentication failed\0\0",
                b"\0\x01a\0\0\0\0\0\0\0\0\0\0\x19\xff\xff\xff\xff\xff\xff\0\0",
                b"\0\x01\0\0\0\x03abc",
                b"\0\x01\0\0\0\x03\xff\xfe\xfd",
                b"\0\0",
                b"SELECT 1\0",
            ]
        ),
    ),
).map(lambda parts: _message(*parts))
_IN = _message(b"R", b"\0\0\0\0") + _message(b"Z", b"I")


@_SAME_SERVER
@given(
    st.one_of(
        st.binary(max_size=60),
        st.lists(_MESSAGES, max_size=5).map(b"".join),
        st.lists(_MESSAGES, max_size=5).map(lambda parts: _IN + b"".join(parts)),
    )
)
def test_whatever_a_database_answers(hostile: Hostile, answer: bytes) -> None:
    hostile.answer, hostile.turns = answer, 3
    spec = {"host": "127.0.0.1", "port": hostile.port, "database": "d", "user": "u"}
    for tls in ("disable", "require"):
        asked = spec | {"tls": tls, "statement": "clock"}
        require_no_fault(probed("postgres", asked, timeout=0.3))
