"""What the list prints of contradictions: as of its day, as known then, the same for ever."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from databases.actions.contradictions import reconcile_contradictions, waive
from databases.actions.seed import seed_databases
from databases.annexes import contradictions
from databases.models import Connection, Contradiction, Database
from databases.rules.contradictions import Entry, Event, Party, Rule, told
from databases.rules.contradictions_annex import (
    STAND_IN,
    ConnectionThen,
    EndpointThen,
    Seen,
    contradictions_annex,
)
from databases.rules.stage import Stage
from databases.rules.track import State
from tests.databases.test_rules_contradictions import COURSE
from tests.databases.watched import DAY, HOUR, MINUTE, START, Eye, back, declare, down, watch
from tests.module_rows import written_once
from tests.tracking.imported import NOW
from tracking.actions.progress_lists import draft, issue
from tracking.actions.seed import seed
from tracking.actions.verification import verify
from tracking.models import ProgressList
from tracking.renderers import FORMATS, render
from tracking.renderers.report import ANNEX_WIDTH, report_of
from tracking.renderers.sheet import sheet_of
from tracking.rules.canonical import canonical, nfc
from tracking.rules.instants import day_of, instant_from
from tracking.rules.progress_list import Scope

Json = dict[str, Any]
UP, DEGRADED, DOWN, UNKNOWN = Seen.UP, Seen.DEGRADED, Seen.DOWN, Seen.UNKNOWN


# The rules


def then(code: str = "db-x", *states: State, **changes: Any) -> ConnectionThen:
    endpoints = [EndpointThen(f"e{n}", state) for n, state in enumerate(states)]
    name = {"vi": f"Tên {code}", "en": f"Name {code}"}
    acts = {party.value: {"vi": f"Đơn vị {party}", "en": f"Body {party}"} for party in Party}
    found = ConnectionThen(code, name, name, Stage.CONNECTED, acts, endpoints)
    return replace(found, **changes)


@pytest.mark.parametrize(
    ("states", "seen"),
    [
        ([], UNKNOWN),
        ([State.UP], UP),
        ([State.UP, State.DEGRADED], DEGRADED),
        ([State.UP, State.UNKNOWN], UNKNOWN),
        ([State.UP, State.SUSPECT], UNKNOWN),
        ([State.RECOVERING], UNKNOWN),
        ([State.UP, State.DOWN], DOWN),
        ([State.UNKNOWN, State.DOWN], DOWN),
    ],
)
def test_a_connection_is_only_as_good_as_what_is_known_of_it(
    states: list[State], seen: Seen
) -> None:
    assert then("db-x", *states).seen is seen


def composed(connections: Sequence[ConnectionThen], *, at: datetime = START) -> Json:
    return contradictions_annex(connections, told(COURSE), at=at)


def test_the_annex_is_the_same_whatever_the_order_of_its_facts() -> None:
    entries = list(COURSE)
    for number, code in enumerate(["db-z", "db-y", "db-x"], start=10):
        entries.append(
            Entry(number, number, Rule.WORKS_UNDECLARED, code, START, START, Event.OPENED)
        )
    connections = [then(code, State.UP) for code in ("db-x", "db-y", "db-z")]
    first = canonical(contradictions_annex(connections, told(entries), at=START))
    for seed_ in range(20):
        shuffle = random.Random(seed_)
        connections = shuffle.sample(connections, 3)
        shuffled = told(shuffle.sample(entries, len(entries)))
        shuffled = shuffle.sample(shuffled, len(shuffled))
        assert canonical(contradictions_annex(connections, shuffled, at=START)) == first


def test_who_has_to_act_is_the_one_of_the_entry() -> None:
    [row] = composed([then()])["rows"]
    assert row[8] == {"vi": "Đơn vị carrier", "en": "Body carrier"}


def test_what_was_never_declared_is_not_counted_among_the_stages() -> None:
    annex = composed([then("db-x", State.UP, stage=None)])
    assert annex["summary"]["connections"] == 0
    assert annex["rows"][0][3] == {"vi": "chưa khai báo", "en": "not declared"}


# As of T, as known at K


def fill() -> None:
    seed(now=NOW, illustrative=False)
    seed_databases()
    for code in ("KN-02-DC", "KN-03-DC", "KN-04-DC"):
        declare(code, Stage.UPGRADING, START - DAY)


databases = written_once(fill)


@pytest.fixture
def eye(databases: None, db: None) -> Eye:
    """Connection KN-01-DC, down on 20 November from 08:03 to 08:06."""
    found = watch("E-1").see("ok ok")
    down(found)
    reconcile_contradictions(now=found.now)
    return found


def annex(day: datetime, known_at: datetime | None = None) -> Json:
    found = contradictions(Scope(as_of=day_of(day), known_at=known_at or day + DAY))
    assert isinstance(found, dict)
    return found


def counted(found: Json) -> Json:
    return {name: count for name, count in found["summary"].items() if count}


@pytest.mark.django_db
def test_a_row_says_what_is_declared_seen_since_when_and_who_acts(eye: Eye) -> None:
    [row] = annex(START + 3 * DAY)["rows"]
    owner = Database.objects.get(code="CSDL-01")
    assert row[0] == "KN-01-DC"
    assert row[1] == owner.names
    assert row[3] == {"vi": "đã kết nối", "en": "connected"}
    assert row[4] == {"vi": "không hoạt động; E-1", "en": "down; E-1"}
    assert row[5]["vi"] == "khai báo đã kết nối nhưng không hoạt động"
    assert row[6:8] == ["2025-11-20", 3]
    assert row[8]["vi"] == "Bộ Công an"
    assert row[9] is None


@pytest.mark.django_db
def test_the_counts_add_up_and_unknown_is_unknown(eye: Eye) -> None:
    watch("E-2", "GD-02-1").see("ok")
    watch("E-3", "GD-03-1").see("warn")
    watch("E-4", "GD-04-1")  # never seen
    summary = annex(START)["summary"]
    declared = Connection.objects.exclude(stage_changes=None).count()
    assert summary["connections"] == declared == 24
    assert (summary["up"], summary["degraded"], summary["down"]) == (1, 1, 1)
    assert summary["unknown"] == declared - 3
    assert summary["probed"] == 3
    assert summary["open"] == summary["connected_but_down"] == 1


@pytest.mark.django_db
def test_a_later_closing_does_not_change_an_older_list(eye: Eye) -> None:
    first, known_at = annex(START), eye.now
    then_ = annex(START, known_at)
    back(eye)
    reconcile_contradictions(now=eye.now)
    assert annex(START, known_at) == then_
    assert annex(START, known_at)["summary"]["open"] == 1
    # Of the same day, but as known after the closing.
    assert annex(START)["summary"]["open"] == 0
    assert first["summary"]["open"] == 1


@pytest.mark.django_db
def test_an_earlier_day_knows_nothing_of_it_whatever_is_known_since(eye: Eye) -> None:
    before = annex(START - DAY, eye.now + 30 * DAY)
    assert (before["rows"], before["summary"]["probed"]) == ([], 0)


@pytest.mark.django_db
def test_a_state_dated_back_belongs_to_the_day_it_was_confirmed_of(eye: Eye) -> None:
    late = watch("E-2", "GD-02-1", since=instant_from("2025-11-21T23:55")).see("ok ok ok")
    late.see("fail fail fail")  # from 23:59 on, confirmed at 00:01
    day = instant_from("2025-11-21T12:00")
    assert annex(day, late.now - MINUTE)["summary"]["down"] == 1
    assert annex(day, late.now)["summary"]["down"] == 2


@pytest.mark.django_db
def test_who_was_not_seen_for_long_is_unknown_that_day(eye: Eye) -> None:
    eye.sweep(START + 2 * DAY)
    summary = annex(START + 2 * DAY)["summary"]
    assert (summary["down"], summary["unknown"]) == (0, 24)
    assert summary["connected_but_down"] == 1  # nobody saw that it is back


@pytest.mark.django_db
def test_waived_ones_are_counted_apart_until_the_waiver_ends(eye: Eye) -> None:
    [found] = Contradiction.objects.open()
    until = START + 2 * DAY
    waive(contradiction=found, until=until, reason="x", now=START + HOUR, by="an")
    waived = annex(START)
    assert (waived["summary"]["waived"], waived["summary"]["open"]) == (1, 0)
    assert waived["rows"][0][9] == "2025-11-22"
    assert "Counted apart: 1 accepted" in waived["summary_text"]["en"]
    assert annex(START, START + HOUR / 2)["summary"]["waived"] == 0
    ended = annex(START + 2 * DAY)
    assert (ended["summary"]["waived"], ended["rows"][0][9]) == (0, None)


@pytest.mark.django_db
@pytest.mark.usefixtures("databases")
def test_when_nothing_was_probed_it_does_not_say_that_all_is_well() -> None:
    found = annex(START)
    assert found["summary_text"]["en"].startswith("Nothing was probed by that day")
    assert found["summary_text"]["vi"].startswith("Đến ngày đó chưa có kết nối nào được kiểm tra")
    assert "No contradiction" not in found["summary_text"]["en"]
    reconcile_contradictions(now=START)
    found = annex(START)
    assert "Nothing was probed" in found["summary_text"]["en"]
    assert "1 connected, but nothing probes it" in found["summary_text"]["en"]


@pytest.mark.django_db
@pytest.mark.usefixtures("databases")
def test_it_says_how_much_was_probed_when_nothing_is_open() -> None:
    watch("E-1").see("ok")
    text = annex(START)["summary_text"]
    assert text["en"] == (
        "Seen by probes: 24 connections with a declared stage = 1 up + 23 unknown; 1 of 24 were "
        "probed. No contradiction is open among what was probed."
    )
    assert text["vi"].endswith("Không có mâu thuẫn nào đang mở trong phạm vi đã được kiểm tra.")


@pytest.mark.django_db
@pytest.mark.usefixtures("databases")
def test_stand_ins_are_labelled() -> None:
    assert annex(START)["note"] is None
    eye = watch("GL-1", stand_in=True).see("ok ok")
    down(eye)
    reconcile_contradictions(now=eye.now)
    found = annex(START)
    assert found["rows"][0][4]["vi"] == "không hoạt động; GL-1; hệ thống giả lập, minh họa"
    assert found["rows"][0][4]["en"].endswith(STAND_IN[1])
    assert found["note"]["en"].startswith("1 connections are probed on local stand-ins")


@pytest.mark.django_db
def test_the_queries_are_five_whatever_the_size(eye: Eye) -> None:
    with CaptureQueriesContext(database) as few:
        annex(START)
    for number in (5, 6, 7):
        down(watch(f"E-{number}", f"GD-0{number}-1"))
        declare(f"KN-0{number}-DC", Stage.CONNECTED, START)
    reconcile_contradictions(now=eye.now)
    with CaptureQueriesContext(database) as many:
        assert len(annex(START)["rows"]) == 4
    assert len(many) == len(few) == 5


@pytest.mark.django_db
def test_the_annex_holds_texts_and_whole_numbers_in_both_languages(eye: Eye) -> None:
    found = annex(START)
    assert nfc(found) == found
    canonical(found)
    for row in found["rows"]:
        assert len(row) == len(found["columns"])
        assert all(cell["vi"] and cell["en"] for cell in row if isinstance(cell, dict))


# In an issued list


BOTH = ["databases.annexes.stages", "databases.annexes.contradictions"]


@pytest.mark.django_db
def test_a_list_with_the_annex_verifies_for_ever(eye: Eye, settings: Settings) -> None:
    scope = Scope(as_of=day_of(START), known_at=eye.now)
    settings.PROGRESS_LIST_ANNEXES = BOTH[:1]  # as before there was this annex
    older, _ = issue(scope, now=eye.now, by="an")
    settings.PROGRESS_LIST_ANNEXES = BOTH
    later = Scope(as_of=day_of(START), known_at=eye.now + MINUTE / 2)
    issued, _ = issue(later, now=later.known_at, by="an", supersedes=older.number, reason="x")
    frozen = issued.as_content()["annexes"][1]
    assert frozen["rows"]
    back(eye)
    reconcile_contradictions(now=eye.now)
    Database.objects.update(name_vi="Tên khác")
    for row in ProgressList.objects.all():
        assert verify(row) == []
    again = draft(later)["annexes"][1]
    assert (again["summary"], len(again["rows"])) == (frozen["summary"], len(frozen["rows"]))


@pytest.mark.django_db
def test_a_row_taken_away_from_the_annex_of_an_issued_list_is_a_difference(
    eye: Eye, settings: Settings
) -> None:
    settings.PROGRESS_LIST_ANNEXES = BOTH
    issued, _ = issue(Scope(as_of=day_of(START), known_at=eye.now), now=eye.now, by="an")
    issued.content = issued.content.replace("connected, but down", "connected, and up")
    assert any("hash" in difference for difference in verify(issued))


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_prints_it(eye: Eye, settings: Settings, name: str, language: str) -> None:
    settings.PROGRESS_LIST_ANNEXES = BOTH
    content = draft(Scope(as_of=day_of(START), known_at=START + DAY))
    once = render(content, format=name, language=language)
    assert once == render(content, format=name, language=language)
    if name in {"html", "json"}:
        words = {"vi": "khai báo đã kết nối nhưng không hoạt động", "en": "connected, but down"}
        assert words[language] in once.decode()


@pytest.mark.django_db
def test_no_format_breaks_a_date_or_a_code(eye: Eye, settings: Settings) -> None:
    settings.PROGRESS_LIST_ANNEXES = BOTH
    content = draft(Scope(as_of=day_of(START), known_at=START + DAY))
    for language in ("vi", "en"):
        text = render(content, format="text", language=language).decode()
        assert max(map(len, text.splitlines())) <= 100
        assert "20/11/2025" in text
        annex_ = report_of(sheet_of(content, language=language)).annexes[-1]
        assert sum(annex_.widths) == pytest.approx(ANNEX_WIDTH, abs=1)
        for column, width in enumerate(annex_.widths):
            cells = [annex_.columns[column], *(row[column] for row in annex_.bands[0].rows)]
            longest = max(len(word) for cell in cells for word in cell.split())
            assert width >= 2 * min(longest, 10)  # 2 mm are enough for a letter of a table
