"""Endpoints that were seen to fail, and a row of everything that the probes' pages show."""

from datetime import datetime, timedelta

from databases.actions.connections_seen import watched
from databases.actions.contradictions import reconcile_contradictions
from databases.actions.credentials import seal_credential
from databases.actions.endpoints import probe_now
from databases.actions.evidence_bundle import bundle
from databases.actions.maintenance import announce_maintenance
from databases.actions.zones import propose_network
from databases.models import (
    Check,
    Connection,
    Endpoint,
    EndpointState,
    EvidenceProposal,
    EvidenceRule,
    Interface,
    Outage,
    PumpSign,
    Zone,
)
from databases.pump.configuration import limits_of
from databases.pump.tracks import Written, write_tracks
from databases.rules.state import Outcome, Result, advance
from databases.rules.track import Blame, Depth
from databases.rules.track_text import from_text
from tests.databases.probed import make_endpoint
from tracking.models import Task

MINUTE = timedelta(minutes=1)
SECRET = "Kh0ng-ai-duoc-thay-dau-nay"


def see(endpoint: Endpoint, results: str, start: datetime) -> datetime:
    """What attempts a minute apart would have written, by the rules; the instant after them."""
    at = start
    for word in results.split():
        seen = EndpointState.objects.get(pk=endpoint.pk)
        result = Result(word)
        failed = result is Result.FAIL
        found = Outcome(
            at,
            result,
            "refused" if failed else "",
            Blame.THEIRS if failed else None,
            Depth.CONNECT if failed else Depth.CONTENT,
            version=seen.version,
        )
        limits = limits_of(endpoint.interval, endpoint.timeout)
        step = advance(from_text(seen.track), found, limits)
        seen.last_at, seen.last_result, seen.last_reason = at, result.value, found.reason
        seen.last_total = 12_345
        if not failed:
            seen.last_ok_at = at
        write_tracks([Written(seen, step)])
        Check.objects.create(
            endpoint=endpoint,
            slot_at=at,
            started_at=at,
            version=seen.version,
            result=result.value,
            reason=found.reason,
            depth=int(found.depth),
            names=500,
            connect=1_500,
            total=12_345,
            status=200,
        )
        at += MINUTE
    return at


def outage_of(endpoint: Endpoint, start: datetime) -> Outage:
    """Up for a minute, then down."""
    see(endpoint, "ok fail fail fail", start)
    return Outage.objects.get(endpoint=endpoint, ended_at=None)


def fill(now: datetime) -> Endpoint:
    """A row of every model that has pages; the databases are in the register."""
    interface = Interface.objects.select_related("connection").get(code="GD-01-1")
    created = now - 10 * MINUTE
    endpoint = make_endpoint(created, 443, code="DC-1", interface=interface.code)
    outage_of(endpoint, now - 5 * MINUTE)
    Endpoint.objects.filter(pk=endpoint.pk).update(name_vi="Điều Dược", search="dc-1 dieu duoc")
    seal_credential(
        code="C-1",
        kind="bearer",
        host="example.vn",
        secret=SECRET.encode(),
        now=now,
        by="an",
    )
    announce_maintenance(
        endpoints=[endpoint],
        start=now + MINUTE,
        end=now + 60 * MINUTE,
        document="12/TTYQG",
        now=now,
        by="an",
    )
    propose_network(
        zone=Zone.objects.get(code=endpoint.zone.code),
        network="10.20.0.0/16",
        ports="443",
        document="12/TTYQG",
        valid_from=None,
        valid_to=None,
        now=now,
        by="an",
    )
    probe_now(endpoint=endpoint, now=now, by="an")
    PumpSign.objects.create(name="host:1", started_at=created, seen_at=now)
    reconcile_contradictions(now=now)
    _propose(interface.connection, now)
    return endpoint


def _propose(connection: Connection, now: datetime) -> None:
    task = Task.objects.order_by("pk").first()
    assert task is not None
    rule = EvidenceRule.objects.create(connection=connection, task=task)
    text = bundle(rule, watched([connection.pk]), since=now - 60 * MINUTE, now=now)
    EvidenceProposal.objects.create(rule=rule, proposed_at=now, bundle=text, sha256="0" * 64)
