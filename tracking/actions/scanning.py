"""Does a virus scanner find anything in a file? Asked before the file is kept.

The setting `EVIDENCE_SCANNER` names a callable by dotted path, such as
`ministry.antivirus.scan`; empty, as it comes, means that no scanner is asked. The callable is
given the file, open for reading in binary at its start, and returns "" for a clean file or what
it found, such as "Eicar-Test-Signature". It runs in a thread of its own, so it uses no database;
a connection to a scanner daemon (clamd, ICAP) is what it is meant for. When it raises anything,
returns something else than a text, or takes longer than `EVIDENCE_SCANNER_SECONDS`, the scanner
counts as not answering: the file is refused with a sentence and nothing is stored. A file that
could not be looked at is never kept.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from tracking.actions.refusals import Refused

_log = logging.getLogger(__name__)

Scanner = Callable[[Any], str]


def check_for_viruses(file: "IO[bytes] | File[bytes]") -> None:
    """Refused when the scanner finds something or does not answer; the file ends at its start."""
    if not settings.EVIDENCE_SCANNER:
        return
    file.seek(0)
    found = _answer(file)
    file.seek(0)
    if found:
        raise Refused(
            [
                _(
                    "The virus scanner found “%(found)s” in the file, so it was not kept: clean "
                    "your machine, and choose a clean copy"
                )
                % {"found": found[:200]}
            ]
        )


def _answer(file: "IO[bytes] | File[bytes]") -> str:
    answer: Future[Any] = Future()
    Thread(target=_scan, args=(file, answer), daemon=True, name="evidence-scanner").start()
    try:
        found = answer.result(timeout=settings.EVIDENCE_SCANNER_SECONDS)
    except Exception as error:
        _log.exception("the scanner of evidence does not answer")
        raise _silent() from error
    if not isinstance(found, str):
        _log.error("the scanner of evidence returned %r, which is no text", found)
        raise _silent()
    return found


def _scan(file: "IO[bytes] | File[bytes]", answer: "Future[Any]") -> None:
    try:
        scanner: Scanner = import_string(settings.EVIDENCE_SCANNER)
        answer.set_result(scanner(file))
    except Exception as error:
        answer.set_exception(error)


def _silent() -> Refused:
    return Refused(
        [
            _(
                "The virus scanner does not answer, so the file was not kept: try again in a few "
                "minutes, or tell the administrators"
            )
        ]
    )
