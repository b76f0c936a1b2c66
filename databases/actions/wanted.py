"""An endpoint as people write it, and as the rows that it names."""

from dataclasses import dataclass, field
from typing import Any

from databases.models import Credential, Endpoint, Interface, Zone


@dataclass(frozen=True, slots=True)
class Wanted:
    """An endpoint as people write it; other rows by their codes. `interval` in seconds, `timeout`
    in milliseconds. Either `interface` or `sentinel_of`."""

    code: str
    name_vi: str
    name_en: str
    zone: str
    kind: str
    spec: dict[str, Any] = field(default_factory=dict)
    interface: str | None = None
    interval: int = 60
    timeout: int = 10_000
    parent: str | None = None
    credential: str | None = None
    sentinel_of: str = ""
    paused: bool = False


def wanted_of(endpoint: Endpoint) -> Wanted:
    """The endpoint as it stands; save_endpoint of it changes nothing."""
    return Wanted(
        code=endpoint.code,
        name_vi=endpoint.name_vi,
        name_en=endpoint.name_en,
        zone=endpoint.zone.code,
        kind=endpoint.kind,
        spec=endpoint.spec,
        interface=endpoint.interface.code if endpoint.interface else None,
        interval=endpoint.interval,
        timeout=endpoint.timeout,
        parent=endpoint.parent.code if endpoint.parent else None,
        credential=endpoint.credential.code if endpoint.credential else None,
        sentinel_of=endpoint.sentinel_of,
        paused=endpoint.paused,
    )


def resolved(wanted: Wanted) -> dict[str, Any]:
    """The values of the row; a code that is not known gives None."""
    return {
        "code": wanted.code,
        "name_vi": wanted.name_vi,
        "name_en": wanted.name_en,
        "zone": Zone.objects.filter(code=wanted.zone).first(),
        "kind": wanted.kind,
        "spec": wanted.spec,
        "interface": _by_code(Interface, wanted.interface),
        "interval": wanted.interval,
        "timeout": wanted.timeout,
        "parent": _by_code(Endpoint, wanted.parent),
        "credential": _by_code(Credential, wanted.credential),
        "sentinel_of": wanted.sentinel_of,
        "paused": wanted.paused,
    }


def _by_code(model: Any, code: str | None) -> Any:
    return model.objects.filter(code=code).first() if code else None
