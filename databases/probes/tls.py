"""Which TLS context, of the few that a pump needs? Making one costs as much as thirty probes."""

import os
import ssl
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256

from databases.probes.reading import Misconfigured

_ENDS_MOST = 16_384
_ends: dict[bytes, datetime | None] = {}  # of certificates, by their hash


@lru_cache(maxsize=256)
def context(authorities: str = "", certificate: bytes = b"") -> ssl.SSLContext:
    """`authorities`: PEM, or nothing for those of the system; `certificate`: ours with its key, in
    PEM. Misconfigured when they cannot be read."""
    try:
        made = ssl.create_default_context(cadata=authorities or None)
    except (ssl.SSLError, ValueError, TypeError) as error:
        raise Misconfigured("authorities_unreadable") from error
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    # From Python 3.13 on certificates that are valid but untidy, as many an authority issues them,
    # are refused by default: the same is seen whatever runs us.
    made.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if certificate:
        _load(made, certificate)
    return made


def _load(made: ssl.SSLContext, certificate: bytes) -> None:
    """OpenSSL takes only a path; this one is memory that no disk ever sees."""
    with ExitStack() as stack:
        try:
            # Without a password OpenSSL would ask the terminal for that of a locked key.
            made.load_cert_chain(in_memory(certificate, stack), password="")
        except (ssl.SSLError, ValueError) as error:
            raise Misconfigured("certificate_unreadable") from error


def in_memory(data: bytes, stack: ExitStack) -> str:
    """A path under which OpenSSL reads the data until the stack is closed."""
    descriptor = os.memfd_create("pem", os.MFD_CLOEXEC)
    stack.callback(os.close, descriptor)
    left = data
    while left:
        left = left[os.write(descriptor, left) :]
    return f"/proc/self/fd/{descriptor}"


def days_left(secured: ssl.SSLSocket, now: datetime) -> int | None:
    """Whole days until the certificate of the other side ends; None for one not verified."""
    found = secured.getpeercert(binary_form=True)
    if found is None:
        return None
    # Taking one apart costs a tenth of the handshake, and it is nearly always the same.
    key = sha256(found).digest()
    if key not in _ends:
        if len(_ends) >= _ENDS_MOST:
            _ends.clear()
        _ends[key] = _end(secured)
    ends = _ends[key]
    return (ends - now).days if ends else None


def _end(secured: ssl.SSLSocket) -> datetime | None:
    ends = (secured.getpeercert() or {}).get("notAfter")
    if not isinstance(ends, str):
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC)
