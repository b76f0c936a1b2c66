"""When do runs of successes prove something?"""

from datetime import timedelta

import pytest
from hypothesis import given, settings, strategies as st

from databases.rules.evidence import Demand, Proof, Run, proof
from databases.rules.track import Depth
from tests.databases.attempts import BORN, minute, seen

HOUR = timedelta(hours=1)
DEMAND = Demand(successes=100, lasting=24 * HOUR)
NOW = BORN + 24 * HOUR


def run(code: str = "e1", successes: int = 100, **changes: object) -> Run:
    values = {"endpoint": code, "interface": "i1", "successes": successes, "since": BORN}
    return Run(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("runs", "interfaces", "short"),
    [
        ([run()], ["i1"], ()),
        ([run(), run("e2", 5_000, since=minute(-500))], ["i1"], ()),
        ([run(successes=99)], ["i1"], ("e1",)),
        ([run(since=minute(1))], ["i1"], ("e1",)),
        ([run(), run("e2", 0, since=None)], ["i1"], ("e2",)),
        ([run()], ["i1", "i2"], ("i2",)),
        ([run(), run("e2", interface="i2", depth=Depth.TLS)], ["i1", "i2"], ("i2",)),
        ([run(), run("e2", depth=Depth.CONNECT)], ["i1"], ()),
    ],
    ids=[
        "enough",
        "two, one of them longer",
        "one success too few",
        "a minute too short",
        "one of two has none",
        "an interface without a probe",
        "an open port is no answer",
        "an open port beside an answer",
    ],
)
def test_proof(runs: list[Run], interfaces: list[str], short: tuple[str, ...]) -> None:
    found = proof(runs, interfaces, DEMAND, NOW)
    assert (found.short, found.holds) == (short, not short)


def test_it_holds_since_the_last_run_began() -> None:
    found = proof([run(), run("e2", since=minute(-60))], ["i1"], DEMAND, NOW)
    assert found == Proof(True, BORN, ())


def test_nothing_proves_nothing() -> None:
    assert proof([], [], DEMAND, NOW) == Proof(False, None, ())
    assert not proof([], ["i1"], DEMAND, NOW).holds
    assert proof([run(since=None)], ["i1"], DEMAND, NOW).since is None


def test_what_was_decided_on_is_not_proposed_again_the_next_minute() -> None:
    decided = NOW
    later = NOW + 24 * HOUR
    assert not proof([run()], ["i1"], DEMAND, NOW, decided_at=decided).holds
    assert not proof([run()], ["i1"], DEMAND, later - HOUR, decided_at=decided).holds
    assert proof([run()], ["i1"], DEMAND, later, decided_at=decided) == Proof(True, decided, ())


def test_a_failure_a_warning_and_a_gap_begin_the_run_anew() -> None:
    for word in ("fail", "warn", ". . . ."):
        track = seen(f"ok ok ok {word} ok ok").track
        assert track.run == 2, word
        found = run(successes=track.run, since=track.run_since)
        assert not proof([found], ["i1"], Demand(3, HOUR / 60), minute(30)).holds


RUNS = st.lists(
    st.builds(
        Run,
        endpoint=st.sampled_from(["e1", "e2", "e3"]),
        interface=st.sampled_from(["i1", "i2"]),
        successes=st.integers(0, 200),
        since=st.none() | st.integers(0, 2_880).map(minute),
        depth=st.sampled_from(Depth),
    ),
    max_size=4,
)


@settings(max_examples=200, deadline=None)
@given(
    RUNS,
    st.sampled_from([["i1"], ["i1", "i2"]]),
    st.none() | st.integers(0, 2_880).map(minute),
)
def test_it_holds_exactly_when_everything_does(
    runs: list[Run], interfaces: list[str], decided_at: object
) -> None:
    now = minute(2_880)
    found = proof(runs, interfaces, DEMAND, now, decided_at=decided_at)  # type: ignore[arg-type]
    deep = {r.interface for r in runs if r.depth >= Depth.REQUEST}
    latest = [x for x in (*(r.since for r in runs), decided_at) if x is not None]
    every = (
        bool(runs)
        and all(r.successes >= 100 and r.since is not None for r in runs)
        and set(interfaces) <= deep
        and now - max(latest) >= DEMAND.lasting  # type: ignore[type-var,operator]
    )
    assert found.holds is every
    # More patience can only be asked of it, never less.
    if found.holds:
        assert proof(runs, interfaces, DEMAND, now + HOUR, decided_at=decided_at).holds  # type: ignore[arg-type]
