"""HTTP over real sockets: what is read, and whose fault each failure looks like."""

import gzip
import zlib
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from databases.probes.names import Names
from databases.probes.reading import Reading
from tests.databases.probe_attempts import SOON, phases, probed, said
from tests.databases.probe_servers import (
    Serving,
    Talk,
    closes,
    full,
    hangs,
    http,
    nobody,
    resets,
    resets_at_once,
    says,
    says_then_hangs,
)

HEALTHY = http(
    '{"status": "ok", "n": 1, "on": true, "at": ["x", {"y": null}]}',
    Content_Type="application/json",
)


def asked(talk: Talk, timeout: float = 5.0, **spec: Any) -> Reading:
    with Serving(talk) as server:
        return probed("http", {"url": server.url, **spec}, timeout=timeout)


def test_a_service_that_answers_is_ok_at_the_depth_that_was_asked_for() -> None:
    with Serving(says(HEALTHY)) as server:
        shallow = probed("http", {"url": f"{server.url}/status?x=1#y"})
        deep = probed("http", {"url": server.url, "contains": '"status": "ok"'})
    assert said(shallow) == "ok - - request"
    assert said(deep) == "ok - - content"
    assert shallow.status == 200
    assert phases(shallow) == "names connect first_byte"
    assert server.heard[0].startswith(b"GET /status?x=1 HTTP/1.1\r\n")
    for line in (
        f"Host: 127.0.0.1:{server.port}",
        "Connection: close",
        "Cache-Control: no-cache",
        "Accept-Encoding: identity",
    ):
        assert f"\r\n{line}\r\n".encode() in server.heard[0]


def test_the_phases_add_up_to_no_more_than_the_whole() -> None:
    reading = asked(says(b"", HEALTHY, pause=0.1))
    parts = [reading.names, reading.connect, reading.first_byte]
    assert all(part is not None for part in parts)
    assert 100_000 <= (reading.first_byte or 0) <= reading.total
    assert sum(part or 0 for part in parts) <= reading.total


def test_a_service_over_ipv6_is_reached() -> None:
    with Serving(says(HEALTHY), host="::1") as server:
        assert said(probed("http", {"url": server.url})) == "ok - - request"
        assert f"Host: [::1]:{server.port}".encode() in server.heard[0]


def test_head_reads_no_body() -> None:
    reading = asked(says(b"HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n"), method="HEAD")
    assert said(reading) == "ok - - request"


FAILURES: dict[str, tuple[Talk, str, str]] = {
    "hangs at the first byte": (hangs, "fail timed_out theirs request", "names connect"),
    "hangs in the middle of the head": (
        says_then_hangs(b"HTTP/1.1 200 OK\r\nContent-"),
        "fail timed_out theirs request",
        "names connect first_byte",
    ),
    "hangs in the middle of the body": (
        says_then_hangs(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
        "fail timed_out theirs request",
        "names connect first_byte",
    ),
    "resets": (resets, "fail reset theirs request", "names connect"),
    "closes": (closes, "fail closed_without_answer theirs request", "names connect"),
    "closes in the body": (
        says(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
        "fail answer_cut_off theirs request",
        "names connect first_byte",
    ),
    "closes in the head": (
        says(b"HTTP/1.1 200 OK\r\nContent-"),
        "fail not_http theirs request",
        "names connect first_byte",
    ),
    "garbage": (
        says(b"\x00\x01nonsense\r\n\r\n"),
        "fail not_http theirs request",
        "names connect first_byte",
    ),
    "another protocol, which waits for us": (
        says_then_hangs(b"SSH-2.0-OpenSSH_9.2\r\n"),
        "fail not_http theirs request",
        "names connect first_byte",
    ),
}


@pytest.mark.parametrize(("talk", "expected", "reached"), FAILURES.values(), ids=FAILURES)
def test_a_failure_says_why_whose_and_how_far(talk: Talk, expected: str, reached: str) -> None:
    reading = asked(talk, timeout=SOON)
    assert said(reading) == expected
    assert phases(reading) == reached


def test_a_port_where_nobody_listens_refuses() -> None:
    with nobody() as port:
        reading = probed("http", {"url": f"http://127.0.0.1:{port}"})
    assert said(reading) == "fail refused theirs connect"
    assert phases(reading) == "names"


def test_a_target_that_takes_no_connection_is_out_of_reach() -> None:
    with full() as port:
        reading = probed("http", {"url": f"http://127.0.0.1:{port}"}, timeout=SOON)
    assert said(reading) == "fail connect_timed_out network connect"
    assert phases(reading) == "names"
    assert SOON * 1e6 <= reading.total < 2e6


def test_a_reset_before_anything_was_said_is_a_reset_and_not_the_network() -> None:
    for _ in range(20):
        reading = asked(resets_at_once)
        assert reading.reason in {"reset"}, said(reading)
        assert reading.blame is not None
        assert reading.blame.value == "theirs"


@pytest.mark.parametrize(
    ("status", "blame"),
    [
        (500, "theirs"),
        (503, "theirs"),
        (404, "theirs"),
        (302, "theirs"),
        (401, "contract"),
        (403, "contract"),
        (407, "ours"),
        (429, "ours"),
    ],
)
def test_a_status_that_is_not_expected_is_blamed(status: int, blame: str) -> None:
    reading = asked(says(http("no", status)))
    assert said(reading) == f"fail status_{status} {blame} request"
    assert reading.status == status


def test_a_status_may_be_expected() -> None:
    assert said(asked(says(http("no", 401)), status=[200, 401])) == "ok - - request"


@pytest.mark.parametrize(
    "body", [b"a" * 262_144 + b"needle", b"needle" + b"a" * 50_000_000], ids=["behind", "in front"]
)
def test_fifty_megabytes_are_not_read(body: bytes) -> None:
    reading = asked(says(http(body)), contains="needle")
    found = body.startswith(b"needle")
    expected = "ok - - content" if found else "fail too_large theirs content"
    assert said(reading) == expected


def test_an_endless_body_is_cut() -> None:
    def floods(serving: Serving, connection: object) -> None:
        says(b"HTTP/1.1 200 OK\r\n\r\n")(serving, connection)  # type: ignore[arg-type]
        while not serving.ended.is_set():
            connection.sendall(b"x" * 65_536)  # type: ignore[attr-defined]

    assert said(asked(floods)) == "ok - - request"
    assert said(asked(floods, json={"$.a": 1})) == "fail too_large theirs content"


def test_an_endless_head_is_cut() -> None:
    talk = says(b"HTTP/1.1 200 OK\r\n" + b"X-Long: y\r\n" * 10_000)
    assert said(asked(talk)) == "fail too_large theirs request"


# What two programs read differently is no HTTP.
ODD = {
    "status of four digits": b"HTTP/1.1 2000 OK\r\n\r\n",
    "status of letters": b"HTTP/1.1 abc OK\r\n\r\n",
    "status below 100": b"HTTP/1.1 099 OK\r\n\r\n",
    "no status": b"HTTP/1.1\r\n\r\n",
    "another version": b"HTTP/1.7 200 OK\r\n\r\n",
    "space before the colon": b"HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok",
    "continued line": b"HTTP/1.1 200 OK\r\nX: a\r\n b: c\r\n\r\n",
    "line without a colon": b"HTTP/1.1 200 OK\r\nnothing\r\n\r\n",
    "empty name": b"HTTP/1.1 200 OK\r\n: x\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!",
    "list of lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok",
    "signed length": b"HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
    "negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok",
    "length of letters": b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok",
    "length in other digits": "HTTP/1.1 200 OK\r\nContent-Length: ²\r\n\r\nok".encode("latin-1"),
    "length beyond everything": b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n",
    "unknown transfer": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "xchunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "only interim answers": b"HTTP/1.1 100 Continue\r\n\r\n" * 50,
}
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BAD_CHUNKS = {
    "no size": b"\r\nok\r\n0\r\n\r\n",
    "size of letters": b"two\r\nok\r\n0\r\n\r\n",
    "signed size": b"+2\r\nok\r\n0\r\n\r\n",
    "prefixed size": b"0x2\r\nok\r\n0\r\n\r\n",
    "underscored size": b"1_0\r\n" + b"a" * 16 + b"\r\n0\r\n\r\n",
    "size too small": b"2\r\nokay\r\n0\r\n\r\n",
    "endless line": b"2;" + b"x" * 5_000,
}


@pytest.mark.parametrize(
    "answer",
    [*ODD.values(), *(CHUNKED + chunks for chunks in BAD_CHUNKS.values())],
    ids=[*ODD, *BAD_CHUNKS],
)
def test_an_answer_that_can_be_read_in_two_ways_is_no_http(answer: bytes) -> None:
    assert said(asked(says(answer))) == "fail not_http theirs request"


GOOD_ENDS = {
    "length": http("okay"),
    "the same length twice": b"HTTP/1.1 200\r\nContent-Length: 4\r\ncontent-length: 4\r\n\r\nokay",
    "more than the length": http("okay") + b"HTTP/1.1 500 No\r\n\r\n",
    "closed": b"HTTP/1.0 200 OK\r\n\r\nokay",
    "chunks": CHUNKED + b"2\r\nok\r\n2;a=b\r\nay\r\n0\r\n\r\n",
    "chunk lies about the length": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: Chunked\r\n\r\n"
        b"4\r\nokay\r\n0\r\n\r\n"
    ),
    "trailers": CHUNKED + b"4\r\nokay\r\n0\r\nX-Sum: 1\r\n\r\n",
    "after an interim answer": b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + http("okay"),
    "byte by byte": CHUNKED + b"1\r\no\r\n1\r\nk\r\n1\r\na\r\n1\r\ny\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("answer", GOOD_ENDS.values(), ids=GOOD_ENDS)
@pytest.mark.parametrize("in_pieces", [False, True])
def test_a_body_ends_where_it_ends(answer: bytes, in_pieces: bool) -> None:
    pieces = [answer[n : n + 1] for n in range(len(answer))] if in_pieces else [answer]
    talk = says(pieces[0], *pieces[1:], pause=0.0005 if in_pieces else 0.0)
    assert said(asked(talk, contains="okay")) == "ok - - content"


@pytest.mark.parametrize("chunks", [b"5\r\nok", b"2\r\nok\r\n", b"2\r\nok", b"FFFFFFFFF\r\nok"])
def test_chunks_that_end_early_are_cut_off(chunks: bytes) -> None:
    assert said(asked(says(CHUNKED + chunks))) == "fail answer_cut_off theirs request"


def test_a_thousand_thousand_chunks_of_one_byte_are_cut() -> None:
    talk = says(CHUNKED + b"1\r\nx\r\n" * 1_000_000)
    assert said(asked(talk, contains="y")) == "fail too_large theirs content"


def _bomb() -> bytes:
    machine = zlib.compressobj(9, wbits=31)
    return machine.compress(b"0" * 50_000_000) + machine.flush()


@pytest.mark.parametrize(
    ("body", "coding", "expected"),
    [
        (gzip.compress(b'{"a": 1}'), "gzip", "ok - - content"),
        (gzip.compress(b'{"a": 1}'), "x-gzip", "ok - - content"),
        (zlib.compress(b'{"a": 1}'), "Deflate", "ok - - content"),
        (b'{"a": 1}', "identity", "ok - - content"),
        (b'{"a": 1}', "br", "fail unknown_coding theirs content"),
        (gzip.compress(gzip.compress(b"{}")), "gzip, gzip", "fail unknown_coding theirs content"),
        (gzip.compress(gzip.compress(b"{}")), "gzip", "fail not_json theirs content"),
        (b'{"a": 1}', "gzip", "fail answer_unreadable theirs content"),
        (gzip.compress(b'{"a": 1}')[:-9], "gzip", "fail answer_cut_off theirs content"),
        (_bomb(), "gzip", "fail too_large theirs content"),
        (
            gzip.compress(b'{"a": "' + b"0" * 100_000 + b'"}'),
            "gzip",
            "fail too_large theirs content",
        ),
    ],
)
def test_what_is_compressed_unasked_is_opened_within_bounds(
    body: bytes, coding: str, expected: str
) -> None:
    assert said(asked(says(http(body, Content_Encoding=coding)), json={"$.a": 1})) == expected


def test_nobody_opens_what_nobody_looks_into() -> None:
    assert said(asked(says(http(_bomb(), Content_Encoding="br")))) == "ok - - request"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"json": {"$.status": "ok", "$.n": 1, "$.on": True, "$.at[1].y": None}}, "ok - - content"),
        ({"json": {"$.n": True}}, "fail value_differs theirs content"),
        ({"json": {"$.on": 1}}, "fail value_differs theirs content"),
        ({"json": {"$.status": "up"}}, "fail value_differs theirs content"),
        ({"json": {"$.missing": 1}}, "fail value_missing theirs content"),
        ({"json": {"$.at[7]": 1}}, "fail value_missing theirs content"),
        ({"json": {"$.at.y": 1}}, "fail value_missing theirs content"),
        ({"json": {"$[0]": 1}}, "fail value_missing theirs content"),
        ({"contains": "down"}, "fail text_missing theirs content"),
        ({"answered": {"X-Of": "them"}}, "fail header_differs theirs request"),
        (
            {"answered": {"content-LENGTH": str(len(HEALTHY.split(b"\r\n\r\n")[1]))}},
            "ok - - request",
        ),
    ],
)
def test_what_was_agreed_is_held_against_the_answer(spec: dict[str, Any], expected: str) -> None:
    assert said(asked(says(HEALTHY), **spec)) == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"a": 1',
        b'{"a": NaN}',
        b"\xff\xfe{}",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    ],
    ids=["empty", "html", "cut", "nan", "utf-16", "deep list", "deep object"],
)
def test_what_is_no_json_says_so(body: bytes) -> None:
    assert said(asked(says(http(body)), json={"$.a": 1})) == "fail not_json theirs content"


def test_a_byte_order_mark_is_no_fault() -> None:
    assert said(asked(says(http(b'\xef\xbb\xbf{"a": 1}')), json={"$.a": 1})) == "ok - - content"


NOW = datetime(2025, 11, 18, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("newest", "expected", "age"),
    [
        ('"2025-11-18T00:59:00Z"', "ok - - content", 60),
        ('"2025-11-18T07:59:00"', "ok - - content", 60),  # without a zone: of Hà Nội
        (str((NOW - timedelta(minutes=1)).timestamp()), "ok - - content", 60),
        (str(int((NOW - timedelta(minutes=1)).timestamp() * 1000)), "ok - - content", 60),
        ('"2025-11-18T00:00:00Z"', "warn stale - content", 3_600),
        ('"2025-11-18"', "warn stale - content", 8 * 3_600),
        ('"0001-01-01T00:00:00Z"', "warn stale - content", 2**31 - 1),
        ('"2025-11-18T01:10:00Z"', "warn from_the_future - content", 0),
        ('"9999-12-31T23:59:59-14:00"', "warn from_the_future - content", 0),
        ('"yesterday"', "fail age_unreadable theirs content", None),
        ("true", "fail age_unreadable theirs content", None),
        ("null", "fail age_unreadable theirs content", None),
        ("1e300", "fail age_unreadable theirs content", None),
        ("[1]", "fail age_unreadable theirs content", None),
    ],
)
def test_the_age_of_the_newest_data_is_judged(newest: str, expected: str, age: int | None) -> None:
    with Serving(says(http(f'{{"newest": {newest}}}'))) as server:
        spec = {"url": server.url, "age": "$.newest", "max_age": 600}
        reading = probed("http", spec, now=NOW)
    assert said(reading) == expected
    assert reading.age == age


@pytest.mark.parametrize(
    ("told", "expected"),
    [("0", "ok - - request"), ("", "ok - - request"), ("1", "warn from_a_cache - request")],
)
def test_an_answer_from_a_cache_is_no_proof(told: str, expected: str) -> None:
    assert said(asked(says(http("x", Age=told)))) == expected


def test_an_answer_that_takes_too_long_is_a_warning() -> None:
    reading = asked(says(b"", HEALTHY, pause=0.1), slow=50)
    assert said(reading) == "warn slow - request"
    assert said(asked(says(HEALTHY), slow=5_000)) == "ok - - request"


def test_the_first_of_many_addresses_that_answers_is_taken() -> None:
    with Serving(says(HEALTHY)) as server:
        names = _names("127.0.0.9", "127.0.0.1")
        reading = probed("http", {"url": f"http://many.test:{server.port}"}, names=names)
    assert said(reading) == "ok - - request"


def test_when_no_address_answers_the_first_says_why() -> None:
    with ExitStack() as stack:
        port = stack.enter_context(nobody())
        names = _names("127.0.0.1", "::1", *(f"127.0.0.{n}" for n in range(2, 60)))
        reading = probed("http", {"url": f"http://many.test:{port}"}, names=names)
    assert said(reading) == "fail refused theirs connect"


def test_no_more_than_four_addresses_are_tried() -> None:
    with Serving(says(HEALTHY), host="127.0.0.5") as server:
        names = _names(*(f"127.0.0.{n}" for n in range(1, 9)))
        reading = probed("http", {"url": f"http://many.test:{server.port}"}, names=names)
    assert said(reading) == "fail refused theirs connect"
    assert server.accepted == 0


def _names(*addresses: str) -> Names:
    return Names((), hosts={"many.test": addresses})
