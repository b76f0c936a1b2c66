"""The illustrative register: much to show, labelled, and the facts stay what they were."""

import json
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from databases.actions.illustrative_register import illustrate_register
from databases.actions.seed import seed_databases
from databases.annexes import contradictions, stages
from databases.models import Connection, Database, Party, StageChange, StepRecord
from databases.models.connection_facts import taken_steps
from databases.rules.steps import Minutes, is_suspended, minutes_on, missing
from tracking.actions.progress_lists import issue
from tracking.actions.seed import seed
from tracking.models import Document, Event, Evidence, SavedView, Task
from tracking.rules.instants import day_of, instant_from
from tracking.rules.progress_list import Scope

pytestmark = pytest.mark.django_db
NOW = instant_from("2026-11-26T09:00:00")
MEETING = date(2025, 11, 18)
MODELS: tuple[Any, ...] = (Connection, Database, Party, StepRecord, StageChange, Document)


def rows() -> str:
    found = {m.__name__: list(m.objects.order_by("pk").values()) for m in MODELS}
    return json.dumps(found, default=str)


def annexes() -> str:
    scope = Scope(as_of=MEETING, known_at=NOW)
    return json.dumps([stages(scope), contradictions(scope)], default=str)


@pytest.fixture
def facts() -> None:
    seed(now=NOW, illustrative=True)
    seed_databases()


def test_it_comes_once_and_leaves_the_annexes_of_the_meeting_as_they_were(facts: None) -> None:
    annexed = annexes()
    assert illustrate_register(NOW) > 40
    before = rows()
    assert illustrate_register(NOW + timedelta(days=3)) == 0
    seed_databases()
    assert rows() == before
    assert annexes() == annexed


def test_the_declared_stages_are_those_of_the_meeting(facts: None) -> None:
    illustrate_register(NOW)
    connections = Connection.objects.filter(counterpart__code="CSDLQG-DC")
    declared: list[Any] = list(connections.with_stage(at=NOW, known_at=NOW))
    assert Counter(row.stage for row in declared) == {
        "connected": 4,
        "upgrading": 7,
        "upgrading_interfaces": 1,
    }


def test_whatever_it_adds_says_that_it_is_illustrative(facts: None) -> None:
    known = set(Document.objects.values_list("number", flat=True))
    illustrate_register(NOW)
    assert all("illustrative" in step.note for step in StepRecord.objects.all())
    assert all("illustrative" in party.document for party in Party.objects.all())
    leveled = Database.objects.exclude(security_level=None)
    assert leveled.count() > 3
    assert all("level is illustrative" in database.note for database in leveled)
    added = Document.objects.exclude(number__in=known)
    assert added.count() > 5
    assert all("minh họa" in d.name_vi and "illustrative" in d.name_en for d in added)
    linked = Task.objects.filter(pk__in=Connection.objects.exclude(task=None).values("task"))
    assert linked.count() > 10
    assert all("illustrative" in task.name_en for task in linked)


def test_steps_minutes_and_parties_are_of_every_kind(facts: None) -> None:
    illustrate_register(NOW)
    today = day_of(NOW)
    taken = {c.code: taken_steps(c, NOW) for c in Connection.objects.all()}
    assert {0, 1, 2, 3, 4, 5} <= {len(missing(steps)) for steps in taken.values()}
    resumed = [code for code, steps in taken.items() if "suspended" in steps]
    assert resumed
    assert not any(is_suspended(taken[code]) for code in resumed)
    minutes = [steps["security_minutes"].expires_on for steps in taken.values() if len(steps) > 4]
    assert {Minutes.HOLD, Minutes.EXPIRE_SOON, Minutes.EXPIRED} <= {
        minutes_on(today, day) for day in minutes
    }
    ended = Party.objects.exclude(valid_to=None)
    assert ended.count() == 2
    for party in ended:
        after = Party.objects.filter(connection=party.connection, role=party.role)
        assert after.in_force(today).exists()
    assert {"owner", "operator", "carrier"} == set(Party.objects.values_list("role", flat=True))


def test_nothing_is_recorded_behind_an_issued_list(facts: None) -> None:
    issued, _new = issue(Scope(as_of=day_of(NOW), known_at=NOW), now=NOW, by="x")
    illustrate_register(NOW + timedelta(hours=1))
    assert StepRecord.objects.exists()
    assert not StepRecord.objects.filter(recorded_at__lte=issued.known_at).exists()


@pytest.mark.parametrize("now", ["2025-12-01T09:00:00", "2026-10-01T09:00:00"])
def test_nothing_comes_where_it_would_reach_into_the_year_of_the_facts(
    facts: None, now: str
) -> None:
    moment: datetime = instant_from(now)
    before = rows()
    assert illustrate_register(moment) == 0
    assert rows() == before


def test_the_command_adds_it_with_the_flag_only_and_once(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path

    def counts() -> list[int]:
        models: tuple[Any, ...] = (*MODELS, Event, Evidence, SavedView)
        return [model.objects.count() for model in models]

    call_command("seed", verbosity=0)
    assert not StepRecord.objects.exists()
    assert not Evidence.objects.exists()
    assert not Database.objects.exclude(security_level=None).exists()
    call_command("seed", "--illustrative", verbosity=0)
    found = counts()
    assert all(found)
    call_command("seed", "--illustrative", verbosity=0)
    call_command("seed", verbosity=0)
    assert counts() == found
