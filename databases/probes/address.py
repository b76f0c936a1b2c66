"""Which host, port and path does a text name? What two programs read differently is refused."""

import re
import unicodedata
from dataclasses import dataclass, replace
from ipaddress import IPv6Address, ip_address
from socket import AF_INET6, inet_ntop

_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"(0x[0-9a-f]*|\d+)")
_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<netloc>[^/?#]*)(?P<rest>[^#]*)")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_FORBIDDEN = frozenset("\\<>\"'`{}|^")
# IDNA of 2003 and of 2008 read them as different names.
_AMBIGUOUS = frozenset("ßς")
_LONGEST = 2_000


class BadTarget(ValueError):
    """The text names no target that may be probed."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi, self.en = vi, en

    def sentence(self) -> dict[str, str]:
        return {"vi": self.vi, "en": self.en}


@dataclass(frozen=True, slots=True)
class Target:
    """`host`: a name in ASCII lower case, or an address without brackets."""

    scheme: str
    host: str
    port: int
    path: str = "/"

    @property
    def netloc(self) -> str:
        """As a Host header wants it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS.get(self.scheme) else f"{host}:{self.port}"

    def same_host(self, other: "Target") -> bool:
        """The same scheme, host and port: may see what the other may see."""
        mine = (self.scheme, self.host, self.port)
        return mine == (other.scheme, other.host, other.port)

    def redirect(self, location: str) -> "Target":
        """Where an answer points to; BadTarget, also from TLS to none."""
        _require_plain(location)
        if not location.isascii():
            raise _not_ascii()
        if location.startswith("//"):
            moved = target_of(f"{self.scheme}:{location}")
        elif _SCHEME.match(location):
            moved = target_of(location)
        else:
            return replace(self, path=_joined(self.path, location.partition("#")[0]))
        if self.scheme == "https" and moved.scheme != "https":
            raise BadTarget("chuyển hướng bỏ TLS", "the redirect gives up TLS")
        return moved


def target_of(text: str) -> Target:
    """From a URL; BadTarget says what is wrong."""
    _require_plain(text)
    found = _URL.fullmatch(text.partition("#")[0])
    if found is None:
        raise BadTarget(
            "phải là địa chỉ như https://host/path", "must be an address such as https://host/path"
        )
    scheme = found["scheme"].lower()
    if scheme not in _PORTS:
        raise BadTarget("giao thức phải là http hoặc https", "the scheme must be http or https")
    host, port = _split(found["netloc"], _PORTS[scheme])
    rest = found["rest"]
    if not rest.isascii():
        raise _not_ascii()
    return Target(scheme, host, port, rest if rest.startswith("/") else f"/{rest}")


def host_of(text: str) -> str:
    """A name or an address alone, normalised; BadTarget."""
    _require_plain(text)
    return _six(text) if ":" in text else _host(text)


def _require_plain(text: str) -> None:
    if len(text) > _LONGEST:
        raise BadTarget("địa chỉ quá dài", "the address is too long")
    if any(letter in _FORBIDDEN or unicodedata.category(letter)[0] in "CZ" for letter in text):
        raise BadTarget(
            "địa chỉ chứa khoảng trắng hoặc ký tự điều khiển",
            "the address holds a space, a control or another forbidden character",
        )


def _split(netloc: str, default: int) -> tuple[str, int]:
    if "@" in netloc or "%" in netloc:
        raise BadTarget(
            "địa chỉ không được chứa tên đăng nhập hoặc dấu %",
            "no user, password or percent sign may stand before the path",
        )
    if netloc.startswith("["):
        host, bracket, port = netloc[1:].partition("]")
        if not bracket or (port and not port.startswith(":")):
            raise _bad_host(netloc)
        return _six(host), _port(port[1:] if port else "", default)
    host, colon, port = netloc.partition(":")
    return _host(host), _port(port, default) if colon else default


def _six(text: str) -> str:
    """Without a zone: which interface is meant is no matter of the target."""
    try:
        address = IPv6Address(text)
    except ValueError:
        raise _bad_host(text) from None
    if address.scope_id is not None:
        raise _bad_host(text)
    # Python 3.13 writes some addresses otherwise than those before it.
    return inet_ntop(AF_INET6, address.packed)


def _port(text: str, default: int) -> int:
    if not text:
        return default
    plain = text.isascii() and text.isdecimal() and len(text) <= 5 and text[0] != "0"
    if not plain or int(text) > 65_535:
        raise BadTarget("cổng phải từ 1 đến 65535", "the port must be from 1 to 65535")
    return int(text)


def _host(text: str) -> str:
    """A name in ASCII lower case without the final dot, or an IPv4 address as four numbers."""
    # Fullwidth and circled characters are read as plain ones by some programs: by us too.
    plain = unicodedata.normalize("NFKC", text).lower()
    if any(letter.isdigit() and not letter.isascii() for letter in text):
        raise _bad_host(text)
    if _AMBIGUOUS & set(plain):
        raise _bad_host(text)
    name = plain[:-1] if plain.endswith(".") else plain
    if not name.isascii():
        name = _idna(name)
    labels = name.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels) or len(name) > 253:
        raise _bad_host(text)
    if _NUMBER.fullmatch(labels[-1]):
        return _four(text, name)
    return name


def _four(text: str, name: str) -> str:
    """Only four decimal numbers: octal, hexadecimal, short and whole forms are read differently."""
    try:
        address = str(ip_address(name))
    except ValueError:
        raise _bad_host(text) from None
    if address != name or text.rstrip(".") != name:
        raise _bad_host(text)
    return address


def _idna(name: str) -> str:
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        raise _bad_host(name) from None


def _joined(path: str, location: str) -> str:
    if location.startswith("/"):
        return location
    base = path.partition("?")[0]
    if location.startswith("?") or not location:
        return base + location
    return base.rpartition("/")[0] + "/" + location


def _bad_host(text: str) -> BadTarget:
    return BadTarget(f"{text!r} không phải tên máy chủ", f"{text!r} is no host name or address")


def _not_ascii() -> BadTarget:
    return BadTarget("đường dẫn phải ở dạng ASCII", "the path must be ASCII, percent-encoded")
