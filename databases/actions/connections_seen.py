"""What is declared of every connection, and what do the probes see of it now? Facts for the rules,
in a fixed number of queries whatever the size of the register."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from databases.models import (
    Connection,
    EndpointState,
    EvidenceDecision,
    Interface,
    Maintenance,
    Outage,
    StageChange,
)
from databases.probes.kinds import KINDS
from databases.pump.configuration import limits_of
from databases.rules.declared_and_seen import ConnectionSeen, EndpointSeen
from databases.rules.stage import Stage
from databases.rules.state import expire
from databases.rules.track import Blame, Depth, Result, State, Track
from databases.rules.track_text import from_text
from tracking.models.situation import TaskSituation
from tracking.rules.instants import in_zone, start_of

_EVER = datetime.min.replace(tzinfo=UTC)
_COLUMNS = (
    "endpoint_id",
    "endpoint__code",
    "endpoint__interface__code",
    "endpoint__interface__connection_id",
    "endpoint__kind",
    "endpoint__interval",
    "endpoint__timeout",
    "endpoint__paused",
    "endpoint__spec__max_age",
    "track",
    "last_at",
    "last_ok_at",
    "last_result",
    "last_age",
)


class Watched(NamedTuple):
    """An endpoint of a connection; the names are those of the columns."""

    key: int
    code: str
    interface: str
    connection: int
    kind: str
    interval: int
    timeout: int
    paused: bool
    max_age: int | None
    stored: str
    last_at: datetime | None
    last_ok_at: datetime | None
    last_result: str
    last_age: int | None

    @property
    def depth(self) -> Depth:
        """How deep its success reaches."""
        return KINDS[self.kind].DEPTH if self.kind in KINDS else Depth.NAME

    def track(self, now: datetime) -> Track:
        """What is remembered of it; what was seen too long ago proves nothing any more, even while
        no pump is at work to say so."""
        track = from_text(self.stored)
        return expire(track, now, limits_of(self.interval, self.timeout))[0]


def watched(connections: Iterable[int] | None = None) -> list[Watched]:
    """The endpoints of these connections, or of all, by code; one query."""
    rows = EndpointState.objects.exclude(endpoint__interface=None)
    if connections is not None:
        rows = rows.filter(endpoint__interface__connection__in=connections)
    columns = rows.order_by("endpoint__code").values_list(*_COLUMNS)
    return [Watched._make(row) for row in columns.iterator(chunk_size=2000)]


def connections_seen(now: datetime) -> list[ConnectionSeen]:
    """Every connection, by code; seven queries."""
    declared = _declared(now)
    evidence = evidence_standing(now)
    interfaces: dict[int, list[str]] = {}
    for connection, code in Interface.objects.values_list("connection_id", "code"):
        interfaces.setdefault(connection, []).append(code)
    endpoints = _endpoints(now)
    found = []
    for key, code in Connection.objects.order_by("code").values_list("pk", "code"):
        stage, since = declared.get(key, (None, _EVER))
        theirs = tuple(interfaces.get(key, ())), tuple(endpoints.get(key, ()))
        found.append(ConnectionSeen(code, stage, since, *theirs, evidence.get(key)))
    return found


def evidence_standing(now: datetime) -> Mapping[int, datetime]:
    """Connection -> when a task was last submitted on what its probes saw, where that submission
    still stands: neither returned nor reopened nor made anew since. One query."""
    standing = TaskSituation.objects.at(now).filter(
        task=OuterRef("proposal__rule__task"),
        cancelled=False,
        submitted_at=OuterRef("decided_at"),
    )
    taken = EvidenceDecision.objects.filter(Exists(standing), taken=True).order_by("decided_at")
    return dict(taken.values_list("proposal__rule__connection", "decided_at"))


def _declared(now: datetime) -> dict[int, tuple[Stage, datetime]]:
    """Connection -> the stage declared for it, and since when that can be held against it."""
    found: dict[int, tuple[Stage, datetime]] = {}
    for change in StageChange.objects.visible(at=in_zone(now), known_at=now):
        stage = Stage(change.stage)
        if change.connection_id in found and found[change.connection_id][0] is stage:
            continue  # said again
        # A stage declared today for last month binds from today.
        since = max(start_of(change.effective_on), change.recorded_at)
        found[change.connection_id] = stage, since
    return found


def _endpoints(now: datetime) -> dict[int, list[EndpointSeen]]:
    blames = dict(Outage.objects.filter(ended_at=None).values_list("endpoint", "blame"))
    maintained = Maintenance.objects.filter(start__lte=now, end__gt=now)
    in_maintenance = set(maintained.values_list("endpoint", flat=True))
    found: dict[int, list[EndpointSeen]] = {}
    for row in watched():
        blame = blames.get(row.key)
        seen = _seen(row, now, Blame(blame) if blame else None, row.key in in_maintenance)
        found.setdefault(row.connection, []).append(seen)
    return found


def _seen(row: Watched, now: datetime, blame: Blame | None, maintenance: bool) -> EndpointSeen:
    track = row.track(now)
    age = _read_age(row, track)
    too_old = age is not None and row.max_age is not None and age > row.max_age
    return EndpointSeen(
        code=row.code,
        interface=row.interface,
        state=track.state,
        since=track.since,
        depth=row.depth,
        blame=blame,
        measures_age=row.max_age is not None,
        stale=None if age is None else too_old,
        stale_since=_too_old_since(row) if too_old else None,
        ever_answered=row.last_ok_at is not None,
        paused=row.paused,
        maintenance=maintenance,
    )


def _read_age(row: Watched, track: Track) -> int | None:
    """The age of its data as the last attempt read it, in seconds; None when that one read none."""
    answered = row.last_result in {Result.OK, Result.WARN}
    return row.last_age if answered and track.state is not State.UNKNOWN else None


def _too_old_since(row: Watched) -> datetime | None:
    if row.last_at is None or row.last_age is None or row.max_age is None:
        return None
    return row.last_at - timedelta(seconds=row.last_age - row.max_age)
