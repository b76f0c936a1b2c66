"""Official steps: what may be recorded, what is only warned of, and what "connected" rests on."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, strategies as st

from databases.actions.steps import record_step, step_warnings
from databases.models import Connection, Database, Endpoint, EndpointState, StepRecord, Zone
from databases.models.connection_facts import facts_of, taken_steps
from databases.models.current_minutes import minutes_expire_on
from databases.models.step import Step
from databases.rules.steps import (
    ORDER,
    SECURITY_MINUTES,
    STEP_WORDS,
    Doubt,
    Facts,
    Minutes,
    Taken,
    doubts,
    is_suspended,
    minutes_on,
    missing,
    out_of_order,
)
from databases.rules.track import State
from tests.databases.register_rows import NOW, background, register_file, take
from tracking.actions.progress_lists import issue
from tracking.actions.refusals import Refused
from tracking.models import Document
from tracking.rules.instants import MICROSECOND, day_of, instant_from
from tracking.rules.progress_list import Scope

TODAY = day_of(NOW)
DAY = timedelta(days=1)


def test_the_words_are_those_of_the_model() -> None:
    assert list(STEP_WORDS) == Step.values
    assert [en for _vi, en in STEP_WORDS.values()] == [str(step.label) for step in Step]
    with translation.override("vi"):
        assert [vi for vi, _en in STEP_WORDS.values()] == [str(step.label) for step in Step]


@pytest.mark.parametrize(
    ("expires_on", "standing"),
    [
        (None, Minutes.NONE),
        (TODAY - DAY, Minutes.EXPIRED),
        (TODAY, Minutes.EXPIRE_SOON),
        (TODAY + 30 * DAY, Minutes.EXPIRE_SOON),
        (TODAY + 31 * DAY, Minutes.HOLD),
    ],
)
def test_minutes_hold_through_their_last_day(expires_on: date | None, standing: Minutes) -> None:
    assert minutes_on(TODAY, expires_on) is standing


def taken(**days: int) -> dict[str, Taken]:
    """Step -> done so many days before today."""
    return {step: Taken(TODAY - back * DAY) for step, back in days.items()}


def test_a_step_builds_on_those_before_it_and_is_built_on_by_those_after() -> None:
    done = taken(scope_agreed=9, set_up=5, in_operation=1)
    assert out_of_order("appraised", TODAY - 7 * DAY, done) == ([], [])
    assert out_of_order("appraised", TODAY - 10 * DAY, done) == (["scope_agreed"], [])
    assert out_of_order("appraised", TODAY, done) == ([], ["set_up", "in_operation"])
    assert out_of_order("security_minutes", TODAY, done) == ([], [])
    assert out_of_order("suspended", TODAY - 20 * DAY, done) == ([], [])


@given(st.permutations(ORDER), st.integers(0, 5))
def test_steps_on_one_day_are_in_order_whatever_they_are(steps: list[str], kept: int) -> None:
    done = {step: Taken(TODAY) for step in steps[:kept]}
    for step in ORDER:
        assert out_of_order(step, TODAY, done) == ([], [])
    assert missing(done) == [step for step in ORDER if step not in steps[:kept]]


def test_operation_after_a_suspension_ends_it() -> None:
    assert is_suspended(taken(suspended=3))
    assert is_suspended(taken(in_operation=9, suspended=3))
    assert not is_suspended(taken(in_operation=3, suspended=3))
    assert not is_suspended(taken(in_operation=2, suspended=3))
    assert not is_suspended(taken(in_operation=2))


WHOLE = Facts(
    taken={**taken(**dict.fromkeys(ORDER, 9)), SECURITY_MINUTES: Taken(TODAY, TODAY)},
    security_level=3,
    interfaces=1,
)


def without(**changes: Any) -> Facts:
    values = {name: getattr(WHOLE, name) for name in Facts.__slots__} | changes
    return Facts(**values)


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (WHOLE, []),
        (without(taken={**WHOLE.taken, **taken(suspended=1)}), [Doubt.SUSPENDED]),
        (
            without(taken={k: v for k, v in WHOLE.taken.items() if k != "tested"}),
            [Doubt.STEPS_MISSING],
        ),
        (without(taken=taken(**dict.fromkeys(ORDER, 9))), [Doubt.NO_MINUTES]),
        (
            without(taken={**WHOLE.taken, SECURITY_MINUTES: Taken(TODAY - DAY, TODAY - DAY)}),
            [Doubt.MINUTES_EXPIRED],
        ),
        (without(security_level=None), [Doubt.NO_SECURITY_LEVEL]),
        (without(interfaces=0), [Doubt.NO_INTERFACE]),
        (without(unprobed=("G1",)), [Doubt.NO_PROBE]),
        (without(silent=("E1",)), [Doubt.NO_ANSWER]),
    ],
)
def test_each_doubt_is_told_alone(facts: Facts, found: list[Doubt]) -> None:
    assert doubts(facts, TODAY) == found


@pytest.fixture
def link(db: None) -> Connection:
    background()
    take(register_file(steps=[], stages=[]))
    return Connection.objects.get()


def record(link: Connection, step: Step, back: int, **more: Any) -> StepRecord:
    given = {"expires_on": None, "document": None, "note": "", "now": NOW, "by": "an", **more}
    return record_step(connection=link, step=step, done_on=TODAY - back * DAY, **given)


def test_a_record_keeps_what_when_by_whom_and_the_document(link: Connection) -> None:
    document = Document.objects.get()
    made = record(link, Step.TESTED, 3, document=document, note=" Biên bản ")
    made.refresh_from_db()
    assert (made.step, made.done_on, made.note) == ("tested", TODAY - 3 * DAY, "Biên bản")
    assert (made.document, made.actor, made.recorded_at) == (document, "an", NOW)


@pytest.mark.parametrize(
    ("step", "back", "expires_on", "told"),
    [
        (Step.TESTED, -1, None, "done_on: the day lies ahead"),
        (Step.TESTED, 0, TODAY, "expires_on: only security minutes expire"),
        (Step.SECURITY_MINUTES, 0, None, "expires_on: security minutes hold for a time"),
        (Step.SECURITY_MINUTES, 0, TODAY - DAY, "expires_on: the last day lies before"),
    ],
)
def test_what_cannot_be_is_refused_and_not_written(
    link: Connection, step: Step, back: int, expires_on: date | None, told: str
) -> None:
    with pytest.raises(Refused, match=told):
        record(link, step, back, expires_on=expires_on)
    assert not StepRecord.objects.exists()


def test_today_is_the_day_of_ha_noi(link: Connection) -> None:
    late = instant_from("2026-03-02T23:30")
    record(link, Step.TESTED, 0, now=late)
    with pytest.raises(Refused, match="the day lies ahead"):
        record(link, Step.TESTED, -1, now=late)


def test_steps_are_entered_in_any_order_and_a_wrong_one_is_warned_of(link: Connection) -> None:
    assert step_warnings(record(link, Step.TESTED, 5)) == []
    assert step_warnings(record(link, Step.SCOPE_AGREED, 5)) == []
    (said,) = step_warnings(record(link, Step.APPRAISED, 6))
    assert said.startswith("“plan appraised and approved” (24/02/2026) builds on “content and")
    (said,) = step_warnings(record(link, Step.SET_UP, 4))
    assert said.startswith("“tested, minutes signed” (25/02/2026) builds on “set up and")
    assert StepRecord.objects.count() == 4


def test_a_later_record_of_the_same_step_counts(link: Connection) -> None:
    record(link, Step.SECURITY_MINUTES, 9, expires_on=TODAY - 2 * DAY)
    record(link, Step.SECURITY_MINUTES, 9, expires_on=TODAY + DAY, now=NOW + MICROSECOND)
    assert taken_steps(link, NOW)[SECURITY_MINUTES].expires_on == TODAY - 2 * DAY
    assert taken_steps(link, NOW + MICROSECOND)[SECURITY_MINUTES].expires_on == TODAY + DAY


def test_minutes_that_are_entered_afterwards_do_not_replace_newer_ones(link: Connection) -> None:
    record(link, Step.SECURITY_MINUTES, 9, expires_on=TODAY + DAY)
    record(link, Step.SECURITY_MINUTES, 99, expires_on=TODAY - DAY, now=NOW + MICROSECOND)
    rows = Connection.objects.annotate(until=minutes_expire_on(NOW + MICROSECOND))
    assert rows.values_list("until", flat=True).get() == TODAY + DAY


def test_nothing_is_recorded_behind_a_list(link: Connection, settings: Any) -> None:
    settings.PROGRESS_LIST_ANNEXES = []
    issue(Scope(as_of=TODAY, known_at=NOW), now=NOW, by="an")
    assert record(link, Step.TESTED, 1, now=NOW - MICROSECOND).recorded_at == NOW + MICROSECOND


def probe(link: Connection, interface: str, state: State, *, paused: bool = False) -> None:
    zone, _new = Zone.objects.get_or_create(code="Z", defaults={"name_vi": "Vùng"})
    endpoint = Endpoint.objects.create(
        code=f"E-{interface}",
        name_vi="Điểm",
        interface=link.interfaces.get(code=interface),
        zone=zone,
        kind="tcp",
        paused=paused,
    )
    EndpointState.objects.create(
        endpoint=endpoint, next_due_at=NOW, since=NOW, state=state.value, track="{}"
    )


def test_the_facts_are_those_of_the_register(link: Connection) -> None:
    facts = facts_of(link, NOW)
    assert (facts.security_level, facts.interfaces, facts.unprobed) == (3, 2, ("G1", "G2"))
    probe(link, "G1", State.DOWN)
    probe(link, "G2", State.UP, paused=True)
    record(link, Step.TESTED, 1)
    Database.objects.update(security_level=None)
    facts = facts_of(Connection.objects.select_related("database").get(), NOW)
    assert (facts.unprobed, facts.silent) == (("G2",), ("E-G1",))
    assert doubts(facts, TODAY) == [
        Doubt.STEPS_MISSING, Doubt.NO_MINUTES, Doubt.NO_SECURITY_LEVEL, Doubt.NO_PROBE,
        Doubt.NO_ANSWER,
    ]  # fmt: skip


def test_a_later_record_corrects_a_step_also_to_an_earlier_day(link: Connection) -> None:
    record(link, Step.TESTED, 1, now=NOW)
    record(link, Step.TESTED, 30, now=NOW + MICROSECOND)
    taken = taken_steps(link, NOW + MICROSECOND)
    assert taken[Step.TESTED].done_on == TODAY - 30 * DAY
    assert taken_steps(link, NOW)[Step.TESTED].done_on == TODAY - DAY


def test_of_what_repeats_the_newest_holds_whenever_it_was_recorded(link: Connection) -> None:
    record(link, Step.IN_OPERATION, 1, now=NOW)
    record(link, Step.IN_OPERATION, 30, now=NOW + MICROSECOND)
    assert taken_steps(link, NOW + MICROSECOND)[Step.IN_OPERATION].done_on == TODAY - DAY
