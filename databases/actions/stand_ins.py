"""The stand-ins in the register: a zone of their own with sentinels, endpoints, credentials."""

from dataclasses import dataclass, field, replace
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

Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Probe:
    """What is asked of a stand-in. `path`: of its URL; None where host and port are all. `suffix`
    and `words` are those of a second endpoint. `sealed`: with the credential of that code."""

    stand_in: str
    kind: str
    path: str | None = "/"
    more: Spec = field(default_factory=dict)
    interface: str | None = None
    sentinel_of: str = ""
    suffix: str = ""
    words: tuple[str, str] = ("", "")
    parent: str | None = None
    sealed: bool = False

    @property
    def code(self) -> str:
        return self.stand_in + self.suffix

    def wanted(self, port: int) -> Wanted:
        """The endpoint, when the stand-ins listen from that port on."""
        stand_in = ROSTER[self.stand_in]
        vi, en = self.words
        return Wanted(
            code=self.code,
            name_vi=f"{vi} ({LABEL_VI})" if vi else stand_in.name_vi,
            name_en=f"{en} ({LABEL_EN})" if en else stand_in.name_en,
            zone=ZONE,
            kind=self.kind,
            spec=self._place(port) | self.more,
            interface=self.interface,
            sentinel_of=self.sentinel_of,
            interval=_INTERVAL,
            timeout=_TIMEOUT,
            parent=self.parent,
            credential=self.code if self.sealed else None,
        )

    def _place(self, first: int) -> Spec:
        stand_in = ROSTER[self.stand_in]
        if stand_in.offset is None:
            return {}
        port = stand_in.port(first)
        if self.path is None:
            return {"host": HOST, "port": port}
        return {"url": f"https://{HOST}:{port}{self.path}"}


_OK: Spec = {"json": {"$.status": "ok"}}
_FRESH: Spec = {**_OK, "age": "$.newest", "max_age": 600}
_REPORTS: Spec = {"every": EVERY, "grace": 2 * EVERY, "max_age": 600}
_NEWEST: Spec = {
    "database": "sync",
    "user": "portal_probe",
    "tls": "disable",
    "statement": "newest",
    "max_age": 600,
}
_WSDL = ("Mô tả WSDL của dịch vụ SOAP", "WSDL of the SOAP service")
_CERTIFICATE = ("Chứng thư số của máy chủ FHIR", "Certificate of the FHIR server")

# What another depends on stands before it. Database No. 11 is left without a probe on purpose.
_PROBES = (
    _Probe("GL-MOC-1", "http", more=_OK, sentinel_of=f"Mốc A ({LABEL_VI})"),
    _Probe("GL-MOC-2", "tcp", None, sentinel_of=f"Mốc B ({LABEL_VI})"),
    _Probe("GL-MOC-3", "tls", None, sentinel_of=f"Mốc C ({LABEL_VI})"),
    _Probe("GL-01", "http", more=_FRESH, interface="GD-01-1"),
    _Probe("GL-01-BT", "heartbeat", more=_REPORTS, interface="GD-01-1", sealed=True),
    _Probe("GL-02", "tls", None, {}, "GD-02-1", suffix="-TLS", words=_CERTIFICATE),
    _Probe(
        "GL-02", "fhir", "/fhir/metadata", {"resources": ["Patient"]}, "GD-02-1", parent="GL-02-TLS"
    ),
    _Probe("GL-03", "soap", "/service", {"action": "Ping"}, "GD-03-1"),
    _Probe("GL-03", "soap", "/service?wsdl", {}, "GD-03-1", suffix="-WSDL", words=_WSDL),
    _Probe("GL-04", "postgres", None, _NEWEST, "GD-04-1", sealed=True),
    _Probe("GL-04-XT", "http", more=_OK, interface="GD-04-1", sealed=True),
    _Probe("GL-05", "http", more=_OK, interface="GD-05-1"),
    _Probe("GL-06", "http", more={**_FRESH, "slow": 1_000}, interface="GD-06-1"),
    _Probe("GL-07", "http", more=_OK, interface="GD-07-1"),
    _Probe("GL-08", "http", more=_OK, interface="GD-08-1"),
    _Probe("GL-09", "http", more=_FRESH, interface="GD-09-1"),
    _Probe("GL-10", "http", more=_FRESH, interface="GD-10-1"),
    _Probe("GL-12-1", "http", more=_OK, interface="GD-12-1"),
    _Probe("GL-12-2", "tcp", None, interface="GD-12-2"),
)


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
    for probe in _PROBES:
        save_endpoint(wanted=_as_set(probe.wanted(port)), now=now, by=_BY)
    return Endpoint.objects.count() - before


def _reachable() -> bool:
    networks = (ip_network(text) for text in settings.PROBE_ALLOWED_NETWORKS)
    return any(ip_address(HOST) in network for network in networks)


def _put_zone(authority: str) -> None:
    given: dict[str, Any] = {"for_tests": True, "authorities": authority}
    names = {
        "name_vi": f"Vùng thử trên máy này ({LABEL_VI})",
        "name_en": f"Test zone on this machine ({LABEL_EN})",
    }
    Zone.objects.update_or_create(code=ZONE, defaults=given, create_defaults=given | names)


def _put_credentials(folder: Path, now: datetime) -> None:
    texts = (
        ("GL-01-BT", CredentialKind.SIGNATURE, secret(folder, SIGNING_KEY)),
        ("GL-04", CredentialKind.DATABASE, secret(folder, PASSWORD)),
        ("GL-04-XT", CredentialKind.CLIENT_CERTIFICATE, papers(folder, now).client.read_bytes()),
    )
    for code, kind, text in texts:
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
