"""What may stand in a file of endpoints? Shapes only; what the codes mean is looked up later."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from databases.register_files.endpoints_secrets import looks_secret, secrets_in
from databases.register_files.endpoints_yaml import Fault, Located
from tracking.plan_files.plain import Unfit

Reader = Callable[[Any], Any]

_SECRET = gettext_lazy(
    "looks like a secret: seal it as a credential in the admin and name its code here"
)


@dataclass(frozen=True, slots=True)
class Field:
    """`read` gives the value or raises Unfit; one that is left out, or null, is `default`."""

    read: Reader
    default: Any = None
    needed: bool = False


@dataclass(slots=True)
class Row:
    """An entry of the file: its values by the names of `Field`s, all of them present."""

    written: Located
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def code(self) -> str:
        """As written, also of an entry that is at fault; nothing when it is no text."""
        found = self.written.get("code")
        return found if isinstance(found, str) else ""

    def fault(self, sentence: str, *keys: str) -> None:
        named = f"{self.code}: " if self.code and not looks_secret(self.code) else ""
        self.faults.append((self.written.at(*keys), f"{named}{sentence}"))


def text(limit: int) -> Reader:
    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise Unfit(_("is not a text: write it between quotes"))
        if not value.strip():
            raise Unfit(_("is empty: fill it in, or leave it out"))
        if len(value) > limit:
            raise Unfit(_("is longer than %d characters: shorten it") % limit)
        if looks_secret(value):
            raise Unfit(str(_SECRET))
        return value

    return read


def code(limit: int) -> Reader:
    def read(value: Any) -> str:
        fit = isinstance(value, str) and 0 < len(value) <= limit and value == value.strip()
        if not fit or any(unicodedata.category(letter).startswith("C") for letter in value):
            raise Unfit(_("is not a code: write at most %d visible characters, as text") % limit)
        return text(limit)(value)  # type: ignore[no-any-return]

    return read


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit(_("is neither true nor false: use one of the two"))
    return value


def number(low: int, high: int) -> Reader:
    def read(value: Any) -> int:
        if type(value) is not int or not low <= value <= high:
            raise Unfit(
                _("is not a whole number from %(low)d to %(high)d: correct it")
                % {"low": low, "high": high}
            )
        return value

    return read


def name(value: Any) -> dict[str, str]:
    pairs = {"vi": value} if isinstance(value, str) else value
    if not isinstance(pairs, Mapping) or not pairs.get("vi") or pairs.keys() - {"vi", "en"}:
        raise Unfit(_('is not a name: write {vi: "…", en: "…"}'))
    return {key: text(500)(held) for key, held in pairs.items() if held not in (None, "")}


def spec(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise Unfit(_("is not made of pairs: write what is asked and expected as name: value"))
    found: dict[str, Any] = plain(value)
    return found


def plain(value: Any) -> Any:
    """The same without the lines, every text in NFC."""
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case Mapping():
            return {plain(key): plain(held) for key, held in value.items()}
        case list():
            return [plain(held) for held in value]
    return value


def addresses(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Unfit(_("is not a list of texts: write it as [10.0.0.1, 10.0.0.2]"))
    for item in value:
        try:
            ip_address(item)
        except ValueError:
            said = _("holds what is no address: write each as 10.0.0.1 or 2001:db8::1")
            raise Unfit(said) from None
    if len(" ".join(value)) > 200:
        raise Unfit(_("is longer than %d characters: shorten it") % 200)
    return list(value)


def network(value: Any) -> str:
    try:
        return str(ip_network(text(50)(value)))
    except ValueError:
        raise Unfit(
            _("is no network: write it as 10.20.0.0/16, without bits after the length")
        ) from None


def rows_of(value: Any) -> list[Located]:
    if not isinstance(value, list) or not all(isinstance(item, Located) for item in value):
        raise Unfit(_('is not a list of entries: begin each with "- "'))
    return value


NETWORK = {
    "network": Field(network, needed=True),
    "ports": Field(text(200), needed=True),
    "document": Field(text(300), needed=True),
}
ZONE = {
    "code": Field(code(40), needed=True),
    "name": Field(name, needed=True),
    "internet": Field(flag, default=False),
    "for_tests": Field(flag, default=False),
    "name_servers": Field(addresses, default=[]),
    "networks": Field(rows_of, default=[]),
}
ENDPOINT = {
    "code": Field(code(60), needed=True),
    "name": Field(name, needed=True),
    "zone": Field(code(40), needed=True),
    "kind": Field(code(20), needed=True),
    "spec": Field(spec, default={}),
    "interface": Field(code(60)),
    "sentinel_of": Field(text(100), default=""),
    "interval": Field(number(5, 86_400), default=60),
    "timeout": Field(number(100, 60_000), default=10_000),
    "parent": Field(code(60)),
    "credential": Field(code(60)),
    "paused": Field(flag, default=False),
}


def checked(written: Located, fields: Mapping[str, Field]) -> Row:
    """The values of an entry, and everything that is wrong with it."""
    row = Row(written)
    for key, one in fields.items():
        value = written.get(key)
        if value is None:
            row.values[key] = copy(one.default)
            if one.needed:
                row.fault(f"{key}: " + _("is missing: give it"), key)
            continue
        try:
            row.values[key] = one.read(value)
        except Unfit as unfit:
            row.fault(f"{key}: {unfit}", key)
    for key in written.keys() - fields.keys():
        known = ", ".join(fields)
        row.fault(f"{key}: " + _("is not known here: the fields are %s") % known, key)
    for path in secrets_in(row.values.get("spec") or {}):
        row.fault(f"spec.{'.'.join(path)}: {_SECRET}", "spec", *path)
    return row


def doubles(rows: list[Row]) -> Iterator[Fault]:
    """Entries whose code stands in the file before."""
    first: dict[str, int] = {}
    for row in rows:
        if row.code in first:
            line = row.written.at("code")
            said = _("%(code)s: stands in the file twice, first in line %(line)d: leave one out")
            yield line, said % {"code": row.code, "line": first[row.code]}
        elif row.code:
            first[row.code] = row.written.at("code")
