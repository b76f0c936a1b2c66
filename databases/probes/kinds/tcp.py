"""Does anything take the connection?"""

from dataclasses import dataclass

from databases.probes.fields import Fields
from databases.probes.line import Line
from databases.probes.surroundings import Given
from databases.rules.track import Depth

DEPTH = Depth.CONNECT


@dataclass(frozen=True, slots=True)
class Spec:
    host: str
    port: int


def read(fields: Fields, given: Given) -> Spec:
    """host, port."""
    return Spec(fields.host("host"), fields.port())


async def probe(line: Line, spec: Spec) -> None:
    await line.connect(spec.host, spec.port)
    line.reading.depth = DEPTH
