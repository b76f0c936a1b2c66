"""Zones and endpoints as a file that people read and review: the same rows, the same bytes."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from databases.register_files.endpoints_file import FORMAT

# Texts that every reader of YAML takes for texts without quotes.
_BARE = re.compile(r"[^\W\d_][\w ./@+()-]*(?<! )")
_NOT_BARE = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
# Said in both languages: the file is the same for every reader.
_APPROVED = {True: "đã duyệt / approved", False: "chờ duyệt / awaits approval"}

Values = Mapping[str, Any]


def write(zones: Iterable[Values], endpoints: Iterable[Values]) -> bytes:
    """Rows with the fields of endpoints_schema; a network also has `approved`, told in a comment
    only, for a file approves nothing."""
    lines = [f"format: {FORMAT}"]
    lines += _section("zones", [list(_zone(row)) for row in zones])
    lines += _section("endpoints", [list(_endpoint(row)) for row in endpoints])
    return ("\n".join(lines) + "\n").encode()


def _section(name: str, entries: list[list[str]]) -> Iterator[str]:
    if not entries:
        return
    yield from ("", f"{name}:")
    for number, (first, *rest) in enumerate(entries):
        if number:
            yield ""
        yield f"  - {first.lstrip()}"
        yield from rest


def _zone(row: Values) -> Iterator[str]:
    yield from _mapping({key: value for key, value in row.items() if key != "networks"}, "    ")
    if row.get("networks"):
        yield "    networks:"
    for network in row.get("networks") or ():
        shown = {key: value for key, value in network.items() if key != "approved"}
        yield f"      - {_flow(shown)}  # {_APPROVED[network['approved']]}"


def _endpoint(row: Values) -> Iterator[str]:
    """Its specification in the order of its names: databases keep none."""
    yield from _mapping({**row, "spec": _ordered(row["spec"])}, "    ")


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _ordered(value[key]) for key in sorted(value)}
    return [_ordered(item) for item in value] if isinstance(value, list) else value


def _mapping(values: Values, indent: str) -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, Mapping) and value and key != "name":
            yield f"{indent}{_quoted(key)}:"
            yield from _mapping(value, indent + "  ")
        else:
            yield f"{indent}{_quoted(key)}: {_flow(value)}"


def _flow(value: Any) -> str:
    """On one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_quoted(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    match value:
        case None | bool() | int():
            return json.dumps(value)
        case float():
            digits = format(Decimal(repr(value)), "f")
            return digits if "." in digits else f"{digits}.0"
    return _quoted(value)


def _quoted(text: str) -> str:
    """Without quotes where nobody can take it for anything else."""
    if _BARE.fullmatch(text) and text.lower() not in _NOT_BARE:
        return text
    shown = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else _escaped(c) for c in shown)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
