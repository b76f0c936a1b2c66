"""What is written of attempts, and what it is judged by: claims, sentinels, crowds, parents."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from databases.actions.storage import keep_partitions
from databases.models import Check, Endpoint, EndpointState, Outage, Transition
from databases.probes.reading import Reading
from databases.pump.attempts import begin
from databases.pump.claim import LEASE, NEVER, Claimed, claim, claim_these
from databases.pump.configuration import Configuration, grid_of
from databases.pump.finish import finish, skip
from databases.pump.judged import Ended, Judged
from databases.rules.track import Blame, Depth, Result
from databases.rules.track_text import from_text
from tests.databases.probed import make_endpoint, make_interface

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
RETRY = 31 * SECOND


def read(word: str, depth: Depth = Depth.CONTENT) -> Reading:
    reading = Reading(Result(word), depth=depth)
    reading.total = 2_000
    if word == "fail":
        reading.reason, reading.blame = "refused", Blame.THEIRS
    return reading


def ended(claimed: Sequence[Claimed], word: str, at: datetime) -> list[Ended]:
    """All of them saw the same, at once."""
    attempts = begin(claimed, Configuration(), at, 0.0)
    return [Ended(a.claimed, a.configured, a.slot, at, at, read(word)) for a in attempts]


def see(endpoints: Sequence[Endpoint], word: str, at: datetime) -> list[Judged]:
    claimed = claim_these([endpoint.pk for endpoint in endpoints], at)
    assert len(claimed) == len(endpoints)
    return finish(ended(claimed, word, at), at)


def seen(endpoint: Endpoint) -> EndpointState:
    return EndpointState.objects.get(pk=endpoint.pk)


def make_sentinels(at: datetime) -> list[Endpoint]:
    return [
        make_endpoint(at, 9, code=f"S-{n}", interface=None, sentinel_of=f"owner {n}")
        for n in range(3)
    ]


def test_an_earlier_claim_of_the_same_batch_is_fenced_too() -> None:
    endpoint = make_endpoint(NOW, 1)
    early = ended(claim(1, NOW), "ok", NOW)
    later = NOW + LEASE + SECOND
    late = ended(claim(1, later), "ok", later)
    (written,) = finish([*early, *late], later)
    assert written.ended is late[0]
    assert Check.objects.filter(endpoint=endpoint).count() == 1
    assert Transition.objects.filter(endpoint=endpoint).count() == 1


def test_a_failure_is_blind_while_the_sentinels_fail_and_leaves_the_reading_alone() -> None:
    endpoint = make_endpoint(NOW, 1)
    see(make_sentinels(NOW), "fail", NOW)
    (attempt,) = ended(claim_these([endpoint.pk], NOW), "fail", NOW)
    (written,) = finish([attempt], NOW)
    assert (written.outcome.result, written.outcome.blame) == (Result.BLIND, None)
    # Should the database be away now, it is judged anew, by what the sentinels say then.
    assert attempt.reading.result is Result.FAIL


def test_sentinels_that_our_own_guard_refuses_do_not_make_us_blind() -> None:
    endpoint = make_endpoint(NOW, 1)
    sentinels = make_sentinels(NOW)
    see(sentinels, "ok", NOW)
    see(sentinels[:2], "config", NOW + SECOND)
    for n in range(1, 4):
        see([endpoint], "fail", NOW + n * RETRY)
    assert seen(endpoint).state == "down"


def test_an_outage_waits_for_a_round_of_sentinels_begun_after_it() -> None:
    endpoint = make_endpoint(NOW, 1)
    sentinels = make_sentinels(NOW)
    see(sentinels, "ok", NOW)
    for n in range(1, 4):
        see([endpoint], "fail", NOW + n * RETRY)
    assert from_text(seen(endpoint).track).held == "sentinels"
    see(sentinels, "ok", NOW + 3 * RETRY + SECOND)
    see([endpoint], "fail", NOW + 4 * RETRY)
    assert Outage.objects.get(endpoint=endpoint).started_at == NOW + RETRY


def test_a_crowd_is_held_for_three_minutes_and_then_is_real() -> None:
    owners = ["QLD", "KCB", "YDCT"]
    crowd = []
    for n in range(24):
        code = f"E-{n:02}"
        make_interface(code, owners[n % 3])
        crowd.append(make_endpoint(NOW, 1, code=code, interface=code))
    at = NOW
    while at - NOW < timedelta(minutes=3):
        see(crowd, "fail", at)
        assert {seen(endpoint).state for endpoint in crowd} == {"suspect"}, at - NOW
        at += RETRY
    assert from_text(seen(crowd[0]).track).held == "crowd"
    see(crowd, "fail", at)
    assert {seen(endpoint).state for endpoint in crowd} == {"down"}


def test_what_begins_to_fail_has_its_sentinels_and_what_it_depends_on_asked_at_once() -> None:
    parent = make_endpoint(NOW, 1, code="P")
    child = make_endpoint(NOW, 2, code="E", parent="P")
    other = make_endpoint(NOW, 3, code="O")
    sentinels = make_sentinels(NOW)
    later = NOW + timedelta(hours=1)
    EndpointState.objects.update(next_due_at=later)
    EndpointState.objects.filter(pk=sentinels[0].pk).update(next_due_at=NEVER)
    EndpointState.objects.filter(pk=sentinels[1].pk).update(lease_until=later)
    see([child], "fail", NOW)
    due = dict(EndpointState.objects.values_list("endpoint__code", "next_due_at"))
    assert (due["P"], due["S-2"]) == (NOW, NOW)
    # One is paused, one is being probed, one has nothing to do with it.
    assert (due["S-0"], due["S-1"], due["O"]) == (NEVER, later, later)
    assert parent.pk != other.pk


def test_what_fails_with_what_it_depends_on_is_blamed_on_that() -> None:
    parent = make_endpoint(NOW, 1, code="P")
    child = make_endpoint(NOW, 2, code="E", parent="P")
    for n in range(3):
        see([parent], "fail", NOW + n * RETRY)
        see([child], "fail", NOW + n * RETRY + SECOND)
    outage = Outage.objects.get(endpoint=child)
    assert (outage.by_parent, outage.blame) == (True, "")


def test_a_result_that_cannot_be_stored_loses_no_slot_uncounted() -> None:
    endpoint = make_endpoint(NOW, 1)
    grid = grid_of(endpoint.pk, 60)
    slot = grid.after(NOW)
    EndpointState.objects.update(next_due_at=slot)
    (attempt,) = ended(claim(1, slot), "ok", slot)
    skip(replace(attempt, ended_at=slot + timedelta(minutes=5)))
    later = slot + timedelta(minutes=10)
    (written,) = finish(ended(claim(1, later), "ok", later), later)
    assert written.ended.slot.at == later
    assert seen(endpoint).missed == 10  # all of them but the newest


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="partitions are PostgreSQL's")
def test_a_verdict_reads_only_the_partitions_of_its_attempts() -> None:
    endpoint = make_endpoint(NOW, 1)
    asked: list[tuple[str, Any]] = []

    def noted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if 'FROM "databases_check"' in sql:
            asked.append((sql, params))
        return execute(sql, params, many, context)

    keep_partitions((NOW - timedelta(days=15)).date())
    for n in range(2):
        see([endpoint], "fail", NOW + n * RETRY)
    with connection.execute_wrapper(noted):
        see([endpoint], "fail", NOW + 2 * RETRY)
    ((sql, params),) = asked
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "databases_check_default" in plan
    assert "databases_check_2026" not in plan
