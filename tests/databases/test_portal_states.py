"""States and histories of many endpoints, read together: the same as each read alone."""

from datetime import date, timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from databases.models import DayRollup, Endpoint, Transition
from databases.models.history import Histories, History
from databases.pages.connection_states import NOTHING, states_from, states_now
from databases.pages.probe_words import current_track
from databases.rules.stage import Stage
from databases.rules.track import State
from tests.databases.portal_rows import DAY, MINUTE, connect, probed
from tests.databases.probe_rows import see
from tests.databases.probed import make_endpoint
from tracking.rules.instants import instant_from
from tracking.rules.viewpoint import Viewpoint

pytestmark = pytest.mark.django_db

NOW = instant_from("2026-03-02T08:20:00")
HOUR = timedelta(hours=1)
_ALONE = {State.SUSPECT: "unknown", State.RECOVERING: "unknown"}  # not confirmed


@pytest.mark.parametrize(
    "results",
    [
        "ok",
        "ok ok fail",
        "ok fail fail fail",
        "fail fail fail ok",
        "fail fail fail ok ok",
        "ok warn warn warn",
        "ok blind blind blind blind blind blind",
        "config config",
    ],
)
def test_the_state_of_a_connection_is_that_of_its_track(results: str) -> None:
    link = connect("D1", Stage.CONNECTED, NOW)
    endpoint = probed(link, results, NOW)
    for minutes in (-1, 0, 1, 2, 3, 4, 5, 60):
        now = NOW + minutes * MINUTE
        alone = current_track(Endpoint.objects.select_related("seen").get(pk=endpoint.pk), now)
        seen = states_now(now)[link.pk].seen
        assert seen == _ALONE.get(alone.state, alone.state.value), (minutes, alone.state)


def test_the_worst_of_several_endpoints_counts_and_paused_ones_do_not() -> None:
    link = connect("D1", Stage.CONNECTED, NOW)
    probed(link, "ok ok", NOW, code="A")
    bad = probed(link, "fail fail fail", NOW, code="B")
    assert states_now(NOW)[link.pk].seen == "down"
    assert states_now(NOW)[link.pk].endpoints == 2
    Endpoint.objects.filter(pk=bad.pk).update(paused=True)
    assert states_now(NOW)[link.pk].seen == "up"
    assert states_now(NOW, [link.pk + 1]) == {}
    assert NOTHING.seen == "unprobed"


def test_a_past_instant_shows_what_was_known_then() -> None:
    link = connect("D1", Stage.CONNECTED, NOW)
    endpoint = probed(link, "ok " * 30, NOW - 10 * MINUTE)
    see(endpoint, "fail fail fail", NOW - 10 * MINUTE)
    early, late = NOW - 30 * MINUTE, NOW - 5 * MINUTE
    assert states_from(Viewpoint(early, NOW, NOW, chosen=True))[link.pk].seen == "up"
    assert states_from(Viewpoint(late, NOW, NOW, chosen=True))[link.pk].seen == "down"
    # The outage began before it was confirmed; who did not know that yet saw the suspicion.
    became, known = NOW - 10 * MINUTE, NOW - 9.5 * MINUTE
    assert states_from(Viewpoint(NOW, known, NOW, chosen=True))[link.pk].seen == "unknown"
    assert states_from(Viewpoint(became, NOW, NOW, chosen=True))[link.pk].seen == "down"


def test_a_day_that_is_not_over_is_seen_as_it_is_now() -> None:
    link = connect("D1", Stage.CONNECTED, NOW)
    probed(link, "ok ok", NOW - HOUR)  # and not again: it proves nothing any more
    today = Viewpoint(NOW + 12 * HOUR, NOW, NOW, chosen=True)
    assert states_from(today)[link.pk].seen == "unknown"


def test_histories_read_together_are_those_read_alone() -> None:
    endpoints = [make_endpoint(NOW - 3 * DAY, 443, code=f"E-{n}") for n in range(4)]
    for n, endpoint in enumerate(endpoints[:3]):
        see(endpoint, "ok fail fail fail ok ok " * (n + 1), NOW - (n + 1) * 9 * HOUR)
    for days in range(1, 60):
        day = date(2026, 3, 2) - days * DAY
        DayRollup.objects.create(endpoint=endpoints[0], day=day, up=86_400)
    with CaptureQueriesContext(database) as queries:
        told = Histories([endpoint.pk for endpoint in endpoints], NOW)
        together = [told.of(endpoint) for endpoint in endpoints]
        found = [(one.hours, one.days, one.spans, one.latencies) for one in together]
    assert len(queries) <= 5
    alone = [History(endpoint, NOW) for endpoint in endpoints]
    assert found == [(one.hours, one.days, one.spans, one.latencies) for one in alone]
    assert found[0] != found[1]


def test_a_history_as_known_earlier_leaves_out_what_was_learned_since() -> None:
    endpoint = make_endpoint(NOW - 3 * DAY, 443)
    see(endpoint, "ok " * 5, NOW - 30 * MINUTE)
    DayRollup.objects.create(endpoint=endpoint, day=date(2026, 3, 1), down=86_400)
    Transition.objects.create(
        endpoint=endpoint, at=NOW - 20 * MINUTE, known_at=NOW, before="up", after="down"
    )
    now = Histories([endpoint.pk], NOW).of(endpoint)
    then = Histories([endpoint.pk], NOW, known_at=NOW - MINUTE).of(endpoint)
    assert now.hours[-1].spent.down == 20 * MINUTE
    assert then.hours[-1].spent.down == timedelta(0)
    assert now.days[-2].spent.down == DAY
    # Sums are of what is known now, so what was known then is told from the changes of state.
    assert then.days[-2].spent.unknown == DAY
