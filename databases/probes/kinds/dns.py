"""Do the name servers of the zone give the agreed answer?"""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from dns import rdatatype

from databases.probes.fields import Fields
from databases.probes.line import Line
from databases.probes.names import literal
from databases.probes.reading import Failed
from databases.probes.surroundings import Given
from databases.rules.track import Blame, Depth

DEPTH = Depth.NAME
_KINDS = ("A", "AAAA", "CNAME", "MX", "NS", "TXT")


@dataclass(frozen=True, slots=True)
class Spec:
    name: str
    type: str
    expected: tuple[str, ...]


def read(fields: Fields, given: Given) -> Spec:
    """name, type (A), expected (records that must be among the answers, as they are written in a
    zone; quotation marks and final dots may be left out)."""
    name = fields.host("name")
    if literal(name):
        fields.fault("name", "phải là tên miền", "must be a name, not an address")
    return Spec(name, fields.one_of("type", _KINDS), fields.words("expected"))


async def probe(line: Line, spec: Spec) -> None:
    kind = rdatatype.from_text(spec.type)
    answer = await line.names.ask(line, spec.name, kind)
    line.reading.names = line.lap()
    line.reading.depth = DEPTH
    found = {
        _told(record) for records in answer.answer if records.rdtype == kind for record in records
    }
    if not found:
        raise Failed("name_without_record", Blame.THEIRS, DEPTH)
    if {_plain(spec.type, text) for text in spec.expected} - found:
        raise Failed("name_differs", Blame.THEIRS, DEPTH)


def _told(record: Any) -> str:
    if record.rdtype == rdatatype.TXT:
        return b"".join(record.strings).decode("utf-8", "replace")
    return _plain(rdatatype.to_text(record.rdtype), str(record))


def _plain(kind: str, text: str) -> str:
    """So that two ways to write the same record are equal."""
    if kind == "TXT":
        return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
    if kind == "AAAA":
        try:
            return str(ip_address(text))
        except ValueError:
            return text
    return text.lower().rstrip(".")
