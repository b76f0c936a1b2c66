"""The stand-ins in the register: a zone of their own, its sentinels, endpoints, all illustrative."""

from dataclasses import replace
from datetime import datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from databases.actions.credentials import seal_credential
from databases.actions.endpoints import Wanted, save_endpoint
from databases.models import Credential, Endpoint, Zone
from databases.models.credential import CredentialKind
from databases.partners.authority import papers
from databases.partners.heartbeat import EVERY
from databases.partners.kept import PASSWORD, SIGNING_KEY, secret
from databases.partners.roster import HOST, LABEL_EN, LABEL_VI, ROSTER
from databases.pump.secrets import opened

ZONE = "GIA-LAP"
_BY = "seed"
_INTERVAL, _TIMEOUT = 15, 4_000  # s, ms
_FRESH = {"json": {"$.status": "ok"}, "age": "$.newest", "max_age": 600}
_OK = {"json": {"$.status": "ok"}}

Spec = dict[str, Any]


@transaction.atomic
def seed_stand_ins(*, now: datetime, folder: Path, port: int) -> int:
    """Add the endpoints that probe the stand-ins; how many were new. `folder` keeps the papers of
    the stand-ins, `port` is their first. Those that exist follow the port; whether and how often
    they are probed stays as people set it. Nothing where probes may not reach this machine."""
    if not _reachable():
        return 0
    _put_zone(papers(folder, now).authority)
    _put_credentials(folder, now)
    before = Endpoint.objects.count()
    for wanted in _wanted(port):
        save_endpoint(wanted=_as_set(wanted), now=now, by=_BY)
    return Endpoint.objects.count() - before


def _reachable() -> bool:
    networks = (ip_network(text) for text in settings.PROBE_ALLOWED_NETWORKS)
    return any(ip_address(HOST) in network for network in networks)


def _put_zone(authority: str) -> None:
    Zone.objects.update_or_create(
        code=ZONE,
        defaults={"for_tests": True, "authorities": authority},
        create_defaults={
            "for_tests": True,
            "authorities": authority,
            "name_vi": f"Vùng thử trên máy này ({LABEL_VI})",
            "name_en": f"Test zone on this machine ({LABEL_EN})",
        },
    )


def _put_credentials(folder: Path, now: datetime) -> None:
    wanted = (
        ("GL-01-BT", CredentialKind.SIGNATURE, secret(folder, SIGNING_KEY)),
        ("GL-04", CredentialKind.DATABASE, secret(folder, PASSWORD)),
        ("GL-04-XT", CredentialKind.CLIENT_CERTIFICATE, papers(folder, now).client.read_bytes()),
    )
    for code, kind, text in wanted:
        held = Credential.objects.filter(code=code).first()
        known = opened(held) if held else None
        if known is None or known.text != text:
            seal_credential(code=code, kind=kind, host=HOST, secret=text, now=now, by=_BY)


def _as_set(wanted: Wanted) -> Wanted:
    """With what people may have changed of it."""
    held = Endpoint.objects.filter(code=wanted.code).first()
    if held is None:
        return wanted
    return replace(wanted, interval=held.interval, timeout=held.timeout, paused=held.paused)


def _wanted(port: int) -> list[Wanted]:
    """All of them; what another depends on stands before it."""

    def url(code: str, path: str = "/") -> Spec:
        return {"url": f"https://{HOST}:{ROSTER[code].port(port)}{path}"}

    def at(code: str) -> Spec:
        return {"host": HOST, "port": ROSTER[code].port(port)}

    return [
        *_sentinels(at, url)
        ]
