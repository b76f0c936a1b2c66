"""What was declared of a connection, as of which day, known when?"""

from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone

from databases.actions.seed import seed_databases
from databases.actions.stages import declare_stage
from databases.annexes import stages
from databases.models import Connection, StageChange
from databases.models.current_stage import current_stage
from databases.rules.stage import Stage, stage_counts
from tests.module_rows import written_once
from tests.tracking.imported import NOW
from tracking.actions.progress_lists import issue
from tracking.actions.refusals import Refused
from tracking.actions.seed import seed
from tracking.models import Document
from tracking.rules.instants import MICROSECOND, instant_from
from tracking.rules.progress_list import Scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
CODE = "KN-12-DC"


def fill() -> None:
    seed(now=NOW, illustrative=False)
    seed_databases()


seeded = written_once(fill)


def declare(stage: Stage, on: str, known: str, code: str = CODE, **more: Any) -> StageChange:
    return declare_stage(
        connection=Connection.objects.get(code=code),
        stage=stage,
        effective_on=date.fromisoformat(on),
        now=instant_from(f"{known}T09:00"),
        by="an",
        **more,
    )


def counts(day: str, known: str = "2027-01-01") -> dict[str, int]:
    scope = Scope(as_of=date.fromisoformat(day), known_at=instant_from(known))
    summary: dict[str, int] = stages(scope)["summary"]
    return summary


def in_sql(moment: datetime) -> str | None:
    found = Connection.objects.annotate(now=current_stage("stage", moment)).filter(code=CODE)
    stage: str | None = found.values_list("now", flat=True).get()
    return stage


def test_a_stage_holds_from_its_day_on_and_not_before() -> None:
    declare(Stage.CONNECTED, "2025-12-20", "2025-12-20")
    assert counts("2025-12-19")["connected"] == 4
    assert counts("2025-12-20")["connected"] == 5
    assert counts("2025-12-20")["upgrading_interfaces"] == 0


def test_a_stage_announced_ahead_is_known_but_does_not_hold_yet() -> None:
    declare(Stage.CONNECTED, "2025-12-31", "2025-12-01")
    assert counts("2025-12-30", "2025-12-01")["connected"] == 4
    assert counts("2025-12-31", "2025-12-01")["connected"] == 5


def test_what_was_declared_since_is_unknown_to_the_list_of_then() -> None:
    declare(Stage.CONNECTED, "2025-11-25", "2025-12-20")
    assert counts("2025-12-01", "2025-12-19")["connected"] == 4
    assert counts("2025-12-01", "2025-12-20")["connected"] == 5


def test_of_two_declarations_for_one_day_the_later_recorded_one_holds() -> None:
    declare(Stage.CONNECTED, "2025-12-20", "2025-12-21")
    declare(Stage.SUSPENDED, "2025-12-20", "2025-12-22")
    assert counts("2025-12-20", "2025-12-21")["connected"] == 5
    assert counts("2025-12-20", "2025-12-22")["suspended"] == 1


def test_an_older_day_declared_later_does_not_replace_a_newer_one() -> None:
    declare(Stage.CONNECTED, "2025-12-20", "2025-12-20")
    declare(Stage.SUSPENDED, "2025-12-10", "2025-12-22")
    assert counts("2025-12-20")["connected"] == 5
    assert counts("2025-12-15")["suspended"] == 1


def test_before_the_meeting_nothing_is_declared_and_the_sum_still_holds() -> None:
    found = counts("2025-11-17")
    assert (found["undeclared"], found["total"]) == (12, 12)


def test_the_stages_always_add_up_to_the_databases() -> None:
    for day, stage in (("2025-12-01", Stage.PLANNED), ("2025-12-05", Stage.CONNECTED)):
        declare(stage, day, day)
        found = counts(day)
        assert sum(count for name, count in found.items() if name != "total") == found["total"]


@pytest.mark.parametrize("kept", [0, 1])
def test_upgrading_interfaces_is_not_declared_of_fewer_than_two(kept: int) -> None:
    interfaces = Connection.objects.get(code=CODE).interfaces
    for interface in interfaces.all()[kept:]:
        interface.delete()
    before = StageChange.objects.count()
    with pytest.raises(Refused, match=rf"{CODE} has {kept} interface"):
        declare(Stage.UPGRADING_INTERFACES, "2025-12-01", "2025-12-01")
    assert StageChange.objects.count() == before


def test_a_declaration_keeps_who_when_and_why() -> None:
    made = declare(Stage.SUSPENDED, "2025-12-01", "2025-12-02", note="chờ nâng cấp")
    made.refresh_from_db()
    assert (made.actor, made.note, made.stage) == ("an", "chờ nâng cấp", "suspended")
    assert made.recorded_at == instant_from("2025-12-02T09:00")


def test_a_declaration_names_its_document() -> None:
    document = Document.objects.create(number="12/QĐ-BYT")
    declare(Stage.SUSPENDED, "2025-12-01", "2025-12-02", document=document)
    assert StageChange.objects.filter(document=document).get().stage == "suspended"


def test_a_declaration_is_recorded_after_the_list_that_was_issued_meanwhile() -> None:
    issued_at = instant_from("2025-12-02T09:00")
    scope = Scope(as_of=date(2025, 12, 2), known_at=issued_at)
    issue(scope, now=issued_at, by="an")
    made = declare(Stage.CONNECTED, "2025-12-01", "2025-12-02")
    assert made.recorded_at == issued_at + MICROSECOND
    assert stages(scope)["summary"]["connected"] == 4


def test_the_stage_in_sql_is_that_of_the_annex() -> None:
    declare(Stage.CONNECTED, "2025-12-20", "2025-12-15")
    assert in_sql(instant_from("2025-11-17")) is None
    assert in_sql(instant_from("2025-12-19")) == "upgrading_interfaces"
    assert in_sql(instant_from("2025-12-20T00:00")) == "connected"


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati"])
def test_the_stage_in_sql_knows_the_day_of_ha_noi_only(zone: str) -> None:
    declare(Stage.CONNECTED, "2025-12-20", "2025-12-15")
    with timezone.override(zone):
        early = timezone.localtime(instant_from("2025-12-20T06:30"))
        assert in_sql(early) == "connected"
        late = timezone.localtime(instant_from("2025-12-19T23:30"))
        assert in_sql(late) == "upgrading_interfaces"


def test_every_stage_is_counted_even_when_nobody_stands_there() -> None:
    assert stage_counts([], 0) == dict.fromkeys([*map(str, Stage), "undeclared", "total"], 0)
