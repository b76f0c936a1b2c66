"""Keeping evidence files: checked by content, hashed, named in the ledger."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import IO

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from tracking.actions.evidence_files import ENDINGS, cleaned_name, content_type_of
from tracking.actions.file_checks import check_size, opened_file, sha256_of
from tracking.actions.refusals import Refused
from tracking.actions.scanning import check_for_viruses
from tracking.actions.steps import record_step
from tracking.models import Evidence, Task
from tracking.rules.events import Kind


def record_evidence(
    *,
    task: Task,
    file: "File[bytes]",
    effective_at: datetime,
    now: datetime,
    by: str,
    effective_on: date | None = None,
    expires_on: date | None = None,
    on_behalf_of: str = "",
    in_place_of: str = "",
    seen: int | None = None,
) -> Evidence:
    """Keep the file and write the entry that names it, all or nothing.

    `effective_on`, `expires_on`: when what the file shows holds. The same file sent a second time
    is kept once. Refused when the file is empty, too large or of no known type, when the scanner
    finds something, when the dates are reversed, or the step is illegal."""
    check_size(file)
    _check_period(effective_on, expires_on)
    evidence = _described(file, effective_on, expires_on)
    check_for_viruses(file)
    with _all_or_nothing(evidence):
        evidence.event = record_step(
            task=task,
            kind=Kind.EVIDENCE_RECORDED,
            effective_at=effective_at,
            now=now,
            by=by,
            payload=_payload(evidence),
            on_behalf_of=on_behalf_of,
            in_place_of=in_place_of,
            seen=seen,
        )
        kept = Evidence.objects.filter(event=evidence.event).first()
        if kept:
            return kept
        file.seek(0)
        ending = ENDINGS[evidence.content_type][0]
        evidence.file.save(f"{evidence.sha256}{ending}", file, save=False)
        evidence.save()
    return evidence


def opened(evidence: Evidence) -> IO[bytes]:
    """The kept file, at its start. Refused when it is gone or is not what was recorded."""
    return opened_file(evidence.file, evidence.sha256)


def _described(file: "File[bytes]", effective_on: date | None, expires_on: date | None) -> Evidence:
    given = str(file.name or "")
    content_type = content_type_of(file, given)
    if content_type is None:
        raise Refused(
            [
                _(
                    "%(name)s is none of PDF, PNG, JPEG, DOCX, XLSX, TXT and CSV by its content: "
                    "convert it, without macros, and choose it again"
                )
                % {"name": cleaned_name(given, "text/plain").removesuffix(".txt")}
            ]
        )
    return Evidence(
        name=cleaned_name(given, content_type),
        content_type=content_type,
        size=file.size,
        sha256=sha256_of(file),
        effective_on=effective_on,
        expires_on=expires_on,
    )


def _check_period(effective_on: date | None, expires_on: date | None) -> None:
    if effective_on and expires_on and expires_on < effective_on:
        raise Refused([_("It expires before it takes effect: correct one of the two dates")])


def _payload(evidence: Evidence) -> dict[str, str | int | None]:
    def text(day: date | None) -> str | None:
        return day.isoformat() if day else None

    return {
        "name": evidence.name,
        "size": evidence.size,
        "sha256": evidence.sha256,
        "content_type": evidence.content_type,
        "effective_on": text(evidence.effective_on),
        "expires_on": text(evidence.expires_on),
    }


@contextmanager
def _all_or_nothing(evidence: Evidence) -> Iterator[None]:
    """One transaction; when it fails, no file stays behind."""
    try:
        with transaction.atomic():
            yield
    except BaseException:
        name = evidence.file.name
        if name:
            evidence.file.storage.delete(name)
        raise
