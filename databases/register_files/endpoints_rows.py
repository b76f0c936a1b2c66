"""Zones and endpoints between the register's columns and the file's fields, and what differs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from databases.models import Zone, ZoneNetwork

Values = dict[str, Any]
NETWORK_KEY = ("network", "ports", "document")


@dataclass(frozen=True, slots=True)
class Change:
    """`fields`: name, value before, value after; None where there is none."""

    subject: str
    fields: tuple[tuple[str, Any, Any], ...]


def endpoint_columns(values: Values) -> Values:
    """Of a row as the file has it."""
    rest = {key: value for key, value in values.items() if key != "name"}
    return rest | _name_columns(values)


def endpoint_written(columns: Values) -> Values:
    """As the file has it; what is empty or not the case is left out."""
    row = dict(columns)
    shown = {"code": row.pop("code"), "name": _name(row.pop("name_vi"), row.pop("name_en"))}
    kept = {key: value for key, value in row.items() if value not in (None, "", False)}
    return shown | kept | {"spec": columns["spec"]}


def zone_columns(values: Values) -> Values:
    return _name_columns(values) | {
        "internet": values["internet"],
        "for_tests": values["for_tests"],
        "name_servers": " ".join(values["name_servers"]),
    }


def zone_written(zone: Zone) -> Values:
    """Without its networks."""
    return {
        "code": zone.code,
        "name": _name(zone.name_vi, zone.name_en),
        "internet": zone.internet,
        "for_tests": zone.for_tests,
        "name_servers": zone.name_servers.split(),
    }


def network_written(row: ZoneNetwork) -> Values:
    return {key: getattr(row, key) for key in NETWORK_KEY} | {"approved": bool(row.approved_by)}


def network_key(values: Values) -> tuple[str, ...]:
    """What makes it the same network, however its ports are separated."""
    ports = " ".join(values["ports"].replace(",", " ").split())
    return values["network"], ports, values["document"].strip()


def changes(before: Values, after: Values) -> tuple[tuple[str, Any, Any], ...]:
    """Of two rows as the file has them."""
    old, new = dict(_flat(before)), dict(_flat(after))
    differ = (name for name in {**new, **old} if old.get(name, _NONE) != new.get(name, _NONE))
    return tuple((name, old.get(name), new.get(name)) for name in differ)


_NONE = object()


def _flat(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if key in {"name", "spec"}:
            yield from ((f"{key}.{part}", held) for part, held in value.items())
        elif key != "networks":
            yield key, value


def _name(vi: str, en: str) -> dict[str, str]:
    return {"vi": vi, "en": en} if en else {"vi": vi}


def _name_columns(values: Values) -> Values:
    return {"name_vi": values["name"]["vi"], "name_en": values["name"].get("en", "")}
