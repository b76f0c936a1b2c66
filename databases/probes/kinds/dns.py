"""Do the name servers of the zone give the agreed answer?"""

from dataclasses import dataclass

from dns import rdatatype

from databases.probes.fields import Fields
from databases.probes.line import Line
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
    """name, type (A), expected (records that must be among the answers)."""
    return Spec(fields.host("name"), fields.one_of("type", _KINDS), fields.words("expected"))


async def probe(line: Line, spec: Spec) -> None:
    kind = rdatatype.from_text(spec.type)
    answer = await line.names.ask(line, spec.name, kind)
    line.reading.names = line.lap()
    line.reading.depth = DEPTH
    found = {
        str(record) for records in answer.answer if records.rdtype == kind for record in records
    }
    if not found:
        raise Failed("name_without_record", Blame.THEIRS, DEPTH)
    if set(spec.expected) - found:
        raise Failed("name_differs", Blame.THEIRS, DEPTH)
