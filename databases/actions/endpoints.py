"""The only writer of endpoints: what is probed, how, and whether at all."""

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from databases.actions.endpoint_faults import faults_of
from databases.actions.wanted import Wanted, resolved, wanted_of
from databases.actions.worst_days import forget_worst_days
from databases.models import Endpoint, EndpointChange, EndpointState, ProbeRequest
from databases.pump.claim import NEVER
from databases.pump.configuration import grid_of, limits_of
from databases.pump.tracks import Written, write_tracks
from databases.rules import state
from databases.rules.track import Step, Track
from databases.rules.track_text import from_text, to_text
from tracking.actions.refusals import Refused
from tracking.models.pen import take_the_pen

__all__ = [
    "Wanted",
    "faults_of",
    "pause_endpoint",
    "probe_now",
    "resume_endpoint",
    "save_endpoint",
    "wanted_of",
]

REQUESTS_MOST = 6  # a minute and person


# What may change without proving anything that was seen wrong.
_WORDS = {"name_vi", "name_en", "interface", "paused"}


@transaction.atomic
def save_endpoint(*, wanted: Wanted, now: datetime, by: str) -> Endpoint:
    """Add it, or change the one of that code; the same again changes nothing. What is probed
    differently is unknown until it is seen, and an open outage stays open. Refused with every
    fault."""
    take_the_pen()
    if faults := faults_of(wanted, now):
        raise Refused(faults)
    endpoint = Endpoint.objects.filter(code=wanted.code).first()
    if endpoint is None:
        return _added(wanted, now, by)
    before = wanted_of(endpoint)
    changed = {f.name for f in fields(Wanted) if getattr(before, f.name) != getattr(wanted, f.name)}
    if not changed:
        return endpoint
    _fill(endpoint, wanted)
    if changed - _WORDS:
        endpoint.version += 1
    endpoint.save()
    if "interface" in changed:
        forget_worst_days(before.interface, wanted.interface)
    _note(endpoint, now, by, {n: [getattr(before, n), getattr(wanted, n)] for n in sorted(changed)})
    if changed - _WORDS:
        _edited(endpoint, now)
    if "paused" in changed:
        _switch(endpoint, now)
    return endpoint


def _fill(endpoint: Endpoint, wanted: Wanted) -> None:
    for name, value in resolved(wanted).items():
        setattr(endpoint, name, value)


def _note(endpoint: Endpoint, now: datetime, by: str, changes: dict[str, list[Any]]) -> None:
    EndpointChange.objects.create(
        endpoint=endpoint, at=now, by=by, version=endpoint.version, changes=changes
    )


def _added(wanted: Wanted, now: datetime, by: str) -> Endpoint:
    endpoint = Endpoint()
    _fill(endpoint, wanted)
    endpoint.save()
    _note(endpoint, now, by, {})
    track = state.created(now)
    EndpointState.objects.create(
        endpoint=endpoint,
        next_due_at=_first_slot(endpoint, now),
        state=track.state.value,
        since=track.since,
        track=to_text(track),
    )
    if endpoint.paused:
        _switch(endpoint, now)
    return endpoint


def _first_slot(endpoint: Endpoint, now: datetime) -> datetime:
    return grid_of(endpoint.pk, endpoint.interval).after(now)


def _locked(endpoint: Endpoint) -> EndpointState:
    return EndpointState.objects.select_for_update().get(pk=endpoint.pk)


def _edited(endpoint: Endpoint, now: datetime) -> None:
    seen = _locked(endpoint)
    seen.version = endpoint.version
    if not endpoint.paused:
        seen.next_due_at = _first_slot(endpoint, now)
    limits = limits_of(endpoint.interval, endpoint.timeout)
    step = state.edit(from_text(seen.track), endpoint.version, now, limits)
    write_tracks([Written(seen, step)])


def _switch(endpoint: Endpoint, now: datetime) -> None:
    """Pause or resume, as the row says."""
    seen = _locked(endpoint)
    seen.next_due_at = NEVER if endpoint.paused else _first_slot(endpoint, now)
    write_tracks([Written(seen, _switched(endpoint, from_text(seen.track), now))])


def _switched(endpoint: Endpoint, track: Track, now: datetime) -> Step:
    if endpoint.paused:
        return state.pause(track, now, limits_of(endpoint.interval, endpoint.timeout))
    return state.resume(track, now)


@transaction.atomic
def pause_endpoint(*, endpoint: Endpoint, now: datetime, by: str) -> None:
    """Probe it no more; its state is unknown by decision, an open outage stays open."""
    _set_paused(endpoint, now, by, paused=True)


@transaction.atomic
def resume_endpoint(*, endpoint: Endpoint, now: datetime, by: str) -> None:
    """Probe it again from its next slot; unknown until then."""
    _set_paused(endpoint, now, by, paused=False)


def _set_paused(endpoint: Endpoint, now: datetime, by: str, *, paused: bool) -> None:
    take_the_pen()
    endpoint.refresh_from_db()
    if endpoint.paused == paused:
        return
    endpoint.paused = paused
    endpoint.save(update_fields=["paused"])
    _note(endpoint, now, by, {"paused": [not paused, paused]})
    _switch(endpoint, now)


@transaction.atomic
def probe_now(*, endpoint: Endpoint, now: datetime, by: str) -> None:
    """Have a pump probe it as soon as one is free, and keep who asked. Refused while it is paused,
    and for more than six requests a minute of one person."""
    take_the_pen()
    endpoint.refresh_from_db()
    if endpoint.paused:
        raise Refused([_("%s is paused: resume it first") % endpoint.code])
    lately = ProbeRequest.objects.filter(by=by, at__gt=now - timedelta(minutes=1)).count()
    if lately >= REQUESTS_MOST:
        said = _("you asked for %d probes within a minute: wait a moment, then ask again")
        raise Refused([said % lately])
    ProbeRequest.objects.create(endpoint=endpoint, at=now, by=by)
    waiting = EndpointState.objects.filter(pk=endpoint.pk, next_due_at__gt=now)
    waiting.update(next_due_at=now)
