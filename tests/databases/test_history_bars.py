"""Where the time of an endpoint went, by hour and by day, drawn and told."""

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from hypothesis import given, strategies as st

from databases.actions.rollups import roll_up_day, roll_up_hour
from databases.models import Check, DayRollup, Endpoint, HourRollup, Maintenance
from databases.models.history import DAYS, HOURS, History, Period, together
from databases.renderers.bars import HEIGHT, WIDTH, chart
from databases.renderers.measures import lasting, milliseconds, percent, share_or_why_not
from databases.rules.latency import Histogram
from databases.rules.uptime import Uptime
from tests.databases.probe_rows import MINUTE, see
from tests.databases.probed import make_endpoint
from tracking.rules.instants import instant_from, start_of

NOW = instant_from("2026-03-02T08:20:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def name(period: Period) -> str:
    return f"{period.start:%d/%m %H}"


def made(endpoint: Endpoint, day: date, **seconds: float) -> None:
    DayRollup.objects.create(endpoint=endpoint, day=day, **seconds)


@pytest.fixture
def endpoint(db: None) -> Endpoint:
    return make_endpoint(NOW - 3 * HOUR, 443)


def test_the_last_hours_come_from_the_changes_of_state(endpoint: Endpoint) -> None:
    see(endpoint, "ok " * 60 + "fail " * 30 + "ok " * 30, NOW - 2 * HOUR)
    hours = History(endpoint, NOW).hours
    assert len(hours) == HOURS
    assert [period.start for period in hours[-2:]] == [NOW - 80 * MINUTE, NOW - 20 * MINUTE]
    assert all(start.end == end.start for start, end in zip(hours, hours[1:], strict=False))
    assert hours[-1].end == NOW
    down = [round(period.spent.down / MINUTE) for period in hours[-3:]]
    assert down == [0, 30, 0]
    assert hours[-1].spent.total == 20 * MINUTE
    assert hours[0].spent.unknown == HOUR


def test_days_come_from_their_sums_and_today_from_the_changes_of_state(endpoint: Endpoint) -> None:
    made(endpoint, date(2026, 3, 1), up=86_400 - 600, down=600)
    see(endpoint, "ok", NOW - HOUR)
    days = History(endpoint, NOW).days
    assert len(days) == DAYS
    assert days[-2].spent == Uptime(up=DAY - 10 * MINUTE, down=10 * MINUTE)
    assert days[-1].spent.up == HOUR
    assert days[-1].spent.total == NOW - start_of(date(2026, 3, 2))


def test_a_day_without_a_whole_sum_is_read_from_the_changes_of_state(db: None) -> None:
    endpoint = make_endpoint(NOW - 3 * DAY, 443)
    see(endpoint, "ok", start_of(date(2026, 2, 28)))
    made(endpoint, date(2026, 3, 1), down=3_600)  # rolled up for one hour only
    days = History(endpoint, NOW).days
    assert days[-2].spent.up == DAY
    assert days[-3].spent.up == DAY
    assert days[-4].spent.unknown == DAY


def test_the_sums_say_the_same_as_the_changes_of_state(db: None) -> None:
    endpoint = make_endpoint(NOW - 3 * DAY, 443)
    begin = start_of(date(2026, 3, 1))
    see(endpoint, "ok " * 50 + "fail " * 20 + "ok " * 20 + "blind", begin + 3 * HOUR)
    seen = History(endpoint, NOW).days[-2].spent
    for n in range(24):
        roll_up_hour(begin + n * HOUR, begin + (n + 1) * HOUR)
    roll_up_day(date(2026, 3, 1))
    assert History(endpoint, NOW).days[-2].spent == seen
    assert seen.down == 20 * MINUTE


def test_the_latencies_are_those_of_the_rollups(endpoint: Endpoint) -> None:
    fast, slow = Histogram.of([900] * 98), Histogram.of([900] * 49 + [60_000_000])
    for ago, histogram in ((HOUR, fast), (30 * HOUR, slow)):
        HourRollup.objects.create(
            endpoint=endpoint, hour=NOW - ago - 20 * MINUTE, latencies=histogram.to_bytes()
        )
    for day, histogram in ((date(2026, 3, 1), fast), (date(2026, 2, 10), slow)):
        DayRollup.objects.create(endpoint=endpoint, day=day, latencies=histogram.to_bytes())
    found = {latency.days: latency for latency in History(endpoint, NOW).latencies}
    assert [found[days].count for days in (1, 7, 30, 90)] == [98, 98, 148, 148]
    assert found[1].p50 == found[1].p99 == 1000
    assert found[30].p99 == 1000
    assert found[7].p95 == 1000


def test_without_rollups_there_are_no_latencies(endpoint: Endpoint) -> None:
    assert {(found.count, found.p50) for found in History(endpoint, NOW).latencies} == {(0, None)}


def test_a_history_costs_the_same_whatever_its_length(db: None) -> None:
    endpoint = make_endpoint(NOW - 3 * DAY, 443)
    for n in range(80):
        made(endpoint, date(2026, 3, 1) - n * DAY, up=86_400)
    see(endpoint, "ok fail fail fail " * 20, NOW - 5 * HOUR)
    with CaptureQueriesContext(connection) as queries:
        history = History(endpoint, NOW)
        assert history.hours
        assert history.spans
        assert history.latencies
    assert len(queries) <= 5
    assert not any(Check._meta.db_table in query["sql"] for query in queries)


def test_no_percentage_stands_without_enough_evidence(endpoint: Endpoint) -> None:
    see(endpoint, "ok", NOW - 3 * HOUR)
    spans = dict(History(endpoint, NOW).spans)
    assert spans[1].share is None
    assert spans[1].coverage == 1285  # 3 of 23 h 20 min, never rounded up


SPENT = st.builds(
    Uptime,
    **dict.fromkeys(
        ("up", "degraded", "down", "excused", "undecided", "unknown", "paused"),
        st.timedeltas(timedelta(0), DAY) | st.just(timedelta(0)),
    ),
)


@given(st.lists(SPENT, min_size=1, max_size=90))
def test_a_bar_is_filled_to_its_height_and_everything_in_it_can_be_seen(
    spent: list[Uptime],
) -> None:
    periods = [Period(NOW + n * DAY, NOW + (n + 1) * DAY, one) for n, one in enumerate(spent)]
    drawn = chart("days", "Days", periods, name)
    assert len(drawn.bars) == len(periods)
    for bar, period in zip(drawn.bars, periods, strict=True):
        assert 0 <= bar.x < bar.x + bar.width <= WIDTH
        assert bar.marked == (period.spent.down > timedelta(0))
        assert sum(part.height for part in bar.parts) == (HEIGHT if period.spent.total else 0)
        assert {part.kind for part in bar.parts} == {
            kind for kind in Uptime.__slots__ if getattr(period.spent, kind)
        }
        assert all(part.height > 0 and part.y >= 0 for part in bar.parts)


def days(*spent: Uptime) -> list[Period]:
    return [Period(NOW + n * DAY, NOW + (n + 1) * DAY, one) for n, one in enumerate(spent)]


UP, DOWN = Uptime(up=DAY), Uptime(up=DAY - HOUR, down=HOUR)
UNSEEN = Uptime(unknown=DAY)


def test_the_table_says_what_the_drawing_shows_and_joins_what_is_the_same() -> None:
    drawn = chart("days", "Days", days(UP, UP, DOWN, UNSEEN), name)
    assert [row.name for row in drawn.rows] == ["02/03 08 – 03/03 08", "04/03 08", "05/03 08"]
    assert [row.share for row in drawn.rows] == ["100.00 %", "95.83 %", "insufficient evidence"]
    assert [row.coverage for row in drawn.rows] == ["100.00 %", "100.00 %", "0.00 %"]
    assert drawn.rows[0].spent.up == 2 * DAY
    assert drawn.rows[1].lengths == ("23 h", "–", "1 h", "–", "–", "–", "–")
    assert "Down for 1 h, in 1 of 4 columns." in drawn.says
    assert "insufficient evidence" in drawn.says
    assert "Never down." in chart("days", "Days", days(UP), name).says


def test_announced_maintenance_is_outlined_and_named_in_the_table(endpoint: Endpoint) -> None:
    see(endpoint, "ok fail fail fail", NOW - 2 * HOUR)
    start = NOW - 3 * DAY
    for begin in (start, NOW - HOUR):
        Maintenance.objects.create(
            endpoint=endpoint, start=begin, end=begin + HOUR / 2, announced_at=start
        )
    made(endpoint, date(2026, 3, 1), up=86_400)
    history = History(endpoint, NOW)
    announced = [period.announced for period in history.days[-4:]]
    assert announced == [True, False, False, True]
    drawn = chart("hours", "Hours", history.hours, name)
    assert [bar.outlined for bar in drawn.bars[-3:]] == [False, True, False]
    assert sum("(maintenance)" in row.name for row in drawn.rows) == 1
    page = render_to_string("admin/databases/_bars.html", {"chart": drawn})
    assert page.count("part-window") == 1


def test_the_drawing_is_svg_with_title_description_and_no_style_of_its_own() -> None:
    drawn = chart("days", "Days & nights", days(UP, DOWN, UNSEEN), name)
    page = render_to_string("admin/databases/_bars.html", {"chart": drawn})
    assert "style" not in page.replace("stylesheet", "")
    text = page[page.index("<svg") : page.index("</svg>") + 6]
    root = ET.fromstring(text)
    assert root.attrib["role"] == "img"
    named = {element.attrib.get("id"): element.text for element in root}
    for key in root.attrib["aria-labelledby"].split():
        assert named[key]
    kinds = [element.attrib["class"] for element in root.iter("path")]
    assert kinds.count("part part-mark") == 1
    hatched = [
        element for element in root.iter("path") if "part-unknown" in element.attrib["class"]
    ]
    assert [element.attrib["fill"] for element in hatched] == ["url(#pattern-unknown)"]
    assert "Days &amp; nights" in page
    assert page.count("<tr>") == 4  # the table twin: its head, and three periods


def boxes(outline: str) -> list[tuple[int, int, int, int]]:
    """(x, y, width, height) of the rectangles of a path."""
    found, x, y = [], 0, 0
    for move in outline.split("z")[:-1]:
        dx, dy, width, height, back = map(int, re.findall(r"-?\d+", move))
        assert back == -width
        x, y = x + dx, y + dy
        found.append((x, y, width, height))
    return found


def test_all_columns_of_a_state_are_one_path_however_many_they_are() -> None:
    drawn = chart("days", "Days", days(*[UP, DOWN, UNSEEN] * 30), name)
    paths = {path.kind: boxes(path.outline) for path in drawn.paths}
    assert list(paths) == ["down", "unknown", "up", "mark"]
    for kind in ("down", "unknown", "up"):
        assert paths[kind] == [
            (bar.x, part.y, bar.width, part.height)
            for bar in drawn.bars
            for part in bar.parts
            if part.kind == kind
        ]
    assert [x for x, *_rest in paths["mark"]] == [bar.x for bar in drawn.bars if bar.marked]
    page = render_to_string("admin/databases/_bars.html", {"chart": drawn})
    assert len(page[page.index("<svg") : page.index("</svg>")]) < 5_000


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=-5), "0 s"),
        (timedelta(seconds=59.9), "59 s"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=5, minutes=12), "5 h 12 min"),
        (timedelta(days=1, minutes=59), "1 d"),
        (timedelta(days=40, hours=2), "40 d 2 h"),
    ],
)
def test_lengths_are_told_by_their_two_largest_units(length: timedelta, words: str) -> None:
    assert lasting(length) == words


def test_percentages_and_latencies_are_written_with_their_units() -> None:
    assert [percent(n) for n in (0, 5, 9_999, 10_000)] == [
        "0.00 %",
        "0.05 %",
        "99.99 %",
        "100.00 %",
    ]
    assert share_or_why_not(None) == "insufficient evidence"
    told = [milliseconds(n) for n in (None, 0, 950, 9_999, 10_000, 12_345_678)]
    assert told == ["–", "0.0 ms", "0.9 ms", "9.9 ms", "10 ms", "12,345 ms"]


def test_together_adds_up() -> None:
    whole = together(days(UP, DOWN, UNSEEN))
    assert whole == Uptime(up=2 * DAY - HOUR, down=HOUR, unknown=DAY)
    assert whole.total == 3 * DAY
