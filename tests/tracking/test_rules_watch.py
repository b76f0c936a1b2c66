"""When is something missed, and when is it to be told (again)?"""

from datetime import datetime, timedelta

import pytest

from tracking.rules.instants import instant_from
from tracking.rules.watch import (
    TOLD_AGAIN,
    Fault,
    Sign,
    Told,
    Trouble,
    Why,
    is_to_tell,
    reason_parts,
    why_not_out,
)

NOW = instant_from("2026-11-26T08:30:00")
PATIENCE, SECOND, MINUTE = timedelta(seconds=180), timedelta(seconds=1), timedelta(minutes=1)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def test_a_sign_is_missed_only_after_all_patience() -> None:
    assert not Sign("scheduler", NOW - PATIENCE).is_missed(NOW, PATIENCE)
    assert Sign("scheduler", NOW - PATIENCE - SECOND).is_missed(NOW, PATIENCE)


def test_what_was_never_seen_or_has_nothing_to_do_is_not_missed() -> None:
    assert not Sign("scheduler", None).is_missed(NOW, PATIENCE)
    assert not Sign("pump", ago(days=9), expected=False).is_missed(NOW, PATIENCE)


@pytest.mark.parametrize(
    ("states", "tried", "expected"),
    [
        ({}, 0, None),
        ({"sent": 5}, 0, None),
        ({"sent": 4, "uncertain": 1}, 0, (Why.UNCERTAIN, 1)),
        ({"sent": 3, "uncertain": 1, "failed": 2}, 0, (Why.REFUSED, 2)),
        ({"queued": 3, "failed": 2}, 0, (Why.UNTRIED, 3)),
        ({"queued": 3, "sending": 1}, 1, (Why.PUT_OFF, 1)),
        ({"sending": 1}, 0, (Why.UNTRIED, 1)),
    ],
)
def test_the_gravest_thing_is_why_a_report_is_not_out(
    states: dict[str, int], tried: int, expected: object
) -> None:
    assert why_not_out(states, tried) == expected


@pytest.mark.parametrize("said", ["", "550 5.1.1 no such user", "1/2 3/4"])
@pytest.mark.parametrize("why", [None, *Why])
def test_a_reason_is_read_as_it_was_stored(why: Why | None, said: str) -> None:
    fault = Fault(Trouble.REPORT_LATE, "x", NOW, why, 2, 10, said)
    assert reason_parts(fault.reason) == (why, 2, 10, said)


@pytest.mark.parametrize("stored", ["", "-", "gibberish", "refused x/y", "refused"])
def test_a_reason_that_is_none_breaks_nothing(stored: str) -> None:
    assert reason_parts(stored)[1:3] == (0, 0)


def test_a_long_answer_is_cut_to_what_is_stored() -> None:
    assert len(Fault(Trouble.UNSENT, "mail", NOW, Why.PUT_OFF, 1, 1, "x" * 900).reason) == 500


def test_an_alarm_is_told_when_it_opens_and_every_four_hours() -> None:
    assert is_to_tell([], None, NOW)
    assert not is_to_tell([Told(NOW - TOLD_AGAIN + SECOND, taken=True)], None, NOW)
    assert is_to_tell([Told(NOW - TOLD_AGAIN, taken=True)], None, NOW)


def test_that_it_is_over_is_told_once_to_whoever_heard_of_it() -> None:
    heard = Told(ago(hours=1), taken=True)
    assert is_to_tell([heard], NOW, NOW)
    assert not is_to_tell([], NOW, NOW)
    assert not is_to_tell([Told(ago(hours=1), taken=False)], NOW, NOW)
    assert not is_to_tell([heard, Told(NOW, taken=True, over=True)], NOW, NOW + MINUTE)
    assert not is_to_tell([heard], ago(days=1), NOW)


def test_a_way_that_fails_is_tried_at_the_next_look_and_then_ever_less_often() -> None:
    tellings = [Told(ago(seconds=30), taken=False)]
    assert is_to_tell(tellings, None, NOW)
    tries, at = [Told(NOW, taken=False)], NOW
    while at < NOW + timedelta(hours=4):
        at += timedelta(seconds=30)
        if is_to_tell(tries, None, at):
            tries.append(Told(at, taken=False))
    gaps = [after.at - before.at for before, after in zip(tries, tries[1:], strict=False)]
    assert gaps == sorted(gaps)
    assert (gaps[0], gaps[-1]) == (timedelta(seconds=30), timedelta(minutes=15))


def test_a_way_that_works_again_begins_anew() -> None:
    tellings = [Told(ago(hours=9), taken=False)] * 20 + [Told(ago(hours=5), taken=True)]
    assert is_to_tell(tellings, None, NOW)
    assert is_to_tell([*tellings, Told(ago(seconds=30), taken=False)], None, NOW)
