"""Every way that is known to make a prober connect where it must not: none connects, and every one
ends as a matter of our own configuration, never as a failure of the other side."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import ip_network

import pytest
from dns.message import Message

from databases.probes.egress import Allowed, Reach
from databases.probes.kinds import KINDS
from databases.probes.names import Names
from databases.probes.reading import Reading
from databases.rules.track import Result
from tests.databases.probe_attempts import (
    INTERNET,
    THIS_MACHINE,
    probed,
    said,
)
from tests.databases.probe_name_server import NameServer, records
from tests.databases.probe_servers import Serving, http, says, until

CAUGHT = says(http("caught"))
# The worst that two persons can approve.
EVERYTHING = Reach(
    "everything",
    allowed=tuple(Allowed(ip_network(text), ((1, 65_535),)) for text in ("0.0.0.0/0", "::/0")),
    internet=True,
)


class Canary(Serving):
    """Listens on every address of this machine."""

    def __init__(self) -> None:
        super().__init__(CAUGHT, host="::")

    def require_untouched(self) -> None:
        """Connections are taken in order: when ours is taken, every other was."""
        before = self.accepted
        with socket.create_connection(("127.0.0.1", self.port)):
            until(lambda: self.accepted > before)
        assert self.accepted == 1, "somebody connected"


@contextmanager
def canary() -> Iterator[Canary]:
    with Canary() as held:
        yield held
        held.require_untouched()


HOSTS = {
    "plain": "127.0.0.1",
    "the end of loopback": "127.255.255.254",
    "in the middle of loopback": "127.31.41.59",
    "final dot": "127.0.0.1.",
    "decimal": "2130706433",
    "octal": "0177.0.0.1",
    "octal with noughts": "00000177.0.0.1",
    "octal, whole": "017700000001",
    "hexadecimal": "0x7f.0x0.0x0.0x1",
    "hexadecimal, whole": "0x7f000001",
    "hexadecimal, long": "0x0000007f000001",
    "hexadecimal in capitals": "0X7F000001",
    "hexadecimal at the end": "127.0.0.0x1",
    "octal and hexadecimal": "0177.0x0.0.01",
    "leading noughts": "127.000.000.001",
    "short": "127.1",
    "short of three": "127.0.1",
    "short with a large part": "127.65535",
    "overflowing": "425.510.425.510",
    "overflowing whole": "6425673729",
    "nought": "0",
    "noughts": "0.0.0.0",
    "short noughts": "0.0",
    "this network": "0.1.2.3",
    "six": "[::1]",
    "six in full": "[0:0:0:0:0:0:0:1]",
    "six with noughts": "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "six unspecified": "[::]",
    "six unspecified in full": "[0:0:0:0:0:0:0:0]",
    "six with a zone": "[::1%lo]",
    "six with an encoded zone": "[::1%25lo]",
    "mapped": "[::ffff:127.0.0.1]",
    "mapped, hexadecimal": "[::ffff:7f00:1]",
    "mapped, in full": "[0:0:0:0:0:ffff:127.0.0.1]",
    "mapped nought": "[::ffff:0.0.0.0]",
    "compatible": "[::127.0.0.1]",
    "compatible, hexadecimal": "[::7f00:1]",
    "translated": "[::ffff:0:127.0.0.1]",
    "NAT64": "[64:ff9b::127.0.0.1]",
    "NAT64, hexadecimal": "[64:ff9b::7f00:1]",
    "NAT64, local": "[64:ff9b:1::7f00:1]",
    "6to4": "[2002:7f00:1::]",
    "6to4 to metadata": "[2002:a9fe:a9fe::]",
    "Teredo": "[2001:0:7f00:1:0:0:80ff:fffe]",
    "ISATAP": "[2606:4700::5efe:127.0.0.1]",
    "ISATAP of a global address": "[2606:4700::200:5efe:7f00:1]",
    "brackets around four": "[127.0.0.1]",
    "circled": "①②⑦.⓪.⓪.①",
    "circled, whole": "②①③⓪⑦⓪⑥④③③",
    "fullwidth": "１２７.０.０.１",
    "fullwidth dots": "127．0．0．1",
    "ideographic dots": "127。0。0。1",
    "halfwidth dots": "127｡0｡0｡1",
    "superscript": "¹²⁷.⁰.⁰.¹",
    "Arabic": "١٢٧.٠.٠.١",
    "mathematical": "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
    "percent-encoded": "%31%32%37.0.0.1",
    "percent-encoded dots": "127%2E0%2E0%2E1",
    "twice percent-encoded": "127%252e0%252e0%252e1",
    "tab": "127.0.\t0.1",
    "line break": "127.0.0.1\r\n",
    "line feed in front": "\n127.0.0.1",
    "line break in it": "service.test\r\nHost: 127.0.0.1",
    "encoded line break": "service.test%0d%0aHost:%20127.0.0.1",
    "nul": "service.test\0.127.0.0.1",
    "space": "127.0.0.1 service.test",
    "soft hyphen": "127.0.0\u00ad.1",
    "zero width": "127.0.0\u200b.1",
    "user": "service.test@127.0.0.1",
    "user and word": "service.test:80@127.0.0.1",
    "user behind": "127.0.0.1@service.test",
    "encoded user": "service.test%40127.0.0.1",
    "two users": "a@service.test@127.0.0.1",
    "backslash": "service.test\\@127.0.0.1",
    "backslash behind": "127.0.0.1\\.service.test",
    "fragment in front": "127.0.0.1#@service.test",
    "question in front": "127.0.0.1?@service.test",
    "semicolon": "127.0.0.1;service.test",
    "comma": "service.test,127.0.0.1",
    "quote": "127.0.0.1'",
    "dollar brace": "${127.0.0.1}",
    "final dots": "127.0.0.1..",
    "leading dot": ".127.0.0.1",
    "localhost": "localhost",
    "localhost with a dot": "localhost.",
    "localhost in capitals": "LOCALHOST",
    "localhost, fullwidth": "ｌｏｃａｌｈｏｓｔ",
    "localhost, script": "ℓocalhost",
    "localhost, circled": "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "localhost of six": "ip6-localhost",
    "localhost in full": "localhost.localdomain",
    "the name of this machine": "portal.test",
    "a name for loopback": "loopback.attacker.test",
    "a name with the address in it": "127.0.0.1.attacker.test",
    "a name for nought": "zero.attacker.test",
    "a name for six": "six.attacker.test",
    "a name for a mapped address": "mapped.attacker.test",
    "a name for no address": "odd.attacker.test",
    "a name with good and bad": "mixed.attacker.test",
    "a name with bad and good": "mixed-too.attacker.test",
    "a name for metadata": "metadata.google.internal",
    "metadata": "169.254.169.254",
    "metadata, decimal": "2852039166",
    "metadata, octal": "0251.0376.0251.0376",
    "metadata, hexadecimal": "0xa9fea9fe",
    "metadata, mapped": "[::ffff:169.254.169.254]",
    "metadata, mapped hexadecimal": "[::ffff:a9fe:a9fe]",
    "metadata, NAT64": "[64:ff9b::a9fe:a9fe]",
    "metadata of six": "[fd00:ec2::254]",
    "metadata of six, elsewhere": "[fd20:ce::254]",
    "metadata, link-local of six": "[fe80::a9fe:a9fe]",
    "metadata of containers": "169.254.170.2",
    "metadata, no link-local": "100.100.100.200",
    "metadata, a public address": "168.63.129.16",
    "metadata, a protocol's address": "192.0.0.192",
    "link-local": "169.254.1.1",
    "link-local of six": "[fe80::1]",
    "site-local": "[fec0::1]",
    "multicast": "224.0.0.1",
    "multicast of six": "[ff02::1]",
    "broadcast": "255.255.255.255",
    "reserved": "240.0.0.1",
    "documentation": "192.0.2.2",
    "documentation of six": "[2001:db8::1]",
    "benchmark": "198.18.0.1",
}
NAMES = Names(
    (),
    hosts={
        "localhost": ("127.0.0.1", "::1"),
        "localhost.localdomain": ("127.0.0.1",),
        "ip6-localhost": ("::1",),
        "portal.test": ("127.0.1.1",),
        "service.test": ("127.0.0.1",),
        "loopback.attacker.test": ("127.0.0.1",),
        "127.0.0.1.attacker.test": ("127.0.0.1",),
        "zero.attacker.test": ("0.0.0.0",),
        "six.attacker.test": ("::1",),
        "mapped.attacker.test": ("::ffff:127.0.0.1",),
        "odd.attacker.test": ("127.1",),
        "mixed.attacker.test": ("8.8.8.8", "127.0.0.1"),
        "mixed-too.attacker.test": ("127.0.0.1", "8.8.8.8"),
        "metadata.google.internal": ("169.254.169.254",),
    },
)


def require_refused(reading: Reading) -> None:
    assert reading.result is Result.CONFIG, said(reading)
    assert reading.blame is None
    assert reading.reason.startswith("egress_") or reading.reason in {
        "bad_specification",
        "redirect_refused",
    }
    # Phases are those of the last target; that of a redirect never became one.
    assert reading.connect is None or reading.reason == "redirect_refused"


def test_the_table_is_long_enough() -> None:
    assert len(HOSTS) >= 80
    assert len(set(HOSTS.values())) == len(HOSTS)


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
@pytest.mark.parametrize("reach", [INTERNET, EVERYTHING], ids=["internet", "everything"])
def test_no_spelling_reaches_what_must_not_be_reached(host: str, reach: Reach) -> None:
    with canary() as held:
        for url in (f"http://{host}:{held.port}/", f"https://{host}:{held.port}/"):
            require_refused(probed("http", {"url": url}, reach=reach, names=NAMES, timeout=2))
        bare = host.strip("[]")
        for kind in ("tcp", "tls"):
            spec = {"host": bare, "port": held.port}
            require_refused(probed(kind, spec, reach=reach, names=NAMES, timeout=2))


@pytest.mark.parametrize("host", ["127.0.0.1", "loopback.attacker.test", "mixed.attacker.test"])
@pytest.mark.parametrize("kind", ["tcp", "tls", "http", "fhir", "soap", "postgres"])
def test_no_kind_of_probe_has_a_way_round_the_guard(kind: str, host: str) -> None:
    with canary() as held:
        at = {"host": host, "port": held.port}
        spec = {"url": f"http://{host}:{held.port}/"} if kind in {"http", "fhir", "soap"} else at
        if kind == "postgres":
            spec = at | {"database": "d", "user": "u", "tls": "disable"}
        require_refused(probed(kind, spec, reach=EVERYTHING, names=NAMES, timeout=2))


def test_every_kind_that_connects_is_in_the_test_above() -> None:
    assert KINDS.keys() - {"tcp", "tls", "http", "fhir", "soap", "postgres"} == {"dns", "heartbeat"}


SCHEMES = [
    "file:///etc/passwd",
    "file://127.0.0.1/etc/passwd",
    "gopher://127.0.0.1:{port}/_FLUSHALL",
    "dict://127.0.0.1:{port}/info",
    "ftp://127.0.0.1:{port}/",
    "ldap://127.0.0.1:{port}/",
    "tftp://127.0.0.1:{port}/",
    "jar:http://127.0.0.1:{port}!/",
    "netdoc:///etc/passwd",
    "data:text/plain,hello",
    "javascript:alert(1)",
    "unix:/run/docker.sock",
    "http+unix://%2Frun%2Fdocker.sock/",
    "ws://127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "http:127.0.0.1:{port}",
    "http:/127.0.0.1:{port}",
    "http:///127.0.0.1:{port}",
    "http:\\\\127.0.0.1:{port}",
    "http:// 127.0.0.1:{port}",
    " http://127.0.0.1:{port}",
    "url:http://127.0.0.1:{port}",
    "hTTp:\t//127.0.0.1:{port}",
]


@pytest.mark.parametrize("url", SCHEMES)
def test_no_scheme_but_http_is_spoken(url: str) -> None:
    with canary() as held:
        reading = probed("http", {"url": url.format(port=held.port)}, reach=EVERYTHING)
    require_refused(reading)
    assert reading.reason == "bad_specification"


TESTS = Reach("tests", stand_ins=THIS_MACHINE)


def _moves_to(location: str) -> Serving:
    value = location.encode("utf-8", "surrogateescape").decode("latin-1")
    return Serving(says(http("", 302, Location=value)))


# What a header cannot carry is no redirect to it.
_LOCATIONS = {name: host for name, host in HOSTS.items() if not set(host) & set("\r\n\0")}


@pytest.mark.parametrize("host", _LOCATIONS.values(), ids=_LOCATIONS)
@pytest.mark.parametrize("form", ["http://{host}:{port}/", "//{host}:{port}/"])
def test_no_redirect_reaches_what_must_not_be_reached(host: str, form: str) -> None:
    """The zone lets exactly the server through that sends us on."""
    with canary() as held, _moves_to(form.format(host=host, port=held.port)) as server:
        # What stands before a "#" or "?" is a host on its own port.
        own = frozenset({("127.0.0.1", held.port), ("127.0.0.1", 80)})
        reach = Reach("tests", stand_ins=(ip_network("127.0.0.1/32"),), own_servers=own)
        spec = {"url": f"http://127.0.0.1:{server.port}/", "redirects": 1}
        reading = probed("http", spec, reach=reach, names=NAMES, timeout=2)
        require_refused(reading)
        assert server.accepted == 1
        assert reading.status == 302


@pytest.mark.parametrize("kind", ["tcp", "tls", "http", "postgres"])
@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.2",
        "::1",
        "localhost",
        "portal.test",
        "mapped.attacker.test",
        "::ffff:127.0.0.1",
    ],
)
def test_a_zone_for_tests_does_not_reach_the_portals_own_servers(host: str, kind: str) -> None:
    with canary() as held:
        reach = Reach(
            "tests", stand_ins=THIS_MACHINE, own_servers=frozenset({("127.0.0.1", held.port)})
        )
        at: dict[str, object] = {"host": host, "port": held.port}
        shown = f"[{host}]" if ":" in host else host
        specs: dict[str, dict[str, object]] = {
            "http": {"url": f"http://{shown}:{held.port}/"},
            "postgres": at | {"database": "d", "user": "u", "tls": "disable"},
        }
        reading = probed(kind, specs.get(kind, at), reach=reach, names=NAMES, timeout=2)
    assert said(reading) == "config egress_own_server - name"


def test_a_name_that_answers_differently_the_second_time_is_judged_the_second_time() -> None:
    with ExitStack() as stack:
        server = stack.enter_context(Serving(says(http("ok")), host="127.0.0.1"))
        held = stack.enter_context(Serving(CAUGHT, host="127.0.0.2", port=server.port))
        name_server = stack.enter_context(NameServer(records("A 127.0.0.1")))
        reach = Reach("tests", stand_ins=(ip_network("127.0.0.1/32"),))
        spec = {"url": f"http://rebinding.test:{server.port}/"}
        names = name_server.names()
        first = probed("http", spec, reach=reach, names=names)
        name_server.answer = records("A 127.0.0.2")
        second = probed("http", spec, reach=reach, names=names)
        name_server.answer = records("A 127.0.0.1", "AAAA ::1")
        third = probed("http", spec, reach=reach, names=names)
    assert said(first) == "ok - - request"
    assert said(second) == said(third) == "config egress_loopback - name"
    assert held.accepted == 0


def test_a_name_is_asked_for_once_and_what_was_judged_is_what_is_reached() -> None:
    """It answers with a good address while it is judged, and with a bad one ever after."""
    with ExitStack() as stack:
        server = stack.enter_context(Serving(says(http("ok")), host="127.0.0.1"))
        held = stack.enter_context(Serving(CAUGHT, host="127.0.0.2", port=server.port))
        name_server = stack.enter_context(NameServer(records("A 127.0.0.1")))

        def rebinds(asked: Message) -> list[bytes]:
            good = len([text for text in name_server.asked if text.endswith(" A")]) == 1
            return records("A 127.0.0.1" if good else "A 127.0.0.2")(asked)

        name_server.answer = rebinds
        reach = Reach("tests", stand_ins=(ip_network("127.0.0.1/32"),))
        spec = {"url": f"http://rebinding.test:{server.port}/"}
        reading = probed("http", spec, reach=reach, names=name_server.names())
    assert said(reading) == "ok - - request"
    assert name_server.asked == ["rebinding.test. A", "rebinding.test. AAAA"]
    assert held.accepted == 0


@pytest.mark.parametrize(
    "told",
    [
        ["A 8.8.8.8", "A 127.0.0.1"],
        ["A 127.0.0.1", "A 8.8.8.8"],
        ["A 8.8.8.8", "AAAA ::1"],
        ["AAAA ::ffff:127.0.0.1"],
        ["AAAA 64:ff9b::7f00:1"],
        ["A 169.254.169.254"],
        ["A 10.0.0.1"],
        ["A 0.0.0.0"],
    ],
)
def test_a_name_with_one_bad_answer_is_refused_and_not_picked_from(told: list[str]) -> None:
    with canary() as held, NameServer(records(*told)) as name_server:
        spec = {"url": f"http://mixed.test:{held.port}/"}
        reading = probed("http", spec, reach=INTERNET, names=name_server.names())
    require_refused(reading)
