"""Is a file that somebody sends neither empty nor too large, and what is its hash?"""

import hashlib
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from tracking.actions.refusals import Refused

_CHUNK = 65_536


def check_size(file: "File[bytes]") -> None:
    """Refused when it is empty or larger than the setting allows."""
    if not file.size:
        raise Refused([_("The file is empty: choose another")])
    limit = settings.EVIDENCE_MAX_BYTES
    if file.size > limit:
        raise Refused(
            [
                _(
                    "The file has %(size)d MB, more than the %(limit)d MB that are kept: divide "
                    "it or make it smaller"
                )
                % {"size": -(-file.size // 1_000_000), "limit": limit // 1_000_000}
            ]
        )


def sha256_of(file: "IO[bytes] | File[bytes]") -> str:
    file.seek(0)
    found = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        found.update(chunk)
    return found.hexdigest()


def opened_file(kept: FieldFile, sha256: str) -> IO[bytes]:
    """The kept file, at its start. Refused when it is gone or is not what was recorded."""
    try:
        file: IO[bytes] = kept.storage.open(str(kept.name))
    except OSError as error:
        raise Refused([_("The file is no longer in the store: ask the administrators")]) from error
    if sha256_of(file) != sha256:
        file.close()
        raise Refused([_("The file was altered in the store: ask the administrators")])
    file.seek(0)
    return file
