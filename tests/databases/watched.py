"""Connections whose endpoints saw what a test says they saw, by the rules and without a network."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from databases.actions.stages import declare_stage
from databases.models import (
    Connection,
    Endpoint,
    EndpointState,
    Interface,
    Outage,
    Transition,
    Zone,
)
from databases.pump.configuration import limits_of
from databases.rules.stage import Stage
from databases.rules.state import advance, created, expire, pause
from databases.rules.track import Outcome, Step, Track
from databases.rules.track_text import to_text
from tests.databases.attempts import outcome
from tracking.rules.instants import day_of, instant_from

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
START = instant_from("2025-11-20T08:00")


@dataclass
class Eye:
    """An endpoint, and what came of every attempt; one a minute, from `now` on."""

    endpoint: Endpoint
    now: datetime
    track: Track = field(init=False)

    def __post_init__(self) -> None:
        self.track = created(self.now)
        EndpointState.objects.create(
            endpoint=self.endpoint, next_due_at=self.now, since=self.now, track=to_text(self.track)
        )

    def see(self, words: str, *, age: int | None = None) -> "Eye":
        """Words of tests.databases.attempts.outcome."""
        for word in words.split():
            self.now += MINUTE
            self._take(outcome(word, self.now), age)
        return self

    def until(self, at: datetime, word: str = "ok") -> "Eye":
        """The same every minute until then; written where something changes, and at the end."""
        while self.now < at:
            self.now += MINUTE
            found = outcome(word, self.now)
            track, steps = advance(self.track, found, self._limits)
            if steps or self.now >= at:
                self._take(found, None)
            else:
                self.track = track
        return self

    def sweep(self, at: datetime) -> "Eye":
        """Somebody looks for evidence that is too old."""
        self._keep(expire(self.track, at, self._limits))
        return self

    def pause(self, at: datetime) -> "Eye":
        Endpoint.objects.filter(pk=self.endpoint.pk).update(paused=True)
        self._keep(pause(self.track, at, self._limits))
        return self

    @property
    def _limits(self) -> Any:
        return limits_of(self.endpoint.interval, self.endpoint.timeout)

    def _take(self, found: Outcome, age: int | None) -> None:
        self._keep(advance(self.track, found, self._limits))
        changes: dict[str, Any] = {"last_at": found.at, "last_result": found.result.value}
        if found.result.value in {"ok", "warn"}:
            changes["last_ok_at"] = found.at
        if age is not None:
            changes["last_age"] = age
        EndpointState.objects.filter(pk=self.endpoint.pk).update(**changes)

    def _keep(self, step: Step) -> None:
        self.track, steps = step
        EndpointState.objects.filter(pk=self.endpoint.pk).update(
            state=self.track.state.value, since=self.track.since, track=to_text(self.track)
        )
        for found in steps:
            Transition.objects.create(
                endpoint=self.endpoint,
                at=found.at,
                known_at=found.known_at,
                before=found.before.value,
                after=found.after.value,
                reason=found.reason,
            )


def watch(
    code: str,
    interface: str = "GD-01-1",
    *,
    since: datetime = START,
    stand_in: bool = False,
    **changes: Any,
) -> Eye:
    """A new endpoint of that interface, which has seen nothing yet."""
    zone, _ = Zone.objects.get_or_create(
        code="GL" if stand_in else "MANG", defaults={"name_vi": "x", "for_tests": stand_in}
    )
    given = {"kind": "http", "spec": {"url": "https://csdl.example/"}, **changes}
    endpoint = Endpoint.objects.create(
        code=code,
        name_vi=code,
        zone=zone,
        interface=Interface.objects.get(code=interface),
        **given,
    )
    return Eye(endpoint, since)


def down(eye: Eye, blame: str = "theirs") -> Eye:
    """Confirmed, with an outage."""
    eye.see("fail fail fail")
    Outage.objects.create(endpoint=eye.endpoint, started_at=eye.track.since, blame=blame)
    return eye


def back(eye: Eye) -> Eye:
    """Confirmed again; the outage is over."""
    eye.see("ok ok")
    Outage.objects.filter(endpoint=eye.endpoint).update(ended_at=eye.track.since)
    return eye


def declare(code: str, stage: Stage, at: datetime, **more: Any) -> None:
    connection = Connection.objects.get(code=code)
    declare_stage(
        connection=connection, stage=stage, effective_on=day_of(at), now=at, by="an", **more
    )
