"""What is wrong with an endpoint as somebody wrote it? Every fault, as a sentence."""

import json
from datetime import datetime
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from databases.actions.wanted import Wanted, resolved
from databases.models import Credential, Endpoint
from databases.models.credential import CredentialKind
from databases.probes.kinds import KINDS
from databases.pump.guard import spec_faults
from databases.register_files.endpoints_secrets import secrets_in
from tracking.models.bilingual import reader_language

_CHAIN_MOST = 10  # endpoints that depend on one another
_LARGEST = 20_000  # bytes of a specification


def faults_of(wanted: Wanted, now: datetime) -> list[str]:
    """Sentences; none when it can be saved. Nothing is written."""
    if faults := _unkept(wanted.spec):
        return faults
    found = resolved(wanted)
    faults = [*_unknown(wanted, found), *_columns(found), *_placing(wanted), *_timing(wanted)]
    faults += _secrecy(wanted, found["credential"])
    if found["parent"] is not None:
        faults += _parent(wanted.code, found["parent"])
    if wanted.kind in KINDS and found["zone"] is not None and isinstance(wanted.spec, dict):
        language = reader_language()
        words = spec_faults(wanted.kind, wanted.spec, found["zone"], found["credential"], now)
        faults += [fault[language] for fault in words]
    return faults


def _unkept(spec: Any) -> list[str]:
    """What no database keeps, or no frozen evidence: numbers without end, more than 64 bits, a
    nesting without end, or whole documents."""
    try:
        json.dumps(spec, allow_nan=False)
        size = len(orjson.dumps(spec))
    except (TypeError, ValueError, RecursionError):
        return [_("spec: it holds a number that is too large or none, or is nested too deeply")]
    if size > _LARGEST:
        return [_("spec: it is longer than %d bytes: leave out what is not needed") % _LARGEST]
    return []


def _unknown(wanted: Wanted, found: dict[str, Any]) -> list[str]:
    said = _('%(field)s: "%(code)s" is not in the register: check it, or add it first')
    named = {
        "zone": wanted.zone,
        "interface": wanted.interface,
        "parent": wanted.parent,
        "credential": wanted.credential,
    }
    faults = [
        said % {"field": name, "code": code}
        for name, code in named.items()
        if (code or name == "zone") and found[name] is None
    ]
    if wanted.kind not in KINDS:
        kinds = ", ".join(KINDS)
        faults.append(
            _('kind: there is no "%(kind)s": choose one of %(kinds)s')
            % {"kind": wanted.kind, "kinds": kinds}
        )
    return faults


def _columns(found: dict[str, Any]) -> list[str]:
    """What the columns themselves demand: lengths, and that they are not empty."""
    row = Endpoint(**found)
    try:
        row.clean_fields(exclude=["zone", "interface", "parent", "credential", "kind", "spec"])
    except ValidationError as error:
        return [f"{name}: {' '.join(said)}" for name, said in error.message_dict.items()]
    return [] if isinstance(found["spec"], dict) else [_("spec: give pairs of names and values")]


def _placing(wanted: Wanted) -> list[str]:
    if bool(wanted.interface) != bool(wanted.sentinel_of):
        return []
    return [
        _("an endpoint belongs to an interface or is a sentinel of its zone: give one of the two")
    ]


def _timing(wanted: Wanted) -> list[str]:
    if wanted.timeout < wanted.interval * 1000:
        return []
    return [
        _(
            "timeout: %(timeout)d ms is not shorter than the interval of %(interval)d s: an "
            "endpoint would still be waited for when it is due again"
        )
        % {"timeout": wanted.timeout, "interval": wanted.interval}
    ]


def _secrecy(wanted: Wanted, credential: Credential | None) -> list[str]:
    said = _("%s looks like a secret: seal it as a credential and choose that")
    faults = [said % ".".join(path) for path in secrets_in(wanted.spec)]
    signed = credential is not None and credential.kind == CredentialKind.SIGNATURE
    if wanted.kind == "heartbeat" and not signed:
        faults.append(
            _("credential: reports are signed, so that they need a signing key: choose one")
        )
    return faults


def _parent(code: str, parent: Endpoint) -> list[str]:
    above: Endpoint | None = parent
    for _step in range(_CHAIN_MOST):
        if above is None:
            return []
        if above.code == code:
            return [_("parent: %s would depend on itself: choose another") % code]
        above = above.parent
    return [_("parent: more than %d endpoints depend on one another here") % _CHAIN_MOST]
