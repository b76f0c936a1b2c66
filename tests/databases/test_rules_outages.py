"""What became of an outage, and whose fault it looks like: a course that only grows."""

import os
from datetime import timedelta

import pytest
from hypothesis import given, settings

from databases.rules.blame import Because, Neighbors, Verdict, whose_fault
from databases.rules.outages import (
    Event,
    Outage,
    acknowledge,
    add_note,
    close_by_hand,
    follow,
    judge_again,
)
from databases.rules.state import Blame, Depth, Limits, Outcome, Result, State, Transition
from databases.rules.uptime import intervals, uptime
from tests.databases.attempts import (
    BORN,
    HAPPENINGS,
    LIMITS_OF,
    MINUTE,
    Happening,
    Story,
    minute,
    played,
    seen,
)

generated = settings(max_examples=int(os.environ.get("EXAMPLES", "150")), deadline=None)
THEIRS = Verdict(Blame.THEIRS, Because.ATTEMPTS, "refused", 3, 3)


def outages(told: list[Transition], verdict: Verdict | None = None) -> list[Outage]:
    """All outages of that course, as a register would hold them."""
    register: list[Outage] = []
    held: Outage | None = None
    for step in told:
        before, held = held, follow(held, step, verdict)
        if held and held.open and step.reason == "closed_by_hand":
            held = close_by_hand(held, step.at, by="an", agreed_by="binh", note="dismantled")
        if held and (before is None or not before.open) and held is not before:
            register.append(held)
        elif held and held is not before:
            register[-1] = held
    return register


def the_outage(words: str) -> Outage:
    [outage] = outages(seen(words).told, THEIRS)
    return outage


def events(outage: Outage) -> list[str]:
    return [entry.event.value for entry in outage.course]


COURSES = {
    "it begins with the first failure": ("ok fail fail fail", ["confirmed"]),
    "it ends with the first success of a confirmed recovery": (
        "ok fail fail fail ok ok",
        ["confirmed", "answering", "recovered"],
    ),
    "a relapse belongs to it": (
        "fail fail fail ok fail ok ok",
        ["confirmed", "answering", "relapsed", "answering", "recovered"],
    ),
    "it stays open while nobody sees it": (
        "fail fail fail blind blind blind fail",
        ["confirmed", "out_of_sight", "seen_again"],
    ),
    "a recovery that is slow is a recovery": (
        "fail fail fail warn warn",
        ["confirmed", "answering", "recovered"],
    ),
}


@pytest.mark.parametrize(("words", "told"), COURSES.values(), ids=COURSES.keys())
def test_course(words: str, told: list[str]) -> None:
    assert events(the_outage(words)) == told


def test_its_times_are_those_of_the_attempts_and_the_confirmation_is_told_apart() -> None:
    outage = the_outage("ok fail fail fail ok ok")
    assert (outage.started_at, outage.ended_at) == (minute(2), minute(5))
    assert (outage.course[0].at, outage.course[0].known_at) == (minute(2), minute(4))
    assert outage.length(minute(99)) == 3 * MINUTE
    assert the_outage("fail fail fail").length(minute(11)) == 10 * MINUTE


def test_a_false_alarm_is_no_outage() -> None:
    assert outages(seen("ok fail fail ok").told) == []


def test_a_second_outage_is_another_one() -> None:
    first, second = outages(seen("fail fail fail ok ok fail fail fail").told)
    assert (first.open, second.open) == (False, True)
    assert second.started_at == minute(6)


def test_it_remembers_the_parent_and_the_maintenance_that_it_began_in() -> None:
    step = Transition(BORN, minute(2), State.SUSPECT, State.DOWN, by_parent=True, maintenance=True)
    outage = follow(None, step)
    assert outage
    assert (outage.by_parent, outage.in_maintenance) == (True, True)


def test_an_acknowledgement_expires() -> None:
    outage = the_outage("fail fail fail")
    until = minute(3) + timedelta(hours=72)
    taken = acknowledge(outage, minute(3), by="an", until=until, note="line is being repaired")
    assert taken.acknowledged(minute(4))
    assert not taken.acknowledged(until)
    assert not outage.acknowledged(minute(4))


def test_an_acknowledgement_without_a_word_or_an_end_is_refused() -> None:
    outage = the_outage("fail fail fail")
    with pytest.raises(ValueError, match="what is being done"):
        acknowledge(outage, minute(3), by="an", until=minute(9), note=" ")
    for until in (minute(3), minute(3) + timedelta(hours=72, seconds=1)):
        with pytest.raises(ValueError, match="72 hours"):
            acknowledge(outage, minute(3), by="an", until=until, note="repair")


def test_a_closed_outage_takes_notes_and_verdicts_but_no_acknowledgement() -> None:
    outage = the_outage("fail fail fail ok ok")
    noted = add_note(outage, minute(9), by="an", note="cable cut by road works")
    judged = judge_again(noted, minute(10), by="an", verdict=Verdict(Blame.NETWORK, Because.PERSON))
    assert judged.blame is Blame.NETWORK
    assert [entry.verdict for entry in judged.course if entry.verdict][0] == THEIRS
    with pytest.raises(ValueError, match="closed"):
        acknowledge(outage, minute(9), by="an", until=minute(20), note="repair")
    with pytest.raises(ValueError, match="says something"):
        add_note(outage, minute(9), by="an", note="")


def test_closing_without_a_recovery_takes_a_reason_and_two_persons() -> None:
    outage = the_outage("fail fail fail")
    closed = close_by_hand(outage, minute(9), by="an", agreed_by="binh", note="dismantled")
    assert (closed.ended_at, events(closed)[-1]) == (minute(9), "closed_by_hand")
    with pytest.raises(ValueError, match="say why"):
        close_by_hand(outage, minute(9), by="an", agreed_by="binh", note="")
    for other in ("an", ""):
        with pytest.raises(ValueError, match="two persons"):
            close_by_hand(outage, minute(9), by="an", agreed_by=other, note="dismantled")
    with pytest.raises(ValueError, match="is closed"):
        close_by_hand(closed, minute(9), by="an", agreed_by="binh", note="dismantled")


def failed(*blames: Blame | None, depth: Depth = Depth.REQUEST) -> list[Outcome]:
    return [
        Outcome(minute(n), Result.FAIL, f"{blame or 'silence'}", blame, depth)
        for n, blame in enumerate(blames)
    ]


OURS, OTHERS, NETWORK = Blame.OURS, Blame.THEIRS, Blame.NETWORK
VERDICTS = {
    "most attempts decide": (failed(OTHERS, OTHERS, OURS), OTHERS, Because.ATTEMPTS),
    "attempts that say nothing do not vote": (failed(None, OURS, None), OURS, Because.ATTEMPTS),
    "a tie is not decided": (failed(OTHERS, OURS, None), None, Because.TIED),
    "no blame is no verdict": (failed(None, None), None, Because.NOTHING),
    "no attempt is no verdict": ([], None, Because.NOTHING),
    "what did not fail says nothing": (
        [Outcome(BORN, Result.BLIND, "", OURS), *failed(OTHERS)],
        OTHERS,
        Because.ATTEMPTS,
    ),
}


@pytest.mark.parametrize(("attempts", "blame", "because"), VERDICTS.values(), ids=VERDICTS.keys())
def test_verdict(attempts: list[Outcome], blame: Blame | None, because: Because) -> None:
    found = whose_fault(attempts)
    assert (found.blame, found.because) == (blame, because)


@pytest.mark.parametrize(
    ("neighbors", "blame", "because"),
    [
        (Neighbors(answering=3), OTHERS, Because.ALONE),
        (Neighbors(failing=3), NETWORK, Because.TOGETHER),
        (Neighbors(answering=1, failing=2), NETWORK, Because.ATTEMPTS),
        (Neighbors(), NETWORK, Because.ATTEMPTS),
    ],
)
def test_an_endpoint_out_of_reach_is_judged_by_neighbors_that_agree(
    neighbors: Neighbors, blame: Blame, because: Because
) -> None:
    silent = failed(NETWORK, NETWORK, NETWORK, depth=Depth.CONNECT)
    found = whose_fault(silent, neighbors)
    assert (found.blame, found.because) == (blame, because)


def test_a_refused_connection_is_an_answer_whatever_the_neighbors_do() -> None:
    refused = failed(OTHERS, OTHERS, OTHERS, depth=Depth.CONNECT)
    assert whose_fault(refused, Neighbors(failing=5)).because is Because.ATTEMPTS


def test_a_dead_parent_leaves_nobody_else_to_blame() -> None:
    found = whose_fault(failed(OTHERS, OTHERS), by_parent=True)
    assert (found.blame, found.because) == (None, Because.PARENT)


def test_every_verdict_says_why_in_both_languages() -> None:
    assert THEIRS.sentence() == {
        "vi": "3/3 lần thử cho thấy như vậy (refused)",
        "en": "3 of 3 attempts say so (refused)",
    }
    for because in Because:
        sentence = Verdict(None, because, "x", 1, 2).sentence()
        assert all(sentence.values())
        assert "{" not in "".join(sentence.values())


@generated
@given(HAPPENINGS, LIMITS_OF)
def test_at_most_one_outage_is_open_and_they_do_not_overlap(
    happenings: list[Happening], limits: Limits
) -> None:
    story: Story = played(happenings, limits, sweep=True)
    found = outages(story.told)
    assert sum(outage.open for outage in found) == (story.track.confirmed is State.DOWN)
    assert not any(outage.open for outage in found[:-1])
    for earlier, later in zip(found, found[1:], strict=False):
        assert earlier.ended_at is not None
        assert earlier.started_at <= earlier.ended_at <= later.started_at


@generated
@given(HAPPENINGS, LIMITS_OF)
def test_no_time_is_down_outside_an_outage(happenings: list[Happening], limits: Limits) -> None:
    story = played(happenings, limits, sweep=False)
    end = story.now + MINUTE
    charged = uptime(intervals(story.told, BORN, end)).down
    lasted = sum((outage.length(end) for outage in outages(story.told)), start=timedelta(0))
    assert charged <= lasted


@generated
@given(HAPPENINGS, LIMITS_OF)
def test_a_course_only_grows(happenings: list[Happening], limits: Limits) -> None:
    held: Outage | None = None
    for step in played(happenings, limits, sweep=False).told:
        before, held = held, follow(held, step)
        if before and before.open and held:
            assert held.course[: len(before.course)] == before.course
            assert held.started_at == before.started_at
        if held and held.open and step.after is State.DOWN:
            assert held.course[-1].event in {Event.CONFIRMED, Event.RELAPSED, Event.SEEN_AGAIN}
