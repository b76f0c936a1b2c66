"""Is this an address that a message can go to, and how is it written for a mail server?"""

import re
import unicodedata
from dataclasses import dataclass
from email.header import Header
from email.utils import parseaddr, quote

from django.utils.translation import gettext as _

# What an unquoted local part may hold (RFC 5321, RFC 6531); quoted ones are nobody's.
_LOCAL = re.compile(r"[^\s\x00-\x20\x7f()<>\[\]:;@\\,\"]{1,64}", re.ASCII)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PLAIN = re.compile(r"[ -~]*")
_ATOMS = re.compile(r"[\w!#$%&'*+/=?^`{|}~ -]*", re.ASCII)


class NotAnAddress(ValueError):
    """The text says why, for people."""


@dataclass(frozen=True, slots=True)
class Address:
    """`domain` in ASCII; `international`: only a server with SMTPUTF8 can be told the rest."""

    local: str
    domain: str

    @property
    def international(self) -> bool:
        return not self.local.isascii()

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


def parsed(text: str) -> Address:
    """NotAnAddress for what no message can go to, or what could be read in two ways."""
    local, at, domain = text.strip().rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or ".." in f".{local}." or _strange(local):
        raise NotAnAddress(_("%(text)s is not an e-mail address: correct it") % {"text": text})
    return Address(local, _ascii_domain(domain, text))


def _strange(local: str) -> bool:
    """Controls, invisible and unassigned characters, spaces of any kind."""
    return any(unicodedata.category(letter)[0] in "CZ" or letter in "…\ufffd" for letter in local)


def _ascii_domain(domain: str, text: str) -> str:
    try:
        name = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        name = ""
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise NotAnAddress(
            _("%(text)s is not an e-mail address: correct what follows the @") % {"text": text}
        )
    return name


def sender(text: str) -> tuple[str, Address]:
    """The name and the address of `From`: "Portal <portal@example.vn>" or the address alone."""
    name, address = parseaddr(text) if "<" in text else ("", text)
    return name, parsed(address)


def header_text(text: str, header: str) -> str:
    """Any text as the value of a header: one line to whoever reads it, whatever it holds; folded
    where lines grow long (RFC 2047)."""
    line = one_line(text)
    plain = _PLAIN.fullmatch(line) and "=?" not in line
    charset = "us-ascii" if plain else "utf-8"
    return Header(line, charset, header_name=header).encode(linesep="\r\n")


def header_address(name: str, address: Address, header: str) -> str:
    """A named address as the value of a header."""
    line = one_line(name)
    if not line:
        return str(address)
    return f"{_phrase(line, header)}\r\n <{address}>"


def _phrase(line: str, header: str) -> str:
    plain = _PLAIN.fullmatch(line) and "=?" not in line and len(line) < 60
    if plain:
        return line if _ATOMS.fullmatch(line) else f'"{quote(line)}"'
    return Header(line, "utf-8", header_name=header).encode(linesep="\r\n")


def one_line(text: str) -> str:
    """Without anything that could end a line or hide: controls become spaces."""
    shown = (" " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c for c in text)
    return " ".join("".join(shown).split())
