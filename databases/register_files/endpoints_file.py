"""A file of zones and endpoints as it was written, checked as far as it can be by itself."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from databases.register_files import endpoints_schema as schema
from databases.register_files.endpoints_schema import Field, Row, checked, doubles
from databases.register_files.endpoints_yaml import LARGEST, Fault, Located, parse, told
from tracking.plan_files.rows import FileRefused

FORMAT = "endpoints/1"
_SECTIONS = {"zones": schema.ZONE, "endpoints": schema.ENDPOINT}


@dataclass(frozen=True, slots=True)
class EndpointFile:
    """`faults` are those outside the entries; each entry has its own. The networks of a zone are
    rows too."""

    name: str
    zones: tuple[Row, ...]
    endpoints: tuple[Row, ...]
    faults: tuple[Fault, ...]

    def told(self) -> list[str]:
        """Every fault so far, with its place, in the order of the file."""
        rows = [*self.zones, *self.endpoints]
        networks = [row for zone in self.zones for row in zone.values["networks"]]
        inside = [fault for row in [*rows, *networks] for fault in row.faults]
        return told(self.name, [*self.faults, *inside])


def read_file(path: Path) -> EndpointFile:
    """OSError when it cannot be opened, FileRefused when it is no file of endpoints."""
    with path.open("rb") as stream:
        return read(str(path), stream.read(LARGEST + 1))


def read(name: str, data: bytes) -> EndpointFile:
    document = parse(name, data)
    top = document.top
    if not isinstance(top, Located) or top.get("format") != FORMAT:
        said = _('not a file of endpoints: it must say "format: %s"') % FORMAT
        line = top.at("format") if isinstance(top, Located) else 1
        raise FileRefused(told(name, [*document.faults, (line, said)]))
    faults = list(document.faults)
    for key in top.keys() - _SECTIONS.keys() - {"format"}:
        said = _('"%(key)s" is no section of the file: the sections are %(known)s')
        faults.append((top.at(key), said % {"key": key, "known": ", ".join(_SECTIONS)}))
    rows = {key: _rows(top, key, fields, faults) for key, fields in _SECTIONS.items()}
    for zone in rows["zones"]:
        zone.values["networks"] = [
            checked(one, schema.NETWORK) for one in zone.values.get("networks") or ()
        ]
    return EndpointFile(name, tuple(rows["zones"]), tuple(rows["endpoints"]), tuple(faults))


def _rows(top: Located, key: str, fields: dict[str, Field], faults: list[Fault]) -> list[Row]:
    value: Any = [] if top.get(key) is None else top[key]
    if not isinstance(value, list) or not all(isinstance(item, Located) for item in value):
        said = _('"%s" is not a list of entries: begin each with "- code: "')
        faults.append((top.at(key), said % key))
        return []
    rows = [checked(item, fields) for item in value]
    faults += doubles(rows)
    return rows
