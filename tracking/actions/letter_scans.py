"""Keeping the signed scan of a letter: checked as evidence is, named by its SHA-256."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from tracking.actions.evidence_files import ENDINGS, JPEG, PDF, PNG, cleaned_name, content_type_of
from tracking.actions.file_checks import check_size, opened_file, sha256_of
from tracking.actions.refusals import Refused
from tracking.actions.scanning import check_for_viruses
from tracking.models import Letter

TYPES = (PDF, PNG, JPEG)


@dataclass(frozen=True, slots=True)
class Scan:
    """A file that passed every check; `name` is where it is kept, "" before."""

    file: "File[bytes]"
    content_type: str
    sha256: str
    name: str = ""


def checked_scan(file: "File[bytes]") -> Scan:
    """Refused when it is empty, too large, infected, or neither PDF nor picture by its content."""
    check_size(file)
    given = str(file.name or "")
    content_type = content_type_of(file, given)
    if content_type not in TYPES or content_type is None:
        raise Refused(
            [
                _("by its content %(name)s is none of PDF, PNG and JPEG: scan the signed letter")
                % {"name": cleaned_name(given, "text/plain").removesuffix(".txt")}
            ]
        )
    check_for_viruses(file)
    return Scan(file, content_type, sha256_of(file))


@contextmanager
def attached(scan: Scan | None) -> Iterator[Scan | None]:
    """One transaction, in which the file is kept; when it fails, no file stays behind."""
    field = Letter._meta.get_field("scan")
    name = ""
    try:
        with transaction.atomic():
            if scan is None:
                yield None
                return
            scan.file.seek(0)
            ending = ENDINGS[scan.content_type][0]
            wanted = field.generate_filename(Letter(), f"{scan.sha256}{ending}")
            name = field.storage.save(wanted, scan.file, max_length=field.max_length)
            yield Scan(scan.file, scan.content_type, scan.sha256, name)
    except BaseException:
        if name:
            field.storage.delete(name)
        raise


def opened_scan(letter: Letter) -> tuple[IO[bytes], str, str]:
    """(the file at its start, its type, the name under which it is handed out)."""
    file = opened_file(letter.scan, letter.scan_sha256)
    kept = str(letter.scan.name).lower()
    content_type = next(t for t in TYPES if kept.endswith(ENDINGS[t]))
    number = letter.number.replace("/", "-") or str(letter.pk)
    return file, content_type, cleaned_name(f"{number}{ENDINGS[content_type][0]}", content_type)
