"""One zone, the cut-off T and the knowledge K: which events may a list see?"""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.tracking.told import Line, assigned, at, situation, story
from tracking.rules.calendar import WorkingCalendar
from tracking.rules.events import visible
from tracking.rules.instants import MICROSECOND, cut_off, day_of, instant_from, instant_text
from tracking.rules.progress_list import Scope

DAY = date(2025, 11, 18)
NOON = at("11-18T12:00:00")


@pytest.fixture(params=["UTC", "Asia/Ho_Chi_Minh", "Pacific/Kiritimati", "America/Los_Angeles"])
def server_zone(request: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_the_cut_off_is_the_last_microsecond_of_the_day() -> None:
    assert cut_off(DAY).isoformat() == "2025-11-18T23:59:59.999999+07:00"
    assert day_of(cut_off(DAY)) == DAY
    assert day_of(cut_off(DAY) + MICROSECOND) == date(2025, 11, 19)


def test_the_scope_judges_at_the_cut_off_of_its_day() -> None:
    scope = Scope(as_of=DAY, known_at=NOON)
    assert scope.at == cut_off(DAY)
    assert scope.yardstick(WorkingCalendar()).day == DAY


@pytest.mark.usefixtures("server_zone")
def test_an_instant_without_an_offset_is_in_ha_noi_whatever_the_server() -> None:
    assert instant_from("2025-11-18T00:00") == datetime(2025, 11, 17, 17, tzinfo=UTC)


@pytest.mark.usefixtures("server_zone")
@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2025-11-17T16:59:59.999999+00:00", "2025-11-17"),
        ("2025-11-17T17:00:00+00:00", "2025-11-18"),  # a worker in UTC lives in yesterday
        ("2025-11-17T23:59:59+00:00", "2025-11-18"),
        ("2025-11-18T06:59:59+07:00", "2025-11-18"),
        ("2025-11-19T06:00:00+14:00", "2025-11-18"),
        ("2025-11-18T10:00:00-08:00", "2025-11-19"),
    ],
)
def test_the_day_of_an_instant_is_that_of_ha_noi(instant: str, day: str) -> None:
    assert day_of(datetime.fromisoformat(instant)).isoformat() == day


def test_a_date_alone_means_its_last_microsecond() -> None:
    assert instant_from("2025-11-18") == cut_off(DAY)


def test_a_date_alone_without_hyphens_is_never_taken_for_its_midnight() -> None:
    try:
        found = instant_from("20251118")
    except ValueError:
        return
    assert found == cut_off(DAY)


@pytest.mark.parametrize("text", ["", "tomorrow", "2025-11-31", "18/11/2025", "2025-11-18T25:00"])
def test_what_is_no_instant_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        instant_from(text)


def test_every_instant_is_written_with_its_offset() -> None:
    assert instant_text(datetime(2025, 11, 18, 10, tzinfo=UTC)) == "2025-11-18T17:00:00+07:00"


def seen(line: Line, *, moment: datetime, known_at: datetime) -> bool:
    return bool(visible(story(line), at=moment, known_at=known_at))


def test_an_event_effective_at_the_cut_off_is_visible_and_a_microsecond_later_is_not() -> None:
    line: Line = ("11-18T12:00:00", "assigned")
    assert seen(line, moment=NOON, known_at=at("12-31"))
    assert not seen(line, moment=NOON - MICROSECOND, known_at=at("12-31"))


def test_an_event_recorded_at_the_knowledge_is_visible_and_a_microsecond_later_is_not() -> None:
    line: Line = ("11-18T12:00:00", "assigned")
    assert seen(line, moment=at("12-31"), known_at=NOON)
    assert not seen(line, moment=at("12-31"), known_at=NOON - MICROSECOND)


def test_what_was_not_known_then_is_unknown_to_the_list_of_then() -> None:
    lines = (*assigned(), ("11-09", "submitted"), ("11-12", "accepted"))
    then = situation(at("11-20"), *lines, known_at=at("11-11"))
    since = situation(at("11-20"), *lines, known_at=at("11-13"))
    assert (then.pending, then.completed) == (True, False)
    assert since.completed


def test_a_list_without_any_knowledge_has_no_task() -> None:
    assert not situation(at("11-20"), *assigned(), known_at=at("09-30")).in_scope


@pytest.mark.parametrize(
    ("as_of", "known_at", "forecast"),
    [
        ("2025-11-18", "2025-11-18T00:00:00", False),
        ("2025-11-18", "2025-11-18", False),
        ("2025-11-19", "2025-11-18", True),
        ("2025-11-18", "2025-11-17T23:59:59.999999", True),
        ("2025-11-17", "2025-11-18", False),
    ],
)
def test_a_day_after_that_of_the_knowledge_is_a_forecast(
    as_of: str, known_at: str, forecast: bool
) -> None:
    scope = Scope(as_of=date.fromisoformat(as_of), known_at=instant_from(known_at))
    assert scope.forecast is forecast


def test_the_day_of_the_knowledge_is_that_of_ha_noi() -> None:
    midnight = datetime(2025, 11, 17, 17, tzinfo=UTC)
    assert not Scope(as_of=DAY, known_at=midnight).forecast
    assert Scope(as_of=DAY, known_at=midnight - MICROSECOND).forecast


def test_what_is_announced_ahead_is_known_before_it_takes_effect() -> None:
    (event,) = story(("11-25", "assigned"))
    ahead = [type(event)(event.kind, event.effective_at, NOON, event.number)]
    assert not visible(ahead, at=cut_off(date(2025, 11, 24)), known_at=NOON)
    assert visible(ahead, at=cut_off(date(2025, 11, 25)), known_at=NOON)
    assert not visible(ahead, at=at("12-31"), known_at=NOON - timedelta(hours=1))
