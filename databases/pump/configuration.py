"""What is to be probed, as the pump holds it: read once for each version of an endpoint."""

import logging
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import ip_network

from django.conf import settings

from databases.models import Credential, Endpoint, HeartbeatReport, Zone, ZoneNetwork
from databases.probes.egress import Allowed, Reach
from databases.probes.names import Names, hosts_file, system_servers
from databases.probes.prober import Prepared, Unprepared, Way, prepare
from databases.probes.surroundings import Given, Heard, Secret
from databases.pump.own_servers import own_addresses, own_servers
from databases.pump.secrets import opened
from databases.rules.slots import Grid
from databases.rules.track import Limits

_log = logging.getLogger(__name__)

_KEPT = timedelta(seconds=30)
_RETRY = timedelta(seconds=30)
_ON_THE_WAY = timedelta(seconds=30)  # from the end of an attempt into the database


@dataclass(frozen=True, slots=True)
class Configured:
    """An endpoint: how it is probed, when, and how its attempts are judged."""

    version: int
    code: str
    zone: int
    parent: int | None
    is_sentinel: bool
    prepared: Prepared | Unprepared
    grid: Grid
    limits: Limits


@lru_cache(maxsize=256)
def limits_of(interval: int, timeout: int) -> Limits:
    """`interval` in seconds, `timeout` in milliseconds."""
    step = timedelta(seconds=interval)
    grace = timedelta(milliseconds=timeout) + _ON_THE_WAY
    return Limits(interval=step, retry=min(_RETRY, step / 2), grace=grace)


def grid_of(endpoint: int, interval: int) -> Grid:
    return Grid.of(str(endpoint), timedelta(seconds=interval))


@dataclass(slots=True)
class Configuration:
    """What a pump remembers between two claims."""

    _endpoints: dict[int, Configured] = field(default_factory=dict)
    _ways: dict[int, Way] = field(default_factory=dict)
    _looked_at: datetime | None = None
    _read_from: tuple[object, ...] = ()

    def of(self, wanted: Iterable[tuple[int, int]], now: datetime) -> dict[int, Configured]:
        """By endpoint, for pairs of endpoint and version; two queries for those not yet known.
        An endpoint that is gone, or cannot be read, is absent."""
        self._look_again(now)
        pairs = list(wanted)
        unknown = [
            pk
            for pk, version in pairs
            if pk not in self._endpoints or self._endpoints[pk].version != version
        ]
        for endpoint in _endpoints(unknown):
            self._read(endpoint)
            if endpoint.zone_id not in self._ways:
                self._ways = ways(now)
        return {pk: self._endpoints[pk] for pk, _ in pairs if pk in self._endpoints}

    def _read(self, endpoint: Endpoint) -> None:
        self._endpoints.pop(endpoint.pk, None)
        try:
            self._endpoints[endpoint.pk] = configured(endpoint)
        except Exception as fault:
            # One that nobody can probe as it stands keeps nobody from probing the others. What the
            # fault says may hold a secret.
            name = type(fault).__name__
            _log.error("%s cannot be probed as it stands: %s", endpoint.code, name)

    def way(self, zone: int) -> Way:
        """Of the zone, as `of` found it."""
        return self._ways[zone]

    def _look_again(self, now: datetime) -> None:
        """What was approved, withdrawn or sealed anew counts within half a minute."""
        if self._looked_at is not None and abs(now - self._looked_at) <= _KEPT:
            return
        self._looked_at = now
        read_from = _read_from()
        if read_from != self._read_from:
            self._read_from = read_from
            self._endpoints.clear()
        self._ways = ways(now)


def _read_from() -> tuple[object, ...]:
    """What endpoints are prepared from beside themselves."""
    zones = Zone.objects.order_by("pk").values_list("pk", "authorities")
    sealed = Credential.objects.order_by("pk").values_list("pk", "sealed_at")
    return (tuple(zones), tuple(sealed))


def _endpoints(wanted: list[int]) -> Iterable[Endpoint]:
    if not wanted:
        return ()
    return Endpoint.objects.filter(pk__in=wanted).select_related("zone", "credential")


def configured(endpoint: Endpoint) -> Configured:
    return Configured(
        # What was reported changes without a new version, so that it is read every time.
        version=-1 if endpoint.kind == "heartbeat" else endpoint.version,
        code=endpoint.code,
        zone=endpoint.zone_id,
        parent=endpoint.parent_id,
        is_sentinel=bool(endpoint.sentinel_of),
        prepared=prepared(endpoint),
        grid=grid_of(endpoint.pk, endpoint.interval),
        limits=limits_of(endpoint.interval, endpoint.timeout),
    )


def prepared(endpoint: Endpoint) -> Prepared | Unprepared:
    secret: Secret | None = None
    if endpoint.credential is not None:
        secret = opened(endpoint.credential)
        if secret is None:
            return Unprepared("credential_unreadable")
    heard = last_heard(endpoint.pk) if endpoint.kind == "heartbeat" else None
    # Every row brings a copy of its own, and keeps it.
    authorities = sys.intern(endpoint.zone.authorities)
    given = Given(authorities, secret, heard, endpoint.interval)
    return prepare(endpoint.kind, endpoint.spec, given, timeout=endpoint.timeout / 1000)


def last_heard(endpoint: int) -> Heard | None:
    """The newest report of an endpoint."""
    row = HeartbeatReport.objects.filter(endpoint_id=endpoint).order_by("-number").first()
    return Heard(row.received_at, row.watermark) if row else None


def ways(now: datetime) -> dict[int, Way]:
    """How every zone is reached at that instant."""
    zones = {zone.pk: zone for zone in Zone.objects.all()}
    allowed: dict[int, list[Allowed]] = {pk: [] for pk in zones}
    for row in ZoneNetwork.objects.in_force(now):
        try:
            allowed[row.zone_id].append(Allowed(ip_network(row.network), ports_of(row.ports)))
        except ValueError:
            # One row that cannot be read lets nothing through; the others still do.
            _log.error("The network %s of zone %s cannot be read.", row.network, row.zone_id)
    return {pk: way_of(zone, allowed[pk]) for pk, zone in zones.items()}


def way_of(zone: Zone, allowed: Iterable[Allowed]) -> Way:
    stand_ins = settings.PROBE_ALLOWED_NETWORKS if zone.for_tests else ()
    reach = Reach(
        zone=zone.code,
        allowed=tuple(allowed),
        internet=zone.internet,
        stand_ins=tuple(ip_network(text) for text in stand_ins),
        own_servers=own_servers(),
        own_addresses=own_addresses(),
    )
    servers = tuple(zone.name_servers.split()) or system_servers()
    return Way(reach, Names(servers, hosts_file()))


def ports_of(text: str) -> tuple[tuple[int, int], ...]:
    """Of "443 8000-8100"; ValueError says which part is none."""
    found = []
    for part in text.replace(",", " ").split():
        low, _, high = part.partition("-")
        pair = (int(low), int(high or low))
        if not 1 <= pair[0] <= pair[1] <= 65_535:
            raise ValueError(part)
        found.append(pair)
    return tuple(found)
