"""Is the certificate valid, for this name, and for how long? And is ours?"""

from dataclasses import dataclass, field
from datetime import datetime

from databases.probes.fields import Fields
from databases.probes.judging import judge_days
from databases.probes.line import Line
from databases.probes.reading import Misconfigured
from databases.probes.surroundings import Given
from databases.probes.tls import context, days_left
from databases.rules.track import Depth

DEPTH = Depth.TLS
REFUSAL_PATIENCE = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Spec:
    host: str
    port: int
    name: str
    warn_days: int
    fail_days: int
    authorities: str = field(repr=False)
    certificate: bytes = field(repr=False)
    own_ends: datetime | None


def read(fields: Fields, given: Given) -> Spec:
    """host, port (443), name (host), warn_days (30), fail_days (7)."""
    host = fields.host("host")
    certificate = client_certificate(given, host)
    return Spec(
        host=host,
        port=fields.port(443),
        name=fields.host("name", host),
        warn_days=fields.number("warn_days", 30, 0, 365) or 0,
        fail_days=fields.number("fail_days", 7, 0, 365) or 0,
        authorities=given.authorities,
        certificate=certificate,
        own_ends=own_end(certificate),
    )


async def probe(line: Line, spec: Spec) -> None:
    await line.connect(spec.host, spec.port)
    secured = await line.secure(context(spec.authorities, spec.certificate), spec.name)
    if spec.certificate:
        await line.hear_refusal(secured, REFUSAL_PATIENCE)
    line.reading.depth = DEPTH
    judge_days(line, days_left(secured, line.now), spec.warn_days, spec.fail_days)
    if spec.own_ends and (spec.own_ends - line.now).days < spec.warn_days:
        line.reading.warn("own_certificate_ends")


def client_certificate(given: Given, host: str) -> bytes:
    """Ours with its key, in PEM; nothing when there is none."""
    if given.secret is None or not host:
        return b""
    given.secret.require(host, "client_certificate")
    return given.secret.text


def own_end(certificate: bytes) -> datetime | None:
    if not certificate:
        return None
    try:
        # Only who shows a certificate of ours needs it, and it is heavy.
        from cryptography import x509

        return x509.load_pem_x509_certificate(certificate).not_valid_after_utc
    except ValueError as error:
        raise Misconfigured("certificate_unreadable") from error
