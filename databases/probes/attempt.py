"""What does an attempt say, however it ended? Whose fault it looks like, in one place."""

import errno
import logging
import ssl
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from databases.probes.egress import EgressRefused
from databases.probes.line import Line
from databases.probes.loop import TimedOut
from databases.probes.reading import Failed, Misconfigured, Reading, Unseen
from databases.rules.track import Blame, Depth, Result

_log = logging.getLogger(__name__)

_OUR_LIMITS = {
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOBUFS,
    errno.ENOMEM,
    errno.ENOSPC,  # of what one user may watch with epoll
    errno.EADDRNOTAVAIL,
    errno.EAFNOSUPPORT,
}
_OUR_FIREWALL = {errno.EPERM, errno.EACCES}
_HUNG_UP = (errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN, errno.ECONNABORTED)
_REASONS = {errno.ECONNREFUSED: "refused", **dict.fromkeys(_HUNG_UP, "reset")}
_TIMED_OUT = {
    Depth.NAME: "name_timed_out",
    Depth.CONNECT: "connect_timed_out",
    Depth.TLS: "tls_timed_out",
}
# By the codes of OpenSSL's verification.
_CERTIFICATE = {
    9: "certificate_not_yet_valid",
    10: "certificate_expired",
    18: "certificate_self_signed",
    62: "certificate_name",
    64: "certificate_name",
}
# By words of OpenSSL's errors; the first that is found counts.
_TLS = (
    ("ALERT_CERTIFICATE_REQUIRED", "client_certificate_missing", Blame.CONTRACT),
    ("ALERT_PROTOCOL_VERSION", "tls_version", Blame.CONTRACT),
    ("UNSUPPORTED_PROTOCOL", "tls_version", Blame.CONTRACT),
    ("WRONG_VERSION_NUMBER", "not_tls", Blame.THEIRS),
    ("PACKET_LENGTH_TOO_LONG", "not_tls", Blame.THEIRS),
    ("RECORD_LAYER_FAILURE", "not_tls", Blame.THEIRS),
)
# What they say of a certificate of ours that they looked at.
_REFUSALS = ("CERTIFICATE", "UNKNOWN_CA", "ACCESS_DENIED", "DECRYPT_ERROR")


async def attempt(line: Line, probe: Callable[[Line, Any], Awaitable[None]], spec: Any) -> None:
    """Run the probe and write into line.reading what it says, whatever happens."""
    reading = line.reading
    line.begin()
    try:
        await probe(line, spec)
    except Failed as failed:
        _fail(reading, failed.reason, failed.blame, failed.depth)
        reading.status = failed.status or reading.status
    except TimedOut as over:
        _timed_out(reading, line.depth, late=over.late)
    except (EgressRefused, Misconfigured, Unseen) as unsaid:
        result = Result.BLIND if isinstance(unsaid, Unseen) else Result.CONFIG
        _say_nothing(reading, result, unsaid.reason, line.depth)
    except ssl.SSLError as error:
        _not_secured(reading, error, line.depth)
    except OSError as error:
        _not_reached(reading, error, line.depth)
    except Exception as error:
        _log.error("A probe has a fault of its own: %s", place_of(error))
        _say_nothing(reading, Result.BLIND, "prober_fault", line.depth)
    finally:
        reading.total = line.elapsed()
        line.close()


def place_of(error: Exception) -> str:
    """Which fault and where; never its text, which may hold what was sent or received."""
    steps = traceback.extract_tb(error.__traceback__)
    where = [f"{Path(step.filename).name}:{step.lineno}" for step in reversed(steps[-4:])]
    return f"{type(error).__name__} at {' < '.join(where)}"


def _fail(reading: Reading, reason: str, blame: Blame | None, depth: Depth) -> None:
    reading.result, reading.reason = Result.FAIL, reason
    reading.blame, reading.depth = blame, depth


def _say_nothing(reading: Reading, result: Result, reason: str, depth: Depth) -> None:
    """Of the other side."""
    reading.result, reading.reason, reading.depth = result, reason, depth


def _timed_out(reading: Reading, depth: Depth, *, late: bool) -> None:
    if late:
        _say_nothing(reading, Result.BLIND, "prober_late", depth)
        return
    blame = Blame.NETWORK if depth <= Depth.CONNECT else Blame.THEIRS
    _fail(reading, _TIMED_OUT.get(depth, "timed_out"), blame, depth)


def _not_secured(reading: Reading, error: ssl.SSLError, depth: Depth) -> None:
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = _CERTIFICATE.get(error.verify_code, "certificate_untrusted")
        _fail(reading, reason, Blame.THEIRS, Depth.TLS)
        return
    word = error.reason or ""
    for part, reason, blame in _TLS:
        if part in word:
            _fail(reading, reason, blame, Depth.TLS)
            return
    if "ALERT" in word and any(part in word for part in _REFUSALS):
        _fail(reading, "client_certificate_refused", Blame.CONTRACT, Depth.TLS)
        return
    _fail(reading, "tls_failed", Blame.THEIRS, max(depth, Depth.TLS))


def _not_reached(reading: Reading, error: OSError, depth: Depth) -> None:
    if error.errno in _OUR_LIMITS:
        _say_nothing(reading, Result.BLIND, "our_limits", depth)
        return
    if error.errno in _OUR_FIREWALL:
        _say_nothing(reading, Result.CONFIG, "our_firewall", depth)
        return
    reason = _REASONS.get(error.errno or 0, "unreachable")
    blame = Blame.NETWORK if reason == "unreachable" else Blame.THEIRS
    _fail(reading, reason, blame, depth)
