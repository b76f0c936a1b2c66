"""What the probes saw, written so that it proves itself later: canonical JSON without secrets."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from databases.actions.connections_seen import Watched
from databases.models import (
    Connection,
    Endpoint,
    EndpointState,
    EvidenceRule,
    Maintenance,
    StageChange,
)
from databases.models.course import courses
from databases.rules.stage import STAGE_WORDS, Stage
from databases.rules.track import State
from databases.rules.uptime import PARTS, Interval, Uptime, Window, uptime
from tracking.rules.canonical import canonical
from tracking.rules.instants import in_zone, instant_text

FORMAT = "probe-evidence/1"
_SECOND = timedelta(seconds=1)


def bundle(
    rule: EvidenceRule, endpoints: Sequence[Watched], *, since: datetime, now: datetime
) -> str:
    """Everything that speaks for the rule at `now`, from `since` on; the same text for the same
    facts. It names credentials and never holds one."""
    rows = {row.pk: row for row in _rows(endpoint.key for endpoint in endpoints)}
    times = _times(list(rows), since, now)
    watched = [_endpoint(rows[seen.key], seen, times[seen.key], now) for seen in endpoints]
    content = {
        "format": FORMAT,
        "proposed_at": instant_text(now),
        "rule": {"successes": rule.successes, "hours": rule.hours},
        "task": {"code": rule.task.code, "title": rule.task.names},
        "connection": _connection(rule.connection),
        "stage": _stage(rule.connection, now),
        "period": {"from": instant_text(since), "to": instant_text(now)},
        "endpoints": watched,
        "sentinels": _sentinels({row.zone_id for row in rows.values()}),
        "stand_ins": any(row.zone.for_tests for row in rows.values()),
    }
    return canonical(_without_floats(content)).decode()


def _rows(keys: Iterable[int]) -> Iterable[Endpoint]:
    related = ("zone", "credential", "seen", "interface")
    return Endpoint.objects.filter(pk__in=list(keys)).select_related(*related)


def _connection(connection: Connection) -> dict[str, Any]:
    database, counterpart = connection.database, connection.counterpart
    return {
        "code": connection.code,
        "database": {"code": database.code, "name": database.names},
        "counterpart": {"code": counterpart.code, "name": counterpart.names},
    }


def _stage(connection: Connection, now: datetime) -> dict[str, Any] | None:
    changes = StageChange.objects.filter(connection=connection)
    declared = changes.visible(at=in_zone(now), known_at=now).last()
    if declared is None:
        return None
    vi, en = STAGE_WORDS[Stage(declared.stage)]
    return {
        "code": declared.stage,
        "name": {"vi": vi, "en": en},
        "effective_on": declared.effective_on.isoformat(),
        "recorded_at": instant_text(declared.recorded_at),
    }


def _endpoint(row: Endpoint, seen: Watched, times: Uptime, now: datetime) -> dict[str, Any]:
    track = seen.track(now)
    return {
        "code": row.code,
        "name": row.names,
        "interface": seen.interface,
        "kind": row.kind,
        "spec": row.spec,
        "credential": row.credential.code if row.credential else None,
        "zone": row.zone.code,
        "stand_in": row.zone.for_tests,
        "interval_seconds": row.interval,
        "timeout_milliseconds": row.timeout,
        "version": row.version,
        "state": track.state.value,
        "run": {"successes": track.run, "since": instant_text(track.run_since)},
        "last": _last(row.seen),
        "uptime": _uptime(times),
    }


def _last(state: EndpointState) -> dict[str, Any]:
    return {
        "at": instant_text(state.last_at),
        "result": state.last_result,
        "reason": state.last_reason,
        "took_microseconds": state.last_total,
        "age_seconds": state.last_age,
    }


def _times(keys: Sequence[int], since: datetime, now: datetime) -> dict[int, Uptime]:
    """Where the time of each endpoint went; two queries."""
    windows: dict[int, list[Window]] = {key: [] for key in keys}
    for window in Maintenance.objects.filter(endpoint__in=keys, start__lt=now, end__gt=since):
        windows[window.endpoint_id].append(Window(window.start, window.end))
    seen = courses(since, now, endpoints=keys, known_at=now)
    never = [Interval(State.UNKNOWN, since, now, "never")]
    return {key: uptime(seen.get(key, never), windows[key]) for key in keys}


def _uptime(times: Uptime) -> dict[str, int | None]:
    """Whole seconds; shares in hundredths of a percent."""
    parts = {f"{name}_seconds": getattr(times, name) // _SECOND for name in (*PARTS, "total")}
    return {**parts, "coverage": times.coverage, "share": times.share}


def _sentinels(zones: Iterable[int]) -> list[dict[str, Any]]:
    rows = EndpointState.objects.filter(endpoint__zone__in=zones).select_related("endpoint__zone")
    return [
        {
            "code": row.endpoint.code,
            "zone": row.endpoint.zone.code,
            "owner": row.endpoint.sentinel_of,
            "state": row.state,
            "last_at": instant_text(row.last_at),
            "last_answer_at": instant_text(row.last_ok_at),
            "last_result": row.last_result,
        }
        for row in rows.exclude(endpoint__sentinel_of="").order_by("endpoint__code")
    ]


def _without_floats(value: Any) -> Any:
    """Canonical JSON holds none; a specification may, where it says which value it expects."""
    match value:
        case float():
            return repr(value)
        case Mapping():
            return {key: _without_floats(item) for key, item in value.items()}
        case list() | tuple():
            return [_without_floats(item) for item in value]
        case _:
            return value
