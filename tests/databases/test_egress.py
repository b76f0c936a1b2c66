"""The guard's table, held against a second reading of the registries of special addresses."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given, settings, strategies as st

from databases.probes.egress import REFUSED, Allowed, Because, EgressRefused, Reach, unwrapped
from tests.databases.probe_attempts import INTERNET, THIS_MACHINE

EVERYTHING = Reach(
    "everything",
    allowed=tuple(Allowed(ip_network(text), ((1, 65_535),)) for text in ("0.0.0.0/0", "::/0")),
)


def because(reach: Reach, address: str, port: int = 443) -> str:
    try:
        reach.require(address, port)
    except EgressRefused as refused:
        return refused.reason.removeprefix("egress_")
    return ""


# Never to be reached by anybody, whatever was approved.
NEVER = [
    ("127.0.0.1", "loopback"),
    ("127.255.255.254", "loopback"),
    ("::1", "loopback"),
    ("0.0.0.0", "unspecified"),
    ("0.1.2.3", "unspecified"),
    ("::", "unspecified"),
    ("169.254.1.1", "link_local"),
    ("fe80::1", "link_local"),
    ("fe80::1%eth0", "link_local"),
    ("febf::1", "link_local"),
    ("fec0::1", "link_local"),
    ("169.254.169.254", "metadata"),  # most clouds
    ("169.254.169.253", "metadata"),
    ("169.254.169.123", "metadata"),
    ("169.254.170.2", "metadata"),  # containers
    ("169.254.170.23", "metadata"),
    ("169.254.0.23", "metadata"),
    ("100.100.100.200", "metadata"),
    ("168.63.129.16", "metadata"),
    ("192.0.0.192", "metadata"),
    ("fd00:ec2::254", "metadata"),
    ("fd00:ec2::23", "metadata"),
    ("fd20:ce::254", "metadata"),
    ("fd00:42::42", "metadata"),
    ("fe80::a9fe:a9fe", "metadata"),
    ("::ffff:169.254.169.254", "metadata"),
    ("224.0.0.1", "multicast"),
    ("239.255.255.250", "multicast"),
    ("255.255.255.255", "multicast"),
    ("ff02::1", "multicast"),
    ("ff0e::1", "multicast"),
    ("::ffff:127.0.0.1", "loopback"),  # mapped
    ("::ffff:7f00:1", "loopback"),
    ("::127.0.0.1", "loopback"),  # compatible
    ("::ffff:0:127.0.0.1", "translated"),  # translated without state
    ("64:ff9b::127.0.0.1", "translated"),  # NAT64
    ("64:ff9b::8.8.8.8", "translated"),
    ("64:ff9b:1::1", "translated"),
    ("2002:7f00:1::1", "translated"),  # 6to4
    ("2002:808:808::1", "translated"),
    ("192.88.99.1", "translated"),
    ("2001:0:7f00:1::1", "translated"),  # Teredo
    ("2606:4700::5efe:127.0.0.1", "translated"),  # ISATAP
    ("2606:4700::200:5efe:7f00:1", "translated"),
    ("240.0.0.1", "reserved"),
    ("192.0.0.8", "reserved"),
    ("192.0.2.1", "reserved"),
    ("198.51.100.1", "reserved"),
    ("203.0.113.1", "reserved"),
    ("198.18.0.1", "reserved"),
    ("198.19.255.255", "reserved"),
    ("100::1", "reserved"),
    ("100:0:0:1::1", "reserved"),
    ("2001:2::1", "reserved"),
    ("2001:10::1", "reserved"),
    ("2001:20::1", "reserved"),
    ("2001:db8::1", "reserved"),
    ("3fff::1", "reserved"),
    ("5f00::1", "reserved"),
    ("::2:0:0:1", "reserved"),
    ("host.vn", "not_an_address"),
    ("127.1", "not_an_address"),
    ("0x7f000001", "not_an_address"),
    ("127.0.0.1 ", "not_an_address"),
    ("", "not_an_address"),
]


@pytest.mark.parametrize(("address", "expected"), NEVER)
def test_what_nobody_may_reach_is_refused_although_it_was_approved(
    address: str, expected: str
) -> None:
    assert because(EVERYTHING, address) == expected
    assert because(INTERNET, address) == expected


@pytest.mark.parametrize(
    "address",
    ["10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fc00::1", "fd12::1"],
)
def test_a_private_address_needs_an_approved_network(address: str) -> None:
    assert because(INTERNET, address) == "not_allowed"
    assert because(EVERYTHING, address) == ""
    assert because(Reach("none"), address) == "not_allowed"


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111"])
def test_the_internet_is_reached_on_the_ports_of_the_web(address: str) -> None:
    assert because(INTERNET, address, 80) == because(INTERNET, address, 443) == ""
    for port in (22, 25, 5432, 6379, 8080, 0, 65_535):
        assert because(INTERNET, address, port) == "port"
    assert because(Reach("none"), address) == "not_allowed"


def test_a_listed_network_adds_its_ports_and_takes_none_away() -> None:
    listed = Allowed(ip_network("8.8.8.0/24"), ((8_443, 8_444),))
    reach = Reach("both", allowed=(listed,), internet=True)
    assert [because(reach, "8.8.8.8", port) for port in (443, 8_443, 8_444, 8_445)] == [
        "",
        "",
        "",
        "port",
    ]
    assert because(reach, "8.8.4.4", 8_443) == "port"
    assert because(Reach("listed", allowed=(listed,)), "8.8.8.8", 443) == "port"


def test_a_zone_for_tests_lifts_this_machine_and_nothing_else() -> None:
    everywhere = (ip_network("0.0.0.0/0"), ip_network("::/0"))
    reach = Reach("tests", stand_ins=everywhere)
    assert because(reach, "127.0.0.1", 5_999) == because(reach, "::1", 5_999) == ""
    assert because(reach, "::ffff:127.0.0.1", 5_999) == ""
    for address, expected in NEVER:
        if expected not in {"loopback", "reserved"}:
            assert because(reach, address) == expected, address
    assert because(Reach("tests", stand_ins=THIS_MACHINE), "10.0.0.1") == "not_allowed"


OWN = Reach(
    "tests",
    stand_ins=THIS_MACHINE,
    own_servers=frozenset({("127.0.0.1", 5_432), ("10.9.9.9", 6_379)}),
    own_addresses=frozenset({"10.1.1.1", "fd00::2"}),
)


@pytest.mark.parametrize(
    ("address", "port"),
    [
        ("127.0.0.1", 5_432),
        ("127.0.0.2", 5_432),
        ("127.255.0.9", 5_432),
        ("::1", 5_432),
        ("::ffff:127.0.0.1", 5_432),
        ("::127.0.0.1", 5_432),
        ("10.1.1.1", 5_432),
        ("10.1.1.1", 443),
        ("fd00::2", 5_432),
        ("FD00:0::2", 443),
        ("10.9.9.9", 6_379),
        ("::ffff:10.9.9.9", 6_379),
    ],
)
def test_the_portals_own_servers_are_refused_in_every_zone(address: str, port: int) -> None:
    assert because(OWN, address, port) == "own_server"
    everything = Reach(
        "everything",
        allowed=EVERYTHING.allowed,
        stand_ins=(ip_network("127.0.0.0/8"), ip_network("::1/128")),
        own_servers=OWN.own_servers,
        own_addresses=OWN.own_addresses,
    )
    assert because(everything, address, port) == "own_server"


def test_beside_its_own_servers_the_machine_may_be_reached_for_tests() -> None:
    assert because(OWN, "127.0.0.1", 5_433) == ""
    assert because(OWN, "127.0.0.1", 6_379) == ""  # that one listens elsewhere


def test_a_refusal_has_a_sentence_in_both_languages() -> None:
    assert REFUSED.keys() == set(Because)
    with pytest.raises(EgressRefused) as caught:
        INTERNET.require("127.0.0.1", 80)
    assert caught.value.sentence() == {
        "vi": "127.0.0.1:80 là địa chỉ của chính máy này",
        "en": "127.0.0.1:80 is an address of this machine itself",
    }


def test_judgements_are_kept_but_not_without_bound() -> None:
    reach = Reach("internet", internet=True)
    for number in range(60_000):
        assert because(reach, f"8.8.{number >> 8 & 255}.{number & 255}", 443 - number % 2) in {
            "",
            "port",
        }
    assert len(reach._judged) <= 20_000


# A second reading, written from the columns "Globally Reachable" of the two registries of
# special-purpose addresses and from the address spaces of unicast, not from the guard's table.
_NOT_GLOBAL_4 = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
    192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24
    224.0.0.0/4 240.0.0.0/4"""
_NOT_GLOBAL_6 = """
    ::/128 ::1/128 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23
    2001:db8::/32 2002::/16 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8"""
_UNICAST_6 = ip_network("2000::/3")


def _is_global(text: str) -> bool:
    address = ip_address(text)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if isinstance(address, IPv6Address) and int(address) >> 32 == 0:
        address = IPv4Address(int(address))
    if isinstance(address, IPv4Address):
        return not any(address in ip_network(text) for text in _NOT_GLOBAL_4.split())
    special = any(address in ip_network(text) for text in _NOT_GLOBAL_6.split())
    return address in _UNICAST_6 and not special


_EDGES = [
    edge
    for text in (_NOT_GLOBAL_4 + _NOT_GLOBAL_6).split()
    for network in (ip_network(text),)
    for edge in (
        int(network[0]) - 1,
        int(network[0]),
        int(network[-1]),
        int(network[-1]) + 1,
    )
]
_FOUR = st.integers(0, 2**32 - 1).map(IPv4Address)
_SIX = st.one_of(
    st.integers(0, 2**128 - 1).map(IPv6Address),
    # Where IPv4 hides in IPv6, and around every border.
    st.tuples(
        st.sampled_from(
            [0, 0xFFFF << 32, 0xFFFF << 48, 0x64FF9B << 96, 0x2002 << 112, 0x20010000 << 96]
        ),
        st.integers(0, 2**48 - 1),
    ).map(lambda pair: IPv6Address(pair[0] | pair[1])),
    st.sampled_from([edge for edge in _EDGES if 0 <= edge < 2**128]).map(IPv6Address),
    st.integers(0, 2**125 - 1).map(lambda number: IPv6Address(1 << 125 | number)),
)
_EDGE_FOUR = st.sampled_from([edge for edge in _EDGES if 0 <= edge < 2**32]).map(IPv4Address)


@settings(max_examples=1_500)
@given(st.one_of(_FOUR, _EDGE_FOUR, _SIX), st.sampled_from([80, 443, 22, 5432]))
def test_what_an_internet_zone_lets_through_is_globally_routable_unicast(
    address: IPv4Address | IPv6Address, port: int
) -> None:
    if because(INTERNET, str(address), port):
        return
    assert _is_global(str(address))
    assert port in {80, 443}
    assert not address.is_multicast
    assert not address.is_loopback


@settings(max_examples=1_500)
@given(st.one_of(_FOUR, _EDGE_FOUR, _SIX))
def test_what_is_globally_routable_is_let_through_but_for_what_is_named(
    address: IPv4Address | IPv6Address,
) -> None:
    """A guard that refuses everything would be safe, and of no use."""
    found = because(INTERNET, str(address))
    if _is_global(str(address)):
        assert found in {"", "metadata"} or (found == "translated" and "5efe" in address.exploded)


@given(st.integers(2, 2**32 - 1).map(IPv4Address))
def test_an_address_that_is_wrapped_is_judged_as_itself(address: IPv4Address) -> None:
    for wrapped in (f"::ffff:{address}", f"::{address}"):
        assert unwrapped(ip_address(wrapped)) == address
        assert because(INTERNET, wrapped) == because(INTERNET, str(address))
