"""Chores: partitions, sums, states that nobody looks at any more."""

import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.db import connection

from databases.actions import upkeep
from databases.actions.rollups import roll_up, roll_up_day, roll_up_hour
from databases.actions.storage import keep_partitions, keep_storage, partitions
from databases.actions.sweep import expire_stale
from databases.actions.upkeep import Chore, do_chores
from databases.models import (
    Check,
    DayRollup,
    Endpoint,
    EndpointState,
    HourRollup,
    Maintenance,
    Outage,
    Transition,
    Upkeep,
)
from databases.models.course import courses
from databases.pump.claim import claim
from databases.pump.once import probe_once
from databases.rules.latency import Histogram
from databases.rules.track import State
from tests.databases.probed import Answers, http_server, make_endpoint

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="partitions are PostgreSQL's"
)


def check(endpoint: Endpoint, at: datetime, result: str = "ok", total: int = 2_000) -> Check:
    return Check.objects.create(
        endpoint=endpoint, slot_at=at, started_at=at, version=1, result=result, depth=4, total=total
    )


def moved(endpoint: Endpoint, at: datetime, before: State, after: State, reason: str = "") -> None:
    Transition.objects.create(
        endpoint=endpoint, at=at, known_at=at, before=before, after=after, reason=reason
    )


@pytest.fixture
def endpoint() -> Endpoint:
    return make_endpoint(NOW, 1)


def test_a_chore_is_done_once_in_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[datetime] = []
    monkeypatch.setattr(upkeep, "CHORES", [Chore("one", timedelta(minutes=1), done.append)])
    assert do_chores(NOW) == ["one"]
    assert do_chores(NOW + timedelta(seconds=59)) == []
    assert do_chores(NOW + timedelta(seconds=60)) == ["one"]
    assert done == [NOW, NOW + timedelta(seconds=60)]


def test_a_chore_that_fails_is_logged_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(now: datetime) -> None:
        raise ValueError("broken")

    done: list[datetime] = []
    chores = [Chore("bad", HOUR, fail), Chore("good", HOUR, done.append)]
    monkeypatch.setattr(upkeep, "CHORES", chores)
    with caplog.at_level(logging.ERROR):
        assert do_chores(NOW) == ["good"]
    assert "The chore bad failed" in caplog.text
    assert Upkeep.objects.get(name="bad").done_at is None
    assert Upkeep.objects.get(name="good").done_at == NOW


def test_a_clock_that_was_set_back_does_not_put_chores_off(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[datetime] = []
    monkeypatch.setattr(upkeep, "CHORES", [Chore("one", timedelta(minutes=1), done.append)])
    do_chores(NOW)
    assert do_chores(NOW - timedelta(hours=3)) == ["one"]


def test_the_real_chores_all_succeed_on_an_empty_register() -> None:
    assert do_chores(NOW) == [chore.name for chore in upkeep.CHORES]


def test_what_nobody_probes_any_more_becomes_unknown() -> None:
    with http_server(Answers()) as port:
        made = make_endpoint(NOW, port)
        probe_once(claim(1, NOW), lambda: NOW)
    assert expire_stale(now=NOW + timedelta(minutes=3)) == 0
    assert expire_stale(now=NOW + timedelta(minutes=4)) == 1
    state = EndpointState.objects.get(pk=made.pk)
    assert state.state == "unknown"
    # Dated back to when the next attempt was due.
    assert abs(state.since - (NOW + timedelta(minutes=1))) < timedelta(seconds=1)
    assert expire_stale(now=NOW + timedelta(minutes=5)) == 0


def test_an_open_outage_outlives_the_pump_that_saw_it() -> None:
    with http_server(Answers(status=500)) as port:
        made = make_endpoint(NOW, port)
        due = NOW
        for _ in range(3):
            probe_once(claim(1, due), lambda at=due: at)  # type: ignore[misc]
            due = EndpointState.objects.get(pk=made.pk).next_due_at
    expire_stale(now=NOW + HOUR)
    outage = Outage.objects.get(endpoint=made)
    assert outage.ended_at is None
    assert [entry.event for entry in outage.course.all()] == ["confirmed", "out_of_sight"]


def test_an_hour_adds_up(endpoint: Endpoint) -> None:
    start = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    moved(endpoint, start - HOUR, State.UNKNOWN, State.UP)
    moved(endpoint, start + timedelta(minutes=30), State.UP, State.DOWN, "refused")
    moved(endpoint, start + timedelta(minutes=40), State.DOWN, State.UP)
    Maintenance.objects.create(
        endpoint=endpoint,
        start=start + timedelta(minutes=35),
        end=start + HOUR,
        announced_at=start,
        announced_by="op",
    )
    for minute in range(60):
        result = "fail" if 30 <= minute < 40 else "ok"
        check(endpoint, start + timedelta(minutes=minute), result, total=1_000 * (minute + 1))
    roll_up_hour(start, start + HOUR)
    row = HourRollup.objects.get()
    assert (row.ok, row.fail, row.missed) == (50, 10, 0)
    assert (row.up, row.down, row.excused, row.unknown) == (3000, 300, 300, 0)
    # Failures tell nothing of how long an answer takes.
    assert Histogram.from_bytes(bytes(row.latencies)).count == 50


def test_an_hour_is_recomputed_and_never_added_to(endpoint: Endpoint) -> None:
    start = NOW - HOUR
    check(endpoint, start)
    for _ in range(2):
        roll_up_hour(start, NOW)
    assert HourRollup.objects.get().ok == 1
    check(endpoint, start + timedelta(minutes=1), "warn")
    roll_up_hour(start, NOW)
    row = HourRollup.objects.get()
    assert (row.ok, row.warn) == (1, 1)


def test_what_was_never_seen_is_unknown_for_the_whole_hour(endpoint: Endpoint) -> None:
    roll_up_hour(NOW - HOUR, NOW)
    row = HourRollup.objects.get()
    assert (row.unknown, row.up, row.down) == (3600, 0, 0)


def test_a_day_of_ha_noi_is_the_sum_of_its_hours(endpoint: Endpoint) -> None:
    first = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)  # 00:00 on the 20th
    moved(endpoint, first - timedelta(days=1), State.UNKNOWN, State.UP)
    for hour in range(-1, 25):
        check(endpoint, first + hour * HOUR + timedelta(minutes=5))
        roll_up_hour(first + hour * HOUR, first + (hour + 1) * HOUR)
    roll_up_day(date(2026, 11, 20))
    row = DayRollup.objects.get()
    assert (row.ok, row.up) == (24, 86_400)
    assert Histogram.from_bytes(bytes(row.latencies)).count == 24


def test_hours_in_which_nobody_summed_up_are_made_up_for(endpoint: Endpoint) -> None:
    roll_up(now=NOW)
    check(endpoint, NOW + 5 * HOUR + timedelta(minutes=10))
    roll_up(now=NOW + 9 * HOUR)
    row = HourRollup.objects.get(hour=NOW + 5 * HOUR)
    assert row.ok == 1
    assert DayRollup.objects.get(day=date(2026, 11, 20)).ok == 1


def test_hours_into_which_a_change_was_dated_back_are_mended(endpoint: Endpoint) -> None:
    moved(endpoint, NOW, State.UNKNOWN, State.UP)
    for hour in range(10):
        check(endpoint, NOW + hour * HOUR)
        roll_up(now=NOW + (hour + 1) * HOUR)
    known_at = NOW + 10 * HOUR
    Transition.objects.create(
        endpoint=endpoint,
        at=NOW + 1.5 * HOUR,
        known_at=known_at,
        before=State.UP,
        after=State.UNKNOWN,
        reason="stale",
    )
    other = make_endpoint(NOW, 1, code="E-2")
    roll_up(now=known_at + timedelta(minutes=5))
    told = HourRollup.objects.filter(endpoint=endpoint, hour__gte=NOW).order_by("hour")
    assert [row.up for row in told] == [3600, 1800, *[0] * 9]
    assert [row.ok for row in told] == [*[1] * 10, 0]
    assert DayRollup.objects.get(endpoint=endpoint, day=date(2026, 11, 20)).up == 5400
    # Nothing is told anew of the others.
    assert HourRollup.objects.filter(endpoint=other).count() == 2


def test_what_was_counted_outlives_the_checks(endpoint: Endpoint, settings: LazySettings) -> None:
    check(endpoint, NOW + timedelta(minutes=10))
    roll_up(now=NOW + timedelta(minutes=30))
    settings.CHECKS_KEPT_DAYS = 1
    Check.objects.all().delete()
    # Nobody was at work for two days; the hour in which they left off is summed up to its end.
    roll_up(now=NOW + timedelta(days=2))
    row = HourRollup.objects.get(hour=NOW)
    assert (row.ok, row.unknown) == (1, 3600)
    assert Histogram.from_bytes(bytes(row.latencies)).count == 1


def test_the_state_at_the_start_of_a_time_is_read_from_long_before(endpoint: Endpoint) -> None:
    moved(endpoint, NOW - timedelta(days=100), State.UNKNOWN, State.UP)
    (course,) = courses(NOW - HOUR, NOW)[endpoint.pk]
    assert (course.state, course.length) == (State.UP, HOUR)


def test_sums_take_the_same_number_of_queries_whatever_their_size(endpoint: Endpoint) -> None:
    def queries() -> int:
        found: list[str] = []

        def counted(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
            found.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(counted):
            roll_up_hour(NOW - HOUR, NOW)
        return len(found)

    few = queries()
    for number in range(30):
        made = make_endpoint(NOW, 1, code=f"E-{number + 2}")
        moved(made, NOW - 2 * HOUR, State.UNKNOWN, State.UP)
        check(made, NOW - timedelta(minutes=10))
    assert queries() == few


@on_postgresql
def test_partitions_are_made_a_week_ahead_and_old_ones_dropped(settings: LazySettings) -> None:
    settings.CHECKS_KEPT_DAYS = 3
    today = NOW.date()
    keep_partitions(today)
    assert partitions() == {today + timedelta(days=n) for n in range(-1, 8)}
    statements: list[str] = []

    def noted(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(noted):
        keep_partitions(today + timedelta(days=6))
    assert min(partitions()) == today + timedelta(days=3)
    assert any("DROP TABLE databases_check_20261119" in sql for sql in statements)
    # What is kept long enough is dropped, never deleted row by row.
    assert not any(sql.startswith("DELETE") for sql in statements)


@on_postgresql
def test_a_check_lies_in_the_partition_of_its_day(endpoint: Endpoint) -> None:
    keep_partitions(NOW.date())
    check(endpoint, NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM databases_check")
        assert cursor.fetchall() == [("databases_check_20261120",)]


@on_postgresql
def test_a_check_without_a_partition_is_kept_told_and_moved_later(
    endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    keep_partitions(NOW.date())
    astray = NOW + timedelta(days=20)
    check(endpoint, astray)
    with caplog.at_level(logging.ERROR):
        keep_partitions(NOW.date())
    assert "1 checks lie in no partition" in caplog.text
    keep_partitions(astray.date())
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM databases_check")
        assert cursor.fetchall() == [("databases_check_20261210",)]


def test_checks_are_kept_as_long_as_the_setting_says(
    endpoint: Endpoint, settings: LazySettings
) -> None:
    settings.CHECKS_KEPT_DAYS = 1
    keep_storage(now=NOW - timedelta(days=3))
    check(endpoint, NOW - timedelta(days=3))
    check(endpoint, NOW - timedelta(hours=1))
    keep_storage(now=NOW)
    assert Check.objects.count() == 1


def test_sums_outlive_the_checks_and_end_when_their_own_time_is_over(
    endpoint: Endpoint, settings: LazySettings
) -> None:
    settings.HOURS_KEPT_DAYS = 10
    for days in (11, 9):
        HourRollup.objects.create(endpoint=endpoint, hour=NOW - timedelta(days=days))
    keep_storage(now=NOW)
    assert HourRollup.objects.get().hour == NOW - timedelta(days=9)
