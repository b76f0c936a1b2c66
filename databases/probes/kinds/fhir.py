"""Is there a FHIR server of the agreed version that says what it can do?"""

from dataclasses import dataclass

from databases.probes.fetch import Call, fetch, read_call, require_status
from databases.probes.fields import Fields
from databases.probes.judging import judge_time
from databases.probes.kinds.http import parsed
from databases.probes.line import Line
from databases.probes.reading import Failed
from databases.probes.surroundings import Given
from databases.rules.track import Blame, Depth

DEPTH = Depth.CONTENT


@dataclass(frozen=True, slots=True)
class Spec:
    call: Call | None
    version: str
    resources: tuple[str, ...]
    slow: int | None


def read(fields: Fields, given: Given) -> Spec:
    """url (of /metadata), version (how fhirVersion begins: 4.), resources (that it must offer),
    slow; headers, redirects and warn_days as with http."""
    accept = {"Accept": "application/fhir+json"}
    return Spec(
        call=read_call(fields, given, more=accept),
        version=fields.text("version", "4."),
        resources=fields.words("resources"),
        slow=fields.number("slow", None, 1, 60_000),
    )


async def probe(line: Line, spec: Spec) -> None:
    if spec.call is None:
        return
    response = await fetch(line, spec.call)
    require_status(response, frozenset({200}))
    line.reading.depth = line.depth = DEPTH
    said = parsed(response)
    if not isinstance(said, dict) or said.get("resourceType") != "CapabilityStatement":
        raise Failed("no_capability_statement", Blame.THEIRS, DEPTH)
    if not str(said.get("fhirVersion", "")).startswith(spec.version):
        raise Failed("fhir_version_differs", Blame.CONTRACT, DEPTH)
    if set(spec.resources) - _offered(said):
        raise Failed("fhir_resource_missing", Blame.CONTRACT, DEPTH)
    judge_time(line, spec.slow)


def _offered(said: dict[str, object]) -> set[str]:
    """The types of resource of every part of the statement."""
    parts = said.get("rest")
    found: set[str] = set()
    for part in parts if isinstance(parts, list) else ():
        resources = part.get("resource") if isinstance(part, dict) else None
        if isinstance(resources, list):
            found |= {str(r.get("type")) for r in resources if isinstance(r, dict)}
    return found
