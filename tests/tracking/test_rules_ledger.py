"""The legal order and the four eyes: one table each."""

from dataclasses import replace
from typing import Any

import pytest

from tests.tracking.told import START, Line, assigned, at, due, first_fault, situation, story
from tracking.rules.events import Kind, visible
from tracking.rules.ledger import fold
from tracking.rules.legality import Fault
from tracking.rules.snapshot import restore, snapshot

BEGUN = assigned()
SUBMITTED: Line = ("11-02", "submitted", {}, "binh")
DONE: tuple[Line, ...] = (*BEGUN, SUBMITTED, ("11-03", "accepted", {}, "an"))
REQUEST: Line = ("11-02", "extension_requested", due("12-01"), "binh")

ILLEGAL: list[tuple[str, tuple[Line, ...], Fault]] = [
    ("nothing before the assignment", (("11-01", "submitted"),), Fault.NOT_ASSIGNED),
    ("assigned once", (*BEGUN, ("11-01", "assigned")), Fault.ASSIGNED_TWICE),
    (
        "one original deadline",
        (*BEGUN, ("11-01", "deadline_set", due("12-01"))),
        Fault.DEADLINE_TWICE,
    ),
    (
        "no submission while one is pending",
        (*BEGUN, SUBMITTED, ("11-03", "submitted")),
        Fault.PENDING,
    ),
    ("no submission once completed", (*DONE, ("11-04", "submitted")), Fault.COMPLETED),
    (
        "no submission while suspended",
        (*BEGUN, ("11-01", "paused"), ("11-02", "submitted")),
        Fault.PAUSED,
    ),
    ("no acceptance of nothing", (*BEGUN, ("11-02", "accepted")), Fault.NOT_PENDING),
    ("no return of nothing", (*BEGUN, ("11-02", "returned")), Fault.NOT_PENDING),
    ("no acceptance twice", (*DONE, ("11-04", "accepted")), Fault.NOT_PENDING),
    ("no reopening of what is open", (*BEGUN, ("11-02", "reopened")), Fault.NOT_COMPLETED),
    ("no suspension of what is completed", (*DONE, ("11-04", "paused")), Fault.COMPLETED),
    ("no suspension twice", (*BEGUN, ("11-02", "paused"), ("11-03", "paused")), Fault.PAUSED),
    ("no resumption of what runs", (*BEGUN, ("11-02", "resumed")), Fault.NOT_PAUSED),
    (
        "no block twice on the same body",
        (*BEGUN, ("11-02", "blocked", {"on": "BCA"}), ("11-03", "blocked", {"on": "BCA"})),
        Fault.BLOCKED_TWICE,
    ),
    (
        "no end of a block that is not",
        (*BEGUN, ("11-02", "unblocked", {"on": "BCA"})),
        Fault.NOT_BLOCKED,
    ),
    ("no cancellation of what is completed", (*DONE, ("11-04", "cancelled")), Fault.COMPLETED),
    (
        "nothing after the cancellation",
        (*BEGUN, ("11-02", "cancelled"), ("11-03", "progress_reported")),
        Fault.CANCELLED,
    ),
    (
        "nobody accepts their own submission",
        (*BEGUN, SUBMITTED, ("11-03", "accepted", {}, "binh")),
        Fault.OWN_SUBMISSION,
    ),
    (
        "nobody returns their own submission",
        (*BEGUN, SUBMITTED, ("11-03", "returned", {}, "binh")),
        Fault.OWN_SUBMISSION,
    ),
    (
        "nobody grants their own request",
        (*BEGUN, REQUEST, ("11-03", "extension_granted", due("12-01"), "binh")),
        Fault.OWN_REQUEST,
    ),
    (
        "nobody refuses their own request",
        (*BEGUN, REQUEST, ("11-03", "extension_refused", {}, "binh")),
        Fault.OWN_REQUEST,
    ),
    (
        "no acceptance on behalf of the lead",
        (*BEGUN, SUBMITTED, ("11-03", "accepted", {}, "an", "QLD")),
        Fault.FOR_THE_LEAD,
    ),
    (
        "no grant on behalf of the lead as it is after a reassignment",
        (
            *BEGUN,
            ("11-01", "reassigned", {"lead": "KCB"}),
            ("11-03", "extension_granted", due("12-01"), "an", "KCB"),
        ),
        Fault.FOR_THE_LEAD,
    ),
]

LEGAL: list[tuple[str, tuple[Line, ...]]] = [
    ("an extension without a request", (*BEGUN, ("11-02", "extension_granted", due("12-01")))),
    ("an extension into the past", (*BEGUN, ("11-02", "extension_granted", due("10-15")))),
    (
        "an extension while a submission is pending",
        (*BEGUN, SUBMITTED, ("11-03", "extension_granted", due("12-01"), "an")),
    ),
    ("a report at any time", (*DONE, ("11-04", "progress_reported"))),
    ("a pause while pending", (*BEGUN, SUBMITTED, ("11-03", "paused"))),
    (
        "an acceptance while suspended",
        (*BEGUN, SUBMITTED, ("11-03", "paused"), ("11-04", "accepted")),
    ),
    ("a cancellation while pending", (*BEGUN, SUBMITTED, ("11-03", "cancelled"))),
    (
        "blocks on two bodies at once",
        (*BEGUN, ("11-02", "blocked", {"on": "BCA"}), ("11-02", "blocked", {"on": "BNV"})),
    ),
    (
        "the import accepts what the import submitted",
        (*BEGUN, ("11-02", "submitted"), ("11-03", "accepted")),
    ),
    (
        "one who requested may grant after another has answered",
        (
            *BEGUN,
            REQUEST,
            ("11-03", "extension_refused", {}, "an"),
            ("11-04", "extension_granted", due("12-01"), "binh"),
        ),
    ),
]


@pytest.mark.parametrize(("name", "lines", "fault"), ILLEGAL, ids=[row[0] for row in ILLEGAL])
def test_refused(name: str, lines: tuple[Line, ...], fault: Fault) -> None:
    assert first_fault(*lines) is fault


@pytest.mark.parametrize(("name", "lines"), LEGAL, ids=[row[0] for row in LEGAL])
def test_allowed(name: str, lines: tuple[Line, ...]) -> None:
    assert first_fault(*lines) is None


def test_an_event_whose_precondition_is_not_visible_has_no_effect() -> None:
    events = story(*DONE)
    unknown = [e for e in events if e.kind != "submitted"]
    found = fold(
        visible(unknown, at=at("11-20"), known_at=at("11-20")), start=START, at=at("11-20")
    )
    assert not found.completed


def test_events_apply_by_effective_then_recorded_instant_then_number() -> None:
    lines: tuple[Any, ...] = (
        ("10-01", "deadline_set", due("11-10")),
        ("10-01", "assigned"),
    )
    # The deadline stands first in the ledger at the same instant: it comes before the assignment.
    assert first_fault(*lines) is Fault.NOT_ASSIGNED
    assert first_fault(("10-02", "deadline_set", due("11-10")), ("10-01", "assigned")) is None


def test_waiting_days_add_up_over_blocks_on_the_same_body() -> None:
    block, lift = {"on": "BCA"}, ("11-04", "unblocked", {"on": "BCA"})
    lines = (*BEGUN, ("11-01", "blocked", block), lift, ("11-10", "blocked", block))
    found = situation(at("11-12"), *lines)
    assert dict(found.waited) == {"BCA": 3}
    assert [b.since for b in found.blocks] == [at("11-10")]


PAYLOADS: dict[str, dict[str, Any]] = {
    "extension_granted": due("12-01"),
    "blocked": {"on": "BCA"},
    "unblocked": {"on": "BCA"},
    "reassigned": {"lead": "KCB"},
    "requirement_changed": {"required": False},
}


@pytest.mark.parametrize("kind", [kind.value for kind in Kind if kind is not Kind.ASSIGNED])
def test_nothing_comes_before_the_assignment_or_after_the_cancellation(kind: str) -> None:
    line: Line = ("11-05", kind, PAYLOADS.get(kind, {}))
    assert first_fault(line) is Fault.NOT_ASSIGNED
    assert first_fault(*BEGUN, ("11-04", "cancelled"), line) is Fault.CANCELLED


REASSIGNED: Line = ("10-02", "reassigned", {"lead": "KCB"})
FOR_QLD = ("an", "QLD")


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ((*BEGUN, SUBMITTED, ("11-03", "returned", {}, *FOR_QLD)), Fault.FOR_THE_LEAD),
        ((*BEGUN, SUBMITTED, ("11-03", "accepted", {}, "", "QLD")), Fault.FOR_THE_LEAD),
        ((*BEGUN, REQUEST, ("11-03", "extension_refused", {}, *FOR_QLD)), Fault.FOR_THE_LEAD),
        ((*BEGUN, REASSIGNED, SUBMITTED, ("11-03", "accepted", {}, *FOR_QLD)), None),
        ((*BEGUN, SUBMITTED, ("11-03", "accepted", {}, "an", "KCB")), None),
        ((*BEGUN, REQUEST, ("11-03", "accepted", {}, "binh")), Fault.NOT_PENDING),
        ((*BEGUN, REQUEST, SUBMITTED, ("11-03", "accepted", {}, "an")), None),
        (
            (
                *BEGUN,
                REQUEST,
                ("11-03", "extension_requested", due("12-01"), "an"),
                ("11-04", "extension_granted", due("12-01"), "binh"),
            ),
            Fault.OWN_REQUEST,
        ),
        (
            (*BEGUN, SUBMITTED, ("11-03", "returned", {}, "an"), ("11-04", "submitted", {}, "an")),
            None,
        ),
        (
            (
                *(*BEGUN, SUBMITTED, ("11-03", "returned", {}, "an")),
                *(("11-04", "submitted", {}, "an"), ("11-05", "accepted", {}, "binh")),
            ),
            None,
        ),
        ((*BEGUN, REQUEST, ("11-03", "extension_granted", due("12-01"))), None),
    ],
    ids=[
        "no return on behalf of the lead",
        "not even by the import",
        "no refusal on behalf of the lead",
        "the former lead may decide",
        "another department may decide",
        "a request is no submission",
        "a request bars nobody else from accepting",
        "an unanswered request bars its author although another came after it",
        "who returned may submit",
        "who submitted first may accept the submission of another",
        "the import grants what anybody requested",
    ],
)
def test_four_eyes(lines: tuple[Line, ...], fault: Fault | None) -> None:
    assert first_fault(*lines) is fault


def test_a_block_on_one_body_is_not_ended_by_another() -> None:
    lines = (*BEGUN, ("11-02", "blocked", {"on": "BCA"}), ("11-03", "unblocked", {"on": "BNV"}))
    assert first_fault(*lines) is Fault.NOT_BLOCKED


def test_a_body_may_be_waited_for_again_once_it_has_answered() -> None:
    block, free = ("blocked", {"on": "BCA"}), ("unblocked", {"on": "BCA"})
    assert first_fault(*BEGUN, ("11-02", *block), ("11-03", *free), ("11-04", *block)) is None


def test_of_two_grants_at_one_instant_the_later_recorded_one_stands() -> None:
    first, second = story(*BEGUN, ("11-02", "extension_granted", due("12-01")))[-1], due("12-09")
    late = replace(first, recorded_at=at("11-05"), number=1, payload=due("12-20"))
    early = replace(first, payload=second, number=9)
    events = visible([*story(*BEGUN), late, early], at=at("11-20"), known_at=at("11-20"))
    found = fold(events, start=START, at=at("11-20"))
    assert found.deadline is not None
    assert found.deadline.due_on.isoformat() == "2025-12-20"


def test_of_two_grants_recorded_together_the_greater_ledger_number_stands() -> None:
    grants = [("11-02", "extension_granted", due(day)) for day in ("12-20", "12-09")]
    found = situation(at("11-20"), *BEGUN, *grants)
    assert found.deadline is not None
    assert found.deadline.due_on.isoformat() == "2025-12-09"


def test_a_wrong_entry_is_corrected_by_a_later_one() -> None:
    wrong: tuple[Line, ...] = (*BEGUN, ("11-02", "requirement_changed", {"required": False}))
    right: Line = ("11-03", "requirement_changed", {"required": True})
    assert not situation(at("11-20"), *wrong).required
    assert situation(at("11-20"), *wrong, right).required


@pytest.mark.parametrize(
    "lines",
    [BEGUN, DONE, (*BEGUN, REQUEST, ("11-12", "blocked", {"on": "BCA"})), (*BEGUN, REASSIGNED)],
)
def test_a_situation_kept_in_a_column_comes_back_equal(lines: tuple[Line, ...]) -> None:
    found = situation(at("11-20"), *lines)
    assert restore(snapshot(found)) == found
