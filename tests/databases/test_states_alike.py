"""What is counted of endpoints alike says the same as each of them read alone."""

import random
from collections import defaultdict
from datetime import datetime, timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from databases.models import Connection, Endpoint, EndpointState
from databases.models.seen_then import seen_then
from databases.pages.connection_states import Whole, states_from, states_now
from databases.pump.configuration import limits_of
from databases.rules.contradictions_annex import ConnectionThen, EndpointThen
from databases.rules.stage import Stage
from databases.rules.track import State
from tests.databases.portal_rows import connect
from tests.databases.seen_rows import many_seen
from tracking.rules.instants import instant_from
from tracking.rules.viewpoint import Viewpoint

pytestmark = pytest.mark.django_db

NOW = instant_from("2026-03-02T08:20:00")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def whole(endpoints: list[EndpointThen]) -> Whole:
    then = ConnectionThen("", {}, {}, None, {}, endpoints)
    return Whole(then.seen.value, len(endpoints), then.stand_in)


def one_by_one(now: datetime) -> dict[int, Whole]:
    """As it was read before endpoints alike were counted together."""
    found: dict[int, list[EndpointThen]] = defaultdict(list)
    rows = Endpoint.objects.filter(paused=False, interface__isnull=False)
    for row in rows.select_related("seen", "zone", "interface"):
        assert row.interface is not None
        at, limits = row.seen.last_at, limits_of(row.interval, row.timeout)
        proven = at is not None and now - at < limits.stale
        state = State(row.seen.state) if proven else State.UNKNOWN
        found[row.interface.connection_id].append(EndpointThen("", state, row.zone.for_tests))
    return {pk: whole(endpoints) for pk, endpoints in found.items()}


def some(seed: int) -> list[Connection]:
    chance = random.Random(seed)
    links = [connect(f"D{n:02}", Stage.CONNECTED, NOW) for n in range(12)]
    for n, link in enumerate(links):
        many_seen([link], 1 + n % 4, NOW, chance)
    for row in EndpointState.objects.all():
        row.state = chance.choices(list(State), [2, 20, 3, 1, 1, 1])[0].value
        row.last_at = chance.choices([NOW, NOW - 5 * MINUTE, None], [8, 1, 1])[0]
        row.save()
    paused = chance.sample(list(Endpoint.objects.values_list("pk", flat=True)), 4)
    Endpoint.objects.filter(pk__in=paused).update(paused=True)
    return links


@pytest.mark.parametrize("seed", range(4))
def test_states_now_are_those_of_endpoints_read_one_by_one(seed: int) -> None:
    links = some(seed)
    kinds = set()
    for minutes in (0, 3, 4, 6, 16, 17, 60):
        now = NOW + minutes * MINUTE
        alone = one_by_one(now)
        assert states_now(now) == alone, minutes
        kinds |= {found.seen for found in alone.values()}
        keys = [link.pk for link in links[:3]]
        assert states_now(now, keys) == {pk: alone[pk] for pk in keys if pk in alone}
    assert len(kinds) >= 3


@pytest.mark.parametrize("seed", range(3))
def test_states_of_the_past_are_those_of_endpoints_read_one_by_one(seed: int) -> None:
    links = some(seed)
    keys = [link.pk for link in links[:3]]
    for at, known_at in [(NOW - DAY, NOW), (NOW - DAY, NOW - DAY), (NOW - 30 * DAY, NOW)]:
        view = Viewpoint(at, known_at, NOW, chosen=True)
        alone = {pk: whole(rows) for pk, rows in seen_then(at=at, known_at=known_at).items()}
        assert states_from(view) == alone
        assert states_from(view, keys) == {pk: alone[pk] for pk in keys if pk in alone}


def test_the_states_of_many_endpoints_are_a_few_rows_of_one_query() -> None:
    link = connect("D1", Stage.CONNECTED, NOW)
    endpoints = many_seen([link], 3, NOW, random.Random(1))
    with CaptureQueriesContext(database) as queries:
        assert states_now(NOW)[link.pk].endpoints == len(endpoints)
    (query,) = queries.captured_queries
    assert "GROUP BY" in query["sql"]
