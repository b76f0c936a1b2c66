"""Endpoints as YAML: every fault with its line, what would change, and back without difference."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import pytest
import yaml
from django.db import transaction
from hypothesis import HealthCheck, given, settings as limits, strategies as st

from databases.actions.credentials import seal_credential
from databases.actions.endpoint_files import Difference, apply_file, export_file
from databases.actions.endpoints import Wanted, save_endpoint, wanted_of
from databases.actions.zones import approve_network, withdraw_network
from databases.models import (
    Credential,
    Endpoint,
    EndpointState,
    Interface,
    Zone,
    ZoneNetwork,
)
from databases.pump.claim import NEVER
from databases.register_files.endpoints_file import read
from databases.register_files.endpoints_schema import ENDPOINT, plain
from databases.register_files.endpoints_secrets import hidden, secrets_in
from databases.register_files.endpoints_writing import write
from tests.databases.probed import make_interface, make_zone
from tracking.actions.refusals import Refused
from tracking.models import User
from tracking.plan_files.plain import Unfit, check_visible
from tracking.plan_files.rows import FileRefused

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SECRET = "Zx9planted7secret3value1Q"

FILE = """\
format: endpoints/1

zones:
  - code: TSLCD
    name: {vi: Mạng truyền số liệu chuyên dùng, en: Government network}
    name_servers: [10.0.0.53]

endpoints:
  - code: E-2
    name: Điểm kết nối 2
    zone: TSLCD
    kind: http
    interface: CSDL-01-DC
    parent: E-1
    spec:
      url: https://trucltqg.example/api
      json: {$.status: ok, $.share: 0.5}
      slow: 600
  - code: E-1
    name: {vi: Điểm kết nối 1}
    zone: TSLCD
    kind: tcp
    sentinel_of: BCA
    interval: 30
    timeout: 2000
    spec: {host: gateway.example, port: 443}
"""


@pytest.fixture
def register(db: None) -> None:
    make_interface()


def apply(text: str | bytes, **more: Any) -> Difference:
    data = text if isinstance(text, bytes) else text.encode()
    given: dict[str, Any] = {"now": NOW, "by": "an"} | more
    return apply_file(file=read("e.yaml", data), **given)


def faults(text: str | bytes) -> list[str]:
    """What it is refused with, without the name of the file."""
    with pytest.raises((FileRefused, Refused)) as refused:
        apply(text)
    sentences: list[str] = getattr(refused.value, "sentences", [])
    assert sentences
    assert all(sentence.startswith("e.yaml:") for sentence in sentences)
    return [sentence.removeprefix("e.yaml:") for sentence in sentences]


def entry(**fields: str) -> str:
    """A file of one endpoint in the zone STAND-INS; `name="…"` replaces a field, "" leaves it
    out."""
    whole = {
        "code": "E-1",
        "name": "x",
        "zone": "STAND-INS",
        "kind": "tcp",
        "sentinel_of": "BCA",
        "spec": "{host: a.example, port: 1}",
    } | fields
    lines = [f"{key}: {value}" for key, value in whole.items() if value]
    return "format: endpoints/1\nendpoints:\n  - " + "\n    ".join(lines) + "\n"


# What is applied.


@pytest.mark.usefixtures("register")
def test_a_file_adds_its_zones_and_endpoints_whatever_their_order() -> None:
    difference = apply(FILE)
    assert difference.added == ["zone TSLCD", "endpoint E-1", "endpoint E-2"]
    zone = Zone.objects.get(code="TSLCD")
    assert (zone.name_vi, zone.name_en) == ("Mạng truyền số liệu chuyên dùng", "Government network")
    assert (zone.internet, zone.for_tests, zone.name_servers) == (False, False, "10.0.0.53")
    first, second = Endpoint.objects.order_by("code")
    assert wanted_of(second) == Wanted(
        code="E-2",
        name_vi="Điểm kết nối 2",
        name_en="",
        zone="TSLCD",
        kind="http",
        spec={
            "url": "https://trucltqg.example/api",
            "json": {"$.status": "ok", "$.share": 0.5},
            "slow": 600,
        },
        interface="CSDL-01-DC",
        parent="E-1",
    )
    assert (first.interval, first.timeout, first.sentinel_of) == (30, 2_000, "BCA")
    assert EndpointState.objects.count() == 2


@pytest.mark.usefixtures("register")
def test_the_same_file_again_changes_nothing() -> None:
    apply(FILE)
    before = list(EndpointState.objects.order_by("pk").values())
    assert apply(FILE, now=NOW + timedelta(days=1)).nothing
    assert list(EndpointState.objects.order_by("pk").values()) == before


@pytest.mark.usefixtures("register")
def test_a_plan_says_the_same_and_writes_nothing() -> None:
    assert apply(FILE, dry_run=True).added == ["zone TSLCD", "endpoint E-1", "endpoint E-2"]
    assert not Zone.objects.exists()
    assert not Endpoint.objects.exists()


@pytest.mark.usefixtures("register")
def test_what_changes_is_told_field_by_field() -> None:
    apply(FILE)
    changed = (
        FILE.replace("slow: 600", "redirects: 1")
        .replace("name: {vi: Điểm kết nối 1}", "name: {vi: Điểm kết nối 1, en: One}")
        .replace("interval: 30", "paused: true")
        .replace("name_servers: [10.0.0.53]", "internet: true")
    )
    found = {change.subject: sorted(change.fields) for change in apply(changed).changed}
    assert found["zone TSLCD"] == [
        ("internet", False, True),
        ("name_servers", ["10.0.0.53"], []),
    ]
    assert found["endpoint E-2"] == [("spec.redirects", None, 1), ("spec.slow", 600, None)]
    assert found["endpoint E-1"] == [
        ("interval", 30, 60),
        ("name.en", None, "One"),
        ("paused", None, True),
    ]
    assert Endpoint.objects.get(code="E-2").version == 2
    assert apply(changed).nothing


@pytest.mark.usefixtures("register")
def test_a_field_that_is_left_out_or_null_has_its_default() -> None:
    make_zone()
    full = entry(interval="30", timeout="900", paused="true", credential="null", parent="~")
    assert apply(full).added
    assert {name for name, *_ in apply(entry()).changed[0].fields} == {
        "interval",
        "timeout",
        "paused",
    }
    assert ENDPOINT["interval"].default == Wanted.__dataclass_fields__["interval"].default
    assert ENDPOINT["timeout"].default == Wanted.__dataclass_fields__["timeout"].default


@pytest.mark.usefixtures("register")
def test_an_endpoint_that_is_not_in_the_file_is_told_and_left() -> None:
    apply(FILE)
    difference = apply("format: endpoints/1\n")
    assert difference.absent == ["endpoint E-1", "endpoint E-2"]
    assert not difference.paused
    assert Endpoint.objects.filter(paused=False).count() == 2


@pytest.mark.usefixtures("register")
def test_an_endpoint_that_is_not_in_the_file_is_paused_when_asked_for() -> None:
    apply(FILE)
    one = FILE[: FILE.index("  - code: E-2")] + FILE[FILE.index("  - code: E-1") :]
    assert apply(one, pause_absent=True, dry_run=True).paused == ["endpoint E-2"]
    assert not Endpoint.objects.filter(paused=True).exists()
    difference = apply(one, pause_absent=True)
    assert (difference.paused, difference.absent) == (["endpoint E-2"], [])
    assert EndpointState.objects.get(endpoint__code="E-2").next_due_at == NEVER
    again = apply(one, pause_absent=True)
    assert (again.paused, again.absent) == ([], ["endpoint E-2"])
    assert Endpoint.objects.count() == 2


@pytest.mark.usefixtures("register")
def test_parents_may_be_turned_around_in_one_file() -> None:
    make_zone()
    two = entry(parent="E-2") + entry(code="E-2").partition("endpoints:\n")[2]
    apply(two)
    apply(entry() + entry(code="E-2", parent="E-1").partition("endpoints:\n")[2])
    assert Endpoint.objects.get(code="E-2").parent == Endpoint.objects.get(code="E-1")


@pytest.mark.usefixtures("register")
def test_texts_are_kept_in_nfc() -> None:
    make_zone()
    decomposed = "Đie\u0302\u0309m ke\u0302\u0301t no\u0302\u0301i"
    apply(entry(name=decomposed, code="Đie\u0302\u0309m"))
    assert Endpoint.objects.get(code="Điểm").name_vi == "Điểm kết nối"
    assert apply(entry(name="Điểm kết nối", code="Điểm")).nothing


# Networks.

NETWORKS = """\
format: endpoints/1
zones:
  - code: TSLCD
    name: x
    networks:
      - {network: 10.20.0.0/16, ports: 443 8000-8100, document: CV 12/TTYQG}
"""


@pytest.fixture
def person(db: None) -> str:
    return User.objects.create(username="an").get_username()


def test_a_file_proposes_a_network_and_approves_none(person: str) -> None:
    difference = apply(NETWORKS)
    assert difference.proposed == ["zone TSLCD: network 10.20.0.0/16, ports 443 8000-8100"]
    row = ZoneNetwork.objects.get()
    assert (row.proposed_by, row.approved_by, row.document) == (person, "", "CV 12/TTYQG")
    assert not ZoneNetwork.objects.in_force(NOW).exists()
    assert apply(NETWORKS).nothing
    with pytest.raises(Refused, match="another person must approve"):
        approve_network(network=row, now=NOW, by=person)


@pytest.mark.usefixtures("person")
def test_an_approved_network_stays_as_it_is_until_it_is_withdrawn() -> None:
    apply(NETWORKS)
    row = approve_network(network=ZoneNetwork.objects.get(), now=NOW, by="binh")
    assert apply(NETWORKS).nothing
    assert apply("format: endpoints/1\nzones:\n  - {code: TSLCD, name: x}\n").nothing
    assert b"# \xc4\x91\xc3\xa3 duy\xe1\xbb\x87t / approved\n" in export_file(NOW)
    withdraw_network(network=row, now=NOW, by="an")
    assert b"10.20.0.0" not in export_file(NOW)
    assert len(apply(NETWORKS).proposed) == 1
    assert "chờ duyệt / awaits approval" in export_file(NOW).decode()


@pytest.mark.django_db
def test_nobody_proposes_a_network_under_a_name_that_is_no_account() -> None:
    assert faults(NETWORKS) == [
        "6: a network is proposed by a person: give --by with the name of your account"
    ]
    assert not Zone.objects.exists()
    assert apply(NETWORKS, dry_run=True, by="plan").proposed


@pytest.mark.usefixtures("person")
def test_a_network_cannot_be_approved_by_a_file() -> None:
    text = NETWORKS.replace("CV 12/TTYQG}", "CV 12/TTYQG, approved_by: binh}")
    assert faults(text) == [
        "6: approved_by: is not known here: the fields are network, ports, document"
    ]


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("10.20.0.0/16", "10.20.0.1/16", "6: network: is no network"),
        ("10.20.0.0/16", "127.0.0.0/8", "6: network: no probe ever reaches all of 127.0.0.0/8"),
        ("443 8000-8100", "99999", "6: ports: is not a text"),
        ("443 8000-8100", "x", '6: ports: "x" names none'),
        (", document: CV 12/TTYQG", "", "6: document: is missing"),
    ],
)
def test_a_network_that_cannot_be_proposed_gets_a_sentence(old: str, new: str, told: str) -> None:
    assert faults(NETWORKS.replace(old, new))[0].startswith(told)
    assert not ZoneNetwork.objects.exists()


# What is refused.


@pytest.mark.usefixtures("register")
def test_every_fault_is_told_with_its_line_in_one_run() -> None:
    make_zone()
    text = """\
format: endpoints/1
colour: red
zones:
  - code: A
    name: 7
    internet: yes
    name_servers: [dns.example]
endpoints:
  - code: E-1
    zone: STAND-INS
    kind: http
    sentinel_of: BCA
    spec:
      url: gopher://a
      colour: red
    interval: sixty
    paused: maybe
    colour: red
  - code: E-2
    name: x
    zone: NO-ZONE
    kind: carrier-pigeon
    interface: NO-INTERFACE
    parent: NO-PARENT
    credential: NO-KEY
    timeout: 1
  - code: E-3
    name: x
    zone: STAND-INS
    kind: tcp
    interface: CSDL-01-DC
    sentinel_of: BCA
    interval: 5
    timeout: 60000
    spec:
      host: a.example
      port: 0
      colour: red
"""
    found = faults(text)
    assert [sentence.partition(": ")[0] for sentence in found] == sorted(
        (sentence.partition(": ")[0] for sentence in found), key=int
    )
    told = [" ".join(sentence.split(" ")[:4]) for sentence in found]
    assert told == [
        '2: "colour" is no',
        "5: A: name: is",
        "6: A: internet: is",
        "7: A: name_servers: holds",
        "9: E-1: name: is",
        "16: E-1: interval: is",
        "17: E-1: paused: is",
        "18: E-1: colour: is",
        "26: E-2: timeout: is",
        "27: E-3: an endpoint",
        "34: E-3: timeout: 60000",
        "37: E-3: port: must",
        "38: E-3: colour: there",
    ]
    assert not Endpoint.objects.exists()
    assert not Zone.objects.filter(code="A").exists()


@pytest.mark.usefixtures("register")
def test_codes_that_nobody_knows_are_told_at_their_fields() -> None:
    text = entry(
        zone="NO-ZONE", kind="fax", sentinel_of="", interface="NO-WAY", parent="NO", credential="C"
    )
    assert [" ".join(sentence.split(" ")[:3]) for sentence in faults(text)] == [
        "5: E-1: zone:",
        "6: E-1: kind:",
        "8: E-1: interface:",
        "9: E-1: parent:",
        "10: E-1: credential:",
    ]


@pytest.mark.usefixtures("register")
def test_what_hangs_on_a_faulty_entry_is_not_told_as_well() -> None:
    make_zone()
    wrong = entry(interval="x") + entry(code="E-2", parent="E-1").partition("endpoints:\n")[2]
    assert [sentence.partition(": is")[0] for sentence in faults(wrong)] == ["9: E-1: interval"]
    zones = "zones:\n  - {code: B, name: x, internet: 1}\nendpoints:"
    wrong = entry(zone="B").replace("endpoints:", zones)
    assert [sentence.partition(": is")[0] for sentence in faults(wrong)] == ["3: B: internet"]


@pytest.mark.usefixtures("register")
def test_endpoints_that_depend_on_one_another_are_told() -> None:
    make_zone()
    circle = entry(parent="E-2") + entry(code="E-2", parent="E-1").partition("endpoints:\n")[2]
    assert [sentence.partition(", or")[0] for sentence in faults(circle)] == [
        "9: E-1: parent: it depends on itself",
        "16: E-2: parent: it depends on itself",
    ]


@pytest.mark.usefixtures("register")
def test_a_code_that_stands_twice_is_told_with_both_lines() -> None:
    make_zone()
    twice = entry() + entry().partition("endpoints:\n")[2]
    assert faults(twice) == ["9: E-1: stands in the file twice, first in line 3: leave one out"]


@pytest.mark.usefixtures("register")
def test_one_fault_and_nothing_of_the_file_is_written() -> None:
    assert faults(FILE.replace("interface: CSDL-01-DC", "interface: NO"))
    assert not Zone.objects.exists()
    assert not Endpoint.objects.exists()


UNREADABLE: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", '1: not a file of endpoints: it must say "format: endpoints/1"'),
    "a text": ("endpoints", "1: not a file of endpoints"),
    "a list": ("- format: endpoints/1", "1: not a file of endpoints"),
    "another format": ("zones: []\nformat: endpoints/2", "2: not a file of endpoints"),
    "no format": ("endpoints: []", "1: not a file of endpoints"),
    "not YAML": ("format: endpoints/1\nzones: [", "3: not YAML"),
    "a tab": ("format: endpoints/1\nzones:\n\t- code: A", "3: not YAML"),
    "bad UTF-8": (b"format: endpoints/1\n# \xff\n", "2: not UTF-8 text"),
    "a control": ("format: endpoints/1\n# \x07\n", "2: holds the invisible character U+0007"),
    "UTF-16": ("format: endpoints/1".encode("utf-16"), "1: not UTF-8 text"),
    "two documents": ("format: endpoints/1\n---\nformat: endpoints/1\n", "2: not YAML"),
    "an anchor": ("format: endpoints/1\nzones: &a []\n", "2: anchors and aliases"),
    "an alias": ("format: endpoints/1\nzones: *a\n", "2: anchors and aliases"),
    "a merge": ("format: endpoints/1\nzones: &a {}\nendpoints: {<<: *a}", "2: anchors"),
    "a tag": ("format: endpoints/1\nzones: !!set {a}\n", '2: tags ("!") are not read'),
    "an object": (
        "format: endpoints/1\nzones: !!python/object/apply:os.system [id]",
        '2: tags ("!") are not read',
    ),
    "a deep list": ("format: endpoints/1\nzones: " + "[" * 100_000, "2: is nested too deeply"),
    "a deep pair": ("format: endpoints/1\n" + "? " * 50_000, "2: is nested too deeply"),
    "deep entries": ("format: endpoints/1\nzones:\n  " + "- " * 50_000, "3: is nested too"),
    "too large": ("format: endpoints/1\n#" + "x" * 1_000_000, "1: the file has more than 1000000"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read_says_where_and_why(case: str) -> None:
    text, told = UNREADABLE[case]
    began = perf_counter()
    found = faults(text)
    assert found[0].startswith(told)
    assert perf_counter() - began < 5
    assert all("python" not in sentence for sentence in found)


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    lines = ["format: endpoints/1", "zones: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    began = perf_counter()
    assert faults("\n".join(lines))[0].startswith("2: anchors and aliases")
    assert perf_counter() - began < 2


@pytest.mark.usefixtures("register")
def test_a_key_that_stands_twice_is_told_wherever_it_stands() -> None:
    make_zone()
    text = entry(spec='{host: a.example, port: 1, "host": b.example}') + "    zone: STAND-INS\n"
    assert faults(text + "format: x\n") == [
        '8: "host" stands here twice, first in line 8: leave one out',
        '9: "zone" stands here twice, first in line 5: leave one out',
        '10: "format" stands here twice, first in line 1: leave one out',
    ]


@pytest.mark.django_db
def test_a_key_that_is_no_word_is_told() -> None:
    text = "format: endpoints/1\nzones:\n- ? [a, b]\n  : 1\n"
    assert "3: a key is a list or pairs: write one word" in faults(text)


@pytest.mark.parametrize(
    "section", ["zones: 7", "zones: {a: b}", "endpoints: [a]", "endpoints: [[]]"]
)
@pytest.mark.django_db
def test_a_section_that_is_no_list_of_entries_is_told(section: str) -> None:
    (told,) = faults(f"format: endpoints/1\n{section}\n")
    assert told.startswith(f'2: "{section.partition(":")[0]}" is not a list of entries')


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("code", "7", "is not a code"),
        ("code", '""', "is not a code"),
        ("code", '" E"', "is not a code"),
        ("code", '"E\\u200b"', "is not a code"),
        ("code", "E" * 61, "is not a code"),
        ("name", "{en: x}", "is not a name"),
        ("name", "{vi: x, fr: y}", "is not a name"),
        ("name", "{vi: 7}", "is not a text"),
        ("name", "x" * 501, "is longer than 500"),
        ("name", '" "', "is empty"),
        ("sentinel_of", "x" * 101, "is longer than 100"),
        ("spec", "[a]", "is not made of pairs"),
        ("interval", "4", "is not a whole number from 5 to 86400"),
        ("interval", "86401", "is not a whole number"),
        ("interval", "60.0", "is not a whole number"),
        ("interval", "true", "is not a whole number"),
        ("interval", '"60"', "is not a whole number"),
        ("interval", "1:00", "is not a whole number"),
        ("interval", "0x3c", "is not a whole number"),
        ("timeout", "99", "is not a whole number from 100 to 60000"),
        ("paused", "yes", "is neither true nor false"),
        ("paused", "1", "is neither true nor false"),
        ("interval", "9" * 5_000, "a number has too many digits"),
        ("name", '"a\\u0007b"', "holds the invisible character U+0007"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told(field: str, value: str, told: str) -> None:
    make_zone()
    assert told in faults(entry(**{field: value}))[0]
    assert not Endpoint.objects.exists()


@pytest.mark.usefixtures("register")
def test_words_mean_themselves() -> None:
    """What other readers of YAML take for a flag, a day, a time or a number in octal."""
    make_zone()
    for word in ("no", "2025-11-18", "1:30", "0o17", "1e3", "1_000", "Yes", ".inf"):
        apply(entry(name=word, code=f"E-{word}"))
        assert Endpoint.objects.get(code=f"E-{word}").name_vi == word


# Secrets.

SECRETS = [
    {"headers": {"X-Api-Key": "short"}},
    {"headers": {"X-Trace": SECRET}},
    {"headers": {"X-Any": "Bearer abcdefgh1234"}},
    {"url": f"https://a.example/?token={SECRET}"},
    {"url": "https://a.example/?x=1&api_key=abc"},
    {"url": f"https://a.example/?x={SECRET}"},
    {"url": f"https://user:{SECRET}@a.example/"},
    {"password": SECRET},
    {"contains": f"-----BEGIN RSA PRIVATE KEY-----{SECRET}"},
    {"json": {"$.a": "eyJhbGciOiJIUzI1NiJ9.e30.x"}},
    {"json": {"$.a": [{"client_secret": "x"}]}},
]
PLAIN = [
    {"url": "https://a.example/?day=2026-11-18&size=10"},
    {"headers": {"Accept": "application/json; version=2025", "X-Agency": "BYT-TTYQG"}},
    {"json": {"$.token_type": "bearer", "$.ok": True}},
    {"contains": "Bearer of good news"},
    {"url": "https://a.example/passwords"},
]


@pytest.mark.parametrize("spec", SECRETS, ids=str)
def test_what_looks_like_a_secret_is_found(spec: dict[str, Any]) -> None:
    (path,) = secrets_in(spec)
    assert path[0] in spec
    shown = str(hidden(spec, ()))
    assert "***" in shown
    assert SECRET not in shown


@pytest.mark.parametrize("spec", PLAIN, ids=str)
def test_what_is_no_secret_is_let_through(spec: dict[str, Any]) -> None:
    assert secrets_in(spec) == []
    assert hidden(spec, ()) == spec


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("spec", SECRETS, ids=str)
def test_a_secret_in_a_file_is_refused_and_not_repeated(spec: dict[str, Any]) -> None:
    make_zone()
    row = {
        "code": "E-1",
        "name": {"vi": "x"},
        "zone": "STAND-INS",
        "kind": "http",
        "sentinel_of": "BCA",
        "spec": spec,
    }
    found = "\n".join(faults(write([], [row])))
    assert "looks like a secret: seal it as a credential" in found
    assert SECRET not in found


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("field", ["credential", "password", "token", "name", "parent"])
def test_a_secret_in_another_field_is_not_repeated_either(field: str) -> None:
    make_zone()
    value = f"Bearer {SECRET}" if field in {"name", "parent"} else SECRET
    found = faults(entry(**{field: value}))
    assert found
    assert all(SECRET not in sentence for sentence in found)


@pytest.mark.usefixtures("register")
def test_a_credential_is_named_by_its_code_and_its_secret_is_in_no_file() -> None:
    make_zone()
    secret = SECRET.encode()
    seal_credential(code="KEY", kind="signature", host="a.example", secret=secret, now=NOW, by="op")
    apply(entry(kind="heartbeat", spec="{every: 600}", credential="KEY"))
    assert Endpoint.objects.get().credential == Credential.objects.get()
    written = export_file(NOW)
    assert b"credential: KEY\n" in written
    assert secret not in written


@pytest.mark.usefixtures("register")
def test_a_secret_that_got_into_a_specification_is_not_exported() -> None:
    make_zone()
    apply(entry())
    Endpoint.objects.update(spec={"headers": {"X-Api-Key": SECRET}})
    with pytest.raises(Refused, match=r"E-1: spec\.headers\.X-Api-Key looks like a secret") as told:
        export_file(NOW)
    assert SECRET not in str(told.value)


# There and back.


@pytest.mark.usefixtures("register")
def test_an_export_is_read_by_people_and_by_any_reader_of_yaml() -> None:
    apply(FILE)
    written = export_file(NOW).decode()
    assert (
        written
        == """\
format: endpoints/1

zones:
  - code: TSLCD
    name: {vi: Mạng truyền số liệu chuyên dùng, en: Government network}
    internet: false
    for_tests: false
    name_servers: ["10.0.0.53"]

endpoints:
  - code: E-1
    name: {vi: Điểm kết nối 1}
    zone: TSLCD
    kind: tcp
    spec:
      host: gateway.example
      port: 443
    interval: 30
    timeout: 2000
    sentinel_of: BCA

  - code: E-2
    name: {vi: Điểm kết nối 2}
    zone: TSLCD
    kind: http
    spec:
      json:
        "$.share": 0.5
        "$.status": ok
      slow: 600
      url: "https://trucltqg.example/api"
    interface: CSDL-01-DC
    interval: 60
    timeout: 10000
    parent: E-1
"""
    )
    assert yaml.safe_load(written)["endpoints"][1]["spec"]["json"] == {
        "$.share": 0.5,
        "$.status": "ok",
    }


@pytest.mark.django_db
def test_an_empty_register_is_a_file_too() -> None:
    assert export_file(NOW) == b"format: endpoints/1\n"
    assert apply(export_file(NOW)).nothing


def _visible(text: str) -> bool:
    try:
        check_visible(text)
    except Unfit:
        return False
    return bool(text.strip())


def texts(most: int) -> st.SearchStrategy[str]:
    letters = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t:#'\"{}[]&*!-")
    words = st.sampled_from(["no", "null", "~", "1", "1.0", "0x1", "2025-11-18", "- a", "a: b"])
    return (st.text(letters, min_size=1, max_size=most) | words).filter(_visible)


CODES = st.from_regex(r"[A-ZĐ0-9][A-Za-z0-9ĐƯ./:#' _-]{0,12}[A-Z0-9]", fullmatch=True)
NUMBERS = st.integers(-(10**12), 10**12) | st.floats(-1e6, 1e6, width=32)
LEAVES = st.none() | st.booleans() | NUMBERS | texts(12)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts(6), inner, max_size=3),
    max_leaves=6,
)
PATHS = st.from_regex(r"\$\.[a-z]{1,6}(\[[0-9]\])?", fullmatch=True)
HTTP = st.fixed_dictionaries(
    {"url": st.sampled_from(["https://a.example/", "https://b.example:8443/x?y=1"])},
    optional={
        "json": st.dictionaries(PATHS, VALUES, max_size=3),
        "contains": texts(12).filter(lambda text: all(ord(c) > 31 for c in text)),
        "slow": st.integers(1, 1_000),
        "status": st.lists(st.integers(200, 299), max_size=3),
    },
).filter(lambda spec: not secrets_in(spec))
NAMES = texts(20)


@st.composite
def registers(draw: st.DrawFn) -> list[Wanted]:
    """Some endpoints in the order in which they can be saved."""
    codes = draw(st.lists(CODES, min_size=1, max_size=4, unique=True))
    return [
        Wanted(
            code=code,
            name_vi=draw(NAMES),
            name_en=draw(st.just("") | NAMES),
            zone=draw(st.sampled_from(["STAND-INS", "Z 2"])),
            kind="http",
            spec=draw(HTTP),
            interval=draw(st.integers(61, 86_400)),
            timeout=draw(st.integers(100, 60_000)),
            parent=draw(st.none() | st.sampled_from(codes[:number])) if number else None,
            sentinel_of=draw(texts(10)),
            paused=draw(st.booleans()),
        )
        for number, code in enumerate(codes)
    ]


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is gone afterwards; the history of an endpoint cannot be deleted."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
@limits(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(wanted=registers(), spoken=st.sampled_from(["no", "Vùng: 1", "# x"]))
def test_an_export_planned_shows_no_difference(wanted: list[Wanted], spoken: str) -> None:
    with undone():
        make_zone()
        Zone.objects.create(code="Z 2", name_vi=spoken, internet=True, name_servers="10.0.0.1  ::1")
        for one in wanted:
            save_endpoint(wanted=one, now=NOW, by="an")
        saved = [wanted_of(row) for row in Endpoint.objects.order_by("pk")]
        written = export_file(NOW)
        assert apply(written).nothing
        assert export_file(NOW) == written
    with undone():
        apply(written)
        found = {row.code: wanted_of(row) for row in Endpoint.objects.all()}
        assert found == {one.code: replace(one, spec=plain(one.spec)) for one in saved}
        assert export_file(NOW) == written


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_bytes_come_the_answer_is_a_sentence(data: bytes) -> None:
    """Anything but FileRefused fails the test."""
    with suppress(FileRefused):
        assert read("e.yaml", b"format: endpoints/1\n" + data).name == "e.yaml"


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("change", [str.upper, lambda text: text.replace("\n", "\r\n")])
def test_a_file_from_another_editor_is_the_same(change: Callable[[str], str]) -> None:
    if change is str.upper:
        assert apply(b"\xef\xbb\xbf" + FILE.encode()).added
    else:
        assert apply(change(FILE)).added
    assert apply(FILE).nothing
    assert Interface.objects.count() == 1
