"""Sealed credentials: AES-256-GCM, bound to their code, kind and host.

Only what probes or checks a signature opens one; the admin can write one and never read it.
"""

import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from databases.models import Credential
from databases.probes.surroundings import Secret

_NONCE = 12


def sealed(credential: Credential, secret: bytes) -> bytes:
    """What may be stored: it opens only under the same code, kind and host."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_key()).encrypt(nonce, secret, _bound_to(credential))


def opened(credential: Credential) -> Secret | None:
    """The secret; None when the key is another one, or the row was changed."""
    data = bytes(credential.sealed)
    try:
        text = AESGCM(_key()).decrypt(data[:_NONCE], data[_NONCE:], _bound_to(credential))
    except (InvalidTag, ValueError):
        return None
    return Secret(credential.kind, credential.host, text)


def _bound_to(credential: Credential) -> bytes:
    return "\n".join([credential.code, credential.kind, credential.host.lower()]).encode()


def _key() -> bytes:
    """SECRETS_KEY, whatever its length, as 256 bits."""
    return sha256(b"probe credentials\n" + settings.SECRETS_KEY.encode()).digest()
