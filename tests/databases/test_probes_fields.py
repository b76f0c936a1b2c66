"""What an endpoint's specification may say: every fault at once, in both languages."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from databases.probes.described import FIELDS
from databases.probes.fields import BadSpec, Fields, Words
from databases.probes.json_path import path_of, value_at
from databases.probes.kinds import KINDS
from databases.probes.prober import Prepared, prepare, read_spec
from databases.probes.surroundings import Given
from tests.databases.probe_attempts import TRUSTING

MINIMAL: dict[str, dict[str, Any]] = {
    "dns": {"name": "host.vn"},
    "tcp": {"host": "host.vn", "port": 80},
    "tls": {"host": "host.vn"},
    "http": {"url": "http://host.vn/"},
    "fhir": {"url": "http://host.vn/metadata"},
    "soap": {"url": "http://host.vn/?wsdl"},
    "postgres": {"host": "host.vn", "database": "d", "user": "u"},
    "heartbeat": {},
}


def faults(kind: str, spec: dict[str, Any]) -> list[str]:
    found: list[Words] = []
    try:
        read_spec(kind, spec, TRUSTING)
    except BadSpec as bad:
        found = bad.faults
    assert all(fault.keys() == {"vi", "en"} for fault in found)
    assert all(fault["vi"] and fault["vi"] != fault["en"] for fault in found)
    return [fault["en"] for fault in found]


def test_every_kind_has_its_smallest_specification() -> None:
    assert MINIMAL.keys() == KINDS.keys()
    for kind, spec in MINIMAL.items():
        assert faults(kind, spec) == []


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, spec in MINIMAL.items() for name in spec]
)
def test_what_is_needed_is_missed(kind: str, name: str) -> None:
    left = {key: value for key, value in MINIMAL[kind].items() if key != name}
    for spec in (left, left | {name: None}):
        assert faults(kind, spec) == [f"{name}: is missing"]


@pytest.mark.parametrize("kind", MINIMAL)
def test_a_field_that_nobody_reads_is_a_fault(kind: str) -> None:
    assert faults(kind, MINIMAL[kind] | {"extra": 1}) == ["extra: there is no such field"]


@pytest.mark.parametrize("kind", MINIMAL)
def test_every_field_is_described_and_no_other(kind: str) -> None:
    fields = Fields(MINIMAL[kind])
    KINDS[kind].read(fields, TRUSTING)
    told = {described.name: described for described in FIELDS[kind]}
    assert told.keys() == fields._read
    for name, described in told.items():
        assert all(described.words().values())
        assert (described.default == "") == (name in MINIMAL[kind])


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("tcp", {"port": 0}, "port: must be a whole number from 1 to 65535"),
    ("tcp", {"port": 65_536}, "port: must be a whole number from 1 to 65535"),
    ("tcp", {"port": "80"}, "port: must be a whole number from 1 to 65535"),
    ("tcp", {"port": True}, "port: must be a whole number from 1 to 65535"),
    ("tcp", {"port": 80.0}, "port: must be a whole number from 1 to 65535"),
    ("tcp", {"host": 7}, "host: must be one line of text"),
    ("tcp", {"host": ""}, "host: must not be empty"),
    ("tcp", {"host": "a\nb"}, "host: must be one line of text"),
    ("tcp", {"host": "a\u2028b"}, "host: must be one line of text"),
    ("tcp", {"host": "\ud800"}, "host: must be one line of text"),
    ("tcp", {"host": "127.1"}, "host: '127.1' is no host name or address"),
    ("tcp", {"host": "fe80::1%lo"}, "host: 'fe80::1%lo' is no host name or address"),
    ("tls", {"name": ""}, "name: must not be empty"),
    ("tls", {"name": ".x"}, "name: '.x' is no host name or address"),
    ("tls", {"warn_days": -1}, "warn_days: must be a whole number from 0 to 365"),
    ("dns", {"name": "10.0.0.1"}, "name: must be a name, not an address"),
    ("dns", {"type": "ANY"}, "type: must be one of: A, AAAA, CNAME, MX, NS, TXT"),
    ("dns", {"type": ["A"]}, "type: must be one of: A, AAAA, CNAME, MX, NS, TXT"),
    ("dns", {"expected": "x"}, "expected: must be a list of at most 16 texts"),
    ("dns", {"expected": [1]}, "expected: must be a list of at most 16 texts"),
    ("dns", {"expected": ["x"] * 17}, "expected: must be a list of at most 16 texts"),
    ("http", {"url": "host.vn"}, "url: must be an address such as https://host/path"),
    ("http", {"url": ""}, "url: must not be empty"),
    ("http", {"method": "POST"}, "method: must be one of: GET, HEAD"),
    ("http", {"method": "HEAD", "contains": "x"}, "method: HEAD brings no body to look into"),
    ("http", {"status": 200}, "status: must be a list of whole numbers from 100 to 599"),
    ("http", {"status": [True]}, "status: must be a list of whole numbers from 100 to 599"),
    ("http", {"status": [99]}, "status: must be a list of whole numbers from 100 to 599"),
    ("http", {"redirects": 4}, "redirects: must be a whole number from 0 to 3"),
    ("http", {"json": {"a": 1}}, "json: a is no path such as $.a.b[0]"),
    ("http", {"json": {"$..a": 1}}, "json: $..a is no path such as $.a.b[0]"),
    ("http", {"json": ["$.a"]}, "json: must be pairs of names and values"),
    ("http", {"json": {f"$.a{n}": 1 for n in range(17)}}, "json: at most 16 pairs"),
    ("http", {"answered": {"X": 1}}, "answered: every value must be a text"),
    ("http", {"age": "newest"}, "age: newest is no path such as $.a.b[0]"),
    ("http", {"max_age": 60}, "max_age: needs the field age"),
    ("http", {"age": "$.a", "max_age": 0}, "max_age: must be a whole number from 1 to 31622400"),
    ("http", {"headers": {"X": "a\r\nY: b"}}, "headers: 'X' cannot be sent by a probe"),
    ("http", {"headers": {"X": "ế"}}, "headers: 'X' cannot be sent by a probe"),
    ("http", {"headers": {"X": "y" * 1_001}}, "headers: 'X' cannot be sent by a probe"),
    ("http", {"headers": {"X": 1}}, "headers: 'X' cannot be sent by a probe"),
    ("http", {"headers": {"X Y": "z"}}, "headers: 'X Y' cannot be sent by a probe"),
    ("http", {"headers": {"X:": "z"}}, "headers: 'X:' cannot be sent by a probe"),
    ("http", {"headers": {"": "z"}}, "headers: '' cannot be sent by a probe"),
    ("soap", {"action": "urn:đ"}, "action: must be ASCII, no quotes"),
    ("soap", {"action": 'a" b'}, "action: must be ASCII, no quotes"),
    ("postgres", {"tls": "prefer"}, "tls: must be one of: verify-full, require, disable"),
    ("postgres", {"statement": "select 1"}, "statement: must be one of: alive, clock, newest"),
    ("postgres", {"max_age": 60}, "max_age: goes with the statement newest only"),
    ("postgres", {"user": "a\0b"}, "user: must be one line of text"),
    ("heartbeat", {"every": 0}, "every: must be a whole number from 1 to 2678400"),
]
_RESERVED = "Host host COOKIE Authorization Content-Length Transfer-Encoding Connection Expect"
BAD += [
    ("http", {"headers": {name: "x"}}, f"headers: {name!r} cannot be sent by a probe")
    for name in _RESERVED.split()
]


@pytest.mark.parametrize(("kind", "changes", "expected"), BAD)
def test_a_fault_says_where_and_what(kind: str, changes: dict[str, Any], expected: str) -> None:
    assert faults(kind, MINIMAL[kind] | changes) == [expected]


def test_every_fault_is_told_at_once() -> None:
    spec = {"host": "127.1", "port": 0, "database": "", "tls": "x", "more": 1}
    assert len(faults("postgres", spec)) == 6


def test_an_empty_field_is_an_absent_one() -> None:
    spec = MINIMAL["http"] | {"json": None, "slow": None, "headers": None, "redirects": None}
    assert read_spec("http", spec, TRUSTING) == read_spec("http", MINIMAL["http"], TRUSTING)


def test_a_target_is_normalised_when_it_is_read() -> None:
    spec = read_spec("tls", {"host": "HOST.vn."}, TRUSTING)
    assert (spec.host, spec.name, spec.port) == ("host.vn", "host.vn", 443)
    assert read_spec("tcp", {"host": "2001:DB8:0::1", "port": 1}, TRUSTING).host == "2001:db8::1"
    found = read_spec("postgres", MINIMAL["postgres"], TRUSTING)
    assert (found.host, found.port) == ("host.vn", 5_432)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)
_NAMES = (
    "url host port name type expected method headers redirects warn_days status contains answered "
    "json age max_age slow fail_days database user tls statement every grace action version "
    "resources"
).split()


@given(
    st.sampled_from(sorted(KINDS)),
    st.dictionaries(st.sampled_from(_NAMES), _VALUES, max_size=6),
)
def test_whatever_was_written_is_read_or_refused_with_sentences(
    kind: str, spec: dict[str, Any]
) -> None:
    tried = MINIMAL[kind] | spec
    assert isinstance(faults(kind, tried), list)
    endpoint = prepare(kind, tried, Given(), timeout=1)
    assert isinstance(endpoint, Prepared) == (not faults(kind, tried))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("$", ()),
        ("$.a", ("a",)),
        ("$[0]", (0,)),
        ("$.a_b.c-d[12].e", ("a_b", "c-d", 12, "e")),
    ],
)
def test_a_path_is_read(text: str, path: tuple[str | int, ...]) -> None:
    assert path_of(text) == path


@pytest.mark.parametrize(
    "text", ["", "a", ".a", "$a", "$.", "$..a", "$[-1]", "$[*]", "$.*", "$[?(@.a)]", "$.a" * 17]
)
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        path_of(text or "x")


@given(_VALUES, st.lists(st.text("ab", min_size=1, max_size=1) | st.integers(0, 3), max_size=4))
def test_a_path_finds_a_value_or_nothing(value: Any, path: list[str | int]) -> None:
    try:
        value_at(value, tuple(path))
    except LookupError:
        pass
