"""What the probes know of an endpoint, in words: kind, state, reason, what it waits for."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _, gettext_lazy

from databases.models import Endpoint, EndpointState
from databases.models.endpoint import RESULT_NAMES, STATE_NAMES
from databases.probes.reasons import reason_words
from databases.pump.claim import NEVER
from databases.pump.configuration import limits_of
from databases.renderers.measures import lasting, milliseconds
from databases.rules.state import expire
from databases.rules.track import Limits, Result, State, Track
from databases.rules.track_text import from_text
from tracking.models.bilingual import reader_language

KIND_NAMES = {
    "dns": gettext_lazy("name (DNS)"),
    "tcp": gettext_lazy("open port (TCP)"),
    "tls": gettext_lazy("certificate (TLS)"),
    "http": gettext_lazy("HTTP service"),
    "fhir": gettext_lazy("FHIR server"),
    "soap": gettext_lazy("SOAP service"),
    "postgres": gettext_lazy("PostgreSQL database"),
    "heartbeat": gettext_lazy("report sent to us"),
}
BLAME_NAMES = {
    "ours": gettext_lazy("our side"),
    "theirs": gettext_lazy("the other side"),
    "network": gettext_lazy("the network between"),
    "contract": gettext_lazy("what was agreed"),
    "": gettext_lazy("cannot be told"),
}
DEPTH_NAMES = (
    gettext_lazy("name"),
    gettext_lazy("connection"),
    gettext_lazy("TLS"),
    gettext_lazy("request"),
    gettext_lazy("content"),
)
# Why a state changed where no attempt says so; "stale" is of what we know, not of their data.
_CHANGES = {
    "never": gettext_lazy("not seen yet"),
    "stale": gettext_lazy("not seen for too long"),
    "blind": gettext_lazy("we could not see"),
    "config": gettext_lazy("our configuration or guard refuses it"),
    "shallow": gettext_lazy("it answers, but not as deep as it failed"),
    "sentinels": gettext_lazy("our sentinels do not answer"),
    "paused": gettext_lazy("paused by decision"),
    "resumed": gettext_lazy("resumed by decision"),
    "edited": gettext_lazy("probed differently since"),
    "closed_by_hand": gettext_lazy("the outage was closed by hand"),
    "false_alarm": gettext_lazy("a suspicion that came to nothing"),
}
# A shape beside the word, so that no state is told by its color alone.
_SHAPES = {
    State.UP: "●",
    State.DEGRADED: "◐",
    State.SUSPECT: "◬",
    State.DOWN: "✕",
    State.RECOVERING: "↑",
    State.UNKNOWN: "○",
}


def current_track(endpoint: Endpoint, now: datetime) -> Track:
    """What was seen too long ago proves nothing, even while no pump is at work to say so. The
    endpoint comes with its state."""
    limits = limits_of(endpoint.interval, endpoint.timeout)
    return expire(from_text(endpoint.seen.track), now, limits)[0]


def state_tag(state: str, *, paused: bool = False) -> str:
    """Shape and word."""
    found = State(state)
    if paused:
        return format_html(
            '<span class="state state-paused"><span aria-hidden="true">‖</span> {}</span>',
            _("paused"),
        )
    return format_html(
        '<span class="state state-{}"><span aria-hidden="true">{}</span> {}</span>',
        found.value,
        _SHAPES[found],
        STATE_NAMES[found],
    )


def kind_name(kind: str) -> str:
    return str(KIND_NAMES.get(kind, kind))


def result_name(result: str) -> str:
    return str(RESULT_NAMES[Result(result)]) if result else _("not probed yet")


def reason_text(reason: str) -> str:
    """Of an attempt, in the reader's language; nothing for nothing."""
    return reason_words(reason)[reader_language()] if reason else ""


def change_text(reason: str, *, unseen: bool) -> str:
    """Of a change of state. `unseen`: to unknown, which no attempt shows."""
    if reason in _CHANGES and (unseen or reason != "stale"):
        return str(_CHANGES[reason])
    return reason_text(reason)


def moment(instant: datetime | None) -> str:
    """Day and minute in Hà Nội; a dash for nothing."""
    return date_format(localtime(instant), "SHORT_DATETIME_FORMAT") if instant else "–"


def to_the_second(instant: datetime | None) -> str:
    return date_format(localtime(instant), "d/m/Y H:i:s") if instant else "–"


def waits_for(track: Track, limits: Limits) -> Iterator[str]:
    """What must happen before the state changes, and why the last attempt may not have counted."""
    if track.paused:
        yield _("It is not probed until it is resumed.")
        return
    yield from _counting(track, limits)
    if track.held:
        yield _HELD[track.held] % {"minutes": int(limits.hold.total_seconds() // 60)}
    if track.frozen:
        yield str(_FROZEN[track.frozen])
    if track.flapping:
        yield _("It changes between answering and failing again and again.")
    if track.confirmed is State.DOWN and track.state is State.UNKNOWN:
        yield _("Its outage is open, but nobody sees it now.")


def _counting(track: Track, limits: Limits) -> Iterator[str]:
    if track.state is State.SUSPECT:
        yield _("%(n)d of %(total)d failures in a row: the last of them confirms an outage.") % {
            "n": track.failures,
            "total": limits.failures,
        }
    if track.state is State.RECOVERING:
        yield _("%(n)d of %(total)d answers in a row: the last of them ends the outage.") % {
            "n": track.successes,
            "total": limits.successes,
        }
    if track.state is State.UP and track.warnings:
        yield _("%(n)d of %(total)d warnings in a row: the last of them makes it degraded.") % {
            "n": track.warnings,
            "total": limits.warnings,
        }
    if track.failed_depth is not None:
        yield _("It failed at: %s. Only an answer that deep ends that.") % str(
            DEPTH_NAMES[track.failed_depth]
        )


_HELD = {
    "sentinels": gettext_lazy(
        "The outage is not confirmed: our sentinels have not answered since it began to fail, so "
        "the fault may be ours."
    ),
    "crowd": gettext_lazy(
        "The outage is not confirmed: endpoints of many owners began to fail together, so the "
        "cause may be ours. It is held for %(minutes)d minutes at most."
    ),
    "parent": gettext_lazy(
        "The outage is not confirmed: what it depends on is suspect too. It is held for "
        "%(minutes)d minutes at most."
    ),
}
_FROZEN = {
    "blind": gettext_lazy(
        "The last attempt does not count: we could not see. Nothing is held against the other side."
    ),
    "config": gettext_lazy(
        "The last attempt does not count: our own configuration or guard refused it. Correct the "
        "endpoint or its zone."
    ),
    "shallow": gettext_lazy(
        "The last attempt does not count: it answered, but not as deep as it had failed."
    ),
}


def took_text(endpoint: Endpoint) -> str:
    """Nobody is waited for where the other side reports to us."""
    return "–" if endpoint.kind == "heartbeat" else milliseconds(endpoint.seen.last_total)


def age_text(seen: EndpointState) -> str:
    return "–" if seen.last_age is None else lasting(timedelta(seconds=seen.last_age))


def due_text(seen: EndpointState, now: datetime) -> str:
    """In how long, or for how long it has been."""
    if seen.next_due_at >= NEVER:
        return "–"
    if seen.next_due_at > now:
        return _("in %(length)s") % {"length": lasting(seen.next_due_at - now)}
    if now - seen.next_due_at < timedelta(seconds=5):
        return _("now")
    return _("%(length)s ago") % {"length": lasting(now - seen.next_due_at)}


def sentence(text: str) -> str:
    """As it stands alone: with a capital and a full stop."""
    bare = text.strip().rstrip(".")
    return f"{bare[:1].upper()}{bare[1:]}."
