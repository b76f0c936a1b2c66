"""May a probe connect to this address? Judged at the moment of connecting, whatever the name said.

The flags of the ipaddress module are no guard: is_private is False for 100.64/10, NAT64, 6to4 and
multicast. What follows is our own table, from the registries of special-purpose addresses (RFC 6890
and its successors).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_MOST = 20_000  # judgements kept


class Because(StrEnum):
    """Why it is refused."""

    NOT_AN_ADDRESS = "not_an_address"
    LOOPBACK = "loopback"
    UNSPECIFIED = "unspecified"
    LINK_LOCAL = "link_local"
    METADATA = "metadata"
    MULTICAST = "multicast"
    RESERVED = "reserved"
    TRANSLATED = "translated"
    OWN_SERVER = "own_server"
    NOT_ALLOWED = "not_allowed"
    PORT = "port"


# Vietnamese, English.
REFUSED = {
    Because.NOT_AN_ADDRESS: ("không phải là địa chỉ", "is no address"),
    Because.LOOPBACK: ("là địa chỉ của chính máy này", "is an address of this machine itself"),
    Because.UNSPECIFIED: ("là địa chỉ không xác định", "is the unspecified address"),
    Because.LINK_LOCAL: ("là địa chỉ nội bộ đường truyền", "is a link-local address"),
    Because.METADATA: ("là địa chỉ siêu dữ liệu của máy chủ", "is a metadata service"),
    Because.MULTICAST: ("là địa chỉ phát đa hướng", "is a multicast or broadcast address"),
    Because.RESERVED: ("thuộc dải dành riêng", "is in a reserved range"),
    Because.TRANSLATED: ("là địa chỉ chuyển đổi", "is a translated address"),
    Because.OWN_SERVER: ("là máy chủ của cổng này", "is a server of this portal"),
    Because.NOT_ALLOWED: (
        "không thuộc mạng đã được phê duyệt của vùng",
        "is in no approved network of the zone",
    ),
    Because.PORT: ("dùng cổng chưa được phê duyệt", "is on a port that is not approved"),
}


class EgressRefused(Exception):
    """The guard says no; nothing was sent."""

    def __init__(self, because: Because, address: str, port: int) -> None:
        super().__init__(f"{address}:{port} {REFUSED[because][1]}")
        self.because, self.address, self.port = because, address, port

    @property
    def reason(self) -> str:
        return f"egress_{self.because}"

    def sentence(self) -> dict[str, str]:
        """What was refused and why, in both languages."""
        vi, en = REFUSED[self.because]
        return {"vi": f"{self.address}:{self.port} {vi}", "en": f"{self.address}:{self.port} {en}"}


# The first that holds the address tells why; narrower ones stand first.
ALWAYS_REFUSED: tuple[tuple[Because, tuple[Network, ...]], ...] = tuple(
    (because, tuple(ip_network(text) for text in texts.split()))
    for because, texts in (
        (
            Because.METADATA,
            (
                "169.254.169.254/32 169.254.170.2/32 169.254.170.23/32 169.254.169.253/32 "
                "169.254.169.123/32 169.254.0.23/32 100.100.100.200/32 168.63.129.16/32 "
                "192.0.0.192/32 fd00:ec2::/32 fd20:ce::254/128 fd00:42::42/128 fe80::a9fe:a9fe/128"
            ),
        ),
        (Because.LOOPBACK, "127.0.0.0/8 ::1/128"),
        (Because.UNSPECIFIED, "0.0.0.0/8 ::/128"),
        (Because.LINK_LOCAL, "169.254.0.0/16 fe80::/10 fec0::/10"),
        (Because.MULTICAST, "224.0.0.0/4 255.255.255.255/32 ff00::/8"),
        (
            Because.TRANSLATED,
            "64:ff9b::/96 64:ff9b:1::/48 2002::/16 2001::/32 192.88.99.0/24 ::ffff:0:0:0/96",
        ),
        (
            Because.RESERVED,
            (
                "240.0.0.0/4 192.0.0.0/24 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 "
                "198.18.0.0/15 100::/64 100:0:0:1::/64 2001::/23 2001:db8::/32 3fff::/20 "
                "5f00::/16 ::/8"
            ),
        ),
    )
)
# Only through an approved network, never through "internet".
_PRIVATE = tuple(
    ip_network(text)
    for text in "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7".split()
)
_GLOBAL_6 = ip_network("2000::/3")
_WEB = ((80, 80), (443, 443))
# What a zone for tests may lift: addresses of this machine, and those that lead nowhere.
_LIFTED = {None, Because.LOOPBACK, Because.RESERVED}
# ISATAP hides an IPv4 address behind one of these halves of an interface identifier.
_ISATAP = {0x0000_5EFE, 0x0200_5EFE}


@dataclass(frozen=True, slots=True)
class Allowed:
    """A network, and the ranges of ports in it, ends included."""

    network: Network
    ports: tuple[tuple[int, int], ...]

    def holds(self, address: Address) -> bool:
        return address.version == self.network.version and address in self.network


@dataclass(frozen=True, slots=True)
class Reach:
    """What the endpoints of a zone may connect to. `stand_ins`: networks of this machine that pass
    in a zone for tests although refused elsewhere; never those servers of ours that `own_servers`
    names as (address, port). One that is on loopback is taken to listen on all of it."""

    zone: str
    allowed: tuple[Allowed, ...] = ()
    internet: bool = False
    stand_ins: tuple[Network, ...] = ()
    own_servers: frozenset[tuple[str, int]] = frozenset()
    own_addresses: frozenset[str] = frozenset()
    _judged: dict[tuple[str, int], Because | None] = field(
        default_factory=dict, compare=False, repr=False
    )

    def require(self, address: str, port: int) -> None:
        """EgressRefused unless a probe may connect there."""
        key = (address, port)
        if key not in self._judged:
            if len(self._judged) >= _MOST:
                self._judged.clear()
            self._judged[key] = self._judge(address, port)
        because = self._judged[key]
        if because is not None:
            raise EgressRefused(because, address, port)

    def _judge(self, text: str, port: int) -> Because | None:
        try:
            address = unwrapped(ip_address(text.partition("%")[0]))
        except ValueError:
            return Because.NOT_AN_ADDRESS
        if self._is_own_server(address, port):
            return Because.OWN_SERVER
        because = always_refused(address)
        if because in _LIFTED and _in_any(address, self.stand_ins):
            return None
        if str(address) in self.own_addresses:
            return Because.OWN_SERVER
        return because or self._let_through(address, port)

    def _is_own_server(self, address: Address, port: int) -> bool:
        if (str(address), port) in self.own_servers:
            return True
        here = address.is_loopback or str(address) in self.own_addresses
        return here and any(
            port == other and ip_address(text).is_loopback for text, other in self.own_servers
        )

    def _let_through(self, address: Address, port: int) -> Because | None:
        listed = [allowed for allowed in self.allowed if allowed.holds(address)]
        ports = [ports for allowed in listed for ports in allowed.ports]
        if self.internet and _is_public(address):
            ports += _WEB
        elif not listed:
            return Because.NOT_ALLOWED
        return None if any(low <= port <= high for low, high in ports) else Because.PORT


def unwrapped(address: Address) -> Address:
    """The IPv4 address inside a mapped or compatible IPv6 one; else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    number = int(address)
    # ::1 and :: are addresses of their own, not 0.0.0.1 and 0.0.0.0.
    return IPv4Address(number) if 1 < number < 1 << 32 else address


def always_refused(address: Address) -> Because | None:
    """Why no zone may reach it, or nothing."""
    for because, networks in ALWAYS_REFUSED:
        if _in_any(address, networks):
            return because
    hidden = isinstance(address, IPv6Address) and int(address) >> 32 & 0xFFFF_FFFF in _ISATAP
    return Because.TRANSLATED if hidden else None


def _is_public(address: Address) -> bool:
    if _in_any(address, _PRIVATE):
        return False
    return isinstance(address, IPv4Address) or address in _GLOBAL_6


def _in_any(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks if address.version == network.version)
