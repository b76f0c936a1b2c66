"""The kinds of probe. To add one: docs/adding-a-probe-kind.md says how, in five steps."""

from collections.abc import Mapping
from types import MappingProxyType, ModuleType
from typing import Any, Protocol, cast

from databases.probes.fields import Fields
from databases.probes.kinds import dns, fhir, heartbeat, http, postgres, soap, tcp, tls
from databases.probes.line import Line
from databases.probes.surroundings import Given
from databases.rules.track import Depth


class Kind(Protocol):
    """What a module of this package offers. `DEPTH`: how deep its success reaches."""

    DEPTH: Depth

    def read(self, fields: Fields, given: Given) -> Any:
        """What is asked and expected, from a specification; faults go to `fields`."""

    async def probe(self, line: Line, spec: Any) -> None:
        """Look, and write into line.reading what was seen."""


def _kind(module: ModuleType) -> Kind:
    return cast(Kind, module)


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        module.__name__.rpartition(".")[2]: _kind(module)
        for module in (dns, tcp, tls, http, fhir, soap, postgres, heartbeat)
    }
)
