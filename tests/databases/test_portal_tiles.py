"""What do the databases say on the first page of the portal?"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from databases.actions.seed import seed_databases
from databases.models import Connection, Contradiction, CounterpartSystem, Database
from databases.pages.tiles import matrix_tile, open_tile
from tests.databases.probe_rows import fill, see
from tests.tracking.admin_people import signed_in
from tracking.actions.seed import seed
from tracking.models import Department
from tracking.pages.tiles import tiles_for
from tracking.rules.instants import cut_off, day_of
from tracking.rules.viewpoint import Viewpoint

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Seen:
    now: datetime
    endpoint: Any

    def viewpoint(self, day: date) -> Viewpoint:
        return Viewpoint(cut_off(day), self.now, self.now, chosen=True)


@pytest.fixture
def seen() -> Seen:
    """The register, and an endpoint of GD-01-1 that is down."""
    now = timezone.now()
    seed(now=now, illustrative=False)
    seed_databases()
    return Seen(now, fill(now))


def looked(now: datetime) -> Viewpoint:
    return Viewpoint(now, now, now)


def page_of(client: Client, address: str = "/") -> str:
    return " ".join(client.get(address).content.decode().split())


def test_an_outage_and_a_contradiction_stand_on_the_page_until_they_end(seen: Seen) -> None:
    leader = signed_in("leader")
    row = seen.endpoint.interface.connection
    against = Contradiction.objects.filter(connection=row, closed_at=None)
    against.update(since=seen.now - DAY)
    count = Contradiction.objects.open().count()
    page = page_of(leader)
    tile = page[page.index('id="tile-databases-open"') :]
    assert re.search(rf'Open contradictions <span class="count">{count}<', tile)
    assert "connected, but down, for 1 day" in tile
    assert re.search(r'Open outages <span class="count">1<', tile)
    assert "DC-1" in tile
    assert f"/databases/{row.database_id}/" in tile
    Contradiction.objects.update(closed_at=seen.now)
    see(seen.endpoint, "ok ok ok ok ok ok", seen.now)
    page = page_of(leader)
    assert "What is declared and what is seen agree." in page
    assert "No outage is open." in page


def test_a_past_day_shows_what_stood_open_then(seen: Seen) -> None:
    row = seen.endpoint.interface.connection
    begun = seen.now - 10 * DAY
    Contradiction.objects.create(
        connection=row,
        rule="evidence_fails",
        since=begun,
        opened_at=begun,
        closed_at=seen.now - 3 * DAY,
    )

    def open_on(days_ago: int) -> tuple[int, int]:
        day = day_of(seen.now - days_ago * DAY)
        told = open_tile(seen.viewpoint(day)).context()
        return told["contradictions_count"], told["outages_count"]

    assert open_on(12) == (0, 0)
    assert open_on(5) == (1, 0)
    standing = Contradiction.objects.open().count()
    assert open_on(0) == (standing, 1)
    now = open_tile(looked(seen.now)).context()
    assert (now["contradictions_count"], now["outages_count"]) == (standing, 1)


def test_the_matrix_says_stage_and_state_of_every_connection(seen: Seen) -> None:
    chart = matrix_tile(looked(timezone.now())).context()["chart"]
    assert len(chart.rows) == Database.objects.count() == 12
    first = {row.name: row.cells for row in chart.rows}
    name = Database.objects.get(code="CSDL-01").name
    assert first[name][0] == "connected; ✕ down; contradiction ≠"
    assert first[name][1] == "planned; – nothing probes it"
    said = {label.text for label in chart.wide.labels}
    assert {"connected ≠", "✕ down", "planned", "– nothing probes it"} <= said
    assert {"connected ≠", "✕ down"} <= {label.text for label in chart.narrow.labels}
    downs = [rect for rect in chart.wide.rects if rect.kind == "seen-down"]
    assert [rect.hatch for rect in downs] == ["overdue"]


def test_the_matrix_of_a_past_day_knows_nothing_of_later_states(seen: Seen) -> None:
    day = date(2025, 11, 20)
    chart = matrix_tile(seen.viewpoint(day)).context()["chart"]
    assert all("✕" not in cell for row in chart.rows for cell in row.cells)
    assert any(cell.startswith("connected; ") for row in chart.rows for cell in row.cells)
    earlier = matrix_tile(seen.viewpoint(date(2025, 11, 1))).context()["chart"]
    assert not any(cell.startswith("connected; ") for row in earlier.rows for cell in row.cells)


def test_the_tiles_cost_the_same_however_many_databases_there_are(seen: Seen) -> None:
    def cost() -> int:
        viewpoint = looked(timezone.now())
        with CaptureQueriesContext(connection) as queries:
            matrix_tile(viewpoint).context()
            open_tile(viewpoint).context()
        return len(queries)

    few = cost()
    owner = Department.objects.get(code="KCB")
    system = CounterpartSystem.objects.get(code="DVCQG")
    for n in range(60):
        database = Database.objects.create(code=f"X-{n:02}", name_vi=f"Kho {n}", owner=owner)
        Connection.objects.create(code=f"X-{n:02}-DVC", database=database, counterpart=system)
    assert cost() == few
    chart = matrix_tile(looked(timezone.now())).context()["chart"]
    assert len(chart.rows) == 40
    assert chart.note.startswith("Drawn: 40 of 72 databases")


def test_a_tile_is_not_even_asked_for_by_those_who_may_not_see_it(
    seen: Seen, settings: Any
) -> None:
    clerk = signed_in("clerk")
    person = clerk.get("/lists/").wsgi_request.user
    with CaptureQueriesContext(connection) as queries:
        assert tiles_for(person, looked(seen.now)) == []
    assert not any("databases_" in query["sql"].partition("FROM")[2] for query in queries)


def test_the_page_is_whole_without_any_tile(seen: Seen, settings: Any) -> None:
    settings.OVERVIEW_TILES = []
    page = page_of(signed_in("leader"))
    assert "tile-databases-open" not in page
    assert 'id="chart-standings"' in page
