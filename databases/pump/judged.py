"""What does a finished attempt mean? The pure rules are told what else was known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F, Q

from databases.models import Endpoint, EndpointState, Maintenance
from databases.probes.reading import Reading
from databases.pump.claim import Claimed
from databases.pump.configuration import Configured
from databases.rules.crowd import Suspect, is_crowd
from databases.rules.sentinels import Sentinel, Sight, sight
from databases.rules.slots import Slot, next_due
from databases.rules.state import advance, unsettled
from databases.rules.track import Outcome, Result, State, Surroundings, Track, Transition
from databases.rules.track_text import from_text

_REMEMBERED = timedelta(minutes=5)  # a crowd delays nothing for longer than Limits.hold


@dataclass(frozen=True, slots=True)
class Ended:
    """An attempt that has ended, as the pump hands it over to be written."""

    claimed: Claimed
    configured: Configured
    slot: Slot
    started_at: datetime
    ended_at: datetime
    reading: Reading


@dataclass(slots=True)
class Judged:
    """The attempt, the track after it, and what changed."""

    ended: Ended
    outcome: Outcome
    track: Track
    transitions: list[Transition]
    next_due_at: datetime

    @property
    def endpoint(self) -> int:
        return self.ended.claimed.endpoint


def judged(ended: Ended, around: "Around") -> Judged:
    """By the rules; `around` is asked only where an attempt failed."""
    configured, reading = ended.configured, ended.reading
    outcome = Outcome(
        at=ended.started_at,
        result=reading.result,
        reason=reading.reason,
        blame=reading.blame,
        depth=reading.depth,
        version=ended.claimed.version,
    )
    before = from_text(ended.claimed.track)
    surroundings = None
    if outcome.result is Result.FAIL:
        if not configured.is_sentinel and around.sight(configured.zone).sees is False:
            outcome = Outcome(outcome.at, Result.BLIND, "sentinels", version=outcome.version)
        else:
            surroundings = around.surroundings(ended, before.first_failed_at or outcome.at)
    track, transitions = advance(before, outcome, configured.limits, surroundings)
    retry = configured.limits.retry if unsettled(track) else None
    due = next_due(configured.grid, ended.slot.at, ended.ended_at, retry)
    return Judged(ended, outcome, track, transitions, due)


@dataclass(slots=True)
class Around:
    """What else is known at `now`, read once for a batch, and only when it is asked for."""

    now: datetime
    _sights: dict[int, Sight] = field(default_factory=dict)
    _suspects: dict[int, tuple[int, Sequence[Suspect]]] = field(default_factory=dict)
    _states: dict[int, str] = field(default_factory=dict)
    _maintained: frozenset[int] | None = None

    def sight(self, zone: int) -> Sight:
        if zone not in self._sights:
            self._sights[zone] = sight(list(_sentinels(zone)), self.now)
        return self._sights[zone]

    def surroundings(self, ended: Ended, began: datetime) -> Surroundings:
        """Of an attempt that failed, and `began` to."""
        configured = ended.configured
        seen = Sight() if configured.is_sentinel else self.sight(configured.zone)
        return Surroundings(
            has_sentinels=seen.sees is not None,
            sentinels_at=seen.since,
            crowd=self._crowd(configured.zone, began),
            parent=self._parent(configured.parent),
            maintenance=ended.claimed.endpoint in self._maintenance(),
        )

    def _crowd(self, zone: int, began: datetime) -> bool:
        if zone not in self._suspects:
            endpoints = Endpoint.objects.filter(zone=zone, paused=False).count()
            self._suspects[zone] = endpoints, _suspects(zone, self.now)
        endpoints, suspects = self._suspects[zone]
        return is_crowd(suspects, began, endpoints=endpoints)

    def _parent(self, parent: int | None) -> State | None:
        if parent is None:
            return None
        if parent not in self._states:
            row = EndpointState.objects.filter(pk=parent).values_list("state", flat=True).first()
            self._states[parent] = row or State.UNKNOWN.value
        return State(self._states[parent])

    def _maintenance(self) -> frozenset[int]:
        if self._maintained is None:
            rows = Maintenance.objects.filter(start__lte=self.now, end__gt=self.now)
            self._maintained = frozenset(rows.values_list("endpoint", flat=True))
        return self._maintained


def _sentinels(zone: int) -> Iterable[Sentinel]:
    rows = EndpointState.objects.filter(endpoint__zone=zone, endpoint__paused=False)
    for row in rows.exclude(endpoint__sentinel_of="").select_related("endpoint"):
        yield Sentinel(
            owner=row.endpoint.sentinel_of,
            interval=timedelta(seconds=row.endpoint.interval),
            # Our own guard said no: it was not asked at all.
            last_at=None if row.last_result == Result.CONFIG else row.last_at,
            answered=row.last_result in {Result.OK, Result.WARN},
            last_ok_at=row.last_ok_at,
        )


def _suspects(zone: int, now: datetime) -> Sequence[Suspect]:
    rows = EndpointState.objects.filter(
        Q(state=State.SUSPECT) | Q(state=State.DOWN),
        endpoint__zone=zone,
        since__gt=now - _REMEMBERED,
    ).values_list(F("endpoint__interface__connection__database__owner__code"), "since")
    return [Suspect(owner or "", since) for owner, since in rows.order_by("since", "pk")]
