"""What people do about an outage: taken on, noted, judged, and closed by two of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from databases.actions.outages import (
    acknowledge_outage,
    agree_to_close,
    ask_to_close,
    judge_outage,
    note_outage,
)
from databases.models import EndpointState, Outage, Transition
from databases.pump.claim import claim
from databases.rules import outages as rules
from databases.rules.track import Blame, State
from databases.rules.track_text import from_text
from tests.databases.probe_rows import MINUTE, outage_of, see
from tests.databases.probed import make_endpoint
from tracking.actions.refusals import Refused
from tracking.rules.instants import instant_from

pytestmark = pytest.mark.django_db

NOW = instant_from("2026-03-02T08:00:00")
LATER = NOW + 20 * MINUTE
HOUR = timedelta(hours=1)


@pytest.fixture
def outage() -> Outage:
    return outage_of(make_endpoint(NOW, 443), NOW + MINUTE)


def events(outage: Outage) -> list[str]:
    return list(outage.course.order_by("pk").values_list("event", flat=True))


def acknowledge(outage: Outage, **changes: Any) -> Outage:
    given: dict[str, Any] = {"until": LATER + HOUR, "note": "đang xem", "now": LATER, "by": "an"}
    return acknowledge_outage(outage=outage, **{**given, **changes})


def test_an_acknowledgement_stands_in_the_course_with_its_end(outage: Outage) -> None:
    acknowledge(outage)
    entry = outage.course.get(event="acknowledged")
    assert (entry.by, entry.note, entry.until) == ("an", "đang xem", LATER + HOUR)
    assert events(outage) == ["confirmed", "acknowledged"]
    outage.refresh_from_db()
    assert outage.ended_at is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"until": LATER}, "later than now"),
        ({"until": LATER - HOUR}, "later than now"),
        ({"until": LATER + timedelta(hours=72, seconds=1)}, "within 72 hours"),
        ({"note": "  "}, "nothing was said"),
    ],
)
def test_an_acknowledgement_that_is_refused_writes_nothing(
    outage: Outage, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        acknowledge(outage, **changes)
    assert events(outage) == ["confirmed"]


def test_an_acknowledgement_may_last_exactly_72_hours(outage: Outage) -> None:
    acknowledge(outage, until=LATER + timedelta(hours=72))
    assert events(outage)[-1] == "acknowledged"


def test_every_fault_is_told_at_once(outage: Outage) -> None:
    with pytest.raises(Refused) as refused:
        acknowledge(outage, until=LATER, note="")
    assert len(refused.value.sentences) == 2


def test_an_ended_outage_is_noted_and_judged_but_not_acknowledged(outage: Outage) -> None:
    see(outage.endpoint, "ok ok", NOW + 6 * MINUTE)
    outage.refresh_from_db()
    assert outage.ended_at is not None
    with pytest.raises(Refused, match="ended already"):
        acknowledge(outage)
    with pytest.raises(Refused, match="ended already"):
        ask_to_close(outage=outage, note="x", now=LATER, by="an")
    note_outage(outage=outage, note="đã thay ổ đĩa", now=LATER, by="an")
    judge_outage(outage=outage, blame=Blame.NETWORK, why="biên bản", now=LATER, by="an")
    assert events(outage)[-2:] == ["noted", "judged"]


def test_a_verdict_stands_beside_the_earlier_ones_and_the_last_one_counts(outage: Outage) -> None:
    for blame, why in ((Blame.OURS, "lỗi của ta"), (None, "không rõ")):
        judge_outage(outage=outage, blame=blame, why=why, now=LATER, by="an")
        outage.refresh_from_db()
        assert outage.blame == (blame.value if blame else "")
    judged = outage.course.filter(event="judged").values_list("blame", "because_vi", "because_en")
    assert list(judged) == [("ours", "lỗi của ta", "lỗi của ta"), ("", "không rõ", "không rõ")]


def test_closing_by_hand_takes_two_persons(outage: Outage) -> None:
    with pytest.raises(Refused, match="nobody has asked"):
        agree_to_close(outage=outage, now=LATER, by="binh")
    ask_to_close(outage=outage, note="đã tháo dỡ", now=LATER, by="an")
    with pytest.raises(Refused, match="takes another person"):
        agree_to_close(outage=outage, now=LATER, by="an")
    outage.refresh_from_db()
    assert outage.ended_at is None
    agree_to_close(outage=outage, now=LATER + HOUR, by="binh")
    outage.refresh_from_db()
    entry = outage.course.get(event="closed_by_hand")
    assert (entry.by, entry.note) == ("an, binh", "đã tháo dỡ")
    assert outage.ended_at == LATER + HOUR


def test_the_rule_itself_asks_for_a_person_and_a_reason() -> None:
    """Whoever calls it without the action is stopped too."""
    open_one = rules.Outage(NOW, ())
    for by, note in (("", "x"), ("an", " ")):
        with pytest.raises(ValueError, match="say who asks"):
            rules.ask_to_close(open_one, LATER, by=by, note=note)
    ended = rules.Outage(NOW, (), ended_at=LATER)
    with pytest.raises(ValueError, match="closed"):
        rules.ask_to_close(ended, LATER, by="an", note="x")


def test_who_asked_last_cannot_agree_though_another_had_asked_before(outage: Outage) -> None:
    ask_to_close(outage=outage, note="một", now=LATER, by="binh")
    ask_to_close(outage=outage, note="hai", now=LATER, by="an")
    with pytest.raises(Refused):
        agree_to_close(outage=outage, now=LATER, by="an")
    agree_to_close(outage=outage, now=LATER, by="binh")
    assert outage.course.get(event="closed_by_hand").note == "hai"


def test_the_endpoint_of_a_closed_outage_is_unknown_and_may_fail_anew(outage: Outage) -> None:
    ask_to_close(outage=outage, note="đã tháo dỡ", now=LATER, by="an")
    agree_to_close(outage=outage, now=LATER, by="binh")
    seen = EndpointState.objects.get(pk=outage.endpoint_id)
    track = from_text(seen.track)
    assert (seen.state, track.confirmed, track.first_failed_at) == ("unknown", None, None)
    last = Transition.objects.filter(endpoint=outage.endpoint).latest("pk")
    assert (last.after, last.reason) == (State.UNKNOWN.value, "closed_by_hand")
    see(outage.endpoint, "fail fail fail", LATER + HOUR)
    assert Outage.objects.filter(endpoint=outage.endpoint).count() == 2


def test_what_was_under_way_when_it_was_closed_is_not_applied(outage: Outage) -> None:
    [held] = claim(1, LATER)
    ask_to_close(outage=outage, note="đã tháo dỡ", now=LATER, by="an")
    agree_to_close(outage=outage, now=LATER, by="binh")
    seen = EndpointState.objects.get(pk=outage.endpoint_id)
    assert seen.lease_token > held.token
    assert seen.lease_until is None


def test_closing_twice_is_refused(outage: Outage) -> None:
    ask_to_close(outage=outage, note="đã tháo dỡ", now=LATER, by="an")
    agree_to_close(outage=outage, now=LATER, by="binh")
    with pytest.raises(Refused, match="ended already"):
        agree_to_close(outage=outage, now=LATER, by="chi")
    assert events(outage).count("closed_by_hand") == 1


def test_refusals_are_sentences_of_the_reader(outage: Outage) -> None:
    """English is the language of the sources; the catalogue has its own tests."""
    with translation.override("en"), pytest.raises(Refused) as refused:
        note_outage(outage=outage, note=" ", now=LATER, by="an")
    assert refused.value.sentences == ["nothing was said: write a sentence for those who read it"]
