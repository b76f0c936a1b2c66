"""From which day does a page look, when its address asks for one?"""

from datetime import date
from urllib.parse import parse_qs

import pytest
from django.http import QueryDict

from tracking.forms.viewpoint import viewpoint_asked
from tracking.rules.instants import cut_off, instant_from

NOW = instant_from("2026-11-26T09:30:00")


def test_an_address_that_asks_for_nothing_looks_at_now() -> None:
    found, form = viewpoint_asked(QueryDict(""), NOW)
    assert (found.at, found.known_at, found.chosen) == (NOW, NOW, False)
    assert not form.errors
    assert found.query == ""


def test_a_day_means_its_last_microsecond_as_known_now() -> None:
    found, _form = viewpoint_asked(QueryDict("as_of=2025-11-18"), NOW)
    assert found.at == cut_off(date(2025, 11, 18))
    assert (found.known_at, found.as_reported, found.forecast) == (NOW, False, False)


def test_an_instant_of_knowledge_shows_what_was_known_then() -> None:
    found, _form = viewpoint_asked(
        QueryDict("as_of=2025-11-18&known_at=2025-11-18T17:00:00%2B07:00"), NOW
    )
    assert found.as_reported
    assert found.known_at == instant_from("2025-11-18T17:00")


def test_a_day_after_that_of_the_knowledge_is_a_forecast() -> None:
    assert viewpoint_asked(QueryDict("as_of=2026-11-27"), NOW)[0].forecast
    assert not viewpoint_asked(QueryDict("as_of=2026-11-26"), NOW)[0].forecast


@pytest.mark.parametrize(
    "asked",
    [
        "as_of=yesterday",
        "as_of=2025-02-30",
        "as_of=0001-01-01",
        "known_at=x",
        "as_of=9999-12-31",
        "known_at=2099-01-01",
    ],
)
def test_what_cannot_be_is_said_and_the_page_shows_now(asked: str) -> None:
    found, form = viewpoint_asked(QueryDict(asked), NOW)
    assert (found.at, found.chosen) == (NOW, False)
    assert len(form.errors) == 1


def test_links_look_from_where_the_page_looks() -> None:
    found, _form = viewpoint_asked(
        QueryDict("as_of=2025-11-18&known_at=2025-11-18T17:00:00.000001%2B07:00"), NOW
    )
    again, _form = viewpoint_asked(QueryDict(found.query), NOW)
    assert again == found
    assert parse_qs(found.query)["as_of"] == ["2025-11-18"]
