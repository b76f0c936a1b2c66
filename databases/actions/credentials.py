"""The only writer of credentials: what goes in never comes out but to a probe."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from databases.models import Credential
from databases.models.credential import CredentialKind
from databases.probes.address import BadTarget, host_of
from databases.probes.reading import Misconfigured
from databases.probes.tls import context
from databases.pump.secrets import sealed
from tracking.actions.refusals import Refused

_LONGEST = 64_000  # bytes


@transaction.atomic
def seal_credential(
    *, code: str, kind: str, host: str, secret: bytes, now: datetime, by: str
) -> Credential:
    """Add it, or put another secret in place of the one of that code. A secret always comes with
    its host: who could only change the host would send it elsewhere. Refused with every fault."""
    faults = _faults(kind, secret)
    try:
        host = host_of(host)
    except BadTarget:
        faults.append(_('host: "%s" is no host name or address: correct it') % host)
    row = Credential.objects.filter(code=code).first() or Credential(code=code)
    row.kind, row.host = kind, host
    row.sealed_at, row.sealed_by = now, by
    try:
        row.clean_fields(exclude=["sealed"])
    except ValidationError as error:
        faults += [f"{name}: {' '.join(said)}" for name, said in error.message_dict.items()]
    if faults:
        raise Refused(faults)
    row.sealed = sealed(row, secret)
    row.save()
    return row


def _faults(kind: str, secret: bytes) -> list[str]:
    if not secret.strip():
        return [_("secret: it is empty: enter it")]
    if len(secret) > _LONGEST:
        return [_("secret: it is longer than %d bytes: check what was pasted") % _LONGEST]
    if kind == CredentialKind.CLIENT_CERTIFICATE:
        return _certificate_faults(secret)
    try:
        secret.decode("utf-8")
    except UnicodeDecodeError:
        return [_("secret: it is no text: enter it as UTF-8")]
    if kind == CredentialKind.BASIC and b":" not in secret:
        return [_("secret: write it as user:password")]
    if kind == CredentialKind.BEARER and not secret.isascii():
        return [_("secret: a token holds only ASCII letters")]
    return []


def _certificate_faults(secret: bytes) -> list[str]:
    try:
        context("", secret)
    except Misconfigured:
        said = _("secret: give the certificate and its unencrypted key in PEM, one after the other")
        return [said]
    return []
