"""What is wrong with an endpoint before anything is sent? Told when it is saved."""

from datetime import datetime
from ipaddress import ip_network
from typing import Any

from databases.models import Credential, Zone
from databases.probes.egress import Allowed, EgressRefused
from databases.probes.fields import BadSpec, Words
from databases.probes.names import literal
from databases.probes.prober import read_spec
from databases.probes.reading import Misconfigured
from databases.probes.reasons import reason_words
from databases.probes.surroundings import Given, Secret
from databases.pump.configuration import ports_of, way_of


def spec_faults(
    kind: str, spec: dict[str, Any], zone: Zone, credential: Credential | None, now: datetime
) -> list[Words]:
    """Every fault of a specification in both languages; an address that the zone's guard would
    refuse is one. Names are judged when they are resolved, at every attempt."""
    try:
        read = read_spec(kind, spec, _given(zone, credential))
    except BadSpec as bad:
        return bad.faults
    except Misconfigured as wrong:
        return [reason_words(str(wrong))]
    return _refused(read, zone, now)


def _given(zone: Zone, credential: Credential | None) -> Given:
    """As the pump gives it, but for the secret, which only the pump opens."""
    secret = Secret(credential.kind, credential.host, b"") if credential else None
    return Given(zone.authorities, secret)


def _refused(read: Any, zone: Zone, now: datetime) -> list[Words]:
    host, port = target_of(read)
    address = literal(host) if host else None
    if address is None:
        return []
    networks = zone.networks.in_force(now)
    allowed = [Allowed(ip_network(row.network), ports_of(row.ports)) for row in networks]
    try:
        way_of(zone, allowed).reach.require(address, port)
    except EgressRefused as refused:
        return [refused.sentence()]
    return []


def target_of(read: Any) -> tuple[str, int]:
    """Host and port of what a kind read from a specification; nothing for one that calls us."""
    call = getattr(read, "call", None)
    if call is not None:
        return call.target.host, call.target.port
    return getattr(read, "host", ""), getattr(read, "port", 0)
