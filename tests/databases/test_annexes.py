"""12 = 4 connected + 7 upgrading + 1 upgrading two interfaces, or the list is refused."""

from datetime import date

import pytest

from databases.actions.seed import seed_databases
from databases.annexes import stages
from databases.models import Connection, CounterpartSystem, Database, Interface
from databases.rules.stage import Stage, stage_counts
from tests.tracking.imported import NOW
from tracking.actions.progress_lists import draft
from tracking.actions.refusals import Refused
from tracking.actions.seed import seed
from tracking.models import Department
from tracking.rules.instants import instant_from
from tracking.rules.progress_list import Scope

pytestmark = pytest.mark.django_db
SCOPE = Scope(as_of=date(2025, 11, 18), known_at=instant_from("2025-11-18T17:00"))


@pytest.fixture
def databases() -> None:
    seed(now=NOW, illustrative=False)
    seed_databases()


@pytest.mark.usefixtures("databases")
def test_the_figures_of_the_meeting_add_up() -> None:
    annex = stages(SCOPE)
    summary = annex["summary"]
    assert summary["total"] == 12 == len(annex["rows"])
    assert (summary["connected"], summary["upgrading"]) == (4, 7)
    assert summary["upgrading_interfaces"] == 1
    assert "4 connected + 7 upgrading + 1 upgrading interfaces" in annex["summary_text"]["en"]
    assert "placeholder" in annex["note"]["en"]
    assert "giả định" in annex["note"]["vi"]


@pytest.mark.usefixtures("databases")
def test_an_earlier_day_knows_no_stage_that_was_declared_later() -> None:
    annex = stages(Scope(as_of=date(2025, 11, 17), known_at=NOW))
    assert annex["summary"]["undeclared"] == 12
    known_before = Scope(as_of=SCOPE.as_of, known_at=instant_from("2025-11-17"))
    assert stages(known_before)["summary"]["undeclared"] == 12


@pytest.mark.usefixtures("databases")
def test_a_database_without_a_connection_stops_the_list() -> None:
    owner = Department.objects.get(code="QLD")
    Database.objects.create(code="CSDL-13", name_vi="Thứ mười ba", owner=owner)
    with pytest.raises(Refused, match="CSDL-13"):
        draft(SCOPE)


@pytest.mark.usefixtures("databases")
def test_upgrading_interfaces_takes_two_of_them() -> None:
    connection = Connection.objects.get(code="KN-12-DC")
    Interface.objects.filter(connection=connection).first().delete()  # type: ignore[union-attr]
    with pytest.raises(Refused, match="CSDL-12"):
        draft(SCOPE)


def test_a_list_without_databases_has_an_empty_annex() -> None:
    annex = stages(SCOPE)
    assert annex["rows"] == []
    assert annex["summary"]["total"] == 0


def test_stages_that_do_not_add_up_are_an_error() -> None:
    with pytest.raises(ValueError, match="there are 3"):
        stage_counts([Stage.CONNECTED, None], 3)


@pytest.mark.usefixtures("databases")
def test_twelve_is_four_and_seven_and_one() -> None:
    summary = stages(SCOPE)["summary"]
    stated = {name: count for name, count in summary.items() if count and name != "total"}
    assert stated == {"connected": 4, "upgrading": 7, "upgrading_interfaces": 1}
    assert sum(stated.values()) == summary["total"] == 12


@pytest.mark.usefixtures("databases")
def test_a_row_has_a_cell_for_every_column_and_both_languages() -> None:
    annex = stages(SCOPE)
    assert annex["code"] == "databases"
    for row in annex["rows"]:
        assert len(row) == len(annex["columns"])
        assert all(cell["vi"] and cell["en"] for cell in row if isinstance(cell, dict))
    assert [row[1] for row in annex["rows"]] == sorted(row[1] for row in annex["rows"])


@pytest.mark.usefixtures("databases")
def test_the_draft_carries_the_annex_of_its_own_two_instants() -> None:
    annex, *_ = draft(SCOPE)["annexes"]
    assert annex == stages(SCOPE)
    earlier, *_ = draft(Scope(as_of=date(2025, 11, 17), known_at=NOW))["annexes"]
    assert earlier["summary"]["undeclared"] == 12


@pytest.mark.usefixtures("databases")
def test_a_renamed_database_changes_no_number() -> None:
    before = stages(SCOPE)["summary"]
    Database.objects.filter(code="CSDL-01").update(name_vi="Tên khác", name_en="Other")
    assert stages(SCOPE)["summary"] == before


@pytest.mark.usefixtures("databases")
def test_a_database_whose_only_connection_is_to_another_system_stops_the_list() -> None:
    other = CounterpartSystem.objects.create(code="KHÁC", name_vi="Hệ thống khác")
    owner = Department.objects.get(code="QLD")
    added = Database.objects.create(code="CSDL-13", name_vi="Thứ mười ba", owner=owner)
    Connection.objects.create(code="KN-13-K", database=added, counterpart=other)
    with pytest.raises(ValueError, match="CSDL-13 has no connection"):
        stages(SCOPE)
