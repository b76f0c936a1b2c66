"""What may a person hand in, and dated when?"""

from typing import Any

import pytest

from tracking.rules.events import Event, Kind
from tracking.rules.handing_in import passed_meanwhile, shows_something
from tracking.rules.instants import instant_from
from tracking.rules.situation import Situation

START = Situation("QLD", required=True)
Line = tuple[str, str, dict[str, Any]]

BEGUN: tuple[Line, ...] = (
    ("11-01T08:00", "assigned", {}),
    ("11-01T08:00", "deadline_set", {"due_on": "2025-11-10"}),
)
EVIDENCE: Line = ("11-05T08:00", "evidence_recorded", {})
EXTENDED: Line = ("11-08T08:00", "extension_granted", {"due_on": "2025-11-20"})
PRODUCT = {"product": "12/BC-QLD"}


def entry(number: int, at: str, kind: str, payload: dict[str, Any], recorded: str = "") -> Event:
    moments = instant_from(f"2025-{at}"), instant_from(f"2025-{recorded or at}")
    return Event(Kind(kind), *moments, number, payload, "binh")


def ledger(*lines: Line) -> list[Event]:
    return [entry(number, *line) for number, line in enumerate(lines, start=1)]


def submitted(at: str, recorded: str = "", **payload: Any) -> Event:
    return entry(99, at, "submitted", payload, recorded)


@pytest.mark.parametrize(
    ("before", "said", "shows"),
    [
        ((), {"note": "xong"}, False),
        ((), {"note": "xong", "product": " \t"}, False),
        ((), {"product": None}, False),
        ((), PRODUCT, True),
        ((), {"evidence": "ab12"}, True),
        ((EVIDENCE,), {"note": "xong"}, True),
        # What was sent back belongs to the same episode.
        ((EVIDENCE, ("11-06T08:00", "submitted", {}), ("11-07T08:00", "returned", {})), {}, True),
        (
            (
                EVIDENCE,
                ("11-06T08:00", "submitted", PRODUCT),
                ("11-07T08:00", "accepted", {}),
                ("11-08T08:00", "reopened", {}),
            ),
            {"note": "xong"},
            False,
        ),
    ],
)
def test_a_submission_shows_a_product_or_evidence_of_its_episode(
    before: tuple[Line, ...], said: dict[str, Any], shows: bool
) -> None:
    made = submitted("11-09T08:00", **said)
    events = [*ledger(*BEGUN, *before), made]
    assert shows_something(events, made, start=START) is shows


def test_evidence_recorded_today_supports_what_came_on_paper_before() -> None:
    events = ledger(*BEGUN, ("11-12T09:00", "evidence_recorded", {}))
    assert shows_something(events, submitted("11-09T08:00", "11-12T10:00"), start=START)
    assert not shows_something(events, submitted("11-09T08:00", "11-12T08:00"), start=START)


@pytest.mark.parametrize(
    ("dated", "recorded", "passed"),
    [
        ("11-09T08:00", "11-10T23:59:59.999999", None),
        ("11-09T08:00", "11-11T00:00:00", "2025-11-10"),
        ("11-10T23:59:59.999999", "11-12T09:00", "2025-11-10"),
        ("11-11T00:00:00", "11-12T09:00", None),
        ("11-12T09:00", "11-12T09:00", None),
        ("11-14T09:00", "11-12T09:00", None),  # announced ahead
    ],
)
def test_dated_before_the_end_and_recorded_at_or_after_it(
    dated: str, recorded: str, passed: str | None
) -> None:
    found = passed_meanwhile(ledger(*BEGUN), submitted(dated, recorded), start=START)
    assert (found.due_on.isoformat() if found else None) == passed


@pytest.mark.parametrize(
    ("since", "dated", "recorded", "passed"),
    [
        # Extended in time: the first date never ended while it was in force.
        (EXTENDED, "11-05T08:00", "11-15T08:00", None),
        (EXTENDED, "11-05T08:00", "11-21T00:00:00", "2025-11-20"),
        # Extended when it was late already: that breach would disappear.
        (("11-12T08:00", "extension_granted", {"due_on": "2025-11-30"}), "11-09T08:00",
         "11-15T08:00", "2025-11-10"),
        # Reduced to a day that had passed.
        (("11-08T08:00", "extension_granted", {"due_on": "2025-11-06"}), "11-05T08:00",
         "11-09T08:00", "2025-11-06"),
        # Dated after the first, before the end of the second.
        (("11-12T08:00", "extension_granted", {"due_on": "2025-11-20"}), "11-11T08:00",
         "11-26T08:00", "2025-11-20"),
    ],
)  # fmt: skip
def test_every_deadline_that_ended_in_between_counts(
    since: Line, dated: str, recorded: str, passed: str | None
) -> None:
    found = passed_meanwhile(ledger(*BEGUN, since), submitted(dated, recorded), start=START)
    assert (found.due_on.isoformat() if found else None) == passed


def test_without_a_date_any_moment_may_be_named() -> None:
    events = ledger(BEGUN[0])
    assert passed_meanwhile(events, submitted("11-02T08:00", "11-26T08:00"), start=START) is None
    later = [*events, entry(2, "11-12T08:00", "deadline_set", {"due_on": "2025-11-20"})]
    found = passed_meanwhile(later, submitted("11-02T08:00", "11-26T08:00"), start=START)
    assert found
    assert found.due_on.isoformat() == "2025-11-20"
