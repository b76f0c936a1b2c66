"""Declared against seen: every rule opens and closes by what is seen, never by hand."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from databases.rules.contradictions import (
    RULE_WORDS,
    Answer,
    Changes,
    Contradiction,
    Entry,
    Event,
    Judged,
    Party,
    Rule,
    WaiverFault,
    days_since,
    reconcile,
    told,
    waiver_fault,
)
from databases.rules.declared_and_seen import ConnectionSeen, EndpointSeen, Patience, judge
from databases.rules.stage import Stage
from databases.rules.state import Blame, Depth, State
from tests.databases.attempts import BORN, minute
from tracking.rules.instants import instant_from

DAY = timedelta(days=1)
NOW = BORN + 30 * DAY
HOUR = timedelta(hours=1)
LONG_AGO = BORN - 100 * DAY


def endpoint(state: State = State.UP, **changes: object) -> EndpointSeen:
    values = {"code": "e1", "interface": "i1", "state": state, "since": BORN}
    return EndpointSeen(**(values | changes))  # type: ignore[arg-type]


def connection(
    stage: Stage | None,
    *endpoints: EndpointSeen,
    interfaces: tuple[str, ...] = ("i1",),
    evidence_since: datetime | None = None,
) -> ConnectionSeen:
    return ConnectionSeen("db-x", stage, LONG_AGO, interfaces, endpoints, evidence_since)


def submitted(*endpoints: EndpointSeen, stage: Stage | None = Stage.UPGRADING) -> ConnectionSeen:
    """A task was submitted on what these endpoints showed."""
    return connection(stage, *endpoints, evidence_since=minute(60))


def judged(rule: Rule, seen: ConnectionSeen) -> Judged:
    [found] = [found for found in judge(seen, NOW, Patience()) if found.rule is rule]
    return found


UP, DOWN, UNKNOWN = endpoint(), endpoint(State.DOWN), endpoint(State.UNKNOWN)
PORT = endpoint(depth=Depth.CONNECT)
FRESH = endpoint(measures_age=True, stale=False)
STALE = endpoint(State.DEGRADED, measures_age=True, stale=True, stale_since=minute(90))
SILENT = endpoint(State.UNKNOWN, ever_answered=False)
SECOND = endpoint(code="e2", interface="i2")
CONNECTED, SUSPENDED, UPGRADING = Stage.CONNECTED, Stage.SUSPENDED, Stage.UPGRADING
BROKEN, HOLDS, UNDECIDED = Answer.BROKEN, Answer.HOLDS, Answer.UNDECIDED
TWO = ("i1", "i2")

BUT_DOWN = Rule.CONNECTED_BUT_DOWN
CASES: dict[str, tuple[Rule, ConnectionSeen, Answer]] = {
    "connected and down": (BUT_DOWN, connection(CONNECTED, DOWN), BROKEN),
    "one endpoint down is enough": (BUT_DOWN, connection(CONNECTED, UP, DOWN), BROKEN),
    "connected and up": (BUT_DOWN, connection(CONNECTED, UP), HOLDS),
    "connected and degraded": (BUT_DOWN, connection(CONNECTED, endpoint(State.DEGRADED)), HOLDS),
    "a suspicion opens nothing": (
        BUT_DOWN,
        connection(CONNECTED, endpoint(State.SUSPECT)),
        UNDECIDED,
    ),
    "a first success closes nothing": (
        BUT_DOWN,
        connection(CONNECTED, endpoint(State.RECOVERING)),
        UNDECIDED,
    ),
    "who is blind neither opens nor closes": (BUT_DOWN, connection(CONNECTED, UNKNOWN), UNDECIDED),
    "down during maintenance": (
        BUT_DOWN,
        connection(CONNECTED, endpoint(State.DOWN, maintenance=True)),
        UNDECIDED,
    ),
    "upgrading may be down": (BUT_DOWN, connection(UPGRADING, DOWN), HOLDS),
    "stale data is not down": (BUT_DOWN, connection(CONNECTED, UP, STALE), HOLDS),
    "connected without an endpoint": (Rule.CONNECTED_UNPROBED, connection(CONNECTED), BROKEN),
    "submitted on evidence, and down": (Rule.EVIDENCE_FAILS, submitted(UP, DOWN), BROKEN),
    "submitted on evidence, and up": (Rule.EVIDENCE_FAILS, submitted(UP), HOLDS),
    "submitted on evidence, and degraded": (Rule.EVIDENCE_FAILS, submitted(STALE), HOLDS),
    "submitted on evidence, and not seen": (Rule.EVIDENCE_FAILS, submitted(UNKNOWN), UNDECIDED),
    "submitted on evidence, down as announced": (
        Rule.EVIDENCE_FAILS,
        submitted(endpoint(State.DOWN, maintenance=True)),
        UNDECIDED,
    ),
    "submitted on evidence, whatever is declared": (
        Rule.EVIDENCE_FAILS,
        submitted(DOWN, stage=None),
        BROKEN,
    ),
    "down, but nothing stands submitted": (Rule.EVIDENCE_FAILS, connection(UPGRADING, DOWN), HOLDS),
    "a paused endpoint probes nothing": (
        Rule.CONNECTED_UNPROBED,
        connection(CONNECTED, endpoint(State.UNKNOWN, paused=True)),
        BROKEN,
    ),
    "an endpoint that never told us anything": (
        Rule.CONNECTED_UNPROBED,
        connection(CONNECTED, SILENT),
        BROKEN,
    ),
    "an interface without an endpoint": (
        Rule.CONNECTED_UNPROBED,
        connection(CONNECTED, UP, interfaces=TWO),
        BROKEN,
    ),
    "each interface with its endpoint": (
        Rule.CONNECTED_UNPROBED,
        connection(CONNECTED, UP, SECOND, interfaces=TWO),
        HOLDS,
    ),
    "planned needs no probe": (Rule.CONNECTED_UNPROBED, connection(Stage.PLANNED), HOLDS),
    "works while declared upgrading": (Rule.WORKS_UNDECLARED, connection(UPGRADING, UP), BROKEN),
    "works and nothing was ever declared": (Rule.WORKS_UNDECLARED, connection(None, UP), BROKEN),
    "works since yesterday only": (
        Rule.WORKS_UNDECLARED,
        connection(UPGRADING, endpoint(since=NOW - DAY)),
        UNDECIDED,
    ),
    "an open port does not work": (Rule.WORKS_UNDECLARED, connection(UPGRADING, PORT), UNDECIDED),
    "one interface of two works": (
        Rule.WORKS_UNDECLARED,
        connection(UPGRADING, UP, interfaces=TWO),
        UNDECIDED,
    ),
    "one interface is down": (
        Rule.WORKS_UNDECLARED,
        connection(UPGRADING, UP, replace(SECOND, state=State.DOWN), interfaces=TWO),
        HOLDS,
    ),
    "works and is declared connected": (Rule.WORKS_UNDECLARED, connection(CONNECTED, UP), HOLDS),
    "answers with old data": (Rule.ANSWERS_BUT_STALE, connection(CONNECTED, UP, STALE), BROKEN),
    "answers with fresh data": (Rule.ANSWERS_BUT_STALE, connection(CONNECTED, FRESH), HOLDS),
    "no age was read": (
        Rule.ANSWERS_BUT_STALE,
        connection(CONNECTED, endpoint(State.DOWN, measures_age=True)),
        UNDECIDED,
    ),
    "nothing measures an age": (Rule.ANSWERS_BUT_STALE, connection(CONNECTED, UP), HOLDS),
    "suspended and answers": (Rule.SUSPENDED_BUT_ANSWERS, connection(SUSPENDED, UP), BROKEN),
    "suspended, only the port is open": (
        Rule.SUSPENDED_BUT_ANSWERS,
        connection(SUSPENDED, PORT, DOWN),
        HOLDS,
    ),
    "suspended and silent": (Rule.SUSPENDED_BUT_ANSWERS, connection(SUSPENDED, DOWN), HOLDS),
    "suspended and not seen": (
        Rule.SUSPENDED_BUT_ANSWERS,
        connection(SUSPENDED, UNKNOWN),
        UNDECIDED,
    ),
}


@pytest.mark.parametrize(("rule", "seen", "answer"), CASES.values(), ids=CASES.keys())
def test_rule(rule: Rule, seen: ConnectionSeen, answer: Answer) -> None:
    assert judged(rule, seen).answer is answer


def test_a_rule_that_does_not_apply_holds_because_of_the_stage() -> None:
    assert judged(BUT_DOWN, connection(UPGRADING, DOWN)).because == "stage"
    assert judged(BUT_DOWN, connection(CONNECTED, UP)).because == "seen"


def test_nothing_is_held_against_a_declaration_before_it_was_made() -> None:
    declared = replace(connection(SUSPENDED, UP), stage_since=NOW - HOUR / 2)
    assert judged(Rule.SUSPENDED_BUT_ANSWERS, declared).answer is UNDECIDED
    found = judged(Rule.SUSPENDED_BUT_ANSWERS, replace(declared, stage_since=NOW - HOUR))
    assert (found.answer, found.since) == (BROKEN, NOW - HOUR)


def test_it_works_since_the_last_of_its_interfaces_does() -> None:
    late = replace(SECOND, since=minute(60))
    found = judged(Rule.WORKS_UNDECLARED, connection(UPGRADING, UP, late, interfaces=TWO))
    assert (found.since, found.endpoints) == (minute(60), ("e1", "e2"))


def test_nothing_fails_the_evidence_before_it_was_taken() -> None:
    found = judged(Rule.EVIDENCE_FAILS, submitted(DOWN))
    assert (found.since, found.endpoints) == (minute(60), ("e1",))
    later = replace(DOWN, since=minute(90))
    assert judged(Rule.EVIDENCE_FAILS, submitted(UP, later)).since == minute(90)


def test_data_is_stale_since_it_became_too_old_not_since_it_answers() -> None:
    assert judged(Rule.ANSWERS_BUT_STALE, connection(CONNECTED, UP, STALE)).since == minute(90)


def test_nothing_probes_it_since_the_last_of_its_endpoints_was_paused() -> None:
    first = endpoint(State.UNKNOWN, paused=True)
    last = replace(first, code="e2", interface="i2", since=minute(60))
    found = judged(Rule.CONNECTED_UNPROBED, connection(CONNECTED, first, last, interfaces=TWO))
    assert (found.since, found.endpoints) == (minute(60), ("e1", "e2"))
    found = judged(Rule.CONNECTED_UNPROBED, connection(CONNECTED, first, interfaces=TWO))
    assert (found.since, found.endpoints) == (LONG_AGO, ())


@pytest.mark.parametrize(
    ("blame", "party"),
    [
        (Blame.THEIRS, Party.COUNTERPART),
        (Blame.NETWORK, Party.CARRIER),
        (Blame.OURS, Party.OWNER),
        (Blame.CONTRACT, Party.OWNER),
        (None, Party.OWNER),
    ],
)
def test_whoever_it_looks_like_has_to_act(blame: Blame | None, party: Party) -> None:
    down = endpoint(State.DOWN, blame=blame)
    assert judged(BUT_DOWN, connection(CONNECTED, down)).party is party
    assert judged(Rule.ANSWERS_BUT_STALE, connection(CONNECTED, STALE)).party is Party.OWNER


def after(register: list[Contradiction], seen: ConnectionSeen) -> Changes:
    return reconcile(register, judge(seen, NOW, Patience()), NOW)


def opened() -> Contradiction:
    [found] = after([], connection(CONNECTED, DOWN)).opened
    return found


def test_it_opens_once_with_since_when_and_who() -> None:
    found = opened()
    assert (found.rule, found.since, found.opened_at) == (BUT_DOWN, BORN, NOW)
    assert found.endpoints == ("e1",)
    assert after([found], connection(CONNECTED, DOWN)) == Changes((), (), ())


def test_it_closes_when_the_probes_agree_again_and_when_the_stage_changes() -> None:
    [closed] = after([opened()], connection(CONNECTED, UP)).closed
    assert (closed.closed_at, closed.closed_because, closed.open) == (NOW, "seen", False)
    [closed] = after([opened()], connection(UPGRADING, DOWN)).closed
    assert closed.closed_because == "stage"


def test_nothing_closes_while_nobody_can_see() -> None:
    assert after([opened()], connection(CONNECTED, UNKNOWN)) == Changes((), (), ())


def test_what_is_down_because_of_another_changes_nothing_of_who_has_to_act() -> None:
    theirs = endpoint(State.DOWN, blame=Blame.THEIRS)
    follows = replace(theirs, code="e2", blame=None)
    found = judged(Rule.CONNECTED_BUT_DOWN, connection(CONNECTED, theirs, follows))
    assert (found.party, found.endpoints) == (Party.COUNTERPART, ("e1", "e2"))


def test_another_one_to_act_is_a_change_not_a_new_contradiction() -> None:
    theirs = endpoint(State.DOWN, blame=Blame.THEIRS)
    [changed] = after([opened()], connection(CONNECTED, theirs)).changed
    assert (changed.party, changed.opened_at) == (Party.COUNTERPART, NOW)


def test_a_closed_one_is_never_reopened_but_followed_by_another() -> None:
    [closed] = after([opened()], connection(CONNECTED, UP)).closed
    changes = after([closed], connection(CONNECTED, DOWN))
    assert len(changes.opened) == 1
    assert not changes.changed


def test_a_waiver_expires_and_closes_nothing() -> None:
    waived = replace(opened(), waived_until=NOW + DAY)
    assert waived.open
    assert waived.waived(NOW + DAY / 2)
    assert not waived.waived(NOW + DAY)
    assert not opened().waived(NOW)
    assert not replace(waived, closed_at=NOW).waived(NOW)
    assert after([waived], connection(CONNECTED, DOWN)) == Changes((), (), ())


def fault(found: Contradiction, until: datetime, by: str, reason: str) -> WaiverFault | None:
    return waiver_fault(found, NOW, until=until, by=by, reason=reason)


def test_a_waiver_has_a_reason_a_name_and_a_near_end() -> None:
    assert fault(opened(), NOW + 90 * DAY, "an", "moving house") is None
    for by, reason in (("", "moving house"), ("an", " ")):
        assert fault(opened(), NOW + DAY, by, reason) is WaiverFault.UNSAID
    for until in (NOW, NOW + 90 * DAY + HOUR):
        assert fault(opened(), until, "an", "moving house") is WaiverFault.TOO_LONG
    [closed] = after([opened()], connection(CONNECTED, UP)).closed
    assert fault(closed, NOW + DAY, "an", "moving house") is WaiverFault.CLOSED


def test_the_age_is_in_days_of_ha_noi() -> None:
    late = instant_from("2025-11-18T23:59")
    assert days_since(late, late) == 0
    assert days_since(late, instant_from("2025-11-19T00:00")) == 1
    assert days_since(late, instant_from("2026-11-18T00:00")) == 365


def line(number: int, key: int, event: Event, **changes: object) -> Entry:
    values = {"rule": BUT_DOWN, "connection": "db-x", "since": BORN, "at": minute(number)}
    return Entry(number, key, event=event, **(values | changes))  # type: ignore[arg-type]


COURSE = [
    line(1, 1, Event.OPENED, party=Party.OWNER, endpoints=("e1",)),
    line(2, 1, Event.CHANGED, party=Party.COUNTERPART, endpoints=("e1", "e2")),
    line(3, 1, Event.WAIVED, until=minute(9), reason="moving house"),
    line(4, 1, Event.WAIVED, until=minute(7), reason="sooner"),
    line(5, 1, Event.CLOSED, reason="seen"),
    line(6, 2, Event.OPENED, party=Party.CARRIER),
]


def test_entries_tell_the_contradictions_in_whatever_order_they_come() -> None:
    first, second = told(COURSE)
    assert (first.opened_at, first.closed_at, first.closed_because) == (
        minute(1),
        minute(5),
        "seen",
    )
    assert (first.party, first.endpoints) == (Party.COUNTERPART, ("e1", "e2"))
    assert (first.waived_until, first.key) == (minute(7), 1)
    assert (second.open, second.party, second.waived_until) == (True, Party.CARRIER, None)
    for seed in range(20):
        assert told(random.Random(seed).sample(COURSE, len(COURSE))) == [first, second]


def test_what_was_written_later_is_not_told() -> None:
    [then] = told(COURSE[:2])
    assert (then.open, then.waived_until) == (True, None)
    assert told(COURSE[1:5]) == []


def test_every_rule_has_its_words_in_both_languages() -> None:
    assert set(RULE_WORDS) == set(Rule)
    assert all(vi and en for vi, en in RULE_WORDS.values())


ENDPOINTS = st.builds(
    EndpointSeen,
    code=st.sampled_from(["e1", "e2", "e3"]),
    interface=st.sampled_from(["i1", "i2"]),
    state=st.sampled_from(State),
    since=st.integers(0, 30 * 24 * 60).map(minute),
    depth=st.sampled_from(Depth),
    blame=st.none() | st.sampled_from(Blame),
    measures_age=st.booleans(),
    stale=st.none() | st.booleans(),
    stale_since=st.none() | st.integers(0, 30 * 24 * 60).map(minute),
    ever_answered=st.booleans(),
    paused=st.booleans(),
    maintenance=st.booleans(),
)
CONNECTIONS = st.builds(
    ConnectionSeen,
    code=st.sampled_from(["db-x", "db-y"]),
    stage=st.none() | st.sampled_from(Stage),
    stage_since=st.integers(0, 30 * 24 * 60).map(minute),
    interfaces=st.sampled_from([("i1",), TWO]),
    endpoints=st.lists(ENDPOINTS, max_size=3).map(tuple),
    evidence_since=st.none() | st.integers(0, 30 * 24 * 60).map(minute),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(CONNECTIONS, max_size=8))
def test_at_most_one_stays_open_per_rule_and_connection(course: list[ConnectionSeen]) -> None:
    register: list[Contradiction] = []
    for seen in course:
        changes = after(register, seen)
        gone = {(c.rule, c.connection) for c in (*changes.changed, *changes.closed)}
        kept = [c for c in register if not c.open or (c.rule, c.connection) not in gone]
        register = [*kept, *changes.opened, *changes.changed, *changes.closed]
        assert after(register, seen) == Changes((), (), ())
        standing = [(c.rule, c.connection) for c in register if c.open]
        assert len(standing) == len(set(standing))
        assert all(c.since <= c.opened_at for c in register)
