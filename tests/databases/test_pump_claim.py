"""Claims and what is written after them, on both back-ends."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from databases.models import Check, EndpointState, Outage, Transition
from databases.pump.claim import LEASE, NEVER, claim, claim_these, went_back
from databases.pump.configuration import grid_of
from databases.pump.finish import release
from databases.pump.judged import Judged
from databases.pump.once import probe_once
from databases.rules.track_text import from_text
from tests.databases.probed import Answers, http_server, make_endpoint

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def port(answers: Answers) -> Iterator[int]:
    with http_server(answers) as found:
        yield found


def seen(pk: int) -> EndpointState:
    return EndpointState.objects.get(pk=pk)


def probe(at: datetime) -> list[Judged]:
    """What is due at that instant, probed to its end."""
    return probe_once(claim(100, at), lambda: at)


def test_what_is_due_is_claimed_once(port: int) -> None:
    endpoint = make_endpoint(NOW, port)
    first = claim(10, NOW)
    assert [row.endpoint for row in first] == [endpoint.pk]
    assert claim(10, NOW) == []


def test_what_is_not_due_is_left(port: int) -> None:
    make_endpoint(NOW, port)
    assert claim(10, NOW - timedelta(microseconds=1)) == []


def test_those_that_wait_longest_are_claimed_first(port: int) -> None:
    for number in range(4):
        make_endpoint(NOW - timedelta(seconds=number), port, code=f"E-{number}")
    claimed = claim(2, NOW)
    due = EndpointState.objects.filter(pk__in=[row.endpoint for row in claimed])
    assert {row.next_due_at for row in due} == {
        NOW - timedelta(seconds=3),
        NOW - timedelta(seconds=2),
    }


def test_a_lease_that_has_ended_gives_the_same_slot_to_another(port: int) -> None:
    make_endpoint(NOW, port)
    (first,) = claim(10, NOW)
    assert claim(10, NOW + LEASE) == []
    (second,) = claim(10, NOW + LEASE + timedelta(microseconds=1))
    assert second.due_at == first.due_at
    assert second.token == first.token + 1


def test_whoever_comes_after_its_lease_writes_nothing(port: int) -> None:
    endpoint = make_endpoint(NOW, port)
    late = claim(10, NOW)
    after = NOW + LEASE + timedelta(seconds=1)
    in_time = claim(10, after)
    assert len(probe_once(in_time, lambda: after)) == 1
    assert probe_once(late, lambda: after) == []
    assert Check.objects.filter(endpoint=endpoint).count() == 1
    assert Transition.objects.filter(endpoint=endpoint).count() == 1


def test_a_result_is_written_once_however_often_it_is_handed_in(port: int) -> None:
    endpoint = make_endpoint(NOW, port)
    claimed = claim(10, NOW)
    assert len(probe_once(claimed, lambda: NOW)) == 1
    assert probe_once(claimed, lambda: NOW) == []
    assert Check.objects.filter(endpoint=endpoint).count() == 1


def test_the_first_answer_makes_an_endpoint_up_and_due_on_its_grid(port: int) -> None:
    endpoint = make_endpoint(NOW, port)
    (row,) = probe(NOW)
    state = seen(endpoint.pk)
    assert state.state == "up"
    assert state.lease_until is None
    assert state.next_due_at == grid_of(endpoint.pk, 60).after(row.ended.slot.at)
    check = Check.objects.get(endpoint=endpoint)
    assert (check.result, check.status, check.slot_at) == ("ok", 200, row.ended.slot.at)
    assert None not in (check.names, check.connect, check.first_byte, check.total)


def test_slots_that_went_by_are_counted_and_only_the_newest_is_run(
    port: int, answers: Answers
) -> None:
    endpoint = make_endpoint(NOW, port)
    later = NOW + timedelta(minutes=10)
    probe(later)
    check = Check.objects.get(endpoint=endpoint)
    assert check.slot_at == grid_of(endpoint.pk, 60).newest(later)
    # Of the slots from NOW on, one was run and none is left out.
    assert check.missed == grid_of(endpoint.pk, 60).between(NOW, check.slot_at)
    assert check.missed in {9, 10}
    assert (seen(endpoint.pk).missed, answers.asked) == (check.missed, 1)


def test_three_failures_confirm_an_outage_dated_back_to_the_first(answers: Answers) -> None:
    with http_server(answers) as port:
        endpoint = make_endpoint(NOW, port)
        probe(NOW)
        answers.status = 500
        due = seen(endpoint.pk).next_due_at
        first = due
        for _ in range(3):
            probe(due)
            due = seen(endpoint.pk).next_due_at
    state = seen(endpoint.pk)
    outage = Outage.objects.get(endpoint=endpoint)
    assert state.state == "down"
    assert state.last_reason == "status_500"
    assert outage.started_at == state.since
    assert abs(outage.started_at - first) < timedelta(seconds=1)
    assert outage.blame == "theirs"
    assert [entry.event for entry in outage.course.all()] == ["confirmed"]


def test_an_outage_ends_at_the_first_answer_that_lasted(answers: Answers) -> None:
    answers.status = 500
    with http_server(answers) as port:
        endpoint = make_endpoint(NOW, port)
        due = NOW
        for _ in range(3):
            probe(due)
            due = seen(endpoint.pk).next_due_at
        answers.status = 200
        first = due
        for _ in range(2):
            probe(due)
            due = seen(endpoint.pk).next_due_at
    outage = Outage.objects.get(endpoint=endpoint)
    assert seen(endpoint.pk).state == "up"
    assert outage.ended_at is not None
    assert abs(outage.ended_at - first) < timedelta(seconds=1)


def test_retries_come_before_the_next_slot(answers: Answers) -> None:
    answers.status = 500
    with http_server(answers) as port:
        endpoint = make_endpoint(NOW, port, interval=3600, timeout=1000)
        probe(NOW)
    wait = seen(endpoint.pk).next_due_at - NOW
    assert timedelta(seconds=29) < wait < timedelta(seconds=32)


def test_what_was_given_back_is_still_due(port: int) -> None:
    endpoint = make_endpoint(NOW, port)
    claimed = claim(10, NOW)
    release(claimed)
    assert [row.endpoint for row in claim(10, NOW)] == [endpoint.pk]


def test_giving_back_too_late_takes_nothing_from_the_next(port: int) -> None:
    make_endpoint(NOW, port)
    late = claim(10, NOW)
    after = NOW + LEASE + timedelta(seconds=1)
    claim(10, after)
    release(late)
    assert claim(10, after) == []


def test_named_endpoints_are_claimed_before_they_are_due(port: int) -> None:
    endpoint = make_endpoint(NOW, port)
    EndpointState.objects.update(next_due_at=NOW + timedelta(minutes=1))
    (claimed,) = claim_these([endpoint.pk], NOW)
    (row,) = probe_once([claimed], lambda: NOW)
    assert row.ended.slot.missed == 0
    assert abs(row.ended.slot.at - NOW) < timedelta(seconds=1)
    assert claim_these([], NOW) == []


def test_a_paused_endpoint_is_never_claimed(port: int) -> None:
    endpoint = make_endpoint(NOW, port)
    EndpointState.objects.update(next_due_at=NEVER)
    assert claim(10, datetime(2999, 1, 1, tzinfo=UTC)) == []
    assert claim_these([endpoint.pk], NOW) == []


def test_a_clock_that_was_set_back_is_noticed(port: int) -> None:
    make_endpoint(NOW, port)
    probe(NOW)
    assert not went_back(NOW)
    assert went_back(NOW - timedelta(minutes=10))


def test_the_track_travels_with_the_claim(port: int) -> None:
    endpoint = make_endpoint(NOW, port)
    probe(NOW)
    due = seen(endpoint.pk).next_due_at
    (claimed,) = claim(10, due)
    track = from_text(claimed.track)
    assert (track.run, track.state.value) == (1, "up")


def test_a_claim_is_one_statement(port: int) -> None:
    make_endpoint(NOW, port)
    statements: list[str] = []

    def counted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counted):
        claim(10, NOW)
    (claiming,) = (sql for sql in statements if "SAVEPOINT" not in sql)
    assert ("FOR UPDATE SKIP LOCKED" in claiming) == (connection.vendor == "postgresql")
